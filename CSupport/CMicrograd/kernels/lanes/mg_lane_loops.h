// Loops along rows of mg_lane_ops.h.
#pragma once

#include "mg_lane_element.h"
#include "mg_versions.h"

// Iterations do not depend on one another, though rows may be the same. Eight numbers, or sixteen of float, are one vector,
// or several where vectors are shorter, so that a row of any length has no remainder. What calls libm stays a loop over
// single numbers.
#ifdef MG_ROWS_OF_FLOAT
enum { LANE_COUNT = MG_FLOAT_LANES };
#define LANES                                                                               \
  _Pragma("clang loop vectorize(assume_safety) vectorize_width(16) interleave_count(1)")    \
  for (int64_t i = 0; i < n; i++)
#else
enum { LANE_COUNT = MG_LANES };
#define LANES                                                                               \
  _Pragma("clang loop vectorize(assume_safety) vectorize_width(8) interleave_count(1)")     \
  for (int64_t i = 0; i < n; i++)
#endif

// That a loop was left as it is, is no news.
#pragma clang diagnostic ignored "-Wpass-failed"

// What the optimiser is to know of n.
#define WHOLE_VECTORS(n) __builtin_assume((n) > 0 && (n) % LANE_COUNT == 0)
#define ROW(x) __builtin_assume_aligned(x, 64)
