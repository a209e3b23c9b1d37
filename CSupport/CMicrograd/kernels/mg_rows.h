// Ops along the rows of a matrix: what the sweeps along a direction share with the others.
#pragma once

#include "mg_directions.h"

// What both norms do to a row: (x - center) * scale, before gain and bias.
typedef struct {
  double center, scale;
} mg_norm;
mg_norm mg_norm_of(mg_op op, const double *x, int64_t count, double epsilon);

// MARK: Along a direction (mg_rows_directional.c)

void mg_row_tangents(const mg_tape *tape, const mg_block *block, double *t);
void mg_row_pull(const mg_tape *tape, const mg_block *block, mg_directions all);
void mg_cross_entropy_tangents(const mg_tape *tape, const mg_block *block, double *t);
void mg_cross_entropy_pull(const mg_tape *tape, const mg_block *block, mg_directions all);
void mg_norm_tangents(const mg_tape *tape, const mg_block *block, double *t);
void mg_norm_pull(const mg_tape *tape, const mg_block *block, mg_directions all);
