// The derivatives of mg_arithmetic.h, on plain numbers (mg_elementwise.c, mg_rows.c, mg_affine.c).
//
// Each adds to the operands' gradients dx, dy, which may overlap; d is the gradient of the results v. Results whose
// gradient is zero contribute nothing, not even where the derivative is infinite; but see mg_affine_backward.

#pragma once

#include "mg_ops.h"

void mg_map_backward(mg_op op, mg_function function, double c, const double *x, const double *v, const double *d,
                     double *dx, int64_t count);
void mg_zip_backward(mg_op op, const double *x, const double *y, bool broadcast, const double *v, const double *d,
                     double *dx, double *dy, int64_t rows, int64_t columns);
void mg_target_backward(mg_op op, double c, const double *x, const double *targets, const double *d, double *dx,
                        int64_t count);
// `p` has room for a row.
void mg_row_backward(mg_op op, const double *x, const double *v, const double *d, double *dx, double *p, int64_t rows,
                     int64_t columns);
void mg_cross_entropy_backward(const double *x, const int32_t *classes, const double *d, double *dx, double *p,
                               int64_t rows, int64_t columns);
void mg_norm_backward(mg_op op, const double *x, const double *gain, double epsilon, const double *d, double *dx,
                      double *dgain, double *dbias, int64_t rows, int64_t columns);
// dx NULL: not wanted; dbiases NULL: there are none. `scratch` has room for rows * outputs numbers; only a layer with
// relu uses it.
void mg_affine_backward(const double *x, const double *weights, bool relu, const double *v, const double *d,
                        double *dx, double *dweights, double *dbiases, double *scratch, int64_t rows, int64_t inputs,
                        int64_t outputs);
