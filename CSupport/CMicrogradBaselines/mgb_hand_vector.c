// The moons step by hand, eight samples at a time: one vector holds a number of each, and a chunk goes forwards and back
// through the whole network while it is in the registers and the nearest cache.
#include <string.h>

#include "mgb_hand_written.h"

enum { WIDTH = 8, FIRST = 0, SECOND = MGB_HIDDEN * (MGB_INPUTS + 1), LAST = SECOND + MGB_HIDDEN * (MGB_HIDDEN + 1) };

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

// One neuron's parameters: its weights, then its bias.
INLINE void weigh(const double *p, const samples *x, int inputs, samples *z) {
#pragma clang fp contract(fast)
  samples sum = {0};
  sum += p[inputs];
  for (int i = 0; i < inputs; i++) sum += p[i] * x[i];
  *z = sum;
}

INLINE void weigh_backward(const double *p, const samples *x, int inputs, const samples *from, samples *dp, samples *dx) {
#pragma clang fp contract(fast)
  samples d = *from;
  for (int i = 0; i < inputs; i++) dp[i] += d * x[i];
  dp[inputs] += d;
  for (int i = 0; dx && i < inputs; i++) dx[i] += d * p[i];
}

INLINE double total(const samples *x) {
  double sum = 0;
  for (int k = 0; k < WIDTH; k++) sum += (*x)[k];
  return sum;
}

MGB_KERNEL static double moons_loss(const mgb_moons *moons, const double *p, double *dp) {
  samples losses = {0}, gradient[MGB_PARAMETERS];
  double share = 1 / (double)moons->count, penalty = 0;
  memset(gradient, 0, sizeof gradient);
  for (int64_t s = 0; s < moons->count; s += WIDTH) {
    samples x[MGB_INPUTS], y, h[MGB_HIDDEN], k[MGB_HIDDEN], dh[MGB_HIDDEN], dk[MGB_HIDDEN], margin;
    for (int n = 0; n < WIDTH; n++) {  // samples beyond the last have no class, hence a margin that is never paid
      int64_t sample = s + n < moons->count ? s + n : s;
      for (int i = 0; i < MGB_INPUTS; i++) x[i][n] = moons->points[MGB_INPUTS * sample + i];
      y[n] = s + n < moons->count ? moons->signs[sample] : 0;
    }
    for (int j = 0; j < MGB_HIDDEN; j++) {
      weigh(p + FIRST + j * (MGB_INPUTS + 1), x, MGB_INPUTS, h + j);
      h[j] = WHERE(h[j] > 0, h[j]);
    }
    for (int j = 0; j < MGB_HIDDEN; j++) {
      weigh(p + SECOND + j * (MGB_HIDDEN + 1), h, MGB_HIDDEN, k + j);
      k[j] = WHERE(k[j] > 0, k[j]);
    }
    weigh(p + LAST, k, MGB_HIDDEN, &margin);
    margin = 1 - y * margin;
    mask pays = (margin > 0) & (y != 0);
    losses += WHERE(pays, margin);

    memset(dh, 0, sizeof dh);
    memset(dk, 0, sizeof dk);
    margin = WHERE(pays, -y * share);
    weigh_backward(p + LAST, k, MGB_HIDDEN, &margin, gradient + LAST, dk);
    for (int j = 0; j < MGB_HIDDEN; j++) {
      int at = SECOND + j * (MGB_HIDDEN + 1);
      dk[j] = WHERE(k[j] > 0, dk[j]);
      weigh_backward(p + at, h, MGB_HIDDEN, dk + j, gradient + at, dh);
    }
    for (int j = 0; j < MGB_HIDDEN; j++) {
      dh[j] = WHERE(h[j] > 0, dh[j]);
      weigh_backward(p, x, MGB_INPUTS, dh + j, gradient + FIRST + j * (MGB_INPUTS + 1), 0);
    }
  }
  for (int i = 0; i < MGB_PARAMETERS; i++) {
    penalty += p[i] * p[i];
    dp[i] = total(gradient + i) + 2 * mgb_moons_penalty * p[i];
  }
  return total(&losses) * share + mgb_moons_penalty * penalty;
}

void mgb_hand_moons_vector(int64_t steps, const mgb_moons *moons, double *result) {
  double p[MGB_PARAMETERS], *dp = result + 1;
  memcpy(p, moons->parameters, sizeof p);
  for (int64_t step = 0; step < steps; step++) {
    result[0] = moons_loss(moons, p, dp);
    for (int i = 0; i < MGB_PARAMETERS; i++) p[i] -= mgb_moons_rate(step) * dp[i];
  }
}
