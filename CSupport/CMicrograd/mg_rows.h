// Ops along the rows of a matrix: what the sweeps along a direction share with the others.
#pragma once

#include "mg_directions.h"

// The sum of exp(x - shift), where shift is the largest of x: no term overflows, and one is 1. Infinities have
// the shift 0, as their differences are not numbers.
double mg_row_sum_exp(const double *x, int64_t count, double *shift);

// What both norms do to a row: (x - center) * scale, before gain and bias.
typedef struct {
  double center, scale;
} mg_norm;
mg_norm mg_norm_of(mg_op op, const double *x, int64_t count, double epsilon);

// MARK: Along a direction (mg_rows_directional.c)

void mg_row_tangents(mg_op op, const double *x, const double *v, const double *s, double *t, int64_t rows,
                     int64_t columns);
void mg_row_pull(const mg_tape *tape, const mg_block *block, mg_directions all);
void mg_cross_entropy_tangents(const double *x, const int32_t *classes, const double *s, double *t, int64_t rows,
                               int64_t columns);
void mg_cross_entropy_pull(const mg_tape *tape, const mg_block *block, mg_directions all);
void mg_norm_tangents(const mg_tape *tape, const mg_block *block, double *t);
void mg_norm_pull(const mg_tape *tape, const mg_block *block, mg_directions all);
