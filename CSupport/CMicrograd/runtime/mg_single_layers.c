// A layer for one sample: the instructions of mg_single_execute.c that multiply by matrices.

// Whatever the processor has: native code and C source give the same bits.
#pragma clang fp contract(off)

#include "mg_carried.h"
#include "mg_lane_vectors.h"
#include "mg_single_internal.h"

// MARK: Forwards

// y[j] += Σ weights[j, i] * x[i], i in order, for eight j at once: eight columns of the weights are turned at a time. A product
// is rounded before it is added, as one by one.
KERNEL_BODY void affine_eight(const double *weights, const double *x, int64_t inputs, double *y) {
  eight sum = *(const eight_anywhere *)y;
  int64_t i = 0;
  for (; inputs - i >= 8; i += 8) {
    eight column[8];
    UNROLLED for (int j = 0; j < 8; j++) column[j] = *(const eight_anywhere *)(weights + j * inputs + i);
    turn_eight(column);
    UNROLLED for (int k = 0; k < 8; k++) sum += column[k] * x[i + k];
  }
  for (; i < inputs; i++) {
    eight column;
    UNROLLED for (int j = 0; j < 8; j++) column[j] = weights[j * inputs + i];
    sum += column * x[i];
  }
  *(eight_anywhere *)y = sum;
}

KERNEL_BODY void affine_one(const double *weights, const double *x, int64_t inputs, double *y) {
  for (int64_t i = 0; i < inputs; i++) *y += weights[i] * x[i];
}

KERNEL static void affine(const double *weights, const double *x, int64_t inputs, double *y, int64_t outputs) {
  int64_t j = 0;
  for (; inputs >= 8 && outputs - j >= 8; j += 8) affine_eight(weights + j * inputs, x, inputs, y + j);
  for (; j < outputs; j++) affine_one(weights + j * inputs, x, inputs, y + j);
}

void mg_single_affine(const mg_single_place *at, const int32_t *w) {
  int64_t inputs = w[0], outputs = w[1];
  const double *x = mg_gather(at->space, w + 5, inputs, at->scratch);
  double *y = at->scratch + inputs;
  bool has_biases = w[3] != MG_PLACE_NOTHING && w[3] != MG_PLACE_ZERO;
  for (int64_t k = 0; k < outputs; k++) y[k] = at->space[has_biases ? w[3] + k : w[3]];
  affine(at->space + w[2], x, inputs, y, outputs);
  for (int64_t k = 0; k < outputs && w[4]; k++) y[k] = y[k] < 0 ? 0 : y[k];
  mg_scatter(at->space, w + 5 + inputs, outputs, y);
}

// MARK: Back

KERNEL_BODY void add_scaled(double *restrict to, double factor, const double *x, int64_t count) {
  for (int64_t k = 0; k < count; k++) to[k] += factor * x[k];
}

// dx[i] += Σ weights[j, i] * d[j], j in order, for `width` vectors of i, which stay in registers meanwhile.
KERNEL_BODY void columns_tile(const double *weights, const double *d, int64_t outputs, int64_t inputs, double *dx,
                              const int width) {
  eight sum[8];
  UNROLLED for (int c = 0; c < width; c++) sum[c] = *(const eight_anywhere *)(dx + 8 * c);
  for (int64_t j = 0; j < outputs; j++, weights += inputs)
    UNROLLED for (int c = 0; c < width; c++) sum[c] += d[j] * *(const eight_anywhere *)(weights + 8 * c);
  UNROLLED for (int c = 0; c < width; c++) *(eight_anywhere *)(dx + 8 * c) = sum[c];
}

KERNEL void mg_single_columns(const mg_single_place *at, const int32_t *w) {
  int64_t outputs = w[0], inputs = w[1];
  const double *weights = at->space + w[2], *d = mg_gather(at->space, w + 3, outputs, at->scratch);
  const int32_t *out = w + 3 + outputs, *masks = out + inputs;
  double *dx = at->scratch + outputs;
  for (int64_t i = 0; i < inputs; i++) dx[i] = at->careful ? 0 : -0.0;
  int64_t first = 0;
  if (!at->careful) {
    for (; inputs - first >= 64; first += 64) columns_tile(weights + first, d, outputs, inputs, dx + first, 8);
    for (; inputs - first >= 16; first += 16) columns_tile(weights + first, d, outputs, inputs, dx + first, 2);
    for (; inputs - first >= 8; first += 8) columns_tile(weights + first, d, outputs, inputs, dx + first, 1);
  }
  for (int64_t j = 0; j < outputs && first < inputs; j++) {
    if (at->careful)
      for (int64_t i = 0; i < inputs; i++) dx[i] += mg_carried(d[j], weights[j * inputs + i]);
    else add_scaled(dx + first, d[j], weights + j * inputs + first, inputs - first);
  }
  for (int64_t i = 0; i < inputs; i++)
    if (masks[i] >= 0 && !(at->space[masks[i]] > 0)) dx[i] = 0;
  mg_scatter(at->space, out, inputs, dx);
}

// sums[j, i] += Σ d[a, j] * x[a, i], a in order, for `height` j and `width` vectors of i, which stay in registers meanwhile.
KERNEL_BODY void outer_tile(double *sums, const double *x, int64_t inputs, const double *space, const int32_t *d_places,
                            int64_t outputs, int64_t applications, const int height, const int width) {
  eight sum[8];
  UNROLLED for (int r = 0; r < height; r++)
    UNROLLED for (int c = 0; c < width; c++) sum[r * width + c] = *(const eight_anywhere *)(sums + r * inputs + 8 * c);
  for (int64_t a = 0; a < applications; a++, x += inputs, d_places += outputs)
    UNROLLED for (int r = 0; r < height; r++) {
      double d = space[d_places[r]];
      if (d != 0) UNROLLED for (int c = 0; c < width; c++) sum[r * width + c] += d * *(const eight_anywhere *)(x + 8 * c);
    }
  UNROLLED for (int r = 0; r < height; r++)
    UNROLLED for (int c = 0; c < width; c++) *(eight_anywhere *)(sums + r * inputs + 8 * c) = sum[r * width + c];
}

// All j, for `width` vectors of inputs.
KERNEL_BODY void outer_strip(double *sums, const double *x, int64_t inputs, const double *space, const int32_t *d_places,
                             int64_t outputs, int64_t applications, const int width) {
  int64_t j = 0;
  for (; outputs - j >= 4; j += 4)
    outer_tile(sums + j * inputs, x, inputs, space, d_places + j, outputs, applications, 4, width);
  for (; j < outputs; j++)
    outer_tile(sums + j * inputs, x, inputs, space, d_places + j, outputs, applications, 1, width);
}

// Inputs from i on, one application after the other.
KERNEL_BODY void outer_rest(const mg_single_place *at, const int32_t *w, const double *x, int64_t i) {
  int64_t outputs = w[0], inputs = w[1], applications = w[2];
  for (int64_t a = 0; a < applications; a++)
    for (int64_t j = 0; j < outputs; j++) {
      double d = at->space[w[5 + a * outputs + j]], *sums = at->space + w[3] + j * inputs;
      for (int64_t k = i; at->careful && k < inputs; k++) sums[k] += mg_carried(d, x[a * inputs + k]);
      if (!at->careful && d != 0) add_scaled(sums + i, d, x + a * inputs + i, inputs - i);
    }
}

KERNEL void mg_single_outer(const mg_single_place *at, const int32_t *w) {
  int64_t outputs = w[0], inputs = w[1], applications = w[2], i = 0;
  const int32_t *d_places = w + 5;
  const double *x = mg_gather(at->space, d_places + applications * outputs, applications * inputs, at->scratch);
  double *sums = at->space + w[3];
  if (!at->careful) {
    for (; inputs - i >= 16; i += 16)
      outer_strip(sums + i, x + i, inputs, at->space, d_places, outputs, applications, 2);
    for (; inputs - i >= 8; i += 8)
      outer_strip(sums + i, x + i, inputs, at->space, d_places, outputs, applications, 1);
  }
  if (i < inputs) outer_rest(at, w, x, i);
  if (w[4] < 0) return;
  double *biases = at->space + w[4];
  for (int64_t a = 0; a < applications; a++)
    for (int64_t j = 0; j < outputs; j++) biases[j] += at->space[d_places[a * outputs + j]];
}
