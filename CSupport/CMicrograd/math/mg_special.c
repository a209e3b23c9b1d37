#include "mg_special.h"

#include "mg_scaled_exp.h"
#include "mg_wide_libm.h"

// libm's, which may be several last places off, with one step of Newton's method; x - y³ by fma.
double mg_cbrt(double x) {
  double magnitude = fabs(x);
  if (!(magnitude > 0 && magnitude < INFINITY)) return x;
  double scale = 1;
  if (magnitude < 0x1p-900 || magnitude > 0x1p900) {  // where x - y³ would leave the range
    x *= magnitude < 1 ? 0x1p300 : 0x1p-300;
    scale = magnitude < 1 ? 0x1p-100 : 0x1p100;
  }
  double y = cbrt(x), square = y * y, cube = square * y;
  double rest = (x - cube) - fma(square, y, -cube) - fma(y, y, -square) * y;
  return (y + rest / (3 * square)) * scale;
}

// Near zero Lambert's continued fraction, tanh x = x / (1 + x² / (3 + x² / (5 + … 15))), as x less a small part of it.
double mg_tanh(double x) {
  if (!(fabs(x) < 0.55)) return tanh(x);
  double z = x * x;
  double above = z * (675675 + z * (45045 + z * (594 + z)));
  double below = 2027025 + z * (945945 + z * (51975 + z * (630 + z)));
  return copysign(x - x * (above / below), x);  // -0 stays
}

// Near one log1p(t + sqrt(t (t + 2))), t = x - 1, with the rounding errors inside of it made good.
double mg_acosh(double x) {
  if (!(x > 1 && x < 1.25)) return acosh(x);
  double t = x - 1, square = fma(t, t, 2 * t), square_rest = fma(t, t, 2 * t - square);
  double root = sqrt(square), root_rest = (fma(-root, root, square) + square_rest) / (2 * root);
  double sum = root + t, sum_rest = t - (sum - root) + root_rest;
  return log1p(sum) + sum_rest / (1 + sum);
}

double mg_erfc(double x) {
  // Above 1/2, 1 - erf(x) rounds but once.
  if (x < 0.47) return 1 - erf(x);
#if MG_WIDE_LIBM
  // glibc's own of double is 5 last places off; this is right to a few of those of its type.
  return (double)erfcl(x);
#else
  return erfc(x);
#endif
}

double mg_exp_minus_square(double x) {
  if (!(fabs(x) < 40)) return isnan(x) ? x : 0;
  return mg_times_exp_minus(1, mg_squared(x));
}

double mg_erf_second(double x) {
  if (!(fabs(x) < 40)) return isnan(x) ? x : 0;
  return mg_times_exp_minus(-2.25675833419102514779 * x, mg_squared(x));
}

double mg_logit(double x) {
  if (!(x >= 0 && x <= 1)) return NAN;
  // Beside 1/2 the differences are exact, and log1p does not cancel.
  if (x < 0.25 || x > 0.75) return log(x / (1 - x));
  return x < 0.5 ? -log1p((1 - 2 * x) / x) : log1p((2 * x - 1) / (1 - x));
}

double mg_log1mexp(double x) {
  if (!(x >= 0)) return NAN;
  return x < 0.69314718055994530942 ? log(-expm1(-x)) : log1p(-exp(-x));
}

double mg_power_slope_at_limits(double x, double y, double v) {
  if (y == 0) return 0;
  if (x == 0 || isinf(x) || isinf(y) || isnan(v)) return y * pow(x, y - 1);
  double product = v * y;
  if (isnormal(v) && isnormal(product)) return product / x;
  // The power itself is out of range or has lost digits; its square root has not.
  double root = pow(fabs(x), 0.5 * y);
  return isnormal(root) ? copysign(1, v) * (root / x * y * root) : y * pow(x, y - 1);
}

double mg_power_bend_base_at_limits(double x, double y) {
  double factor = y * (y - 1), power = pow(x, y - 2);
  if (isnormal(power) || x == 0 || isinf(x) || isinf(y) || isnan(power)) return factor * power;
  double root = pow(fabs(x), 0.5 * y - 1);
  return isnormal(root) ? (x < 0 && fmod(y, 2) != 0 ? -1 : 1) * (root * factor * root) : y * power * (y - 1);
}
