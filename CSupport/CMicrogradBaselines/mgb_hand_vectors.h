// What code by hand over eight samples at a time shares: a vector holds a number of each.
#pragma once

#include <stdint.h>

enum { WIDTH = 8 };

typedef double __attribute__((vector_size(WIDTH * sizeof(double)))) samples;
typedef int64_t __attribute__((vector_size(WIDTH * sizeof(int64_t)))) mask;

#if defined(__x86_64__) && defined(__linux__) && !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)
#define MGB_KERNEL __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define MGB_KERNEL
#endif

#define INLINE static inline __attribute__((always_inline))

// A vector wider than the processor's is not passed by value.
#define WHERE(keep, x) ((samples)((keep) & (mask)(x)))

INLINE double total(const samples *x) {
  double sum = 0;
  for (int k = 0; k < WIDTH; k++) sum += (*x)[k];
  return sum;
}
