// Layers of microgpt by hand, over eight documents at a time. T positions lie one after the other; their numbers too.
#pragma once

#include "mgb_hand_vectors.h"

// y = W x at each position, W having `outputs` rows of `inputs` numbers.
INLINE void linear_tile(const double *w, int inputs, int outputs, const samples *x, samples *y, int high, int wide) {
#pragma clang fp contract(fast)
  samples sum[4][2] = {{{0}}};
  for (int j = 0; j < inputs; j++)
    for (int i = 0; i < high; i++)
      for (int t = 0; t < wide; t++) sum[i][t] += w[i * inputs + j] * x[t * inputs + j];
  for (int i = 0; i < high; i++)
    for (int t = 0; t < wide; t++) y[t * outputs + i] = sum[i][t];
}

INLINE void linear_strip(const double *w, int inputs, int outputs, const samples *x, samples *y, int wide) {
  int i = 0;
  for (; i + 4 <= outputs; i += 4) linear_tile(w + i * inputs, inputs, outputs, x, y + i, 4, wide);
  for (; i < outputs; i++) linear_tile(w + i * inputs, inputs, outputs, x, y + i, 1, wide);
}

MGB_KERNEL static void linear(const double *w, int inputs, int outputs, const samples *x, samples *y, int positions) {
  int t = 0;
  for (; t + 2 <= positions; t += 2) linear_strip(w, inputs, outputs, x + t * inputs, y + t * outputs, 2);
  if (t < positions) linear_strip(w, inputs, outputs, x + t * inputs, y + t * outputs, 1);
}

// dx += Wᵀ dy; the number of inputs is a multiple of 4.
INLINE void pass_back_strip(const double *w, int inputs, int outputs, const samples *dy, samples *dx, int wide) {
#pragma clang fp contract(fast)
  for (int j = 0; j < inputs; j += 4) {
    samples sum[4][2] = {{{0}}};
    for (int i = 0; i < outputs; i++)
      for (int n = 0; n < 4; n++)
        for (int t = 0; t < wide; t++) sum[n][t] += w[i * inputs + j + n] * dy[t * outputs + i];
    for (int n = 0; n < 4; n++)
      for (int t = 0; t < wide; t++) dx[t * inputs + j + n] += sum[n][t];
  }
}

MGB_KERNEL static void linear_pass_back(const double *w, int inputs, int outputs, const samples *dy, samples *dx,
                                        int positions) {
  int t = 0;
  for (; t + 2 <= positions; t += 2) pass_back_strip(w, inputs, outputs, dy + t * outputs, dx + t * inputs, 2);
  if (t < positions) pass_back_strip(w, inputs, outputs, dy + t * outputs, dx + t * inputs, 1);
}

#define PAIR(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)

// sums[k] += the sum over v[k], for eight of them.
INLINE void add_totals(const samples *v, double *sums) {
  samples two[4], four[2], all;
  for (int k = 0; k < 4; k++)
    two[k] = PAIR(v[2 * k], v[2 * k + 1], 0, 8, 2, 10, 4, 12, 6, 14) +
             PAIR(v[2 * k], v[2 * k + 1], 1, 9, 3, 11, 5, 13, 7, 15);
  for (int k = 0; k < 2; k++)
    four[k] = PAIR(two[2 * k], two[2 * k + 1], 0, 1, 8, 9, 4, 5, 12, 13) +
              PAIR(two[2 * k], two[2 * k + 1], 2, 3, 10, 11, 6, 7, 14, 15);
  all = PAIR(four[0], four[1], 0, 1, 2, 3, 8, 9, 10, 11) + PAIR(four[0], four[1], 4, 5, 6, 7, 12, 13, 14, 15);
  for (int k = 0; k < WIDTH; k++) sums[k] += all[k];
}

// dW += dy xᵀ, summed over positions and documents; the number of inputs is a multiple of 8.
INLINE void outer_tile(int inputs, int outputs, const samples *x, const samples *dy, int positions, double *dw,
                       int high) {
#pragma clang fp contract(fast)
  samples sum[2][8] = {{{0}}};
  for (int t = 0; t < positions; t++)
    for (int i = 0; i < high; i++)
      for (int n = 0; n < 8; n++) sum[i][n] += dy[t * outputs + i] * x[t * inputs + n];
  for (int i = 0; i < high; i++) add_totals(sum[i], dw + i * inputs);
}

MGB_KERNEL static void linear_outer(int inputs, int outputs, const samples *x, const samples *dy, int positions,
                                    double *dw) {
  for (int j = 0; j < inputs; j += 8) {
    int i = 0;
    for (; i + 2 <= outputs; i += 2) outer_tile(inputs, outputs, x + j, dy + i, positions, dw + i * inputs + j, 2);
    if (i < outputs) outer_tile(inputs, outputs, x + j, dy + i, positions, dw + i * inputs + j, 1);
  }
}

// y = s x with s = (mean of x² + 10⁻⁵)^-½.
INLINE void norm(const samples *x, int n, samples *y, samples *s) {
#pragma clang fp contract(fast)
  samples sum = {0};
  for (int i = 0; i < n; i++) sum += x[i] * x[i];
  *s = 1 / __builtin_elementwise_sqrt(sum / n + 1e-5);
  for (int i = 0; i < n; i++) y[i] = *s * x[i];
}

// dx += s dy - x s³ (dy · x) / n.
INLINE void norm_pass_back(const samples *x, int n, const samples *s, const samples *dy, samples *dx) {
#pragma clang fp contract(fast)
  samples sum = {0};
  for (int i = 0; i < n; i++) sum += dy[i] * x[i];
  sum *= *s * *s * *s / n;
  for (int i = 0; i < n; i++) dx[i] += *s * dy[i] - x[i] * sum;
}

// e^x for x ≤ 0: 2^k times the Taylor series of e^r, where x = k ln 2 + r.
INLINE void exp_below_zero(samples *x) {
#pragma clang fp contract(fast)
  const double shift = 0x1.8p52;  // to which adding rounds to a whole number, in the lowest bits
  samples y = *x, low = (samples){0} - 708;
  y = WHERE(y > low, y) + WHERE(y <= low, low);
  samples shifted = y * 0x1.71547652b82fep0 + shift, k = shifted - shift;
  samples r = y - k * 0x1.62e42fefa38p-1 - k * 0x1.ef35793c7673p-45;
  static const double factors[] = {1 / 479001600.0, 1 / 39916800.0, 1 / 3628800.0, 1 / 362880.0, 1 / 40320.0,
                                   1 / 5040.0,      1 / 720.0,      1 / 120.0,     1 / 24.0,     1 / 6.0,
                                   0.5,             1,              1};
  samples sum = (samples){0} + 1 / 6227020800.0;
  for (int i = 0; i < 13; i++) sum = sum * r + factors[i];
  mask power = ((mask)shifted << 52) + (mask)((samples){0} + 1);
  *x = sum * (samples)power;
}

// e^x / Σ e^x.
INLINE void softmax(samples *x, int n) {
  samples largest = x[0], sum = {0};
  for (int i = 1; i < n; i++) largest = WHERE(x[i] > largest, x[i]) + WHERE(x[i] <= largest, largest);
  for (int i = 0; i < n; i++) {
    x[i] -= largest;
    exp_below_zero(x + i);
    sum += x[i];
  }
  sum = 1 / sum;
  for (int i = 0; i < n; i++) x[i] *= sum;
}
