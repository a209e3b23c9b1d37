// The arithmetic of compiled programs in 32 bits: rows of float. Each function computes what its counterpart does in
// mg_lane_ops.h or mg_lane_products.h (mg_float_combine: mg_lanes_combine), where it is described.
//
// Two things differ. Rows have a multiple of MG_FLOAT_LANES numbers. Sums over samples are double: what the samples of one call
// add up to in float is added to them. Samples and the gradients by inputs are double too; they are rounded to float on their
// way into rows. Values are within 2 units in the last place of float and first derivatives within 4, unless an intermediate
// number of the table's formula leaves the range of float.
//
// Compiled from the same sources (mg_float_ops.c, mg_float_products.c).
#pragma once

#include "mg_lane_ops.h"
#include "mg_lane_products.h"

MG_ASSUME_NONNULL_BEGIN

enum { MG_FLOAT_LANES = 16 };

// Where a block of samples is computed; see mg_lane_space.
typedef struct {
  float *uniforms;
  double *sums;
  float *rows;
  int64_t stride;  // a multiple of 16
  int64_t n;       // a multiple of 16
  int64_t valid;
} mg_float_space;

static inline float *mg_float_row(const mg_float_space *at, int32_t row) { return at->rows + row * at->stride; }
static inline float mg_float_factor(const float *uniforms, int32_t factor) {
  return factor >= 0 ? uniforms[factor] : factor == MG_FACTOR_ONE ? 1 : -1;
}

// MARK: As in mg_lane_ops.h

void mg_float_values(const mg_lane_op *op, float *rows, int64_t stride, const int32_t *list, int64_t count, int64_t n);
void mg_float_partials(const mg_lane_op *op, int operand, float *rows, int64_t stride, const int32_t *list, int64_t count,
                       int64_t n);
void mg_float_select(mg_relation relation, const float *l, const float *r, const float *a, const float *b, float *v,
                     int64_t n);
void mg_float_select_partial(mg_relation relation, bool taken, const float *l, const float *r, const float *d, float *to,
                             int64_t n);
void mg_float_guard(mg_relation relation, bool holds, const float *l, const float *r, uint8_t *failed, int64_t n);
void mg_float_softmax(const float *MG_NONNULL const *MG_NONNULL x, int64_t count, float *MG_NULLABLE const *MG_NONNULL p,
                      float *MG_NULLABLE sum, float *MG_NULLABLE const *MG_NONNULL logs, int64_t n);
void mg_float_softmax_pullback(bool of_logs, const float *MG_NONNULL const *MG_NONNULL p,
                               const float *MG_NULLABLE const *MG_NONNULL d, int64_t count,
                               float *MG_NULLABLE const *MG_NONNULL to, int64_t n);
void mg_float_norm(const float *MG_NONNULL const *MG_NONNULL x, int64_t count, float *v, int64_t n);

// MARK: As in mg_lane_products.h

void mg_float_combine(const mg_float_space *at, int32_t start, const mg_scaled_term *MG_NULLABLE scaled,
                      int64_t scaled_count, const mg_product_term *MG_NULLABLE products, int64_t product_count,
                      bool accumulate, int32_t out);
void mg_float_combine_each(const mg_float_space *at, const int32_t *starts, const mg_scaled_term *MG_NULLABLE scaled,
                           int64_t scaled_count, const mg_product_term *MG_NULLABLE products, int64_t product_count,
                           const int32_t *outs, int64_t count);
void mg_float_total(const mg_float_space *at, int32_t row, int32_t to);
void mg_float_total_product(const mg_float_space *at, int32_t left, int32_t right, int32_t to);
void mg_float_affine(const mg_float_space *at, int32_t weights, int32_t biases, const int32_t *x, int64_t inputs,
                     const int32_t *out, int64_t outputs, bool relu);
void mg_float_affine_transposed(const mg_float_space *at, int32_t weights, const int32_t *d, int64_t outputs,
                                const int32_t *dx, int64_t inputs, const uint8_t *accumulate,
                                const int32_t *MG_NULLABLE mask);
void mg_float_outer(const mg_float_space *at, int32_t weights, int32_t biases, const int32_t *d, const int32_t *x,
                    int64_t applications, int64_t outputs, int64_t inputs);
void mg_float_load(const mg_float_space *at, const double *samples, int64_t count, const int32_t *rows);
void mg_float_store(const mg_float_space *at, const int32_t *rows, int64_t count, bool gradients, double *samples);
void mg_float_load_listed(const mg_float_space *at, const double *samples, const int64_t *index, int64_t count,
                          const int32_t *rows);
void mg_float_store_listed(const mg_float_space *at, const int32_t *rows, int64_t count, bool gradients,
                           const int64_t *index, double *samples);

MG_ASSUME_NONNULL_END
