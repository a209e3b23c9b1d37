// Derivatives of a layer's weights and biases: products of rows, summed over samples.
//
// A tile of outputs by inputs is summed in registers, a vector of samples at a time, over all applications and samples;
// only then do the vectors' lanes come together, eight vectors at a time. Few samples are not worth that.
#include "mg_lane_vectors.h"

#define PART(v, ...) __builtin_shufflevector(v, v, __VA_ARGS__)

typedef struct {
  real *rows;
  int64_t stride;
  int64_t full;  // samples that come in full vectors
  int64_t rest;  // and those of the last vector
  const int32_t *d, *x;
  int64_t applications, outputs, inputs;
  double *sums;  // of the tile's first weight
} outer;

// Adds `count` numbers of a vector from `first` on.
KERNEL_BODY void add_to(double *sums, const eight *v, const int first, const int count) {
  if (count == 8) *(eight_anywhere *)sums += *v;
  else if (count == 4) *(four_anywhere *)sums += first ? PART(*v, 4, 5, 6, 7) : PART(*v, 0, 1, 2, 3);
  else UNROLLED for (int k = 0; k < count; k++) sums[k] += (*v)[first + k];
}

KERNEL_BODY void outer_tile(outer at, int64_t j, int64_t i, const int height, const int width) {
#pragma clang fp contract(fast)
  lanes sum[16];
  UNROLLED for (int k = 0; k < 16; k++) sum[k] = (lanes){0};
  const int32_t *d_rows = at.d + j, *x_rows = at.x + i;
  for (int64_t a = 0; a < at.applications; a++, d_rows += at.outputs, x_rows += at.inputs) {
    const real *d[8], *x[8];
    UNROLLED for (int r = 0; r < height; r++) d[r] = (real *)row_at(at.rows, at.stride, d_rows[r]);
    UNROLLED for (int c = 0; c < width; c++) x[c] = (real *)row_at(at.rows, at.stride, x_rows[c]);
    for (int64_t s = 0; s < at.full; s += LANES)
      UNROLLED for (int c = 0; c < width; c++)
        UNROLLED for (int r = 0; r < height; r++)
          sum[r * width + c] += *(lanes *)(d[r] + s) * *(lanes *)(x[c] + s);
    if (at.rest) {  // not only d: 0 times infinity is not 0
      lane_mask valid;
      mask_rest(at.rest, &valid);
      UNROLLED for (int c = 0; c < width; c++)
        UNROLLED for (int r = 0; r < height; r++)
          sum[r * width + c] += KEPT(valid, *(lanes *)(d[r] + at.full)) * KEPT(valid, *(lanes *)(x[c] + at.full));
    }
  }
  eight total[2];
#ifdef MG_ROWS_OF_FLOAT
  if (height * width == 16) total_of_sixteen(sum, total);
  else
#endif
    UNROLLED for (int first = 0; first < height * width; first += 8) total_of_eight(sum + first, total + first / 8);
  UNROLLED for (int first = 0; first < height * width; first += 8)
    UNROLLED for (int r = first / width; r < height && r * width < first + 8; r++)
      add_to(at.sums + (j + r) * at.inputs + i, total + first / 8, r * width - first, width);
}

// Tiles of `height` outputs from input i on, the widest first.
KERNEL_BODY void outer_strip(outer at, int64_t j, int64_t i, const int height, const int widest) {
  UNROLLED for (int width = widest; width > 0; width /= 2)
    for (; at.inputs - i >= width; i += width) outer_tile(at, j, i, height, width);
}

// MARK: Few samples

#ifndef MG_ROWS_OF_FLOAT

// The other way round: eight samples of eight inputs are turned, so that a vector holds the inputs of one sample and is
// multiplied by a number of d. What it adds to are the sums themselves. Not for sixteen samples of float.
KERNEL_BODY void turned_block(outer at, int64_t i, const int width) {
#pragma clang fp contract(fast)
  const int32_t *d_rows = at.d, *x_rows = at.x + i;
  lane_mask valid;
  mask_rest(at.rest, &valid);
  for (int64_t a = 0; a < at.applications; a++, d_rows += at.outputs, x_rows += at.inputs)
    for (int64_t s = 0; s < at.full + at.rest; s += LANES) {
      lanes x[16], few;
      UNROLLED for (int k = 0; k < 8 * width; k++) {
        x[k] = *row_at(at.rows + s, at.stride, x_rows[k]);
        if (s == at.full) x[k] = KEPT(valid, x[k]);
      }
      UNROLLED for (int w = 0; w < width; w++) turn_eight(x + 8 * w);
      double *sums = at.sums + i;
      for (int64_t j = 0; j < at.outputs; j++, sums += at.inputs) {
        const double *d = (double *)row_at(at.rows + s, at.stride, d_rows[j]);
        if (s == at.full) {
          few = KEPT(valid, *(lanes *)d);
          d = (double *)&few;
        }
        UNROLLED for (int w = 0; w < width; w++) {
          lanes even = *(eight_anywhere *)(sums + 8 * w) + d[0] * x[8 * w], odd = d[1] * x[8 * w + 1];
          UNROLLED for (int k = 2; k < 8; k += 2) {
            even += d[k] * x[8 * w + k];
            odd += d[k + 1] * x[8 * w + k + 1];
          }
          *(eight_anywhere *)(sums + 8 * w) = even + odd;
        }
      }
    }
}

// Where that was measured to be faster: with 16 inputs, 16 outputs and 8 samples 2.3 times as fast.
static bool is_turned(outer at) {
  int64_t samples = at.full + at.rest;
  if (at.outputs >= 8) return samples <= LANES || at.applications * samples <= 40;
  return at.outputs >= 4 && at.applications * samples <= 16;
}

#endif

// MARK: Biases

KERNEL_BODY void bias_tile(outer at, int64_t j, double *sums, const int height) {
  lanes sum[8];
  eight total;
  UNROLLED for (int r = 0; r < 8; r++) sum[r] = (lanes){0};
  const int32_t *d_rows = at.d + j;
  lane_mask valid;
  mask_rest(at.rest, &valid);
  for (int64_t a = 0; a < at.applications; a++, d_rows += at.outputs)
    UNROLLED for (int r = 0; r < height; r++) {
      const real *d = (real *)row_at(at.rows, at.stride, d_rows[r]);
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
  int64_t i = 0, j = 0;
#ifndef MG_ROWS_OF_FLOAT
  if (is_turned(at)) {
    for (; inputs - i >= 16; i += 16) turned_block(at, i, 2);
    if (inputs - i >= 8) turned_block(at, i, 1), i += 8;
  }
#endif
  if (i < inputs) UNROLLED for (int height = tallest; height > 0; height /= 2)
    for (; outputs - j >= height; j += height)
      outer_strip(at, j, i, height, registers / height > 8 ? 8 : registers / height);
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
