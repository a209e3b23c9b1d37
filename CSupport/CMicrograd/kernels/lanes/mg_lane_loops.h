// Loops along rows of mg_lane_ops.h.
#pragma once

#include "mg_lane_ops.h"
#include "mg_versions.h"

// Iterations do not depend on one another, though rows may be the same. Eight numbers are one vector, or several where
// vectors are shorter, so that a row of any length has no remainder. What calls libm stays a loop over single numbers.
#define LANES                                                                               \
  _Pragma("clang loop vectorize(assume_safety) vectorize_width(8) interleave_count(1)")     \
  for (int64_t i = 0; i < n; i++)

// That a loop was left as it is, is no news.
#pragma clang diagnostic ignored "-Wpass-failed"

// What the optimiser is to know of n.
#define WHOLE_VECTORS(n) __builtin_assume((n) > 0 && (n) % MG_LANES == 0)
#define ROW(x) __builtin_assume_aligned(x, 64)
