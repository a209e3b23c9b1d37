// The logarithm of a sum of exponentials, of as many rows as there are terms.
#include "mg_lane_loops.h"
#include "mg_lane_names.h"

// Samples at a time, for which the largest terms and the sums stay on the stack.
enum { BLOCK = 64 };

// As mg_kernel_log_sum_exp: an infinite term is the result, and so is minus infinity where all terms are that.
KERNEL_BODY void log_sum_exp(const double *const *rows, int64_t count, int64_t start, double *v, int64_t n) {
  _Alignas(64) double most[BLOCK], sum[BLOCK];
  LANES most[i] = -INFINITY;
  LANES sum[i] = 0;
  for (int64_t k = 0; k < count; k++) {
    const double *x = ROW(rows[k] + start);
    LANES most[i] = x[i] > most[i] || x[i] != x[i] ? x[i] : most[i];
  }
  for (int64_t k = 0; k < count; k++) {
    const double *x = ROW(rows[k] + start);
    LANES sum[i] += exp(x[i] - (fabs(most[i]) == INFINITY ? 0 : most[i]));
  }
  LANES v[i] = fabs(most[i]) == INFINITY ? most[i] : most[i] + log(sum[i]);
}

KERNEL void mg_lanes_log_sum_exp(const double *const *rows, int64_t count, double *v, int64_t n) {
  for (int64_t start = 0; start < n; start += BLOCK) {
    int64_t length = n - start < BLOCK ? n - start : BLOCK;
    WHOLE_VECTORS(length);
    log_sum_exp(rows, count, start, ROW(v + start), length);
  }
}

KERNEL void mg_lanes_log_sum_exp_partial(const double *d_row, const double *x_row, const double *v_row, double *to_row,
                                         int64_t n) {
  if (n <= 0) return;
  WHOLE_VECTORS(n);
  const double *d = ROW(d_row), *x = ROW(x_row), *v = ROW(v_row);
  double *to = ROW(to_row);
  LANES {
    double part = d[i] * exp(x[i] - v[i]);
    to[i] = d[i] == 0 ? 0 : part;
  }
}
