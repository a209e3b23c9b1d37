// The arithmetic of blocks on plain numbers: what a block records, a program without a tape computes with these, to the
// same bits. Matrices are row-major, without gaps. Results do not overlap operands, unless said. Safe on any number of
// threads at once.
#pragma once

#include "mg_ops.h"

MG_ASSUME_NONNULL_BEGIN

// One op on each number: a constant op (with c), a unary op, or a function (op MG_OP_function). v may be x.
void mg_map_values(mg_op op, mg_function function, double c, const double *x, double *v, int64_t count);
// A binary op on rows of x and y; where `broadcast`, y is one row, which meets every row of x.
void mg_zip_values(mg_op op, const double *x, const double *y, bool broadcast, double *v, int64_t rows,
                   int64_t columns);
// An op of MG_TARGET_OPS with a target for each number.
void mg_target_values(mg_op op, double c, const double *x, const double *targets, double *v, int64_t count);

// Along each of `rows` rows of `columns` numbers. softmax and log_softmax give a row, the others a number.
void mg_row_values(mg_op op, const double *x, double *v, int64_t rows, int64_t columns);
// log sum exp(x) - x[class] for each row.
void mg_cross_entropy_values(const double *x, const int32_t *classes, double *v, int64_t rows, int64_t columns);
// (x - mean) / sqrt(variance + epsilon) * gain + bias of each row (layer_norm), or x / sqrt(mean of squares + epsilon)
// * gain (rms_norm, which has no bias). The variance is that of the row itself, divided by `columns`.
void mg_norm_values(mg_op op, const double *x, const double *gain, const double *MG_NULLABLE bias, double epsilon,
                    double *v, int64_t rows, int64_t columns);

// v = x · weightsᵀ + biases (none where NULL) for `rows` samples of `inputs` numbers; weights [outputs, inputs]; relu on
// top where asked.
void mg_affine_values(const double *x, const double *weights, const double *MG_NULLABLE biases, bool relu, double *v,
                      int64_t rows, int64_t inputs, int64_t outputs);

// c [m, n] += a · b, where a is [m, k], or [k, m] and transposed; b is [k, n], or [n, k] and transposed. By BLAS where the
// engine has one and the product is large enough for it to be faster than the engine's own kernel (mg_matrix.c).
void mg_matrix_multiply(int64_t m, int64_t n, int64_t k, const double *a, bool a_transposed, const double *b,
                        bool b_transposed, double *c);

MG_ASSUME_NONNULL_END
