// Samples lie one after the other; rows hold a number of each. From one to the other by squares of eight samples and up
// to eight numbers, turned in registers. Where the numbers of a sample are no multiple of the square's width, the last
// square overlaps the one before.
#include "mg_lane_vectors.h"

typedef double __attribute__((vector_size(32))) four;

// v[i][k] becomes v[k][i], as in turn_eight.
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

// Eight samples: one after the other from `first` on, or where `list` says.
typedef struct {
  const double *first, *const *list;
  int64_t count;
} eight_samples;

KERNEL_BODY const double *sample(eight_samples at, const int s) {
  return at.list ? at.list[s] : at.first + s * at.count;
}

// Where they lie, as far as there are so many; the last one again for the others.
KERNEL_BODY void list_samples(const double *samples, const int64_t *index, int64_t count, int64_t first, int64_t valid,
                              const double **list) {
  UNROLLED for (int s = 0; s < LANES; s++) {
    int64_t place = first + s < valid ? first + s : valid - 1;
    list[s] = samples + (index ? index[place] : place) * count;
  }
}

// MARK: To rows, which begin at the eight samples' lanes

KERNEL_BODY void load_eight(double *rows, int64_t stride, eight_samples at, int64_t k, const int32_t *row) {
  lanes v[8];
  UNROLLED for (int s = 0; s < 8; s++) v[s] = *(const lanes_anywhere *)(sample(at, s) + k);
  turn_eight(v);
  UNROLLED for (int c = 0; c < 8; c++) *row_at(rows, stride, row[k + c]) = v[c];
}

KERNEL_BODY void load_four(double *rows, int64_t stride, eight_samples at, int64_t k, const int32_t *row) {
  UNROLLED for (int half = 0; half < 8; half += 4) {
    four v[4];
    UNROLLED for (int s = 0; s < 4; s++) v[s] = *(const four_anywhere *)(sample(at, half + s) + k);
    turn_four(v);
    UNROLLED for (int c = 0; c < 4; c++) ((four *)row_at(rows, stride, row[k + c]))[half / 4] = v[c];
  }
}

KERNEL_BODY void load_one(double *rows, int64_t stride, eight_samples at, int64_t k, const int32_t *row) {
  lanes v;
  UNROLLED for (int s = 0; s < 8; s++) v[s] = sample(at, s)[k];
  *row_at(rows, stride, row[k]) = v;
}

KERNEL_BODY void load_samples(double *rows, int64_t stride, eight_samples at, const int32_t *row) {
  int64_t k = 0;
  for (; at.count - k >= 8; k += 8) load_eight(rows, stride, at, k, row);
  if (at.count - k > 4 && k) load_eight(rows, stride, at, at.count - 8, row), k = at.count;
  for (; at.count - k >= 4; k += 4) load_four(rows, stride, at, k, row);
  if (at.count - k > 1 && k) load_four(rows, stride, at, at.count - 4, row), k = at.count;
  for (; k < at.count; k++) load_one(rows, stride, at, k, row);
}

KERNEL static void load(const mg_lane_space *at, const double *samples, const int64_t *index, int64_t count,
                        const int32_t *row) {
  double *rows = at->rows;
  int64_t stride = at->stride, n = at->n, valid = at->valid;
  for (int64_t first = 0; first < n; first += LANES, rows += LANES) {
    const double *start = samples + first * count, *list[LANES];
    if (index || valid - first < LANES) {
      list_samples(samples, index, count, first, valid, list);
      load_samples(rows, stride, (eight_samples){samples, list, count}, row);
    } else if (count == 1) {
      *row_at(rows, stride, row[0]) = *(const lanes_anywhere *)start;
    } else {
      load_samples(rows, stride, (eight_samples){start, NULL, count}, row);
    }
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

// `plus` is added to each number: -0, which changes none, or 0, which makes 0 of -0.

KERNEL_BODY void store_eight(double *rows, int64_t stride, eight_samples at, int64_t k, const int32_t *row,
                             int64_t left, double plus) {
  lanes v[8];
  UNROLLED for (int c = 0; c < 8; c++) v[c] = *row_at(rows, stride, row[k + c]) + plus;
  turn_eight(v);
  UNROLLED for (int s = 0; s < 8; s++)
    if (s < left) *(lanes_anywhere *)(sample(at, s) + k) = v[s];
}

KERNEL_BODY void store_four(double *rows, int64_t stride, eight_samples at, int64_t k, const int32_t *row,
                            int64_t left, double plus) {
  UNROLLED for (int half = 0; half < 8; half += 4) {
    four v[4];
    UNROLLED for (int c = 0; c < 4; c++) v[c] = ((four *)row_at(rows, stride, row[k + c]))[half / 4] + plus;
    turn_four(v);
    UNROLLED for (int s = 0; s < 4; s++)
      if (half + s < left) *(four_anywhere *)(sample(at, half + s) + k) = v[s];
  }
}

KERNEL_BODY void store_one(double *rows, int64_t stride, eight_samples at, int64_t k, const int32_t *row,
                           int64_t left, double plus) {
  lanes v = *row_at(rows, stride, row[k]) + plus;
  UNROLLED for (int s = 0; s < 8; s++)
    if (s < left) ((double *)sample(at, s))[k] = v[s];
}

KERNEL_BODY void store_samples(double *rows, int64_t stride, eight_samples at, const int32_t *row, int64_t left,
                               double plus) {
  int64_t k = 0;
  for (; at.count - k >= 8; k += 8) store_eight(rows, stride, at, k, row, left, plus);
  if (at.count - k > 4 && k) store_eight(rows, stride, at, at.count - 8, row, left, plus), k = at.count;
  for (; at.count - k >= 4; k += 4) store_four(rows, stride, at, k, row, left, plus);
  if (at.count - k > 1 && k) store_four(rows, stride, at, at.count - 4, row, left, plus), k = at.count;
  for (; k < at.count; k++) store_one(rows, stride, at, k, row, left, plus);
}

KERNEL static void store(const mg_lane_space *at, const int32_t *row, int64_t count, const int64_t *index,
                         double plus, double *samples) {
  double *rows = at->rows;
  int64_t stride = at->stride, valid = at->valid;
  for (int64_t first = 0; first < valid; first += LANES, rows += LANES) {
    double *start = samples + first * count;
    const double *list[LANES];
    if (index || valid - first < LANES) {
      list_samples(samples, index, count, first, valid, list);
      store_samples(rows, stride, (eight_samples){samples, list, count}, row, valid - first, plus);
    } else if (count == 1) {
      *(lanes_anywhere *)start = *row_at(rows, stride, row[0]) + plus;
    } else {
      store_samples(rows, stride, (eight_samples){start, NULL, count}, row, LANES, plus);
    }
  }
}

void mg_lanes_store(const mg_lane_space *at, const int32_t *rows, int64_t count, bool gradients, double *samples) {
  store(at, rows, count, NULL, gradients ? 0.0 : -0.0, samples);
}

void mg_lanes_store_listed(const mg_lane_space *at, const int32_t *rows, int64_t count, bool gradients,
                           const int64_t *index, double *samples) {
  store(at, rows, count, index, gradients ? 0.0 : -0.0, samples);
}
