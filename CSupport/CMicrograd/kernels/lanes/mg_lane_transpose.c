// Samples lie one after the other; rows hold a number of each. From one to the other by squares of eight samples and up
// to eight numbers, turned in registers. Where the numbers of a sample are no multiple of the square's width, the last
// square overlaps the one before.
#include "mg_lane_vectors.h"

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
  UNROLLED for (int s = 0; s < 8; s++) {
    int64_t place = first + s < valid ? first + s : valid - 1;
    list[s] = samples + (index ? index[place] : place) * count;
  }
}

// Numbers of rows as doubles, which are what samples are made of.
typedef real __attribute__((vector_size(4 * sizeof(real)))) four_reals;

KERNEL_BODY void put(real *rows, int64_t stride, int32_t row, const eight *v) {
  *(eight_reals *)(rows + row * stride) = __builtin_convertvector(*v, eight_reals);
}
KERNEL_BODY void put_four(real *rows, int64_t stride, int32_t row, const four *v) {
  *(four_reals *)(rows + row * stride) = __builtin_convertvector(*v, four_reals);
}
KERNEL_BODY void get(const real *rows, int64_t stride, int32_t row, double plus, eight *v) {
  *v = __builtin_convertvector(*(const eight_reals *)(rows + row * stride), eight) + plus;
}
KERNEL_BODY void get_four(const real *rows, int64_t stride, int32_t row, double plus, four *v) {
  *v = __builtin_convertvector(*(const four_reals *)(rows + row * stride), four) + plus;
}

// MARK: To rows, which begin at the eight samples' lanes

KERNEL_BODY void load_eight(real *rows, int64_t stride, eight_samples at, int64_t k, const int32_t *row) {
  eight v[8];
  UNROLLED for (int s = 0; s < 8; s++) v[s] = *(const eight_anywhere *)(sample(at, s) + k);
  turn_eight(v);
  UNROLLED for (int c = 0; c < 8; c++) put(rows, stride, row[k + c], v + c);
}

KERNEL_BODY void load_four(real *rows, int64_t stride, eight_samples at, int64_t k, const int32_t *row) {
  UNROLLED for (int half = 0; half < 8; half += 4) {
    four v[4];
    UNROLLED for (int s = 0; s < 4; s++) v[s] = *(const four_anywhere *)(sample(at, half + s) + k);
    turn_four(v);
    UNROLLED for (int c = 0; c < 4; c++) put_four(rows + half, stride, row[k + c], v + c);
  }
}

KERNEL_BODY void load_one(real *rows, int64_t stride, eight_samples at, int64_t k, const int32_t *row) {
  eight v;
  UNROLLED for (int s = 0; s < 8; s++) v[s] = sample(at, s)[k];
  put(rows, stride, row[k], &v);
}

KERNEL_BODY void load_samples(real *rows, int64_t stride, eight_samples at, const int32_t *row) {
  int64_t k = 0;
  for (; at.count - k >= 8; k += 8) load_eight(rows, stride, at, k, row);
  if (at.count - k > 4 && k) load_eight(rows, stride, at, at.count - 8, row), k = at.count;
  for (; at.count - k >= 4; k += 4) load_four(rows, stride, at, k, row);
  if (at.count - k > 1 && k) load_four(rows, stride, at, at.count - 4, row), k = at.count;
  for (; k < at.count; k++) load_one(rows, stride, at, k, row);
}

// Of the first n samples, which lie one after the other, `width` numbers from k on.
KERNEL_BODY void load_strip(const mg_lane_space *at, const double *samples, int64_t n, int64_t count, int64_t k,
                            const int32_t *row, const int width) {
  real *to[8];
  UNROLLED for (int c = 0; c < width; c++) to[c] = at->rows + row[k + c] * at->stride;
  for (int64_t s = 0; s < n; s += 8) {
    const double *from = samples + s * count + k;
    eight v[8];
    if (width == 8) {
      UNROLLED for (int j = 0; j < 8; j++) v[j] = *(const eight_anywhere *)(from + j * count);
      turn_eight(v);
    } else if (width == 2) {  // of two numbers each
      eight a = *(const eight_anywhere *)from, b = *(const eight_anywhere *)(from + 8);
      v[0] = __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14);
      v[1] = __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15);
    } else {
      UNROLLED for (int j = 0; j < 8; j++) v[0][j] = from[j * count];
    }
    UNROLLED for (int c = 0; c < width; c++) put(to[c] + s, 0, 0, v + c);
  }
}

// The first n samples, which lie one after the other.
KERNEL_BODY void load_full(const mg_lane_space *at, const double *samples, int64_t n, int64_t count, const int32_t *row) {
  int64_t k = 0;
  if (count == 2) load_strip(at, samples, n, count, 0, row, 2), k = 2;
  for (; count - k >= 8; k += 8) load_strip(at, samples, n, count, k, row, 8);
  if (count - k > 2 && k) load_strip(at, samples, n, count, count - 8, row, 8), k = count;
  if (count - k >= 4) {  // 4 … 7 numbers
    for (int64_t s = 0; s < n; s += 8)
      load_samples(at->rows + s, at->stride, (eight_samples){samples + s * count, NULL, count}, row);
    k = count;
  }
  for (; k < count; k++) load_strip(at, samples, n, count, k, row, 1);
}

KERNEL static void load(const mg_lane_space *at, const double *samples, const int64_t *index, int64_t count,
                        const int32_t *row) {
  int64_t full = index ? 0 : at->valid / 8 * 8;
  load_full(at, samples, full, count, row);
  for (int64_t first = full; first < at->n; first += 8) {
    const double *list[8];
    list_samples(samples, index, count, first, at->valid, list);
    load_samples(at->rows + first, at->stride, (eight_samples){samples, list, count}, row);
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

KERNEL_BODY void store_eight(real *rows, int64_t stride, eight_samples at, int64_t k, const int32_t *row,
                             int64_t left, double plus) {
  eight v[8];
  UNROLLED for (int c = 0; c < 8; c++) get(rows, stride, row[k + c], plus, v + c);
  turn_eight(v);
  UNROLLED for (int s = 0; s < 8; s++)
    if (s < left) *(eight_anywhere *)(sample(at, s) + k) = v[s];
}

KERNEL_BODY void store_four(real *rows, int64_t stride, eight_samples at, int64_t k, const int32_t *row,
                            int64_t left, double plus) {
  UNROLLED for (int half = 0; half < 8; half += 4) {
    four v[4];
    UNROLLED for (int c = 0; c < 4; c++) get_four(rows + half, stride, row[k + c], plus, v + c);
    turn_four(v);
    UNROLLED for (int s = 0; s < 4; s++)
      if (half + s < left) *(four_anywhere *)(sample(at, half + s) + k) = v[s];
  }
}

KERNEL_BODY void store_one(real *rows, int64_t stride, eight_samples at, int64_t k, const int32_t *row,
                           int64_t left, double plus) {
  eight v;
  get(rows, stride, row[k], plus, &v);
  UNROLLED for (int s = 0; s < 8; s++)
    if (s < left) ((double *)sample(at, s))[k] = v[s];
}

KERNEL_BODY void store_samples(real *rows, int64_t stride, eight_samples at, const int32_t *row, int64_t left,
                               double plus) {
  int64_t k = 0;
  for (; at.count - k >= 8; k += 8) store_eight(rows, stride, at, k, row, left, plus);
  if (at.count - k > 4 && k) store_eight(rows, stride, at, at.count - 8, row, left, plus), k = at.count;
  for (; at.count - k >= 4; k += 4) store_four(rows, stride, at, k, row, left, plus);
  if (at.count - k > 1 && k) store_four(rows, stride, at, at.count - 4, row, left, plus), k = at.count;
  for (; k < at.count; k++) store_one(rows, stride, at, k, row, left, plus);
}

// The first n samples, of two numbers each.
KERNEL_BODY void store_pairs(const mg_lane_space *at, const int32_t *row, int64_t n, double plus, double *samples) {
  const real *left = at->rows + row[0] * at->stride, *right = at->rows + row[1] * at->stride;
  for (int64_t s = 0; s < n; s += 8, samples += 16) {
    eight a, b;
    get(left + s, 0, 0, plus, &a);
    get(right + s, 0, 0, plus, &b);
    *(eight_anywhere *)samples = __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
    *(eight_anywhere *)(samples + 8) = __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
  }
}

KERNEL static void store(const mg_lane_space *at, const int32_t *row, int64_t count, const int64_t *index,
                         double plus, double *samples) {
  int64_t stride = at->stride, valid = at->valid, first = 0;
  if (count == 2 && !index) {
    first = valid / 8 * 8;
    store_pairs(at, row, first, plus, samples);
  }
  real *rows = at->rows + first;
  for (; first < valid; first += 8, rows += 8) {
    double *start = samples + first * count;
    const double *list[8];
    if (index || valid - first < 8) {
      list_samples(samples, index, count, first, valid, list);
      store_samples(rows, stride, (eight_samples){samples, list, count}, row, valid - first, plus);
    } else if (count == 1) {
      eight v;
      get(rows, stride, row[0], plus, &v);
      *(eight_anywhere *)start = v;
    } else {
      store_samples(rows, stride, (eight_samples){start, NULL, count}, row, 8, plus);
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
