// Derivatives of a layer's weights and biases: products of rows, summed over samples.
//
// A tile of outputs by inputs is summed in registers, eight samples to a vector, over all applications and samples;
// only then do the vectors' lanes come together, eight vectors at a time.
#include "mg_lane_vectors.h"

#define PART(v, ...) __builtin_shufflevector(v, v, __VA_ARGS__)

typedef struct {
  double *rows;
  int64_t stride;
  int64_t full;  // samples that come in full vectors
  int64_t rest;  // and those of the last vector
  const int32_t *d, *x;
  int64_t applications, outputs, inputs;
  double *sums;  // of the tile's first weight
} outer;

// Adds `count` numbers of a vector from `first` on.
KERNEL_BODY void add_to(double *sums, const lanes *v, const int first, const int count) {
  if (count == 8) *(lanes_anywhere *)sums += *v;
  else if (count == 4) *(four_anywhere *)sums += first ? PART(*v, 4, 5, 6, 7) : PART(*v, 0, 1, 2, 3);
  else UNROLLED for (int k = 0; k < count; k++) sums[k] += (*v)[first + k];
}

KERNEL_BODY void outer_tile(outer at, int64_t j, int64_t i, const int height, const int width) {
#pragma clang fp contract(fast)
  lanes sum[16];
  UNROLLED for (int k = 0; k < 16; k++) sum[k] = (lanes){0};
  const int32_t *d_rows = at.d + j, *x_rows = at.x + i;
  for (int64_t a = 0; a < at.applications; a++, d_rows += at.outputs, x_rows += at.inputs) {
    const double *d[8], *x[8];
    UNROLLED for (int r = 0; r < height; r++) d[r] = (double *)row_at(at.rows, at.stride, d_rows[r]);
    UNROLLED for (int c = 0; c < width; c++) x[c] = (double *)row_at(at.rows, at.stride, x_rows[c]);
    for (int64_t s = 0; s < at.full; s += LANES)
      UNROLLED for (int c = 0; c < width; c++)
        UNROLLED for (int r = 0; r < height; r++)
          sum[r * width + c] += *(lanes *)(d[r] + s) * *(lanes *)(x[c] + s);
    if (at.rest) {  // not only d: 0 times infinity is not 0
      lane_mask valid;
      mask_rest(at.rest, &valid);
      UNROLLED for (int c = 0; c < width; c++)
        UNROLLED for (int r = 0; r < height; r++)
          sum[r * width + c] +=
              KEPT(valid, *(lanes *)(d[r] + at.full)) * KEPT(valid, *(lanes *)(x[c] + at.full));
    }
  }
  UNROLLED for (int first = 0; first < height * width; first += 8) {
    lanes total;
    total_of_eight(sum + first, &total);
    UNROLLED for (int r = first / width; r < height && r * width < first + 8; r++)
      add_to(at.sums + (j + r) * at.inputs + i, &total, r * width - first, width);
  }
}

KERNEL_BODY void outer_strip(outer at, int64_t j, const int height, const int widest) {
  int64_t i = 0;
  UNROLLED for (int width = widest; width > 0; width /= 2)
    for (; at.inputs - i >= width; i += width) outer_tile(at, j, i, height, width);
}

KERNEL_BODY void bias_tile(outer at, int64_t j, double *sums, const int height) {
  lanes sum[8], total;
  UNROLLED for (int r = 0; r < 8; r++) sum[r] = (lanes){0};
  const int32_t *d_rows = at.d + j;
  lane_mask valid;
  mask_rest(at.rest, &valid);
  for (int64_t a = 0; a < at.applications; a++, d_rows += at.outputs)
    UNROLLED for (int r = 0; r < height; r++) {
      const double *d = (double *)row_at(at.rows, at.stride, d_rows[r]);
      for (int64_t s = 0; s < at.full; s += LANES) sum[r] += *(lanes *)(d + s);
      if (at.rest) sum[r] += KEPT(valid, *(lanes *)(d + at.full));
    }
  total_of_eight(sum, &total);
  UNROLLED for (int r = 0; r < height; r++) sums[j + r] += total[r];
}

KERNEL_BODY void outer_body(const mg_lane_space *space, int32_t weights, int32_t biases, const int32_t *d,
                            const int32_t *x, int64_t applications, int64_t outputs, int64_t inputs, const int tallest,
                            const int registers) {
  outer at = {space->rows, space->stride, space->valid / LANES * LANES, space->valid % LANES, d, x, applications,
              outputs, inputs, space->sums + weights};
  int64_t j = 0;
  UNROLLED for (int height = tallest; height > 0; height /= 2)
    for (; outputs - j >= height; j += height)
      outer_strip(at, j, height, registers / height > 8 ? 8 : registers / height);
  if (biases < 0) return;
  for (j = 0; outputs - j >= 8; j += 8) bias_tile(at, j, space->sums + biases, 8);
  for (; outputs - j >= 2; j += 2) bias_tile(at, j, space->sums + biases, 2);
  if (j < outputs) bias_tile(at, j, space->sums + biases, 1);
}

TILED_KERNEL(static void outer_rows(const mg_lane_space *at, int32_t weights, int32_t biases, const int32_t *d,
                                    const int32_t *x, int64_t applications, int64_t outputs, int64_t inputs),
             outer_body(at, weights, biases, d, x, applications, outputs, inputs, 4, 16),
             outer_body(at, weights, biases, d, x, applications, outputs, inputs, 2, 4))

void mg_lanes_outer(const mg_lane_space *at, int32_t weights, int32_t biases, const int32_t *d, const int32_t *x,
                    int64_t applications, int64_t outputs, int64_t inputs) {
  outer_rows(at, weights, biases, d, x, applications, outputs, inputs);
}
