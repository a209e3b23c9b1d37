// Rosenbrock's gradient by hand at many points: eight points at a time go through all variables, in registers.
#include <string.h>

#include "mgb_hand_vectors.h"
#include "mgb_hand_written.h"

// Of points from `at`, `some` of them, at most a vector's width.
INLINE void gradients_at(const double *x, int64_t n, int64_t count, int64_t at, int64_t some, double *gradients) {
#pragma clang fp contract(fast)
  const size_t bytes = (size_t)some * sizeof(double);
  samples here = {0}, next = {0}, carried = {0};  // carried: what the term before gave x[i]
  memcpy(&here, x + at, bytes);
  for (int64_t i = 0; i < n - 1; i++) {
    memcpy(&next, x + (i + 1) * count + at, bytes);
    samples r = next - here * here;
    samples d = carried - 400 * r * here - 2 * (1 - here);
    memcpy(gradients + i * count + at, &d, bytes);
    carried = 200 * r;
    here = next;
  }
  memcpy(gradients + (n - 1) * count + at, &carried, bytes);
}

MGB_KERNEL static void gradients_at_all(const double *x, int64_t n, int64_t count, double *gradients) {
  int64_t at = 0;
  for (; count - at >= WIDTH; at += WIDTH) gradients_at(x, n, count, at, WIDTH, gradients);
  if (at < count) gradients_at(x, n, count, at, count - at, gradients);
}

void mgb_hand_rosenbrock_points(int64_t iterations, const double *x, int64_t n, int64_t count, double *gradients) {
  for (int64_t k = 0; k < iterations; k++) {
    gradients_at_all(x, n, count, gradients);
    MGB_EVERY_ROUND();
  }
}
