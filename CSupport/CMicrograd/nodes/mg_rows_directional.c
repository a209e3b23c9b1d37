// Ops along the rows of a matrix, along a direction; the names are those of mg_block_directional.c.
#include <math.h>

#include "mg_kernels.h"
#include "mg_node_directional.h"
#include "mg_rows.h"
#include "mg_softmax.h"

static double *scratch_of(const mg_tape *tape) { return mg_state(tape)->scratch.block; }

// Σ p s over a row, a zero tangent meeting no infinite weight.
static double mean_of(const double *p, const double *s, int64_t count) {
  double sum = 0;
  for (int64_t j = 0; j < count; j++) sum += mg_carried(s[j], p[j]);
  return sum;
}

void mg_row_tangents(const mg_tape *tape, const mg_block *b, double *tangents) {
  int64_t columns = b->x_columns, width = b->columns;
  double *p = scratch_of(tape);
  for (int64_t i = 0; i < b->rows; i++) {
    const double *x = tape->values + b->x + i * columns, *v = tape->values + b->first + i * width;
    const double *s = tangents + b->x + i * columns;
    double *t = tangents + b->first + i * width;
    if (b->op == MG_OP_row_sum) {
      *t = mg_kernel_sum(s, columns);
      continue;
    }
    const double *shares = b->op == MG_OP_softmax ? v : p;
    if (b->op != MG_OP_softmax) mg_softmax(x, p, columns);
    if (b->op == MG_OP_log_sum_exp) {
      *t = mean_of(p, s, columns);
      continue;
    }
    // Of the logarithm s - Σ p s; of the softmax p times that.
    mg_centered centered = mg_softmax_centered(shares, mg_softmax_top(shares, columns), s, columns);
    for (int64_t j = 0; j < columns; j++) {
      t[j] = mg_centered_at(centered, s[j]);
      if (b->op == MG_OP_softmax) t[j] = mg_carried(t[j], v[j]);
    }
  }
}

// Of a softmax v: its tangents are t, those of the adjoints d are e.
static void softmax_pull(const double *v, const double *t, const double *d, const double *e, double *to,
                         double *to_tangent, int64_t columns) {
  int64_t top = mg_softmax_top(v, columns);
  mg_centered adjoints = mg_softmax_centered(v, top, d, columns), changes = mg_softmax_centered(v, top, e, columns);
  double turn = 0, far = 0;  // Σ t d, where Σ t = 0; without differences, where one of them is not finite
  for (int64_t j = 0; j < columns; j++) {
    turn += j == top ? 0 : mg_carried(t[j], d[j] - d[top]);
    far += mg_carried(t[j], d[j]);
  }
  if (turn != turn) turn = far;
  for (int64_t j = 0; j < columns; j++) {
    double centered = mg_centered_at(adjoints, d[j]);
    to[j] += mg_carried(centered, v[j]);
    to_tangent[j] += mg_carried(t[j], centered) + mg_carried(mg_centered_at(changes, e[j]) - turn, v[j]);
  }
}

void mg_row_pull(const mg_tape *tape, const mg_block *b, mg_directions all) {
  int64_t columns = b->x_columns, width = b->columns;
  double *p = scratch_of(tape);
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
    case MG_OP_log_sum_exp: {  // p d, where p has the tangent p (s - Σ p s)
      mg_centered centered = mg_softmax_centered(p, mg_softmax(x, p, columns).top, s, columns);
      for (int64_t j = 0; j < columns; j++) {
        to[j] += mg_carried(*d, p[j]);
        to_tangent[j] += mg_carried(*e, p[j]) + mg_carried(*d, mg_carried(mg_centered_at(centered, s[j]), p[j]));
      }
      break;
    }
    case MG_OP_softmax: softmax_pull(v, t, d, e, to, to_tangent, columns); break;
    default: {  // log softmax: d - p Σ d, where p has the tangent p t
      int64_t top = mg_softmax(x, p, columns).top;
      mg_less_share share = mg_softmax_less_share(p, top, d, columns), change = mg_softmax_less_share(p, top, e, columns);
      for (int64_t j = 0; j < columns; j++) {
        to[j] += mg_less_share_at(share, top, p, d, j);
        to_tangent[j] += mg_less_share_at(change, top, p, e, j) - mg_carried(mg_carried(share.sum, t[j]), p[j]);
      }
    }
    }
  }
}

// MARK: Cross-entropy

// Σ p s - s of the class, of all numbers less that one.
void mg_cross_entropy_tangents(const mg_tape *tape, const mg_block *b, double *t) {
  int64_t columns = b->x_columns;
  double *p = scratch_of(tape);
  for (int64_t i = 0; i < b->rows; i++) {
    const double *x = tape->values + b->x + i * columns, *s = t + b->x + i * columns;
    int64_t class = tape->operands[b->list + i];
    mg_softmax(x, p, columns);
    p[class] = mg_softmax_less_one(p, class, columns);
    t[b->first + i] = mean_of(p, s, columns);
  }
}

void mg_cross_entropy_pull(const mg_tape *tape, const mg_block *b, mg_directions all) {
  int64_t columns = b->x_columns;
  double *p = scratch_of(tape);
  for (int64_t i = 0; i < b->rows; i++) {
    const double *x = tape->values + b->x + i * columns, *s = all.tangents + b->x + i * columns;
    double *to = all.adjoints + b->x + i * columns, *to_tangent = all.adjoint_tangents + b->x + i * columns;
    double d = all.adjoints[b->first + i], e = all.adjoint_tangents[b->first + i];
    if (d == 0 && e == 0) continue;
    int64_t class = tape->operands[b->list + i];
    mg_centered centered = mg_softmax_centered(p, mg_softmax(x, p, columns).top, s, columns);
    double less_one = mg_softmax_less_one(p, class, columns);
    for (int64_t j = 0; j < columns; j++) {
      double slope = j == class ? less_one : p[j];
      to[j] += mg_carried(d, slope);
      to_tangent[j] += mg_carried(e, slope) + mg_carried(d, mg_carried(mg_centered_at(centered, s[j]), p[j]));
    }
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
      result[j] = normed_tangent(n, x[j], s[j]) * gain[j] + mg_carried(gain_tangent[j], normed(n, x[j])) +
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
      double c = mg_carried(d[j], gain[j]), c_tangent = mg_carried(e[j], gain[j]) + mg_carried(d[j], gain_tangent[j]);
      along += c * h;
      along_tangent += c_tangent * h + c * h_tangent;
      mean += c;
      mean_tangent += c_tangent;
      all.adjoints[b->y + j] += mg_carried(d[j], h);
      all.adjoint_tangents[b->y + j] += mg_carried(e[j], h) + mg_carried(d[j], h_tangent);
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
      double c = mg_carried(d[j], gain[j]), c_tangent = mg_carried(e[j], gain[j]) + mg_carried(d[j], gain_tangent[j]);
      double dx = n.norm.scale * (c - h * along - mean);
      to[j] += dx;
      to_tangent[j] += n.norm.scale * (c_tangent - h_tangent * along - h * along_tangent - mean_tangent) - n.change * dx;
    }
  }
}
