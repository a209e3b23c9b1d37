// Powers of mg_lane_math.h's kind: exp(y log x), for which the logarithm needs some dozen bits more than a double has.
#pragma once

#include "mg_lane_math.h"

// log x of a normal x > 0, to 65 bits: k log 2 + 2 atanh(s), s = f / (2 + f). Quotients, products and the first two
// terms of the series are carried with what was rounded off them.
LANE lane_sum lane_long_log(double x) {
  lane_parts parts = lane_parts_of(x);
  double f = parts.m - 1, below = 2 + f, below_rest = f - (below - 2);
  double s = f / below, exact = s * below;
  double s_rest = (f - exact - lane_product_rest(s, below, exact) - s * below_rest) / below;
  double z = s * s, z_rest = lane_product_rest(s, s, z) + 2 * s * s_rest, w = z * z;
  double even = 0x1.9999999999999p-2 +
                w * (0x1.c71c71c697616p-3 + w * (0x1.3b1384c4ba865p-3 + w * 0x1.def7b580ed788p-4));
  double odd = 0x1.24924924926e9p-2 +
               w * (0x1.745d17af4ccaap-3 + w * (0x1.111bbb2bbc698p-3 + w * 0x1.e4df3acfdb9a3p-4));
  const double two_thirds = 0x1.5555555555555p-1, two_thirds_rest = 0x1.5555555555555p-55;
  lane_sum series = lane_sum_of(two_thirds, z * (even + z * odd), two_thirds_rest);
  double term = z * series.value;
  double term_rest = lane_product_rest(z, series.value, term) + z * series.rest + z_rest * series.value;
  lane_sum whole = lane_sum_of(2, term, term_rest);
  double part = s * whole.value;
  double part_rest = lane_product_rest(s, whole.value, part) + s * whole.rest + s_rest * whole.value;
  // Of k = 0 the first is zero, and the sum exact.
  lane_sum sum = lane_sum_of(parts.k * 0x1.62e42fefa4p-1, part, part_rest + parts.k * -0x1.8432a1b0e2634p-43);
  return lane_sum_of(sum.value, sum.rest, 0);
}

// Whether x^y, or a factor of its derivative, may be out of the range of what follows.
LANE bool lane_power_is_far(double x, double y) {
  bool normal = x >= 0x1p-1022 && x < INFINITY;
  return !(normal && (fabs(y) + 1) * (fabs(lane_parts_of(x).k) + 1) < 1000);
}

// x^y where it is not far.
LANE double lane_pow(double x, double y) {
  lane_sum logarithm = lane_long_log(x);
  double product = y * logarithm.value;
  double rest = lane_product_rest(y, logarithm.value, product) + y * logarithm.rest;
  lane_power power = lane_power_e(product);
  power.rest += rest * (1 + power.value + power.rest);
  return lane_scaled(power);
}

// As mg_power_slope and mg_power_slope_exponent, where that is not far.
LANE double lane_power_slope(double x, double y, double v) { return v / x * y; }
LANE double lane_power_slope_exponent(double x, double y, double v) {
  (void)y;
  return v * lane_log(x);
}

// As mg_exp2_times.
LANE double lane_exp2_times(double factor, double x, double v) {
  double far = lane_exp2(x - 2) * (4 * factor), near = v * factor;
  return v < INFINITY ? near : far;
}

// As mg_hypot_slope, with the numbers scaled down where v has left the range.
LANE double lane_hypot_slope(double p, double x, double y, double v) {
  const double scale = 0x1p-600;
  double near = p / v, scaled_x = scale * x, scaled_y = scale * y;
  double far = scale * p / lane_sqrt(scaled_x * scaled_x + scaled_y * scaled_y);
  bool is_far = v == INFINITY && fabs(x) < INFINITY && fabs(y) < INFINITY;
  return v == 0 ? 0 : is_far ? far : near;
}
