// Hyperbolic and logistic functions of mg_lane_math.h's kind, and what is made of them.
#pragma once

#include "mg_gelu_tanh.h"
#include "mg_lane_math.h"

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

// exp(x) = (value + rest) 2^k, value between sqrt(1/2) and sqrt(2) and rest below its last place; and 1 + exp(x), of
// x <= 0, without a factor.
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
  double share = 1 / gate.one_more.value;  // of which few digits matter
  ratio += (above_rest - ratio * gate.one_more.rest) * share;
  return negative ? ratio * gate.up * gate.up_again : ratio;
}

// The same of the factor 1, with which a product has no rest and 1 less the result is at hand.
LANE double lane_logistic_of(double x, double x_rest) {
  bool negative = x < 0;
  lane_gate gate = lane_gate_of(negative ? x : -x, negative ? x_rest : -x_rest);
  double ratio = (negative ? gate.power.value : 1) / gate.one_more.value;
  double share = negative ? 1 - ratio * gate.up * gate.up_again : ratio;
  ratio += ((negative ? gate.power.rest : 0) - ratio * gate.one_more.rest) * share;
  return negative ? ratio * gate.up * gate.up_again : ratio;
}

LANE double lane_logistic(double x) { return lane_logistic_of(lane_within(x, -800, 800), 0); }

// e / (1 + e)², e = exp(-|x|)
LANE double lane_logistic_slope(double x, double v) {
  (void)v;
  double e = lane_exp(-fabs(x));
  return e / (1 + e * (2 + e));
}

LANE double lane_log_one_plus_exp(double x) { return (x > 0 ? x : 0) + lane_log1p_of_share(lane_exp(-fabs(x))); }

LANE double lane_logistic_loss(double x, double t) {
  double share = x > 0 ? 1 - t : t, cost = fabs(x) * share;
  return (share == 0 ? 0 : cost) + lane_log1p_of_share(lane_exp(-fabs(x)));
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
  double result = lane_logistic_of(u.value, u.rest) + gate_slope;
  return fabs(distance) < 0.5 ? beside : x >= 40 ? 1 : x <= -40 ? -0.0 : result;
}

// The sums of an exponential and its inverse, by a fourth of the exponential, which is in range where they are.
LANE double lane_sinh(double x) {
  double magnitude = fabs(x);
  lane_power power = lane_power_e(magnitude > 710.5 ? 710.5 : magnitude);
  double up = 0.25 * power.up * power.up_again;
  lane_sum sum = lane_sum_of(up - 0.25, up * power.value, up * power.rest);
  lane_sum e = lane_sum_of(sum.value, sum.rest, 0);
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
