// Vectors of eight samples, or sixteen in float, and what the kernels of mg_lane_products.h share.
//
// A vector wider than the processor's is not passed by value.
#pragma once

#include "mg_lane_element.h"
#include "mg_versions.h"

#ifdef MG_ROWS_OF_FLOAT
enum { LANES = MG_FLOAT_LANES };
typedef int32_t lane_integer;
#else
enum { LANES = MG_LANES };
typedef int64_t lane_integer;
#endif

typedef real __attribute__((vector_size(64))) lanes;
typedef lane_integer __attribute__((vector_size(64))) lane_mask;
typedef real __attribute__((vector_size(8 * sizeof(real)))) eight_reals;
typedef double __attribute__((vector_size(64))) eight;
typedef double __attribute__((vector_size(32))) four;
// Vectors that begin at any number.
typedef double __attribute__((vector_size(64), aligned(8))) eight_anywhere;
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

KERNEL_BODY lanes *row_at(real *rows, int64_t stride, int32_t row) { return (lanes *)(rows + row * stride); }

// The lanes of the valid samples in a last vector that is not full.
KERNEL_BODY void mask_rest(int64_t rest, lane_mask *mask) {
#ifdef MG_ROWS_OF_FLOAT
  const lane_mask number = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
#else
  const lane_mask number = {0, 1, 2, 3, 4, 5, 6, 7};
#endif
  *mask = number < (lane_mask){0} + (lane_integer)rest;
}

// Eight numbers for each sum: those of a vector of eight, the halves of a longer one added.
KERNEL_BODY void fold(const lanes *v, eight_reals *folded) {
#ifdef MG_ROWS_OF_FLOAT
  *folded = __builtin_shufflevector(*v, *v, 0, 1, 2, 3, 4, 5, 6, 7) +
            __builtin_shufflevector(*v, *v, 8, 9, 10, 11, 12, 13, 14, 15);
#else
  *folded = *v;
#endif
}

// total[k] = the sum over v[k]. Each addition brings two vectors into one: neighbours, then pairs, then halves.
KERNEL_BODY void total_of_eight(const lanes *vectors, eight *total) {
  eight_reals v[8], pair[4], quarter[2];
  UNROLLED for (int k = 0; k < 8; k++) fold(vectors + k, v + k);
  UNROLLED for (int k = 0; k < 4; k++)
    pair[k] = __builtin_shufflevector(v[2 * k], v[2 * k + 1], 0, 8, 2, 10, 4, 12, 6, 14) +
              __builtin_shufflevector(v[2 * k], v[2 * k + 1], 1, 9, 3, 11, 5, 13, 7, 15);
  UNROLLED for (int k = 0; k < 2; k++)
    quarter[k] = __builtin_shufflevector(pair[2 * k], pair[2 * k + 1], 0, 1, 4, 5, 8, 9, 12, 13) +
                 __builtin_shufflevector(pair[2 * k], pair[2 * k + 1], 2, 3, 6, 7, 10, 11, 14, 15);
  eight_reals sum = __builtin_shufflevector(quarter[0], quarter[1], 0, 1, 4, 5, 8, 9, 12, 13) +
                    __builtin_shufflevector(quarter[0], quarter[1], 2, 3, 6, 7, 10, 11, 14, 15);
  *total = __builtin_convertvector(sum, eight);
}

#ifdef MG_ROWS_OF_FLOAT
#define PAIRED(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
// The same of sixteen vectors of sixteen floats, for which no vector is folded.
KERNEL_BODY void total_of_sixteen(const lanes *v, eight *total) {
  lanes pair[8], quad[4], half[2];
  UNROLLED for (int k = 0; k < 8; k++)
    pair[k] = PAIRED(v[2 * k], v[2 * k + 1], 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30) +
              PAIRED(v[2 * k], v[2 * k + 1], 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31);
  UNROLLED for (int k = 0; k < 4; k++)
    quad[k] = PAIRED(pair[2 * k], pair[2 * k + 1], 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29) +
              PAIRED(pair[2 * k], pair[2 * k + 1], 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31);
  // From here on fours move: of each vector the first and third, with the other's, and the second and fourth.
  UNROLLED for (int k = 0; k < 2; k++)
    half[k] = PAIRED(quad[2 * k], quad[2 * k + 1], 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27) +
              PAIRED(quad[2 * k], quad[2 * k + 1], 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
  lanes sum = PAIRED(half[0], half[1], 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27) +
              PAIRED(half[0], half[1], 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
  total[0] = __builtin_convertvector(PAIRED(sum, sum, 0, 1, 2, 3, 4, 5, 6, 7), eight);
  total[1] = __builtin_convertvector(PAIRED(sum, sum, 8, 9, 10, 11, 12, 13, 14, 15), eight);
}
#undef PAIRED
#endif

// v[i][k] becomes v[k][i]: pairs of numbers, then pairs of pairs, then halves.
KERNEL_BODY void turn_eight(eight *v) {
  eight a[8], b[8];
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
