// Ops along the rows of a matrix: what sweeps along a direction share with the others.
#pragma once

#include "mg_ops.h"

// What both norms do to a row: (x - center) * scale, before gain and bias.
typedef struct {
  double center, scale;
} mg_norm;
mg_norm mg_norm_of(mg_op op, const double *x, int64_t count, double epsilon);
