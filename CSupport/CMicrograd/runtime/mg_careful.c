#include "mg_careful.h"

#include <string.h>

#include "mg_carried.h"
#include "mg_versions.h"

// x - x is 0, or NaN where x is not finite; so is a sum of such.
KERNEL bool mg_any_not_finite(const double *x, int64_t count) {
#pragma clang fp reassociate(on)
  double sum = 0;
  for (int64_t k = 0; k < count; k++) sum += x[k] - x[k];
  return sum != 0;
}

KERNEL_BODY bool any_not_finite(const real *x, int64_t count) {
#pragma clang fp reassociate(on)
  real sum = 0;
  for (int64_t k = 0; k < count; k++) sum += x[k] - x[k];
  return sum != 0;
}

KERNEL bool mg_any_row_not_finite(const mg_lane_space *at, const int32_t *rows, int64_t count) {
  for (int64_t k = 0; k < count; k++)
    if (any_not_finite(mg_lane_row(at, rows[k]), at->n)) return true;
  return false;
}

void mg_careful_partial(const mg_program *p, const mg_lane_space *at, const mg_instruction *i, const int32_t *list) {
  int32_t d = (int32_t)p->row_count, slope = d + 1;
  int32_t with_one[] = {d, list[1], list[2], list[3], slope};
  for (int64_t s = 0; s < at->n; s++) mg_lane_row(at, d)[s] = 1;
  mg_lanes_partials(&i->op, i->flag, at->rows, at->stride, with_one, 1, at->n);
  mg_lanes_partials(&i->op, i->flag, at->rows, at->stride, list, 1, at->n);
  const real *slopes = mg_lane_row(at, slope);
  real *to = mg_lane_row(at, list[4]);
  for (int64_t s = 0; s < at->n; s++)
    if (to[s] != to[s] && slopes[s] == 0) to[s] = 0;
}

void mg_careful_combine(const mg_program *p, const mg_lane_space *at, int32_t start, const mg_scaled_term *scaled,
                        int64_t scaled_count, const mg_product_term *products, int64_t product_count, int32_t out) {
  int32_t spare = (int32_t)p->row_count;
  mg_lanes_combine(at, start, scaled, scaled_count, products, product_count, false, spare);
  real *sums = mg_lane_row(at, spare);
  for (int64_t s = 0; s < at->n; s++) {
    if (sums[s] == sums[s]) continue;
    double sum = start >= 0 ? at->uniforms[start] : 0;
    for (int64_t k = 0; k < scaled_count; k++)
      sum += mg_carried(mg_lane_factor(at->uniforms, scaled[k].factor), mg_lane_row(at, scaled[k].row)[s]);
    for (int64_t k = 0; k < product_count; k++) {
      double factor = mg_lane_factor(at->uniforms, products[k].factor);
      double slope = mg_carried(factor, mg_lane_row(at, products[k].right)[s]);
      sum += mg_carried(mg_lane_row(at, products[k].left)[s], slope);
    }
    sums[s] = (real)sum;
  }
  memcpy(mg_lane_row(at, out), sums, (size_t)at->n * sizeof *sums);
}

void mg_careful_columns(const mg_program *p, const mg_lane_space *at, const mg_instruction *i) {
  const int32_t *adjoints = p->lists + i->list, *to = p->lists + i->more;
  const int32_t *masks = i->flag ? to + i->more_count : NULL;
  mg_lanes_affine_transposed(at, i->start, adjoints, i->count, to, i->more_count, p->zeros, masks);
  for (int32_t k = 0; k < i->more_count; k++)
    for (int64_t s = 0; s < at->n; s++) {
      real *to_s = &mg_lane_row(at, to[k])[s];
      if (*to_s == *to_s) continue;
      double sum = 0;
      for (int32_t j = 0; j < i->count; j++)
        sum += mg_carried(mg_lane_row(at, adjoints[j])[s], at->uniforms[i->start + j * i->more_count + k]);
      *to_s = (real)sum;
    }
}

// Σ x * y over the samples.
static double total(const real *x, const real *y, int64_t count) {
  double sum = 0;
  for (int64_t s = 0; s < count; s++) sum += mg_carried(x[s], y[s]);
  return sum;
}

void mg_careful_outer(const mg_program *p, const mg_lane_space *at, const mg_instruction *i, double *before) {
  const int32_t *adjoints = p->lists + i->list, *inputs = p->lists + i->more;
  int64_t count = (int64_t)i->count * i->more_count;
  double *sums = at->sums + i->start;
  memcpy(before, sums, (size_t)count * sizeof *sums);
  mg_lanes_outer(at, i->start, i->bias, adjoints, inputs, i->applications, i->count, i->more_count);
  for (int64_t k = 0; k < count; k++) {
    if (sums[k] == sums[k]) continue;
    int64_t output = k / i->more_count, input = k % i->more_count;
    sums[k] = before[k];
    for (int32_t a = 0; a < i->applications; a++) {
      const real *d = mg_lane_row(at, adjoints[a * i->count + output]);
      sums[k] += total(d, mg_lane_row(at, inputs[a * i->more_count + input]), at->valid);
    }
  }
}

void mg_careful_total_product(const mg_lane_space *at, const mg_instruction *i) {
  double before = at->sums[i->start];
  mg_lanes_total_product(at, i->x, i->y, i->start);
  if (at->sums[i->start] != at->sums[i->start])
    at->sums[i->start] = before + total(mg_lane_row(at, i->x), mg_lane_row(at, i->y), at->valid);
}
