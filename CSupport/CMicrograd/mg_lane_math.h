// Elementary functions without branches or tables, which the compiler turns into vector code inside loops along rows.
//
// Arguments are reduced as Cody and Waite do (Software Manual for the Elementary Functions, 1980), and what a reduction
// or a first addition rounds off is carried along (Dekker 1971), so that the last addition is nearly the only rounding.
// Polynomials are minimax, by the exchange algorithm of Remez in 60 digits. With or without fused multiplication and
// addition, the largest errors found at some 10^7 points each, in units of the last place, against 60 digits, were:
//
//   exp 0.55  …
#pragma once

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "mg_gelu_tanh.h"

#define LANE static inline __attribute__((always_inline))

LANE uint64_t lane_bits(double x) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

LANE double lane_number(uint64_t bits) {
  double x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

// Adding this to a number below 2^51 rounds it to a whole one, which is then in the last bits.
#define LANE_ROUND 0x1.8p52

// That of libm sets errno, which is not vector code.
LANE double lane_sqrt(double x) { return __builtin_elementwise_sqrt(x); }

// What rounding took from a product, of numbers whose squares are in range; they are split into halves (Dekker).
LANE double lane_product_rest(double x, double y, double product) {
  double x_high = lane_number(lane_bits(x) & 0xfffffffff8000000), x_low = x - x_high;
  double y_high = lane_number(lane_bits(y) & 0xfffffffff8000000), y_low = y - y_high;
  return x_high * y_high - product + x_high * y_low + x_low * y_high + x_low * y_low;
}

// MARK: Exponentials

// exp(x) = (1 + m) 2^k for the number m nearest to 0, m being value + rest, and 2^k being up * up_again: each of them is in
// range where 2^k is not. x is between -1400 and 1400.
typedef struct {
  double value, rest, up, up_again;
} lane_power;

LANE lane_power lane_power_of(double shifted, double r, double r_rest) {
  uint64_t k = lane_bits(shifted) & 0xfff, half = k >> 1;  // k + 2048
  double square = r * r;
  double even = 0x1.5555555555558p-3 +
                square * (0x1.111111110f8ffp-7 +
                          square * (0x1.a01a01af17bcbp-13 + square * (0x1.71ddfa243f386p-19 + square * 0x1.af5bdb8c97db8p-26)));
  double odd = 0x1.5555555555558p-5 +
               square * (0x1.6c16c16c14c1bp-10 +
                         square * (0x1.a01a01aef2fbdp-16 + square * (0x1.27e4c8988d899p-22 + square * 0x1.1f919f442f919p-29)));
  double rest = square * (0.5 + r * (even + r * odd)) + (r_rest + r * r_rest);
  return (lane_power){r, rest, lane_number((half - 1) << 52), lane_number((k - half - 1) << 52)};
}

LANE lane_power lane_power_e(double x) {
  double shifted = x * 0x1.71547652b82fep+0 + (LANE_ROUND + 2048), k = shifted - (LANE_ROUND + 2048);
  double near = x - k * 0x1.62e42fefa4p-1, correction = k * -0x1.8432a1b0e2634p-43, r = near - correction;
  return lane_power_of(shifted, r, near - r - correction);
}

LANE double lane_scaled(lane_power power) {
  double sum = 1 + power.value;
  return (sum + (power.value - (sum - 1) + power.rest)) * power.up * power.up_again;
}

// NaN passes all comparisons as what it is.
LANE double lane_within(double x, double low, double high) {
  double least = x < low ? low : x;
  return least > high ? high : least;
}

LANE double lane_exp(double x) { return lane_scaled(lane_power_e(lane_within(x, -746, 710))); }

// 2^x, exact where x is a whole number.
LANE double lane_exp2(double x) {
  x = lane_within(x, -1076, 1025);
  double shifted = x + (LANE_ROUND + 2048), f = x - (shifted - (LANE_ROUND + 2048));
  double r = f * 0x1.62e42fefa39efp-1;
  return lane_scaled(lane_power_of(shifted, r, f * 0x1.abc9e3b39803fp-56));
}

// exp(x) - 1 = value + rest, x between -60 and 0.
typedef struct {
  double value, rest;
} lane_sum;

LANE lane_sum lane_sum_of(double larger, double smaller, double rest) {
  double sum = larger + smaller;
  return (lane_sum){sum, smaller - (sum - larger) + rest};
}

LANE lane_sum lane_expm1_parts(double x) {
  lane_power power = lane_power_e(x);
  double up = power.up * power.up_again;
  lane_sum sum = lane_sum_of(up - 1, up * power.value, up * power.rest);
  return lane_sum_of(sum.value, sum.rest, 0);
}

LANE double lane_expm1(double x) {
  lane_power power = lane_power_e(lane_within(x, -40, 710));
  double up = 0.5 * power.up * power.up_again;  // in range up to exp(710)
  lane_sum sum = lane_sum_of(up - 0.5, up * power.value, up * power.rest);
  return fabs(x) < 0x1p-54 ? x : 2 * (sum.value + sum.rest);
}

// MARK: Logarithms

// log(1 + f) = f - correction for 1 + f between sqrt(1/2) and sqrt(2): 2 atanh(s), s = f / (2 + f), less the part of it
// that is exact (Ng, in his C library of 1993). s tells more.
typedef struct {
  double correction, s;
} lane_log_part;

LANE lane_log_part lane_log_of(double f, double low) {
  double s = f / (2 + f), z = s * s, w = z * z, half = 0.5 * f * f;
  double even = w * (0x1.99999999951bcp-2 + w * (0x1.c71c62c1d3963p-3 + w * 0x1.39fd323d15da5p-3));
  double odd = z * (0x1.5555555555558p-1 +
                    w * (0x1.2492492e0f45ep-2 + w * (0x1.7462be3ca5b28p-3 + w * 0x1.2b663deb5b71ap-3)));
  return (lane_log_part){half - (s * (half + (odd + even)) + low), s};
}

// x = 2^k m, m between sqrt(1/2) and sqrt(2), of a normal x > 0; k as the bits that it has with its bias.
typedef struct {
  double k, m;
  uint64_t biased;
} lane_parts;

LANE lane_parts lane_parts_of(double x) {
  const uint64_t root = 0x3fe6a09e667f3bcd;  // sqrt(1/2)
  uint64_t bits = lane_bits(x), biased = (bits - root + ((uint64_t)1023 << 52)) >> 52;
  double k = lane_number(0x4330000000000000 | biased) - (0x1p52 + 1023);
  return (lane_parts){k, lane_number(bits - ((biased - 1023) << 52)), biased};
}

// Subnormal numbers are made normal.
LANE lane_parts lane_parts_of_any(double x) {
  bool small = x < 0x1p-1022;
  lane_parts parts = lane_parts_of(small ? x * 0x1p54 : x);
  parts.k = small ? parts.k - 54 : parts.k;
  return parts;
}

// Where there is no logarithm, or it is infinite.
LANE double lane_log_limits(double x, double result) {
  result = x > 0 ? result : x == 0 ? -INFINITY : (double)NAN;
  return x == INFINITY ? x : result;
}

LANE double lane_log(double x) {
  lane_parts parts = lane_parts_of_any(x);
  double f = parts.m - 1, low = parts.k * -0x1.8432a1b0e2634p-43, high = parts.k * 0x1.62e42fefa4p-1;
  return lane_log_limits(x, high - (lane_log_of(f, low).correction - f));
}

// Logarithms to another base: `whole` is that of 2, in two parts, and `unit` that of e.
LANE double lane_log_to_base(double x, double whole, double whole_rest, double unit, double unit_rest) {
  lane_parts parts = lane_parts_of_any(x);
  double f = parts.m - 1, correction = lane_log_of(f, 0).correction;
  // The exact part of f has so few digits that its product with those of `unit` is exact.
  double value = f - correction, rest = f - value - correction;
  double first = lane_number(lane_bits(value) & 0xfffffffff8000000), second = value - first + rest;
  double unit_first = lane_number(lane_bits(unit) & 0xfffffffff8000000), unit_second = unit - unit_first + unit_rest;
  double small = first * unit_second + second * unit + parts.k * whole_rest;
  double product = first * unit_first, high = parts.k * whole, sum = high + product;
  bool left = parts.k != 0;
  double error = left ? product - (sum - high) : 0;
  return lane_log_limits(x, sum + (error + small));
}

LANE double lane_log2(double x) {
  return lane_log_to_base(x, 1, 0, 0x1.71547652b82fep+0, 0x1.777d0ffda0d24p-56);
}
LANE double lane_log10(double x) {
  return lane_log_to_base(x, 0x1.34413509f8p-2, -0x1.80433b83b532ap-44, 0x1.bcb7b1526e50ep-2, 0x1.95355baaafad3p-57);
}

LANE double lane_log1p(double x) {
  double u = 1 + x;
  lane_parts parts = lane_parts_of(u);
  bool near = parts.biased == 1023;
  // What 1 + x rounded off, in units of 2^k.
  double rest = x < 1 ? x - (u - 1) : 1 - (u - x), scale = lane_number((2046 - parts.biased) << 52);
  rest = near || x > 0x1p60 ? 0 : rest * scale;
  double f = near ? x : parts.m - 1, high = parts.k * 0x1.62e42fefa4p-1;
  lane_log_part part = lane_log_of(f, parts.k * -0x1.8432a1b0e2634p-43);
  double s = part.s, less = rest * (1 - 2 * s * (1 - s * (1 - s)));  // rest / (1 + f)
  double result = lane_log_limits(u, high - (part.correction - less - f));
  return fabs(x) < 0x1p-54 ? x : result;
}

// MARK: Hyperbolic and logistic functions

// -expm1(-2 |x|) / (2 + expm1(-2 |x|))
LANE double lane_tanh(double x) {
  double magnitude = fabs(x);
  lane_sum e = lane_expm1_parts(-2 * (magnitude > 20 ? 20 : magnitude));
  lane_sum below = lane_sum_of(2, e.value, e.rest);
  double t = -e.value / below.value;
  t -= (e.rest + t * below.rest) * (0.5 * (1 + t));  // 1 / below = (1 + t) / 2
  return copysign(magnitude < 0x1p-54 ? magnitude : t, x);
}

// 4 e / (1 + e)², e = exp(-2 |x|)
LANE double lane_tanh_slope(double x, double v) {
  (void)v;
  double e = lane_exp(-2 * fabs(x));
  return 4 * e / (1 + e * (2 + e));
}

// exp(x) = (value + rest) 2^k, value between sqrt(1/2) and sqrt(2), rest below its last place; and the same of 1 + exp(x),
// without a factor, for x <= 0.
typedef struct {
  lane_sum power, one_more;
  double up, up_again;
} lane_gate;

LANE lane_gate lane_gate_of(double x, double x_rest) {
  lane_power power = lane_power_e(x);
  lane_sum sum = lane_sum_of(1, power.value, power.rest + x_rest * (1 + power.value + power.rest));
  sum = lane_sum_of(sum.value, sum.rest, 0);
  double up = power.up * power.up_again;
  return (lane_gate){sum, lane_sum_of(1, sum.value * up, sum.rest * up), power.up, power.up_again};
}

// factor / (1 + exp(-x - x_rest)), x between -1400 and 1400.
LANE double lane_times_logistic(double factor, double x, double x_rest) {
  bool negative = x < 0;
  lane_gate gate = lane_gate_of(negative ? x : -x, negative ? x_rest : -x_rest);
  double above = negative ? factor * gate.power.value : factor, ratio = above / gate.one_more.value;
  double above_rest = negative ? factor * gate.power.rest + lane_product_rest(factor, gate.power.value, above) : 0;
  // 1 / one_more, of which few digits matter here
  double share = 1 / gate.one_more.value;
  ratio += (above_rest - ratio * gate.one_more.rest) * share;
  return negative ? ratio * gate.up * gate.up_again : ratio;
}

LANE double lane_logistic(double x) { return lane_times_logistic(1, lane_within(x, -800, 800), 0); }

// e / (1 + e)², e = exp(-|x|)
LANE double lane_logistic_slope(double x, double v) {
  (void)v;
  double e = lane_exp(-fabs(x));
  return e / (1 + e * (2 + e));
}

LANE double lane_log_one_plus_exp(double x) { return (x > 0 ? x : 0) + lane_log1p(lane_exp(-fabs(x))); }

LANE double lane_logistic_loss(double x, double t) {
  return (x > 0 ? x * (1 - t) : -x * t) + lane_log1p(lane_exp(-fabs(x)));
}

LANE double lane_silu(double x) {
  double gated = lane_times_logistic(x, lane_within(x, -1000, 1000), 0);
  return copysign(x > 1000 ? x : x >= -1000 ? gated : x * 0, x);  // a zero keeps its sign
}

// factor exp(-|x|) / (1 + exp(-|x|))², x between -1400 and 1400.
LANE double lane_times_logistic_slope(double factor, double x) {
  lane_power power = lane_power_e(-fabs(x));
  double one = 1 + (power.value + power.rest), e = one * (power.up * power.up_again);
  return factor * one / (1 + e * (2 + e)) * power.up * power.up_again;
}

// The factor of exp(-|x|) / (1 + exp(-|x|))² is exp(x) + 1 + x below 0, where it has a zero z, and is
// x - z + exp(z) expm1(x - z). Above 0 it is exp(x) + 1 + x, too.
LANE double lane_silu_first(double x) {
  const double zero = -0x1.474973c84120bp+0, zero_rest = -0x1.f8d74bc9ac154p-54, power = 0x1.1d25cf210482ep-2;
  double inside = lane_within(x, -1000, 1000), e = lane_exp(-fabs(inside)), distance = x - zero - zero_rest;
  double beside = distance + power * lane_expm1(lane_within(distance, -1, 1));
  double below = lane_times_logistic_slope(fabs(distance) < 0.5 ? beside : 1 + inside + e, inside);
  double above = (1 + (e + inside * e)) / (1 + e * (2 + e));
  return x >= 0 ? above : x >= -1000 ? below : x * 0;
}

// u and what rounding took from it, |x| <= 40.
LANE lane_sum lane_gelu_tanh_argument(double x) {
  double square = x * x, square_rest = lane_product_rest(x, x, square), bent = MG_GELU_TANH_BEND * square;
  double bent_rest = lane_product_rest(MG_GELU_TANH_BEND, square, bent) + MG_GELU_TANH_BEND * square_rest;
  double factor = 1 + bent, part = factor - 1, factor_rest = (1 - (factor - part)) + (bent - part) + bent_rest;
  double product = x * factor, product_rest = lane_product_rest(x, factor, product) + x * factor_rest;
  double u = MG_GELU_TANH_SCALE * product;
  double rest = lane_product_rest(MG_GELU_TANH_SCALE, product, u) + MG_GELU_TANH_SCALE * product_rest +
                MG_GELU_TANH_SCALE_REST * product;
  return (lane_sum){lane_within(u, -1300, 1300), rest};
}

LANE double lane_gelu_tanh(double x) {
  double inside = lane_within(x, -40, 40);
  lane_sum u = lane_gelu_tanh_argument(inside);
  double gated = lane_times_logistic(inside, u.value, fabs(u.value) < 1300 ? u.rest : 0);
  return copysign(x > 40 ? x : x >= -40 ? gated : x * 0, x);
}

// s(u) + x u' s'(u), and a series beside its zero.
LANE double lane_gelu_tanh_first(double x) {
  enum { TERMS = sizeof mg_gelu_tanh_first_series / sizeof(double) };
  double inside = lane_within(x, -40, 40), distance = x + MG_GELU_TANH_FLAT - MG_GELU_TANH_FLAT_REST;
  double square = distance * distance, odd = 0, even = 0;
#pragma clang loop unroll(full)
  for (int k = TERMS - 1; k >= 0; k -= 2) {
    odd = odd * square + mg_gelu_tanh_first_series[k];
    if (k > 0) even = even * square + mg_gelu_tanh_first_series[k - 1];
  }
  double beside = distance * (odd + distance * even);
  lane_sum u = lane_gelu_tanh_argument(inside);
  u.rest = fabs(u.value) < 1300 ? u.rest : 0;
  double slope = inside * MG_GELU_TANH_SCALE * (1 + 3 * MG_GELU_TANH_BEND * inside * inside);
  // The rest of u, by which exp(-|u|) is another, counts for as much as it in the slope.
  double gate_slope = lane_times_logistic_slope(slope * (1 - copysign(u.rest, u.rest * u.value)), u.value);
  double result = lane_times_logistic(1, u.value, u.rest) + gate_slope;
  return fabs(distance) < 0.5 ? beside : x >= 40 ? 1 : x <= -40 ? -0.0 : result;
}

// The sums of an exponential and its inverse, by a fourth of the exponential, which is in range where they are.
LANE double lane_sinh(double x) {
  double magnitude = fabs(x);
  lane_power power = lane_power_e(magnitude > 710.5 ? 710.5 : magnitude);
  double up = 0.25 * power.up * power.up_again;
  lane_sum sum = lane_sum_of(up - 0.25, up * power.value, up * power.rest), e = lane_sum_of(sum.value, sum.rest, 0);
  double inverse = e.value / (0.25 + e.value);  // (exp(x) - 1) / exp(x)
  double result = 2 * (e.value + (0.25 * (e.value > 1e18 ? 1 : inverse) + e.rest));
  return copysign(magnitude < 0x1p-27 ? magnitude : result, x);
}

LANE double lane_cosh(double x) {
  double magnitude = fabs(x);
  lane_power power = lane_power_e(magnitude > 710.5 ? 710.5 : magnitude);
  lane_sum sum = lane_sum_of(1, power.value, power.rest), e = lane_sum_of(sum.value, sum.rest, 0);
  double up = 0.25 * power.up * power.up_again, value = e.value * up;
  return 2 * (value + (e.rest * up + 0.0625 / value));
}

LANE double lane_log1mexp(double x) {
  bool near = x < 0.69314718055994530942;
  double below = lane_log(-lane_expm1(-x)), above = lane_log1p(-lane_exp(-x));
  return x >= 0 ? near ? below : above : (double)NAN;
}
LANE double lane_log1mexp_first(double x) {
  double far = lane_exp(-x), near = 1 / lane_expm1(x);
  return x >= 40 ? far : x >= 0 ? near : (double)NAN;
}

// As mg_logit.
LANE double lane_logit(double x) {
  double far = lane_log(x / (1 - x)), other = 1 - x;
  bool below = x < 0.5;
  double near = lane_log1p((below ? 1 - 2 * x : 2 * x - 1) / (below ? x : other));
  double result = x < 0.25 || x > 0.75 ? far : below ? -near : near;
  return x >= 0 && x <= 1 ? result : (double)NAN;
}

// MARK: Circular functions

// Below this the parts of pi / 2 leave no more than their last to be rounded.
#define LANE_CIRCLES 0x1p20

// sin r and cos r of x = r + k pi / 2, r between -pi / 4 and pi / 4; k in the last bits.
typedef struct {
  lane_sum sine, cosine;
  uint64_t k;
} lane_circle;

// |x| < LANE_CIRCLES
LANE lane_circle lane_circle_of(double x) {
  double shifted = x * 0x1.45f306dc9c883p-1 + LANE_ROUND, k = shifted - LANE_ROUND;
  double first = x - k * 0x1.921fb544p+0, part = k * 0x1.0b4611a6p-34, second = first - part;
  double second_rest = first - second - part, next = k * 0x1.3198a2ep-69, third = second - next;
  double rest = second - third - next + second_rest - k * 0x1.b839a252049c1p-104;
  double r = third + rest, r_rest = third - r + rest, z = r * r, half = 0.5 * z, most = 1 - half;
  double sine = r * z * (-0x1.555555555554bp-3 +
                         z * (0x1.111111110fb8bp-7 +
                              z * (-0x1.a01a019c62766p-13 +
                                   z * (0x1.71de35b3f99f9p-19 +
                                        z * (-0x1.ae5e8fe6b1507p-26 + z * 0x1.5d9de169589a3p-33)))));
  double cosine = z * z * (0x1.5555555555555p-5 +
                           z * (-0x1.6c16c16c16967p-10 +
                                z * (0x1.a01a019f4e9f7p-16 +
                                     z * (-0x1.27e4fa17c076bp-22 +
                                          z * (0x1.1eeb68cb4c486p-29 + z * -0x1.907d8bf27a69cp-37)))));
  return (lane_circle){
    {r, sine + r_rest}, {most, 1 - most - half + (cosine - r * r_rest)}, lane_bits(shifted)};
}

// The sine at so many quarters of the circle further on.
LANE double lane_circle_sine(lane_circle circle, uint64_t quarters) {
  uint64_t k = circle.k + quarters;
  double sine = circle.sine.value + circle.sine.rest, cosine = circle.cosine.value + circle.cosine.rest;
  return lane_number(lane_bits(k & 1 ? cosine : sine) ^ (k & 2) << 62);
}

// sin x, cos x and tan x, |x| < LANE_CIRCLES.
LANE double lane_sin(double x) { return fabs(x) < 0x1p-27 ? x : lane_circle_sine(lane_circle_of(x), 0); }
LANE double lane_cos(double x) { return lane_circle_sine(lane_circle_of(x), 1); }
LANE double lane_tan(double x) {
  lane_circle circle = lane_circle_of(x);
  bool turned = circle.k & 1;
  lane_sum sine = lane_sum_of(circle.sine.value, circle.sine.rest, 0);
  lane_sum cosine = lane_sum_of(circle.cosine.value, circle.cosine.rest, 0);
  double above = turned ? -cosine.value : sine.value, above_rest = turned ? -cosine.rest : sine.rest;
  double below = turned ? sine.value : cosine.value, below_rest = turned ? sine.rest : cosine.rest;
  double ratio = above / below;
  ratio += (above_rest - ratio * below_rest) / below;
  return fabs(x) < 0x1p-27 ? x : ratio;
}
