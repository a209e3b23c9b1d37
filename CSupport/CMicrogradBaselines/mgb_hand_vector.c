// The moons step by hand, eight samples at a time: one vector holds a number of each, and a chunk goes forwards and back
// through the whole network while it is in the registers and the nearest cache.
#include <string.h>

#include "mgb_hand_vectors.h"
#include "mgb_hand_written.h"

enum { FIRST = 0, SECOND = MGB_HIDDEN * (MGB_INPUTS + 1), LAST = SECOND + MGB_HIDDEN * (MGB_HIDDEN + 1) };

// A neuron's parameters are its weights, then its bias. Neurons are taken by fours, whose sums stay in registers.
enum { FOUR = 4 };

INLINE void weigh(const double *p, int inputs, const samples *x, int neurons, samples *z) {
#pragma clang fp contract(fast)
  for (int j = 0; j < neurons; j += FOUR) {
    samples sum[FOUR];
    for (int n = 0; n < FOUR; n++) sum[n] = (samples){0} + p[(j + n) * (inputs + 1) + inputs];
    for (int i = 0; i < inputs; i++)
      for (int n = 0; n < FOUR; n++) sum[n] += p[(j + n) * (inputs + 1) + i] * x[i];
    for (int n = 0; n < FOUR; n++) z[j + n] = WHERE(sum[n] > 0, sum[n]);
  }
}

// The derivatives of weights and biases, from those of the sums.
INLINE void weigh_backward(int inputs, const samples *x, int neurons, const samples *dz, samples *dp) {
#pragma clang fp contract(fast)
  for (int j = 0; j < neurons; j++, dp += inputs + 1) {
    for (int i = 0; i < inputs; i++) dp[i] += dz[j] * x[i];
    dp[inputs] += dz[j];
  }
}

// The derivatives of the sums of the layer below, which passed through relu.
INLINE void pass_back(const double *p, int inputs, const samples *x, int neurons, const samples *dz, samples *dx) {
#pragma clang fp contract(fast)
  for (int i = 0; i < inputs; i += FOUR) {
    samples sum[FOUR] = {{0}};
    for (int j = 0; j < neurons; j++)
      for (int n = 0; n < FOUR; n++) sum[n] += p[j * (inputs + 1) + i + n] * dz[j];
    for (int n = 0; n < FOUR; n++) dx[i + n] = WHERE(x[i + n] > 0, sum[n]);
  }
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
    weigh(p + FIRST, MGB_INPUTS, x, MGB_HIDDEN, h);
    weigh(p + SECOND, MGB_HIDDEN, h, MGB_HIDDEN, k);
    margin = (samples){0} + p[LAST + MGB_HIDDEN];
    for (int i = 0; i < MGB_HIDDEN; i++) margin += p[LAST + i] * k[i];
    margin = 1 - y * margin;
    mask pays = (margin > 0) & (y != 0);
    losses += WHERE(pays, margin);

    margin = WHERE(pays, -y * share);
    weigh_backward(MGB_HIDDEN, k, 1, &margin, gradient + LAST);
    pass_back(p + LAST, MGB_HIDDEN, k, 1, &margin, dk);
    weigh_backward(MGB_HIDDEN, h, MGB_HIDDEN, dk, gradient + SECOND);
    pass_back(p + SECOND, MGB_HIDDEN, h, MGB_HIDDEN, dk, dh);
    weigh_backward(MGB_INPUTS, x, MGB_HIDDEN, dh, gradient + FIRST);
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
