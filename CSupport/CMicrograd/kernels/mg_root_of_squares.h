// The root of a sum of squares.
#pragma once

#include <math.h>
#include <stdint.h>

// sqrt(Σ x²) of `count` numbers, added in order. Where the sum has left the range, or lost digits, it is that of the numbers
// divided by the largest. NaN if one is NaN, else infinity if one is infinite.
static inline double mg_root_of_squares(const double *x, int64_t count) {
  double sum = 0, most = 0, parts = 0;
  for (int64_t k = 0; k < count; k++) sum += x[k] * x[k];
  if ((sum > 0x1p-960 && sum < INFINITY) || sum != sum) return sqrt(sum);
  for (int64_t k = 0; k < count; k++) most = fabs(x[k]) > most ? fabs(x[k]) : most;
  if (most == 0 || most == INFINITY) return most;
  for (int64_t k = 0; k < count; k++) parts += x[k] / most * (x[k] / most);
  return most * sqrt(parts);
}
