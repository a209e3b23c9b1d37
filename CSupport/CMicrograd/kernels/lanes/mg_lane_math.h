// Elementary functions without branches or tables, which the compiler turns into vector code inside loops along rows.
//
// Arguments are reduced as Cody and Waite do (Software Manual for the Elementary Functions, 1980), and what a reduction
// or a first addition rounds off is carried along (Dekker 1971), so that the last addition is nearly the only rounding.
// Polynomials are minimax, by the exchange algorithm of Remez in 60 digits.
//
// The largest errors that were found at some hundred thousand points of the whole domain each, in units of the last
// place, against 113 bits, with and without fused multiplication and addition: exp, exp2 and expm1 1.0 (0.6 where the
// result is not subnormal, and in expm1 up to 37), pow 0.7, log 0.9, log1p 0.8, log2 0.9, log10 0.8, sin 0.8, cos 0.9,
// tan 1.4, sinh 1.6, cosh 0.9, tanh 1.5, logistic 1.1, softplus 1.5, silu 1.1, gelu_tanh 1.1, logit 1.5, log1mexp 1.6;
// of first derivatives: tanh and logistic 2.3, silu 3.8, gelu_tanh 9.3 (beside its zero).
#pragma once

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

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

// exp(x) = (1 + m) 2^k for the number m nearest to 0, m being value + rest, and 2^k being up * up_again: each is
// in range where 2^k is not. x is between -1400 and 1400.
typedef struct {
  double value, rest, up, up_again;
} lane_power;

LANE lane_power lane_power_of(double shifted, double r, double r_rest) {
  uint64_t k = lane_bits(shifted) & 0xfff, half = k >> 1;  // k + 2048
  double square = r * r;
  double even =
    0x1.5555555555558p-3 +
    square * (0x1.111111110f8ffp-7 +
              square * (0x1.a01a01af17bcbp-13 + square * (0x1.71ddfa243f386p-19 + square * 0x1.af5bdb8c97db8p-26)));
  double odd =
    0x1.5555555555558p-5 +
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

// log(1 + e), e between 0 and 1.
LANE double lane_log1p_of_share(double e) {
  double u = 1 + e;
  bool large = u > 0x1.6a09e667f3bcdp+0;
  double f = large ? 0.5 * u - 1 : e, rest = large ? 0.5 * (e - (u - 1)) : 0;
  lane_log_part part = lane_log_of(f, large ? -0x1.8432a1b0e2634p-43 : 0);
  double s = part.s, less = rest * (1 - 2 * s * (1 - s * (1 - s)));
  return (large ? 0x1.62e42fefa4p-1 : 0) - (part.correction - less - f);
}
