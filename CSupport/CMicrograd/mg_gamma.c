// Γ, its logarithm, and the derivatives of that.
#define _GNU_SOURCE
#include <float.h>

#include "mg_special.h"

double mg_gamma(double x) {
#if LDBL_MANT_DIG >= 64
  return (double)tgammal(x);
#else
  return tgamma(x);
#endif
}

double mg_log_gamma(double x) {
  int sign;
#if LDBL_MANT_DIG >= 64
  return (double)lgammal_r(x, &sign);
#else
  return lgamma_r(x, &sign);
#endif
}

// B(2k) / 2k, k = 1 to 10
static const long double bernoulli[] = {
    1.0L / 12, -1.0L / 120, 1.0L / 252, -1.0L / 240, 1.0L / 132, -691.0L / 32760, 1.0L / 12, -3617.0L / 8160,
    43867.0L / 14364, -174611.0L / 6600,
};

static long double digamma_above(long double x) {
  long double sum = 0;
  while (x < 16) sum -= 1 / x++;
  long double inverse = 1 / (x * x), series = 0;
  for (int k = 9; k >= 0; k--) series = (series + bernoulli[k]) * inverse;
  return sum + logl(x) - 0.5L / x - series;
}

// The Hurwitz zeta function: the sum of (a + k)^-s over k >= 0.
static long double zeta(int s, long double a) {
  long double sum = 0;
  while (a < 16 + s) sum += powl(a++, -s);
  long double power = powl(a, -s), term = 1;
  sum += power * (a / (s - 1) + 0.5L);
  for (int k = 0; k < 10; k++) {
    term *= k == 0 ? s / a : (s + 2 * k - 1) * (s + 2 * k) / (a * a) / ((2 * k) * (2 * k + 1));
    sum += power * term * bernoulli[k];
  }
  return sum;
}

double mg_digamma(double x) {
  if (x > 0) return isinf(x) ? x : (double)digamma_above(x);
  if (x == 0) return -copysign(INFINITY, x);
  double whole = round(x), rest = x - whole;
  if (!(rest != 0)) return NAN;
  return (double)(digamma_above(1 - (long double)x) - digamma_above(1 - (long double)rest) +
                  digamma_above(1 + (long double)rest) - 1 / (long double)rest);
}

double mg_polygamma(int n, double x) {
  if (n <= 0) return n == 0 ? mg_digamma(x) : NAN;
  int s = n + 1;
  long double factorial = (n & 1) ? 1 : -1, sum;
  for (int k = 2; k <= n; k++) factorial *= k;
  if (x > 0) {
    if (isinf(x)) return (double)(factorial * 0);
    sum = zeta(s, x);
  } else {
    double whole = round(x), rest = x - whole;
    if (isnan(x) || isinf(x)) return NAN;
    if (rest == 0) return (n & 1) ? INFINITY : NAN;
    sum = powl(rest, -s) + zeta(s, 1 + (long double)rest);
    if (whole != 0) {
      long double below = zeta(s, 1 - (long double)rest) - zeta(s, 1 - (long double)x);
      sum += (s & 1) ? -below : below;
    }
  }
  return (double)(factorial * sum);
}
