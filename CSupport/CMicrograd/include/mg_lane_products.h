// The arithmetic of compiled programs: every node is a row of samples, and a block of rows that fits the nearest caches
// is computed at a time.
//
// Rows begin at multiples of 64 bytes. What is summed is summed in an order that depends on the arguments, n and valid
// only: the same bits on any thread, on one machine. Results do not overlap operands, unless said. Samples beyond the
// valid ones are computed like the others, whatever is in them, but never reach a sum.
#pragma once

#include "mg_base.h"

MG_ASSUME_NONNULL_BEGIN

// Where a block of samples is computed.
typedef struct {
  double *uniforms;  // numbers that do not depend on the sample: parameters, constants
  double *sums;      // what reductions over samples add to: as many as the program has sums
  double *rows;      // row i begins at rows + i * stride
  int64_t stride;    // numbers from row to row, a multiple of 8
  int64_t n;         // how many of each row are computed, a multiple of 8
  int64_t valid;     // how many of them are samples, 1 … n; the others do not count in sums
} mg_lane_space;

// A number that rows are multiplied by: the index of a uniform, or one of these.
enum { MG_FACTOR_ONE = -1, MG_FACTOR_MINUS_ONE = -2 };

// factor * row
typedef struct {
  int32_t factor, row;
} mg_scaled_term;

// factor * left * right
typedef struct {
  int32_t factor, left, right;
} mg_product_term;

static inline double *mg_lane_row(const mg_lane_space *at, int32_t row) { return at->rows + row * at->stride; }
static inline double mg_lane_factor(const double *uniforms, int32_t factor) {
  return factor >= 0 ? uniforms[factor] : factor == MG_FACTOR_ONE ? 1 : -1;
}

// MARK: A row (mg_lane_combine.c)

// out = start + Σ scaled + Σ products, and what out held before where `accumulate`. start: a uniform, or -1 for none.
// out may be an operand.
void mg_lanes_combine(const mg_lane_space *at, int32_t start, const mg_scaled_term *MG_NULLABLE scaled,
                      int64_t scaled_count, const mg_product_term *MG_NULLABLE products, int64_t product_count,
                      bool accumulate, int32_t out);

// `count` combinations without accumulation, each of as many terms, 1 to 4 together, and their terms following one another.
enum { MG_FEW_TERMS = 4 };
void mg_lanes_combine_each(const mg_lane_space *at, const int32_t *starts, const mg_scaled_term *MG_NULLABLE scaled,
                           int64_t scaled_count, const mg_product_term *MG_NULLABLE products, int64_t product_count,
                           const int32_t *outs, int64_t count);

// sums[to] += Σ row over the samples.
void mg_lanes_total(const mg_lane_space *at, int32_t row, int32_t to);
// sums[to] += Σ left * right over the samples.
void mg_lanes_total_product(const mg_lane_space *at, int32_t left, int32_t right, int32_t to);

// MARK: A layer (mg_lane_affine.c, mg_lane_outer.c)
//
// Rows are given by lists; weights are [outputs, inputs]; no biases: -1, or MG_FROM_ZERO where a sum of nothing but -0
// is 0.
enum { MG_FROM_ZERO = -2 };

// out[j] = biases[j] + Σ_i weights[j, i] * x[i]; negative ones become 0 where `relu`.
void mg_lanes_affine(const mg_lane_space *at, int32_t weights, int32_t biases, const int32_t *x, int64_t inputs,
                     const int32_t *out, int64_t outputs, bool relu);
// dx[i] = Σ_j weights[j, i] * d[j], added to what dx[i] held where accumulate[i]. Where mask[i] is a row (≥ 0), the sum
// counts as 0 for samples at which that row is not positive: the derivative of relu. dx may list a row twice.
void mg_lanes_affine_transposed(const mg_lane_space *at, int32_t weights, const int32_t *d, int64_t outputs,
                                const int32_t *dx, int64_t inputs, const uint8_t *accumulate,
                                const int32_t *MG_NULLABLE mask);
// Of a layer that is applied several times over, the derivatives of its weights and biases:
// sums[weights + j * inputs + i] += Σ d[a * outputs + j] * x[a * inputs + i] over applications a and samples;
// sums[biases + j] += Σ d[a * outputs + j].
void mg_lanes_outer(const mg_lane_space *at, int32_t weights, int32_t biases, const int32_t *d, const int32_t *x,
                    int64_t applications, int64_t outputs, int64_t inputs);

// MARK: From samples to rows and back (mg_lane_transpose.c)

// Row rows[k] of sample s becomes samples[s * count + k]. Lanes beyond the valid ones get the last valid sample's.
void mg_lanes_load(const mg_lane_space *at, const double *samples, int64_t count, const int32_t *rows);
// samples[s * count + k] becomes row rows[k] of sample s, for the valid ones; a -0 becomes 0 where these are gradients, which
// are sums that begin at 0.
void mg_lanes_store(const mg_lane_space *at, const int32_t *rows, int64_t count, bool gradients, double *samples);
// The same where sample s is at samples + index[s] * count.
void mg_lanes_load_listed(const mg_lane_space *at, const double *samples, const int64_t *index, int64_t count,
                          const int32_t *rows);
void mg_lanes_store_listed(const mg_lane_space *at, const int32_t *rows, int64_t count, bool gradients,
                           const int64_t *index, double *samples);

MG_ASSUME_NONNULL_END
