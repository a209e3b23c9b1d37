// Sums of a few rows and products of rows, and sums over a row.
#include "mg_lane_vectors.h"

// What is added to -0 stays what it is, -0 included; what 0 is subtracted from, too.
static const real nothing = -0.0;

// A combination of a known number of terms.
KERNEL_BODY void combine_few(const mg_lane_space *at, real start, const mg_scaled_term *scaled,
                             const mg_product_term *products, bool accumulate, real *out, const int scaled_count,
                             const int product_count) {
#pragma clang fp contract(fast)
  real *rows = at->rows;
  int64_t stride = at->stride, n = at->n;
  real a[4], b[4];
  const real *x[4], *l[4], *r[4];
  UNROLLED for (int k = 0; k < scaled_count; k++) {
    a[k] = mg_lane_factor(at->uniforms, scaled[k].factor);
    x[k] = rows + scaled[k].row * stride;
  }
  UNROLLED for (int k = 0; k < product_count; k++) {
    b[k] = mg_lane_factor(at->uniforms, products[k].factor);
    l[k] = rows + products[k].left * stride;
    r[k] = rows + products[k].right * stride;
  }
  for (int64_t s = 0; s < n; s += LANES) {
    lanes sum = start - (lanes){0};
    if (accumulate) sum += *(lanes *)(out + s);
    UNROLLED for (int k = 0; k < scaled_count; k++) sum += a[k] * *(lanes *)(x[k] + s);
    UNROLLED for (int k = 0; k < product_count; k++) sum += b[k] * *(lanes *)(l[k] + s) * *(lanes *)(r[k] + s);
    *(lanes *)(out + s) = sum;
  }
}

// Any number of terms, for `width` vectors at a time.
KERNEL_BODY void combine_many(const mg_lane_space *at, real start, const mg_scaled_term *scaled, int64_t scaled_count,
                              const mg_product_term *products, int64_t product_count, bool accumulate, real *out,
                              int64_t s, const int width) {
#pragma clang fp contract(fast)
  real *rows = at->rows + s;
  int64_t stride = at->stride;
  const real *uniforms = at->uniforms;
  lanes sum[4];
  UNROLLED for (int v = 0; v < width; v++) {
    sum[v] = start - (lanes){0};
    if (accumulate) sum[v] += ((lanes *)(out + s))[v];
  }
  for (int64_t k = 0; k < scaled_count; k++) {
    real factor = mg_lane_factor(uniforms, scaled[k].factor);
    const lanes *x = row_at(rows, stride, scaled[k].row);
    UNROLLED for (int v = 0; v < width; v++) sum[v] += factor * x[v];
  }
  for (int64_t k = 0; k < product_count; k++) {
    real factor = mg_lane_factor(uniforms, products[k].factor);
    const lanes *l = row_at(rows, stride, products[k].left), *r = row_at(rows, stride, products[k].right);
    UNROLLED for (int v = 0; v < width; v++) sum[v] += factor * l[v] * r[v];
  }
  UNROLLED for (int v = 0; v < width; v++) ((lanes *)(out + s))[v] = sum[v];
}

// Several combinations of as many terms each, which follow one another.
#define FEW_EACH(s, p)                                                                                \
  case 8 * s + p:                                                                                     \
    for (int64_t k = 0; k < count; k++)                                                               \
      combine_few(at, starts[k] >= 0 ? at->uniforms[starts[k]] : nothing, scaled + k * s, products + k * p, false, \
                  at->rows + outs[k] * at->stride, s, p);                                             \
    return;

KERNEL void mg_lanes_combine_each(const mg_lane_space *at, const int32_t *starts, const mg_scaled_term *scaled,
                                  int64_t scaled_count, const mg_product_term *products, int64_t product_count,
                                  const int32_t *outs, int64_t count) {
  switch (8 * scaled_count + product_count) {
    FEW_EACH(1, 0) FEW_EACH(2, 0) FEW_EACH(3, 0) FEW_EACH(4, 0)
    FEW_EACH(0, 1) FEW_EACH(1, 1) FEW_EACH(2, 1) FEW_EACH(3, 1)
    FEW_EACH(0, 2) FEW_EACH(1, 2) FEW_EACH(2, 2)
    FEW_EACH(0, 3) FEW_EACH(1, 3)
    FEW_EACH(0, 4)
  }
}

#define FEW(s, p) \
  case 8 * s + p: return combine_few(at, first, scaled, products, accumulate, result, s, p);

KERNEL void mg_lanes_combine(const mg_lane_space *at, int32_t start, const mg_scaled_term *scaled, int64_t scaled_count,
                             const mg_product_term *products, int64_t product_count, bool accumulate, int32_t out) {
  real *result = at->rows + out * at->stride;
  bool any = accumulate || scaled_count || product_count;
  real first = start >= 0 ? at->uniforms[start] : any ? nothing : 0;
  if (scaled_count + product_count <= 4) switch (8 * scaled_count + product_count) {
      FEW(0, 0) FEW(1, 0) FEW(2, 0) FEW(3, 0) FEW(4, 0)
      FEW(0, 1) FEW(1, 1) FEW(2, 1) FEW(3, 1)
      FEW(0, 2) FEW(1, 2) FEW(2, 2)
      FEW(0, 3) FEW(1, 3)
      FEW(0, 4)
    }
  int64_t s = 0, n = at->n;
  for (; n - s >= 4 * LANES; s += 4 * LANES)
    combine_many(at, first, scaled, scaled_count, products, product_count, accumulate, result, s, 4);
  for (; n - s >= 2 * LANES; s += 2 * LANES)
    combine_many(at, first, scaled, scaled_count, products, product_count, accumulate, result, s, 2);
  if (s < n) combine_many(at, first, scaled, scaled_count, products, product_count, accumulate, result, s, 1);
}

// MARK: Sums over a row

KERNEL_BODY double total_of(const lanes *v) {
  eight_reals folded;
  fold(v, &folded);
  real sum = 0;
  UNROLLED for (int k = 0; k < 4; k++) sum += folded[k] + folded[k + 4];
  return sum;
}

// The sum over x, or over x * y.
KERNEL_BODY double total(const real *x, const real *y, int64_t valid, const bool product) {
#pragma clang fp contract(fast)
  lanes sum[4] = {{0}};
  int64_t s = 0;
  for (; valid - s >= 4 * LANES; s += 4 * LANES)
    UNROLLED for (int v = 0; v < 4; v++) {
      lanes a = ((lanes *)(x + s))[v];
      if (product) sum[v] += a * ((lanes *)(y + s))[v];
      else sum[v] += a;
    }
  for (; valid - s >= LANES; s += LANES) {
    if (product) sum[0] += *(lanes *)(x + s) * *(lanes *)(y + s);
    else sum[0] += *(lanes *)(x + s);
  }
  if (s < valid) {
    lane_mask mask;
    mask_rest(valid - s, &mask);
    lanes a = KEPT(mask, *(lanes *)(x + s));
    if (product) sum[1] += a * KEPT(mask, *(lanes *)(y + s));
    else sum[1] += a;
  }
  sum[0] = (sum[0] + sum[1]) + (sum[2] + sum[3]);
  return total_of(sum);
}

KERNEL void mg_lanes_total(const mg_lane_space *at, int32_t row, int32_t to) {
  const real *x = at->rows + row * at->stride;
  at->sums[to] += total(x, x, at->valid, false);
}

KERNEL void mg_lanes_total_product(const mg_lane_space *at, int32_t left, int32_t right, int32_t to) {
  at->sums[to] += total(at->rows + left * at->stride, at->rows + right * at->stride, at->valid, true);
}
