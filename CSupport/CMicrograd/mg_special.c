#include "mg_special.h"

#include <float.h>

// Where `long double` has more digits than double, glibc's functions of it are right to a few of their own last places:
// rounded to double, they are within 0.51 units in the last place.
#if LDBL_MANT_DIG >= 64
typedef long double wide;
static wide wide_erfc(wide x) { return erfcl(x); }
#else
typedef double wide;
static wide wide_erfc(wide x) { return erfc(x); }
#endif

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
  return x < 0.47 ? 1 - erf(x) : (double)wide_erfc(x);
}

double mg_exp_minus_square(double x) {
  double square = x * x;
  if (!(square < 750)) return isnan(x) ? x : 0;
  double power = exp(-square);
  return power - power * fma(x, x, -square);
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

// x / (1 + exp(-u)), u = argument + rest.
static double gated(double x, double argument, double rest) {
  if (argument >= 0) {
    double e = exp(-argument);
    return x / (1 + (e - e * rest));
  }
  if (argument < -708) {
    // exp(u) itself would be left with few digits, or none: e^128 times as large it has all.
    const double scale = 0x1.42eb9f39afb0bp-185, scale_rest = 0x1.11dadd69e8799p-242;
    double e = exp(argument + 128), product = x * e, product_rest = fma(x, e, -product) + product * rest;
    if (product == 0) return product;  // its sign is that of x
    return product * scale + (product_rest * scale + product * scale_rest);
  }
  // x e / (1 + e), with the rounding errors of the product, the sum and the quotient made good.
  double e = exp(argument), e_rest = e * rest, product = x * e, sum = 1 + e, ratio = product / sum;
  double product_rest = fma(x, e, -product) + x * e_rest, sum_rest = e - (sum - 1) + e_rest;
  return ratio + (fma(-ratio, sum, product) + product_rest - ratio * sum_rest) / sum;
}

double mg_silu_value(double x) { return x > -1000 ? gated(x, x, 0) : x * 0; }

// u = 2 sqrt(2 / pi) (x + 0.044715 x^3) as the sum of two numbers: exp(u) has the errors of u |u| times.
double mg_gelu_tanh_value(double x) {
  if (!(fabs(x) < 40)) return x > 0 ? x : x * 0;
  const double bend = 0.044715, scale = 0x1.9884533d43651p+0, scale_rest = -0x1.cbc0d30ebfd15p-54;
  double square = x * x, square_rest = fma(x, x, -square);
  double bent = bend * square, bent_rest = fma(bend, square, -bent) + bend * square_rest;
  double factor = 1 + bent, part = factor - 1, factor_rest = (1 - (factor - part)) + (bent - part) + bent_rest;
  double product = x * factor, product_rest = fma(x, factor, -product) + x * factor_rest;
  double u = scale * product, u_rest = fma(scale, product, -u) + scale * product_rest + scale_rest * product;
  return gated(x, u, u_rest);
}

// erfc(-x / sqrt(2)) / 2 for x < 0, its argument the sum of a number and what rounding took from it.
static wide wide_normal_below(double x) {
  const double root = 0x1.6a09e667f3bcdp-1, root_rest = -0x1.bdd3413b26456p-55;
  double argument = -x * root, rest = fma(-x, root, -argument) - x * root_rest;
  wide sum = argument + (wide)rest, sum_rest = rest - (sum - argument);
  // The derivative of log erfc at large numbers; at small ones the rest is nothing.
  return wide_erfc(sum) * (0.5 - sum * sum_rest);
}

double mg_normal_cdf(double x) {
  if (x >= 0) return 0.5 + 0.5 * erf(x * 0.70710678118654752440);
  return x > -40 ? (double)wide_normal_below(x) : isnan(x) ? x : 0;
}

double mg_gelu_value(double x) {
  if (x >= 0) return x * mg_normal_cdf(x);
  return x > -40 ? (double)(x * wide_normal_below(x)) : x * 0;
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
