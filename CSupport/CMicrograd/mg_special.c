// Where `long double` has more digits than double, glibc's functions of it are right to a few of their own last places:
// rounded to double, they are within 0.51 units in the last place. Where it has not, the double function is taken.
#define _GNU_SOURCE
#include "mg_special.h"

#include <float.h>

#if LDBL_MANT_DIG >= 64
#define WIDE(function, x) ((double)function##l(x))
#else
#define WIDE(function, x) function(x)
#endif

double mg_cbrt(double x) { return WIDE(cbrt, x); }
double mg_sinh(double x) { return WIDE(sinh, x); }
double mg_cosh(double x) { return WIDE(cosh, x); }
double mg_tanh(double x) { return WIDE(tanh, x); }
double mg_asinh(double x) { return WIDE(asinh, x); }
double mg_acosh(double x) { return WIDE(acosh, x); }
double mg_atanh(double x) { return WIDE(atanh, x); }
double mg_erf(double x) { return WIDE(erf, x); }
double mg_erfc(double x) { return WIDE(erfc, x); }

double mg_exp10(double x) {
#if defined(__APPLE__)
  return __exp10(x);
#elif defined(__GLIBC__)
  return WIDE(exp10, x);
#else
  return pow(10, x);
#endif
}

double mg_exp_minus_square(double x) {
  double square = x * x;
  if (!(square < 750)) return isnan(x) ? x : 0;
  return exp(-square) * (1 - fma(x, x, -square));
}

double mg_logit(double x) {
  if (!(x >= 0 && x <= 1)) return NAN;
  // 1 - 2 x and 1 - x are exact where they are used beside 1/2, and log1p does not cancel.
  if (x < 0.25 || x > 0.75) return log(x / (1 - x));
  return x < 0.5 ? -log1p((1 - 2 * x) / x) : log1p((2 * x - 1) / (1 - x));
}

double mg_log1mexp(double x) {
  if (!(x >= 0)) return NAN;
  return x < 0.69314718055994530942 ? log(-expm1(-x)) : log1p(-exp(-x));
}

double mg_silu_value(double x) {
  double e = exp(-fabs(x));
  if (x > 0) return x / (1 + e);
  // exp(x) keeps its digits below the smallest normal number while it is e^128 times as large.
  return x > -700 ? x * e / (1 + e) : isinf(x) ? -0.0 : x * exp(x + 128) * 2.5722093726424150e-56;
}

double mg_normal_cdf(double x) {
#if LDBL_MANT_DIG >= 64
  return (double)(0.5L * erfcl(-x * 0.707106781186547524400844362104849039L));
#else
  return 0.5 * erfc(-x * 0.70710678118654752440);
#endif
}

double mg_gelu_value(double x) {
  if (x < -40) return isnan(x) ? x : -0.0;
  return x * mg_normal_cdf(x);
}
