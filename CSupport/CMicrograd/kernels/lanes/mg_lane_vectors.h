// Vectors of eight samples, and what the kernels of mg_lane_products.h share.
//
// A vector wider than the processor's is not passed by value.
#pragma once

#include "mg_lane_products.h"
#include "mg_versions.h"

enum { LANES = 8 };

typedef double __attribute__((vector_size(64))) lanes;
typedef int64_t __attribute__((vector_size(64))) lane_mask;
// Vectors that begin at any number.
typedef double __attribute__((vector_size(64), aligned(8))) lanes_anywhere;
typedef double __attribute__((vector_size(32), aligned(8))) four_anywhere;

// A function for processors with 32 wide registers, which hold a larger tile of sums, and for others. The attribute
// knows features only, not levels such as x86-64-v4.
#if defined(__x86_64__) && defined(__GLIBC__) && !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)
#define TILED_KERNEL(signature, wide, narrow)                                            \
  __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,bmi2"))) signature { wide; } \
  __attribute__((target("avx2,fma,bmi2"))) signature { narrow; }                         \
  __attribute__((target("default"))) signature { narrow; }
#else
#define TILED_KERNEL(signature, wide, narrow) \
  signature { narrow; }
#endif

// Loops over what is in registers.
#define UNROLLED _Pragma("clang loop unroll(full)")

// Lanes where `mask` is set, 0 elsewhere.
#define KEPT(mask, x) ((lanes)((mask) & (lane_mask)(x)))

KERNEL_BODY lanes *row_at(double *rows, int64_t stride, int32_t row) { return (lanes *)(rows + row * stride); }

// The lanes of the valid samples in a last vector that is not full.
KERNEL_BODY void mask_rest(int64_t rest, lane_mask *mask) {
  const lane_mask number = {0, 1, 2, 3, 4, 5, 6, 7};
  *mask = number < (lane_mask){0} + rest;
}

// total[k] = the sum over v[k]. Each addition brings two vectors into one: neighbours, then pairs, then halves.
KERNEL_BODY void total_of_eight(const lanes *v, lanes *total) {
  lanes pair[4], four[2];
  UNROLLED for (int k = 0; k < 4; k++)
    pair[k] = __builtin_shufflevector(v[2 * k], v[2 * k + 1], 0, 8, 2, 10, 4, 12, 6, 14) +
              __builtin_shufflevector(v[2 * k], v[2 * k + 1], 1, 9, 3, 11, 5, 13, 7, 15);
  UNROLLED for (int k = 0; k < 2; k++)
    four[k] = __builtin_shufflevector(pair[2 * k], pair[2 * k + 1], 0, 1, 4, 5, 8, 9, 12, 13) +
              __builtin_shufflevector(pair[2 * k], pair[2 * k + 1], 2, 3, 6, 7, 10, 11, 14, 15);
  *total = __builtin_shufflevector(four[0], four[1], 0, 1, 4, 5, 8, 9, 12, 13) +
           __builtin_shufflevector(four[0], four[1], 2, 3, 6, 7, 10, 11, 14, 15);
}

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
