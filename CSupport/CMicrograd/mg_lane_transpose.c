// Samples lie one after the other; rows hold a number of each. From one to the other by squares of eight samples and up
// to eight numbers, turned in registers. Where the numbers of a sample are no multiple of the square's width, the last
// square overlaps the one before.
#include "mg_lanes.h"

typedef double __attribute__((vector_size(32))) four;
typedef double __attribute__((vector_size(32), aligned(8))) four_anywhere;
typedef double __attribute__((vector_size(16))) two;
typedef double __attribute__((vector_size(16), aligned(8))) two_anywhere;

// v[i][k] becomes v[k][i]: pairs of numbers, then pairs of pairs, then halves.
KERNEL_BODY void turn_eight(lanes *v) {
  lanes a[8], b[8];
  UNROLLED for (int k = 0; k < 8; k += 2) {
    a[k] = __builtin_shufflevector(v[k], v[k + 1], 0, 8, 2, 10, 4, 12, 6, 14);
    a[k + 1] = __builtin_shufflevector(v[k], v[k + 1], 1, 9, 3, 11, 5, 13, 7, 15);
  }
  UNROLLED for (int k = 0; k < 2; k++)
    UNROLLED for (int h = 0; h < 8; h += 4) {
      b[h + k] = __builtin_shufflevector(a[h + k], a[h + k + 2], 0, 1, 8, 9, 4, 5, 12, 13);
      b[h + k + 2] = __builtin_shufflevector(a[h + k], a[h + k + 2], 2, 3, 10, 11, 6, 7, 14, 15);
    }
  UNROLLED for (int k = 0; k < 4; k++) {
    v[k] = __builtin_shufflevector(b[k], b[k + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    v[k + 4] = __builtin_shufflevector(b[k], b[k + 4], 4, 5, 6, 7, 12, 13, 14, 15);
  }
}

KERNEL_BODY void turn_four(four *v) {
  four a[4];
  UNROLLED for (int k = 0; k < 4; k += 2) {
    a[k] = __builtin_shufflevector(v[k], v[k + 1], 0, 4, 2, 6);
    a[k + 1] = __builtin_shufflevector(v[k], v[k + 1], 1, 5, 3, 7);
  }
  UNROLLED for (int k = 0; k < 2; k++) {
    v[k] = __builtin_shufflevector(a[k], a[k + 2], 0, 1, 4, 5);
    v[k + 2] = __builtin_shufflevector(a[k], a[k + 2], 2, 3, 6, 7);
  }
}

// MARK: To rows. `sample` lists eight samples, `rows` begins at their lanes.

KERNEL_BODY void load_eight(double *rows, int64_t stride, const double *const *sample, int64_t k, const int32_t *row) {
  lanes v[8];
  UNROLLED for (int s = 0; s < 8; s++) v[s] = *(lanes_anywhere *)(sample[s] + k);
  turn_eight(v);
  UNROLLED for (int c = 0; c < 8; c++) *row_at(rows, stride, row[k + c]) = v[c];
}

KERNEL_BODY void load_four(double *rows, int64_t stride, const double *const *sample, int64_t k, const int32_t *row) {
  UNROLLED for (int half = 0; half < 8; half += 4) {
    four v[4];
    UNROLLED for (int s = 0; s < 4; s++) v[s] = *(four_anywhere *)(sample[half + s] + k);
    turn_four(v);
    UNROLLED for (int c = 0; c < 4; c++) ((four *)row_at(rows, stride, row[k + c]))[half / 4] = v[c];
  }
}

KERNEL_BODY void load_one(double *rows, int64_t stride, const double *const *sample, int64_t k, const int32_t *row) {
  double *result = rows + row[k] * stride;
  UNROLLED for (int s = 0; s < 8; s++) result[s] = sample[s][k];
}

KERNEL static void load(const mg_lane_space *at, const double *samples, const int64_t *index, int64_t count,
                        const int32_t *row) {
  double *rows = at->rows;
  int64_t stride = at->stride, n = at->n, last = at->valid - 1;
  for (int64_t first = 0; first < n; first += LANES, rows += LANES) {
    const double *sample[LANES];
    UNROLLED for (int s = 0; s < LANES; s++) {
      int64_t place = first + s < last ? first + s : last;
      sample[s] = samples + (index ? index[place] : place) * count;
    }
    int64_t k = 0;
    for (; count - k >= 8; k += 8) load_eight(rows, stride, sample, k, row);
    if (count - k > 4 && count >= 8) load_eight(rows, stride, sample, count - 8, row), k = count;
    for (; count - k >= 4; k += 4) load_four(rows, stride, sample, k, row);
    if (count - k > 1 && count >= 4) load_four(rows, stride, sample, count - 4, row), k = count;
    for (; k < count; k++) load_one(rows, stride, sample, k, row);
  }
}

void mg_lanes_load(const mg_lane_space *at, const double *samples, int64_t count, const int32_t *rows) {
  load(at, samples, NULL, count, rows);
}

void mg_lanes_load_listed(const mg_lane_space *at, const double *samples, const int64_t *index, int64_t count,
                          const int32_t *rows) {
  load(at, samples, index, count, rows);
}

// MARK: From rows, for the first `left` of eight samples

KERNEL_BODY void store_eight(double *rows, int64_t stride, double *const *sample, int64_t k, const int32_t *row,
                             int64_t left) {
  lanes v[8];
  UNROLLED for (int c = 0; c < 8; c++) v[c] = *row_at(rows, stride, row[k + c]);
  turn_eight(v);
  UNROLLED for (int s = 0; s < 8; s++)
    if (s < left) *(lanes_anywhere *)(sample[s] + k) = v[s];
}

KERNEL_BODY void store_four(double *rows, int64_t stride, double *const *sample, int64_t k, const int32_t *row,
                            int64_t left) {
  UNROLLED for (int half = 0; half < 8; half += 4) {
    four v[4];
    UNROLLED for (int c = 0; c < 4; c++) v[c] = ((four *)row_at(rows, stride, row[k + c]))[half / 4];
    turn_four(v);
    UNROLLED for (int s = 0; s < 4; s++)
      if (half + s < left) *(four_anywhere *)(sample[half + s] + k) = v[s];
  }
}

KERNEL_BODY void store_one(double *rows, int64_t stride, double *const *sample, int64_t k, const int32_t *row,
                           int64_t left) {
  const double *source = rows + row[k] * stride;
  UNROLLED for (int s = 0; s < 8; s++)
    if (s < left) sample[s][k] = source[s];
}

KERNEL static void store(const mg_lane_space *at, const int32_t *row, int64_t count, const int64_t *index,
                         double *samples) {
  double *rows = at->rows;
  int64_t stride = at->stride, valid = at->valid;
  for (int64_t first = 0; first < valid; first += LANES, rows += LANES) {
    double *sample[LANES];
    int64_t left = valid - first;
    UNROLLED for (int s = 0; s < LANES; s++) {
      int64_t place = s < left ? first + s : first;
      sample[s] = samples + (index ? index[place] : place) * count;
    }
    int64_t k = 0;
    for (; count - k >= 8; k += 8) store_eight(rows, stride, sample, k, row, left);
    if (count - k > 4 && count >= 8) store_eight(rows, stride, sample, count - 8, row, left), k = count;
    for (; count - k >= 4; k += 4) store_four(rows, stride, sample, k, row, left);
    if (count - k > 1 && count >= 4) store_four(rows, stride, sample, count - 4, row, left), k = count;
    for (; k < count; k++) store_one(rows, stride, sample, k, row, left);
  }
}

void mg_lanes_store(const mg_lane_space *at, const int32_t *rows, int64_t count, double *samples) {
  store(at, rows, count, NULL, samples);
}

void mg_lanes_store_listed(const mg_lane_space *at, const int32_t *rows, int64_t count, const int64_t *index,
                           double *samples) {
  store(at, rows, count, index, samples);
}
