// The functions that libm lacks or rounds too loosely, and slopes that do not cancel, on plain numbers: everything here
// is within 2 units in the last place of the exact result on its whole domain, where `long double` has 64 bits or more
// (x86-64). Elsewhere some are as good as the platform's libm: mg_special.c says which. Thread-safe; errno is not part
// of what is promised.
#pragma once

#include <math.h>

#include "mg_base.h"

double mg_cbrt(double x);
double mg_exp10(double x);
double mg_sinh(double x);
double mg_cosh(double x);
double mg_tanh(double x);
double mg_asinh(double x);
double mg_acosh(double x);
double mg_atanh(double x);

double mg_erf(double x);
double mg_erfc(double x);
// exp(-x²): a large x loses nothing by the rounding of its square.
double mg_exp_minus_square(double x);

// Γ(x). NaN at negative whole numbers, an infinity of its sign at a zero.
double mg_gamma(double x);
// log |Γ(x)|; infinity at the poles.
double mg_log_gamma(double x);
// ψ(x) = Γ′(x) / Γ(x). Minus infinity at 0, infinity at -0, NaN at negative whole numbers.
double mg_digamma(double x);
// The n-th derivative of digamma, n >= 0; NaN for n < 0.
double mg_polygamma(int n, double x);

// log(x / (1 - x)); infinite at 0 and 1, NaN outside.
double mg_logit(double x);
// log(1 - exp(-x)), x >= 0 (Mächler 2012); minus infinity at 0, NaN below.
double mg_log1mexp(double x);

// x / (1 + exp(-x)), and x times the normal distribution's probability of a number below x.
double mg_silu_value(double x);
double mg_gelu_value(double x);
// The normal distribution: the probability of a number below x.
double mg_normal_cdf(double x);

// 1 - tanh² x, v = tanh x.
static inline double mg_tanh_slope(double x, double v) {
  double square = v * v;
  if (square < 0.5) return 1 - square;
  double e = exp(-2 * fabs(x));
  return 4 * e / ((1 + e) * (1 + e));
}

// s(x) (1 - s(x)) for the logistic function s, v = s(x).
static inline double mg_logistic_slope(double x, double v) {
  if (v < 0.75) return v * (1 - v);
  double e = exp(-x);
  return e / ((1 + e) * (1 + e));
}

// d(x^y)/dx = y x^(y-1), v = x^y: v / x * y costs no second power and does not round the exponent. Where the exponent is
// zero the power is the constant 1, even at x = 0. (The same as mg_power_slope_base without v.)
static inline double mg_power_slope(double x, double y, double v) {
  double quotient = v / x;
  if (MG_LIKELY(isnormal(v) && isnormal(x) && isnormal(quotient))) return quotient * y;
  if (y == 0) return 0;
  double product = v * y;
  return isnormal(v) && isnormal(x) && isnormal(product) ? product / x : y * pow(x, y - 1);
}
