// A layer on rows of samples, forwards and back.
//
// A tile of outputs by vectors of samples is summed in registers. Weights are broadcast from where they lie.
#include "mg_lane_vectors.h"

typedef struct {
  real *rows;  // where the tile's samples begin in row 0
  int64_t stride;
  const real *weights;
  int64_t inputs;
  int64_t outputs;
} layer;

// The outputs of a tile where there is one vector of samples. Each output is a chain of additions that wait for one another, so
// several chains are needed to keep the processor busy.
#ifdef MG_ROWS_OF_FLOAT
enum { TALLEST = 16 };
#else
enum { TALLEST = 8 };
#endif

// MARK: Forwards

KERNEL_BODY void affine_tile(layer at, real start, const real *biases, const int32_t *x, const int32_t *out, bool relu,
                             const int height, const int width) {
#pragma clang fp contract(fast)
  lanes sum[TALLEST][8];
  UNROLLED for (int j = 0; j < height; j++)
    UNROLLED for (int v = 0; v < width; v++) sum[j][v] = (biases ? biases[j] : start) - (lanes){0};
  for (int64_t i = 0; i < at.inputs; i++) {
    const lanes *operand = row_at(at.rows, at.stride, x[i]);
    UNROLLED for (int j = 0; j < height; j++)
      UNROLLED for (int v = 0; v < width; v++) sum[j][v] += at.weights[j * at.inputs + i] * operand[v];
  }
  UNROLLED for (int j = 0; j < height; j++) {
    lanes *result = row_at(at.rows, at.stride, out[j]);
    UNROLLED for (int v = 0; v < width; v++)
      result[v] = relu ? KEPT(~(lane_mask)(sum[j][v] < 0), sum[j][v]) : sum[j][v];
  }
}

// Tiles of `height` outputs from the first sample to the last, the widest first.
KERNEL_BODY void affine_strip(layer at, int64_t n, real start, const real *biases, const int32_t *x, const int32_t *out,
                              bool relu, const int height, const int widest) {
  real *end = at.rows + n;
  UNROLLED for (int width = widest; width > 0; width /= 2)
    for (; end - at.rows >= width * LANES; at.rows += width * LANES)
      affine_tile(at, start, biases, x, out, relu, height, width);
}

KERNEL_BODY void affine(const mg_lane_space *space, int32_t weights, int32_t biases, const int32_t *x, int64_t inputs,
                        const int32_t *out, int64_t outputs, bool relu, const int tallest, const int registers) {
  layer at = {space->rows, space->stride, space->uniforms + weights, inputs, outputs};
  const real *bias = biases < 0 ? NULL : space->uniforms + biases;
  int64_t j = 0, n = space->n;
  UNROLLED for (int height = tallest; height > 0; height /= 2)
    for (; outputs - j >= height; j += height) {
      at.weights = space->uniforms + weights + j * inputs;
      affine_strip(at, n, biases == MG_FROM_ZERO ? (real)0.0 : (real)-0.0, bias ? bias + j : NULL, x, out + j, relu, height,
                   registers / height > 8 ? 8 : registers / height);
    }
}

TILED_KERNEL(static void affine_rows(const mg_lane_space *at, int32_t weights, int32_t biases, const int32_t *x,
                                     int64_t inputs, const int32_t *out, int64_t outputs, bool relu),
             if (at->n <= LANES) affine(at, weights, biases, x, inputs, out, outputs, relu, TALLEST, 16);
             else affine(at, weights, biases, x, inputs, out, outputs, relu, 8, 16),
             affine(at, weights, biases, x, inputs, out, outputs, relu, 4, 4))

void mg_lanes_affine(const mg_lane_space *at, int32_t weights, int32_t biases, const int32_t *x, int64_t inputs,
                     const int32_t *out, int64_t outputs, bool relu) {
  affine_rows(at, weights, biases, x, inputs, out, outputs, relu);
}

// MARK: Back

KERNEL_BODY void transposed_tile(layer at, const int32_t *d, const int32_t *dx, const uint8_t *accumulate,
                                 const int32_t *mask, const int height, const int width) {
#pragma clang fp contract(fast)
  lanes sum[8][8];
  UNROLLED for (int i = 0; i < height; i++)
    UNROLLED for (int v = 0; v < width; v++) sum[i][v] = -(lanes){0};
  const real *weights = at.weights;
  for (int64_t j = 0; j < at.outputs; j++, weights += at.inputs) {
    const lanes *operand = row_at(at.rows, at.stride, d[j]);
    UNROLLED for (int i = 0; i < height; i++)
      UNROLLED for (int v = 0; v < width; v++) sum[i][v] += weights[i] * operand[v];
  }
  UNROLLED for (int i = 0; i < height; i++) {
    lanes *result = row_at(at.rows, at.stride, dx[i]);
    if (mask && mask[i] >= 0) {
      const lanes *positive = row_at(at.rows, at.stride, mask[i]);
      UNROLLED for (int v = 0; v < width; v++) sum[i][v] = KEPT(positive[v] > 0, sum[i][v]);
    }
    if (accumulate[i]) {
      UNROLLED for (int v = 0; v < width; v++) sum[i][v] += result[v];
    }
    UNROLLED for (int v = 0; v < width; v++) result[v] = sum[i][v];
  }
}

KERNEL_BODY void transposed_strip(layer at, int64_t n, const int32_t *d, const int32_t *dx, const uint8_t *accumulate,
                                  const int32_t *mask, const int height, const int widest) {
  real *end = at.rows + n;
  UNROLLED for (int width = widest; width > 0; width /= 2)
    for (; end - at.rows >= width * LANES; at.rows += width * LANES)
      transposed_tile(at, d, dx, accumulate, mask, height, width);
}

KERNEL_BODY void transposed(const mg_lane_space *space, int32_t weights, const int32_t *d, int64_t outputs,
                            const int32_t *dx, int64_t inputs, const uint8_t *accumulate, const int32_t *mask,
                            const int tallest, const int registers) {
  layer at = {space->rows, space->stride, space->uniforms + weights, inputs, outputs};
  int64_t i = 0, n = space->n;
  UNROLLED for (int height = tallest; height > 0; height /= 2)
    for (; inputs - i >= height; i += height) {
      at.weights = space->uniforms + weights + i;
      transposed_strip(at, n, d, dx + i, accumulate + i, mask ? mask + i : NULL, height,
                       registers / height > 8 ? 8 : registers / height);
    }
}

TILED_KERNEL(static void transposed_rows(const mg_lane_space *at, int32_t weights, const int32_t *d, int64_t outputs,
                                         const int32_t *dx, int64_t inputs, const uint8_t *accumulate,
                                         const int32_t *mask),
             transposed(at, weights, d, outputs, dx, inputs, accumulate, mask, 8, 16),
             transposed(at, weights, d, outputs, dx, inputs, accumulate, mask, 4, 4))

void mg_lanes_affine_transposed(const mg_lane_space *at, int32_t weights, const int32_t *d, int64_t outputs,
                                const int32_t *dx, int64_t inputs, const uint8_t *accumulate, const int32_t *mask) {
  transposed_rows(at, weights, d, outputs, dx, inputs, accumulate, mask);
}
