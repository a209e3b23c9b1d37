// Ops along the rows of a matrix.
#include <math.h>

#include "mg_arithmetic.h"
#include "mg_arithmetic_backward.h"
#include "mg_kernels.h"
#include "mg_rows.h"
#include "mg_softmax.h"

void mg_row_values(mg_op op, const double *x, double *v, int64_t rows, int64_t columns) {
  for (int64_t i = 0; i < rows; i++, x += columns) {
    if (op == MG_OP_row_sum) {
      *v++ = mg_kernel_sum(x, columns);
      continue;
    }
    mg_exponentials e = mg_softmax(x, op == MG_OP_softmax ? v : NULL, columns);
    if (op == MG_OP_log_sum_exp) {
      *v++ = mg_log_sum_exp_of(e);
      continue;
    }
    for (int64_t j = 0; j < columns && op == MG_OP_log_softmax; j++) v[j] = 0 - mg_log_sum_exp_less(e, x[j]);
    v += columns;
  }
}

void mg_row_backward(mg_op op, const double *x, const double *v, const double *d, double *dx, double *p, int64_t rows,
                     int64_t columns) {
  int64_t width = op == MG_OP_row_sum || op == MG_OP_log_sum_exp ? 1 : columns;
  for (int64_t i = 0; i < rows; i++, x += columns, dx += columns, v += width, d += width) {
    if (mg_kernel_is_zero(d, width)) continue;
    switch (op) {
    case MG_OP_row_sum: mg_kernel_add(dx, *d, columns); break;
    case MG_OP_log_sum_exp:  // p d
      mg_softmax(x, p, columns);
      for (int64_t j = 0; j < columns; j++) dx[j] += mg_carried(*d, p[j]);
      break;
    case MG_OP_softmax: {  // v (d - Σ v d)
      mg_centered centered = mg_softmax_centered(v, mg_softmax_top(v, columns), d, columns);
      for (int64_t j = 0; j < columns; j++) dx[j] += mg_carried(mg_centered_at(centered, d[j]), v[j]);
      break;
    }
    default: {  // d - p Σ d
      int64_t top = mg_softmax(x, p, columns).top;
      mg_less_share share = mg_softmax_less_share(p, top, d, columns);
      for (int64_t j = 0; j < columns; j++) dx[j] += mg_less_share_at(share, top, p, d, j);
    }
    }
  }
}

// MARK: Cross-entropy

void mg_cross_entropy_values(const double *x, const int32_t *classes, double *v, int64_t rows, int64_t columns) {
  for (int64_t i = 0; i < rows; i++, x += columns) {
    mg_exponentials e = mg_softmax(x, NULL, columns);
    v[i] = mg_log_sum_exp_less(e, x[classes[i]]);
  }
}

// p d, and for the class itself (p - 1) d.
void mg_cross_entropy_backward(const double *x, const int32_t *classes, const double *d, double *dx, double *p,
                               int64_t rows, int64_t columns) {
  for (int64_t i = 0; i < rows; i++, x += columns, dx += columns) {
    if (d[i] == 0) continue;
    mg_softmax(x, p, columns);
    p[classes[i]] = mg_softmax_less_one(p, classes[i], columns);
    for (int64_t j = 0; j < columns; j++) dx[j] += mg_carried(d[i], p[j]);
  }
}

// MARK: Norms

// The mean; of numbers whose sum is out of range, that of their parts.
static double mean_of(const double *x, int64_t count) {
  double sum = mg_kernel_sum(x, count);
  if (MG_LIKELY(isfinite(sum))) return sum / (double)count;
  double mean = 0;
  for (int64_t j = 0; j < count; j++) mean += x[j] / (double)count;
  return mean;
}

// The root of the mean square of what deviates from the center.
static double deviation(const double *x, double center, int64_t count) {
  double most = 0, squares = 0;
  for (int64_t j = 0; j < count; j++) most = fmax(most, fabs(x[j] - center));
  if (most == 0 || isinf(most)) return most;
  for (int64_t j = 0; j < count; j++) squares += (x[j] - center) / most * ((x[j] - center) / most);
  return most * sqrt(squares / (double)count);
}

mg_norm mg_norm_of(mg_op op, const double *x, int64_t count, double epsilon) {
  double center = op == MG_OP_layer_norm ? mean_of(x, count) : 0, squares = 0;
  for (int64_t j = 0; j < count; j++) squares += (x[j] - center) * (x[j] - center);
  bool in_range = squares > 0x1p-960 && squares < INFINITY;
  double root = in_range || squares != squares ? sqrt(squares / (double)count + epsilon)
                                               : hypot(deviation(x, center, count), sqrt(epsilon));
  return (mg_norm){center, 1 / root};
}

void mg_norm_values(mg_op op, const double *x, const double *gain, const double *bias, double epsilon, double *v,
                    int64_t rows, int64_t columns) {
  for (int64_t i = 0; i < rows; i++, x += columns, v += columns) {
    mg_norm n = mg_norm_of(op, x, columns, epsilon);
    for (int64_t j = 0; j < columns; j++) v[j] = (x[j] - n.center) * n.scale * gain[j] + (bias ? bias[j] : 0);
  }
}

// With h = (x - center) scale and e = gain d: dx = scale (e - h mean(e h) - mean(e)), the last for layer_norm only.
void mg_norm_backward(mg_op op, const double *x, const double *gain, double epsilon, const double *d, double *dx,
                      double *dgain, double *dbias, int64_t rows, int64_t columns) {
  for (int64_t i = 0; i < rows; i++, x += columns, d += columns, dx += columns) {
    if (mg_kernel_is_zero(d, columns)) continue;
    mg_norm n = mg_norm_of(op, x, columns, epsilon);
    double along = 0, mean = 0;
    for (int64_t j = 0; j < columns; j++) {
      double h = (x[j] - n.center) * n.scale, e = mg_carried(d[j], gain[j]);
      along += e * h;
      mean += e;
      dgain[j] += mg_carried(d[j], h);
      if (dbias) dbias[j] += d[j];
    }
    along /= (double)columns;
    mean = op == MG_OP_layer_norm ? mean / (double)columns : 0;
    for (int64_t j = 0; j < columns; j++)
      dx[j] += n.scale * (mg_carried(d[j], gain[j]) - (x[j] - n.center) * n.scale * along - mean);
  }
}
