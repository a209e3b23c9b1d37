// Ops along the rows of a matrix, along a direction; the names are those of mg_block_directional.c.
#include <math.h>

#include "mg_directions.h"
#include "mg_kernels.h"
#include "mg_rows.h"

// Sum of weight * s over a row, a zero tangent meeting no infinite weight.
static double along(const double *weights, const double *s, int64_t count) {
  double sum = 0;
  for (int64_t j = 0; j < count; j++) sum += mg_carried(s[j], weights[j]);
  return sum;
}

void mg_row_tangents(mg_op op, const double *x, const double *v, const double *s, double *t, int64_t rows,
                     int64_t columns) {
  for (int64_t i = 0; i < rows; i++, x += columns, s += columns) {
    double mean = 0;
    switch (op) {
    case MG_OP_row_sum: *t++ = mg_kernel_sum(s, columns); break;
    case MG_OP_log_sum_exp:
      for (int64_t j = 0; j < columns; j++) mean += mg_carried(s[j], exp(x[j] - *v));
      *t++ = mean;
      v++;
      break;
    case MG_OP_softmax:
      mean = along(v, s, columns);
      for (int64_t j = 0; j < columns; j++) t[j] = v[j] * (s[j] - mean);
      t += columns;
      v += columns;
      break;
    default:  // log softmax
      for (int64_t j = 0; j < columns; j++) mean += mg_carried(s[j], exp(v[j]));
      for (int64_t j = 0; j < columns; j++) t[j] = s[j] - mean;
      t += columns;
      v += columns;
    }
  }
}

void mg_row_pull(const mg_tape *tape, const mg_block *b, mg_directions all) {
  int64_t columns = b->x_columns, width = b->columns;
  for (int64_t i = 0; i < b->rows; i++) {
    const double *x = tape->values + b->x + i * columns, *v = tape->values + b->first + i * width;
    const double *s = all.tangents + b->x + i * columns, *t = all.tangents + b->first + i * width;
    const double *d = all.adjoints + b->first + i * width, *e = all.adjoint_tangents + b->first + i * width;
    double *to = all.adjoints + b->x + i * columns, *to_tangent = all.adjoint_tangents + b->x + i * columns;
    if (mg_kernel_is_zero(d, width) && mg_kernel_is_zero(e, width)) continue;
    switch (b->op) {
    case MG_OP_row_sum:
      mg_kernel_add(to, *d, columns);
      mg_kernel_add(to_tangent, *e, columns);
      break;
    case MG_OP_log_sum_exp:  // p d, where p = exp(x - v) has the tangent p (s - t)
      for (int64_t j = 0; j < columns; j++) {
        double p = exp(x[j] - *v);
        to[j] += *d * p;
        to_tangent[j] += *e * p + *d * p * (s[j] - *t);
      }
      break;
    case MG_OP_softmax: {  // v (d - sum of v d)
      double mean = mg_kernel_dot(v, d, columns), change = mg_kernel_dot(t, d, columns) + mg_kernel_dot(v, e, columns);
      for (int64_t j = 0; j < columns; j++) {
        to[j] += v[j] * (d[j] - mean);
        to_tangent[j] += t[j] * (d[j] - mean) + v[j] * (e[j] - change);
      }
      break;
    }
    default: {  // log softmax: d - p times the sum of d, where p = exp(v) has the tangent p t
      double sum = mg_kernel_sum(d, columns), change = mg_kernel_sum(e, columns);
      for (int64_t j = 0; j < columns; j++) {
        double p = exp(v[j]);
        to[j] += d[j] - p * sum;
        to_tangent[j] += e[j] - p * (mg_passed(sum, t[j]) + change);
      }
    }
    }
  }
}

// MARK: Cross-entropy

void mg_cross_entropy_tangents(const double *x, const int32_t *classes, const double *s, double *t, int64_t rows,
                               int64_t columns) {
  for (int64_t i = 0; i < rows; i++, x += columns, s += columns) {
    double shift, sum = mg_row_sum_exp(x, columns, &shift);
    t[i] = -s[classes[i]];
    for (int64_t j = 0; j < columns; j++) t[i] += mg_carried(s[j], exp(x[j] - shift) / sum);
  }
}

void mg_cross_entropy_pull(const mg_tape *tape, const mg_block *b, mg_directions all) {
  int64_t columns = b->x_columns;
  for (int64_t i = 0; i < b->rows; i++) {
    const double *x = tape->values + b->x + i * columns, *s = all.tangents + b->x + i * columns;
    double *to = all.adjoints + b->x + i * columns, *to_tangent = all.adjoint_tangents + b->x + i * columns;
    double d = all.adjoints[b->first + i], e = all.adjoint_tangents[b->first + i];
    if (d == 0 && e == 0) continue;
    double shift, sum = mg_row_sum_exp(x, columns, &shift), mean = 0;
    for (int64_t j = 0; j < columns; j++) mean += mg_passed(s[j], exp(x[j] - shift) / sum);
    for (int64_t j = 0; j < columns; j++) {
      double p = exp(x[j] - shift) / sum;
      to[j] += d * p;
      to_tangent[j] += e * p + d * p * (s[j] - mean);
    }
    int32_t class = tape->operands[b->list + i];
    to[class] -= d;
    to_tangent[class] -= e;
  }
}

// MARK: Norms

// Of one row, h = (x - center) * scale and its tangent h' = scale (s - mean of s - h mean(h s)), where only layer_norm has
// a center; the scale has the tangent -scale * change.
typedef struct {
  mg_norm norm;
  double shift, along, change;
} norm_tangent;

static norm_tangent norm_tangent_of(mg_op op, const double *x, const double *s, double epsilon, int64_t count) {
  norm_tangent n = {mg_norm_of(op, x, count, epsilon), 0, 0, 0};
  if (op == MG_OP_layer_norm) n.shift = mg_kernel_sum(s, count) / (double)count;
  for (int64_t j = 0; j < count; j++) n.along += (x[j] - n.norm.center) * n.norm.scale * (s[j] - n.shift);
  n.along /= (double)count;
  n.change = n.norm.scale * n.along;
  return n;
}
static inline double normed(norm_tangent n, double x) { return (x - n.norm.center) * n.norm.scale; }
static inline double normed_tangent(norm_tangent n, double x, double s) {
  return n.norm.scale * (s - n.shift - normed(n, x) * n.along);
}

void mg_norm_tangents(const mg_tape *tape, const mg_block *b, double *t) {
  const double *gain = tape->values + b->y, *gain_tangent = t + b->y;
  for (int64_t i = 0; i < b->rows; i++) {
    const double *x = tape->values + b->x + i * b->columns, *s = t + b->x + i * b->columns;
    double *result = t + b->first + i * b->columns;
    norm_tangent n = norm_tangent_of(b->op, x, s, tape->constants[b->constants], b->columns);
    for (int64_t j = 0; j < b->columns; j++)
      result[j] = normed_tangent(n, x[j], s[j]) * gain[j] + mg_passed(gain_tangent[j], normed(n, x[j])) +
                  (b->z == MG_NO_NODE ? 0 : t[b->z + j]);
  }
}

// With c = gain d, A = mean(c h) and C = mean(c), the last for layer_norm only, dx = scale (c - h A - C); every factor
// has a tangent.
void mg_norm_pull(const mg_tape *tape, const mg_block *b, mg_directions all) {
  int64_t columns = b->columns;
  const double *gain = tape->values + b->y, *gain_tangent = all.tangents + b->y;
  for (int64_t i = 0; i < b->rows; i++) {
    const double *x = tape->values + b->x + i * columns, *s = all.tangents + b->x + i * columns;
    const double *d = all.adjoints + b->first + i * columns, *e = all.adjoint_tangents + b->first + i * columns;
    double *to = all.adjoints + b->x + i * columns, *to_tangent = all.adjoint_tangents + b->x + i * columns;
    if (mg_kernel_is_zero(d, columns) && mg_kernel_is_zero(e, columns)) continue;
    norm_tangent n = norm_tangent_of(b->op, x, s, tape->constants[b->constants], columns);
    double along = 0, along_tangent = 0, mean = 0, mean_tangent = 0;
    for (int64_t j = 0; j < columns; j++) {
      double h = normed(n, x[j]), h_tangent = normed_tangent(n, x[j], s[j]);
      double c = mg_passed(d[j], gain[j]), c_tangent = mg_passed(e[j], gain[j]) + mg_passed(d[j], gain_tangent[j]);
      along += c * h;
      along_tangent += c_tangent * h + c * h_tangent;
      mean += c;
      mean_tangent += c_tangent;
      all.adjoints[b->y + j] += mg_passed(d[j], h);
      all.adjoint_tangents[b->y + j] += mg_passed(e[j], h) + mg_passed(d[j], h_tangent);
      if (b->z == MG_NO_NODE) continue;
      all.adjoints[b->z + j] += d[j];
      all.adjoint_tangents[b->z + j] += e[j];
    }
    bool centers = b->op == MG_OP_layer_norm;
    along /= (double)columns;
    along_tangent /= (double)columns;
    mean = centers ? mean / (double)columns : 0;
    mean_tangent = centers ? mean_tangent / (double)columns : 0;
    for (int64_t j = 0; j < columns; j++) {
      double h = normed(n, x[j]), h_tangent = normed_tangent(n, x[j], s[j]);
      double c = mg_passed(d[j], gain[j]), c_tangent = mg_passed(e[j], gain[j]) + mg_passed(d[j], gain_tangent[j]);
      double dx = n.norm.scale * (c - h * along - mean);
      to[j] += dx;
      to_tangent[j] += n.norm.scale * (c_tangent - h_tangent * along - h * along_tangent - mean_tangent) - n.change * dx;
    }
  }
}
