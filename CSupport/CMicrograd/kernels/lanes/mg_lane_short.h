// Elementary functions for rows of float, without branches or tables. Arguments and results are double, but the polynomials are
// so short that a result has some 30 right bits: it is rounded to float, which has 24. What is computed in double needs no
// compensation of what is rounded off, and neither overflows nor underflows where a float does.
//
// Tests/Fixtures/make_polynomials.py computed the coefficients. Its errors, relative to the function: expm1 2^-31.8, log1p
// 2^-33.0 (2^-50 for powers), sin 2^-32.4, cos 2^-40.
#pragma once

#include "mg_gelu_tanh.h"
#include "mg_lane_circles.h"
#include "mg_lane_math.h"

#define SHORT_LN_2 0.69314718055994530942

// 1 / x to 46 bits: that of float, and one step of Newton's method. The magnitude of x is within 2^-126 … 2^126.
LANE double short_reciprocal(double x) {
  double near = 1.0f / (float)x;
  return near + near * (1 - x * near);
}

// MARK: Exponentials

// exp(x) = up (1 + part), up being a power of 2 and part between -0.3 and 0.42.
typedef struct {
  double up, part;
} short_power;

LANE short_power short_power_of(double shifted, double r) {
  double even = 0x1p+0 + r * r * (0x1.555555676c1bbp-3 + r * r * (0x1.1110c5ed7d6c9p-7 + r * r * 0x1.a152099da25bap-13));
  double odd = 0x1.00000028b7ad4p-1 + r * r * (0x1.5554ac342f261p-5 + r * r * 0x1.6d75e5bb8107bp-10);
  return (short_power){lane_number(lane_bits(shifted) << 52), r * (even + r * odd)};
}

// x is within -1023 … 1000 log 2; at the lower end `up` is 0.
LANE short_power short_power_e(double x) {
  double shifted = x * 0x1.71547652b82fep+0 + (LANE_ROUND + 1023), k = shifted - (LANE_ROUND + 1023);
  return short_power_of(shifted, x - k * SHORT_LN_2);
}

LANE double short_exp(double x) {
  short_power power = short_power_e(lane_within(x, -709.2, 600));
  return power.up + power.up * power.part;
}
LANE double short_exp10(double x) { return short_exp(x * 2.30258509299404568402); }
LANE double short_exp2(double x) {
  x = lane_within(x, -1023, 1000);
  double shifted = x + (LANE_ROUND + 1023);
  short_power power = short_power_of(shifted, (x - (shifted - (LANE_ROUND + 1023))) * SHORT_LN_2);
  return power.up + power.up * power.part;
}
LANE double short_exp2_times(double factor, double x, double v) {
  (void)v;
  return factor * short_exp2(x);
}

LANE double short_expm1(double x) {
  short_power power = short_power_e(lane_within(x, -709.2, 600));
  return fabs(x) < 0x1p-40 ? x : power.up * power.part + (power.up - 1);
}

// MARK: Logarithms

// log(1 + f), 1 + f between sqrt(1/2) and sqrt(2).
LANE double short_log_of(double f) {
  double z = f * f;
  double even = 0x1.0000000034ca3p+0 +
                z * (0x1.555553aa0f980p-2 +
                     z * (0x1.999a7d48c0d3ap-3 +
                          z * (0x1.24883dada0a00p-3 + z * (0x1.c44f7ad7d524cp-4 + z * 0x1.b3ac3b074d2bbp-4))));
  double odd = -0x1.0000001a7f017p-1 +
               z * (-0x1.ffffaae30d483p-3 +
                    z * (-0x1.5568d22fe6100p-3 +
                         z * (-0x1.fc599187f3b0ep-4 + z * (-0x1.be62fe319e0dfp-4 + z * -0x1.dee09d025c21ap-5))));
  return f * (even + f * odd);
}

LANE double short_log(double x) {
  lane_parts parts = lane_parts_of(x);
  return lane_log_limits(x, parts.k * SHORT_LN_2 + short_log_of(parts.m - 1));
}
LANE double short_log2(double x) {
  lane_parts parts = lane_parts_of(x);
  return lane_log_limits(x, parts.k + 1.4426950408889634074 * short_log_of(parts.m - 1));
}
LANE double short_log10(double x) { return 0.43429448190325182765 * short_log(x); }

// log(1 + x) where `one_more` = 1 + x > 0 was rounded.
LANE double short_log1p_of(double x, double one_more) {
  lane_parts parts = lane_parts_of(one_more);
  bool near = parts.biased == 1023;
  double part = short_log_of(near ? x : parts.m - 1);
  return one_more != one_more ? one_more : near ? part : parts.k * SHORT_LN_2 + part;
}
LANE double short_log1p(double x) { return lane_log_limits(1 + x, short_log1p_of(x, 1 + x)); }

// log(1 - exp(-x)), x >= 0
LANE double short_log1mexp(double x) {
  short_power power = short_power_e(lane_within(-x, -600, 0));
  double share = power.up + power.up * power.part, rest = -(power.up * power.part + (power.up - 1));
  double below = short_log(rest), above = short_log1p_of(-share, 1 - share);
  return x >= 0 ? x < SHORT_LN_2 ? below : above : (double)NAN;
}
LANE double short_log1mexp_first(double x) { return x >= 40 ? short_exp(-x) : x >= 0 ? 1 / short_expm1(x) : (double)NAN; }
LANE double short_logit(double x) { return x >= 0 && x <= 1 ? short_log(x / (1 - x)) : (double)NAN; }

// MARK: Powers

// log x to 44 bits: k log 2 + 2 atanh(s), s = f / (2 + f).
LANE double short_long_log(double x) {
  lane_parts parts = lane_parts_of(x);
  double f = parts.m - 1, s = f * short_reciprocal(2 + f), z = s * s;
  double series = 0x1.5555555555558p-2 +
                  z * (0x1.9999999995273p-3 +
                       z * (0x1.2492492dfd86cp-3 +
                            z * (0x1.c71c62d5e53e0p-4 +
                                 z * (0x1.7462b91b8df65p-4 + z * (0x1.39fdcceb4bb45p-4 + z * 0x1.2b5f68a50d903p-4)))));
  return parts.k * SHORT_LN_2 + 2 * (s + s * z * series);
}

// Whether x^y, or its derivative, may be out of the range of normal floats.
LANE bool short_power_is_far(double x, double y) {
  bool normal = x >= 0x1p-126 && x < INFINITY;
  return !(normal && (fabs(y) + 1) * (fabs(lane_parts_of(x).k) + 1) < 120);
}

// x^y and its derivatives, where it is not far.
LANE double short_pow(double x, double y) { return short_exp(y * short_long_log(x)); }
LANE double short_power_slope(double x, double y, double v) { return v * short_reciprocal(x) * y; }
LANE double short_power_slope_exponent(double x, double v) { return v * short_log(x); }

// MARK: Circles

typedef struct {
  double sine, cosine;
  uint64_t k;
} short_circle;

// |x| < LANE_CIRCLES
LANE short_circle short_circle_of(double x) {
  double shifted = x * 0x1.45f306dc9c883p-1 + LANE_ROUND, k = shifted - LANE_ROUND;
  double r = (x - k * 0x1.921fb544p+0) - k * 0x1.0b4611a626331p-34, z = r * r;
  double sine = -0x1.555555545d0dap-3 +
                z * (0x1.11110decc73fdp-7 + z * (-0x1.a013a455bd213p-13 + z * 0x1.6dbcfb4dee452p-19));
  double cosine =
    -0x1.fffffffffe677p-2 +
    z * (0x1.555555514b595p-5 +
         z * (-0x1.6c16bae0eeeadp-10 + z * (0x1.a01295104b6a7p-16 + z * -0x1.24740198bcf0bp-22)));
  return (short_circle){r + r * z * sine, 1 + z * cosine, lane_bits(shifted)};
}

// The sine at so many quarters of the circle further on.
LANE double short_circle_sine(short_circle circle, uint64_t quarters) {
  uint64_t k = circle.k + quarters;
  return lane_number(lane_bits(k & 1 ? circle.cosine : circle.sine) ^ (k & 2) << 62);
}

LANE double short_sin(double x) { return fabs(x) < 0x1p-20 ? x : short_circle_sine(short_circle_of(x), 0); }
LANE double short_cos(double x) { return short_circle_sine(short_circle_of(x), 1); }
LANE double short_tan(double x) {
  short_circle circle = short_circle_of(x);
  bool turned = circle.k & 1;
  double above = turned ? -circle.cosine : circle.sine, below = turned ? circle.sine : circle.cosine;
  return fabs(x) < 0x1p-20 ? x : above * short_reciprocal(below);
}

// MARK: Hyperbolic and logistic functions

LANE double short_tanh(double x) {
  double magnitude = fabs(x);
  short_power power = short_power_e(2 * (magnitude > 20 ? 20 : magnitude));
  double e = power.up * power.part + (power.up - 1);
  return copysign(e * short_reciprocal(e + 2), x);
}
// 4 e / (1 + e)², e = exp(-2 |x|)
LANE double short_tanh_slope(double x, double v) {
  (void)v;
  double e = short_exp(-2 * fabs(x)), share = short_reciprocal(1 + e);
  return 4 * e * share * share;
}
LANE double short_sinh(double x) {
  double e = short_expm1(fabs(x));
  return copysign(0.5 * (e + e / (1 + e)), x);
}
LANE double short_cosh(double x) {
  double e = short_exp(fabs(x));
  return 0.5 * e + 0.5 / e;
}

LANE double short_logistic(double x) {
  double e = short_exp(-fabs(x)), share = short_reciprocal(1 + e);
  return x < 0 ? e * share : share;
}
LANE double short_logistic_slope(double x, double v) {
  (void)v;
  double e = short_exp(-fabs(x)), share = short_reciprocal(1 + e);
  return e * share * share;
}
LANE double short_log_one_plus_exp(double x) {
  double e = short_exp(-fabs(x));
  return (x > 0 ? x : 0) + short_log1p_of(e, 1 + e);
}
LANE double short_logistic_loss(double x, double t) {
  double share = x > 0 ? 1 - t : t, cost = fabs(x) * share, e = short_exp(-fabs(x));
  return (share == 0 ? 0 : cost) + short_log1p_of(e, 1 + e);
}
LANE double short_silu(double x) { return x * short_logistic(x); }
LANE double short_gelu_tanh(double x) {
  double inside = lane_within(x, -40, 40);
  double u = MG_GELU_TANH_SCALE * inside * (1 + MG_GELU_TANH_BEND * inside * inside);
  return copysign(x > 40 ? x : x >= -40 ? inside * short_logistic(u) : x * 0, x);
}

// MARK: Distances, whose squares a double has room for

LANE double short_hypot(double x, double y) {
  double root = lane_sqrt(x * x + y * y);
  return fabs(x) == INFINITY || fabs(y) == INFINITY ? INFINITY : root;
}
LANE double short_hypot_slope(double p, double x, double y, double v) {
  (void)v;
  double root = lane_sqrt(x * x + y * y);
  return root == 0 ? 0 : p / root;
}
