// The functions that libm lacks or rounds too loosely, and slopes that do not cancel, on plain numbers. All are within
// 2 units in the last place of the exact result on their whole domain, where libm is glibc's and `long double` has 64
// bits or more (x86-64); elsewhere a few are the platform's own, as said beside them. Thread-safe; errno and the
// floating-point flags are not part of what is promised.
//
// These of glibc are within 2 as they are (Zimmermann et al., "Accuracy of mathematical functions"; measured again
// against 113 bits): exp, exp2, expm1, log, log1p, log2, sin, cos, tan, asin, acos, atan and pow within 1; erf 1.4,
// log10 1.6, atanh 1.8, asinh 1.9, sinh 1.9, cosh 1.9.
#pragma once

#include <float.h>
#include <math.h>

#include "mg_base.h"

// The binary digits of `long double`.
enum { MG_WIDE_DIGITS = LDBL_MANT_DIG };

double mg_cbrt(double x);
double mg_tanh(double x);
double mg_acosh(double x);
// 10^x, exact where that is a whole number.
static inline double mg_exp10(double x) { return pow(10, x); }

// Without a wide `long double` libm's for x above 0.47.
double mg_erfc(double x);
// exp(-x²): a large x loses nothing by the rounding of its square.
double mg_exp_minus_square(double x);

// MARK: Gamma and its relatives (mg_gamma.c, mg_polygamma.c)

// Γ(x): NaN at negative whole numbers, infinite of its sign at either zero. Without a wide `long double` libm's.
double mg_gamma(double x);
// log |Γ(x)|: infinity at the poles and at either infinity. Without a wide `long double` libm's.
double mg_log_gamma(double x);
// Digamma, ψ(x) = Γ′(x) / Γ(x): minus infinity at 0, infinity at -0, NaN at negative whole numbers and minus infinity.
// Without a wide `long double` up to 30 last places off in the doubles that are the nearest to a zero.
double mg_digamma(double x);
// The n-th derivative of digamma, digamma itself for n = 0. At the poles infinite of the sign that it has above them,
// as PyTorch's; NaN for n < 0 and at minus infinity. Within 2 last places up to n = 1000 or so, where n! leaves the
// range.
double mg_polygamma(int n, double x);

// MARK: Logistic and normal

// log(x / (1 - x)): infinite at 0 and 1, NaN outside.
double mg_logit(double x);
// log(1 - exp(-x)), x >= 0 (Mächler 2012): minus infinity at 0, NaN below.
double mg_log1mexp(double x);

// 1 / (1 + exp(-x)), without overflow on either side. Where e is small, e / (1 + e) would round it once too often.
static inline double mg_logistic(double x) {
  double e = exp(-fabs(x));
  if (x >= 0) return 1 / (1 + e);
  double ratio = e / (1 + e);
  return e < 0.25 ? e - e * ratio : ratio;
}

// The normal distribution: the probability of a number below x, and its density.
double mg_normal_cdf(double x);
double mg_normal_pdf(double x);

// MARK: Gates (mg_gates.c)

// x times a gate, and the first and second derivatives of that, to 6 last places (the approximation's to 12), beside
// their zeros too. SiLU is x / (1 + exp(-x)). GELU is x times the probability of a normal number below x; without a
// wide `long double` as good as libm's erfc. Its approximation is x (1 + tanh u) / 2, u = sqrt(2 / pi) (x + 0.044715
// x³) (Hendrycks and Gimpel 2016). NaN at minus infinity, as PyTorch's.
double mg_silu_value(double x);
double mg_silu_first(double x);
double mg_silu_second(double x);
double mg_mish_value(double x), mg_mish_first(double x), mg_mish_second(double x);
double mg_gelu_value(double x);
double mg_gelu_first(double x);
double mg_gelu_second(double x);
double mg_gelu_tanh_value(double x);
double mg_gelu_tanh_first(double x);
double mg_gelu_tanh_second(double x);

// MARK: Slopes

// Of mg_power_slope, and y (y - 1) x^(y - 2), where a number is zero, subnormal, infinite or NaN.
double mg_power_slope_at_limits(double x, double y, double v);
double mg_power_bend_base_at_limits(double x, double y);

// First and second derivatives: to 5 last places, neither NaN nor lost where a square of x is out of range; NaN outside
// of the domain.
static inline double mg_asin_first(double x) { return 1 / sqrt((1 - x) * (1 + x)); }
static inline double mg_asin_second(double x) {
  double rest = (1 - x) * (1 + x);
  return x / (rest * sqrt(rest));
}
static inline double mg_atan_first(double x) { return fabs(x) < 1e9 ? 1 / (1 + x * x) : 1 / x / x; }
static inline double mg_atan_second(double x) {
  double whole = 1 + x * x;
  return fabs(x) < 1e9 ? -2 * x / (whole * whole) : -2 / x / x / x;
}
static inline double mg_asinh_first(double x) { return fabs(x) < 1e9 ? 1 / sqrt(1 + x * x) : 1 / fabs(x); }
static inline double mg_asinh_second(double x) {
  double whole = 1 + x * x;
  return fabs(x) < 1e9 ? -x / (whole * sqrt(whole)) : -1 / fabs(x) / x;
}
static inline double mg_acosh_first(double x) {
  return x >= 1e9 ? 1 / x : x >= 1 ? 1 / sqrt((x - 1) * (x + 1)) : (double)NAN;
}
static inline double mg_acosh_second(double x) {
  double rest = x >= 1 ? (x - 1) * (x + 1) : (double)NAN;
  return x >= 1e9 ? -1 / x / x : -x / (rest * sqrt(rest));
}
static inline double mg_log1mexp_first(double x) {
  return x >= 40 ? exp(-x) : x >= 0 ? 1 / expm1(x) : (double)NAN;
}
static inline double mg_log1mexp_second(double x) {
  double slope = mg_log1mexp_first(x);
  return -slope * (1 + slope);
}
// Infinite at either zero and at 1, NaN outside of these, as PyTorch's.
static inline double mg_logit_first(double x) { return x >= 0 && x <= 1 ? fabs(1 / (x * (1 - x))) : (double)NAN; }
static inline double mg_logit_second(double x) {
  double slope = mg_logit_first(x);
  return (2 * x - 1) * slope * slope;
}
// 2 / sqrt(pi) exp(-x²), and -2 x times that.
static inline double mg_erf_first(double x) { return 1.12837916709551257390 * mg_exp_minus_square(x); }
double mg_erf_second(double x);

// 1 - tanh² x, v = tanh x.
static inline double mg_tanh_slope(double x, double v) {
  double square = v * v;
  if (square < 0.25) return 1 - square;
  double e = exp(-2 * fabs(x));
  return 4 * e / (1 + e * (2 + e));
}

// s(x) (1 - s(x)) for the logistic function s, v = s(x).
static inline double mg_logistic_slope(double x, double v) {
  if (v < 0.75) return v * (1 - v);
  double e = exp(-x);
  return e / (1 + e * (2 + e));
}

// d(x^y)/dx = y x^(y-1), v = x^y: v / x * y costs no second power and does not round the exponent. Where the exponent
// is zero the power is the constant 1, even at x = 0. (What mg_ops.h has without v.)
static inline double mg_power_slope(double x, double y, double v) {
  double quotient = v / x;
  return MG_LIKELY(isnormal(v) && isnormal(quotient) && isfinite(y)) ? quotient * y : mg_power_slope_at_limits(x, y, v);
}
