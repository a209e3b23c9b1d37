// Ops along the rows of a matrix.
#include <math.h>

#include "mg_arithmetic.h"
#include "mg_block.h"
#include "mg_kernels.h"
#include "mg_rows.h"

static double shift_of(const double *x, int64_t count) {
  double most = mg_kernel_largest(x, count);
  return isinf(most) ? 0 : most;
}

double mg_row_sum_exp(const double *x, int64_t count, double *shift) {
  double sum = 0;
  *shift = shift_of(x, count);
  for (int64_t j = 0; j < count; j++) sum += exp(x[j] - *shift);
  return sum;
}

static void softmax(const double *x, double *v, int64_t count) {
  double shift = shift_of(x, count), sum = 0;
  for (int64_t j = 0; j < count; j++) sum += v[j] = exp(x[j] - shift);
  for (int64_t j = 0; j < count; j++) v[j] /= sum;
}

void mg_row_values(mg_op op, const double *x, double *v, int64_t rows, int64_t columns) {
  for (int64_t i = 0; i < rows; i++, x += columns) {
    if (op == MG_OP_row_sum) {
      *v++ = mg_kernel_sum(x, columns);
      continue;
    }
    if (op == MG_OP_softmax) {
      softmax(x, v, columns);
      v += columns;
      continue;
    }
    double shift, sum = mg_row_sum_exp(x, columns, &shift);
    if (op == MG_OP_log_sum_exp) {
      *v++ = shift + log(sum);
      continue;
    }
    // x - shift first: what is large cancels before something small is subtracted.
    double log_sum = log(sum);
    for (int64_t j = 0; j < columns; j++) v[j] = (x[j] - shift) - log_sum;
    v += columns;
  }
}

void mg_row_backward(mg_op op, const double *x, const double *v, const double *d, double *dx, int64_t rows,
                     int64_t columns) {
  int64_t width = op == MG_OP_row_sum || op == MG_OP_log_sum_exp ? 1 : columns;
  for (int64_t i = 0; i < rows; i++, x += columns, dx += columns, v += width, d += width) {
    if (mg_kernel_is_zero(d, width)) continue;
    switch (op) {
    case MG_OP_row_sum: mg_kernel_add(dx, *d, columns); break;
    case MG_OP_log_sum_exp:  // softmax(x) d
      for (int64_t j = 0; j < columns; j++) dx[j] += *d * exp(x[j] - *v);
      break;
    case MG_OP_softmax: {  // v (d - sum of v d)
      double mean = mg_kernel_dot(v, d, columns);
      for (int64_t j = 0; j < columns; j++) dx[j] += v[j] * (d[j] - mean);
      break;
    }
    default: {  // d - softmax(x) times the sum of d
      double sum = mg_kernel_sum(d, columns);
      for (int64_t j = 0; j < columns; j++) dx[j] += d[j] - exp(v[j]) * sum;
    }
    }
  }
}

// MARK: Cross-entropy

void mg_cross_entropy_values(const double *x, const int32_t *classes, double *v, int64_t rows, int64_t columns) {
  for (int64_t i = 0; i < rows; i++, x += columns) {
    double shift, sum = mg_row_sum_exp(x, columns, &shift);
    v[i] = log(sum) - (x[classes[i]] - shift);
  }
}

void mg_cross_entropy_backward(const double *x, const int32_t *classes, const double *d, double *dx, int64_t rows,
                               int64_t columns) {
  for (int64_t i = 0; i < rows; i++, x += columns, dx += columns) {
    if (d[i] == 0) continue;
    double shift, sum = mg_row_sum_exp(x, columns, &shift);
    for (int64_t j = 0; j < columns; j++) dx[j] += d[i] * (exp(x[j] - shift) / sum);
    dx[classes[i]] -= d[i];
  }
}

// MARK: Norms

mg_norm mg_norm_of(mg_op op, const double *x, int64_t count, double epsilon) {
  double center = op == MG_OP_layer_norm ? mg_kernel_sum(x, count) / (double)count : 0, squares = 0;
  for (int64_t j = 0; j < count; j++) squares += (x[j] - center) * (x[j] - center);
  return (mg_norm){center, 1 / sqrt(squares / (double)count + epsilon)};
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
      double h = (x[j] - n.center) * n.scale, e = mg_passed(d[j], gain[j]);
      along += e * h;
      mean += e;
      dgain[j] += mg_passed(d[j], h);
      if (dbias) dbias[j] += d[j];
    }
    along /= (double)columns;
    mean = op == MG_OP_layer_norm ? mean / (double)columns : 0;
    for (int64_t j = 0; j < columns; j++)
      dx[j] += n.scale * (mg_passed(d[j], gain[j]) - (x[j] - n.center) * n.scale * along - mean);
  }
}
