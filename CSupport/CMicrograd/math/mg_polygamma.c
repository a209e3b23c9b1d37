// Digamma and its derivatives. Each is the sum over k >= 0 of (-1)^(n+1) n! (x + k)^-(n+1), n = 0 less log k: terms up
// to the number from where Euler's and Maclaurin's formula gives the rest. (NIST Digital Library of Mathematical
// Functions, 5.11.2, 5.15, 25.11.)
//
// On the negative axis, x = -N + r, |r| <= 1/2, the sum is that over the numbers r + j, j > 0, and over r - j, 0 < j <=
// N, and at r. There digamma and its even derivatives have a zero between any two poles, and digamma has one on the
// positive axis: where the sum comes out small against its terms it is done again with twice the digits. In the middle
// between two poles the terms of an even derivative cancel in pairs, down to those of 1 - x.
#include <float.h>

#include "mg_double_double.h"
#include "mg_special.h"

// Bernoulli's numbers B(2), B(4), …, exactly.
static const double bernoulli[][2] = {
    {1, 6},
    {-1, 30},
    {1, 42},
    {-1, 30},
    {5, 66},
    {-691, 2730},
    {7, 6},
    {-3617, 510},
    {43867, 798},
    {-174611, 330},
    {854513, 138},
    {-236364091, 2730},
    {8553103, 6},
    {-23749461029, 870},
    {8615841276005, 14322},
    {-7709321041217, 510},
    {2577687858367, 6},
};
enum { EXACT_TERMS = 17, WIDE_TERMS = 10 };

static const mg_dd one = {1, 0};

static double rounded(mg_dd x) { return (double)(x.hi + x.lo); }

// Digamma in double-double, x > 0.
static mg_dd exact_digamma_above(mg_dd x) {
  mg_dd sum = {0, 0}, series = {0, 0};
  for (; x.hi < 28; x = mg_dd_add(x, one)) sum = mg_dd_subtract(sum, mg_dd_divide(one, x));
  sum = mg_dd_add(sum, mg_dd_log(x));
  if (x.hi > 0x1p110) return sum;
  mg_dd inverse = mg_dd_divide(one, x), square = mg_dd_multiply(inverse, inverse);
  for (int k = EXACT_TERMS; k > 0; k--) {
    mg_dd coefficient = mg_dd_divide((mg_dd){bernoulli[k - 1][0], 0}, (mg_dd){bernoulli[k - 1][1] * 2 * k, 0});
    series = mg_dd_multiply(mg_dd_add(series, coefficient), square);
  }
  return mg_dd_subtract(mg_dd_subtract(sum, mg_dd_scale(inverse, 0.5)), series);
}

static double exact_digamma(double x) {
  if (x > 0) return rounded(exact_digamma_above((mg_dd){x, 0}));
  mg_wide rest = x - round(x);
  mg_dd below = exact_digamma_above(mg_dd_sum(1, -(mg_wide)x));
  below = mg_dd_subtract(below, exact_digamma_above(mg_dd_sum(1, -rest)));
  mg_dd above = mg_dd_subtract(exact_digamma_above(mg_dd_sum(1, rest)), mg_dd_divide(one, (mg_dd){rest, 0}));
  return rounded(mg_dd_add(below, above));
}

// Hurwitz's zeta function, times scale^s: the sum of (scale / (x + k))^s over k >= 0.
static mg_dd exact_zeta(int s, mg_dd x, mg_wide scale) {
  mg_dd sum = {0, 0}, unit = {scale, 0};
  for (; x.hi < 1.5 * s + 32; x = mg_dd_add(x, one)) {
    sum = mg_dd_add(sum, mg_dd_power(mg_dd_divide(unit, x), s));
  }
  mg_dd inverse = mg_dd_divide(one, x), square = mg_dd_multiply(inverse, inverse);
  mg_dd term = mg_dd_scale(inverse, s), series = {0.5, 0};
  series = mg_dd_add(series, mg_dd_divide(x, (mg_dd){s - 1, 0}));
  for (int k = 1; k <= EXACT_TERMS; k++) {
    // s (s + 1) … (s + 2 k - 2) / (2 k)! x^-(2k-1)
    term = mg_dd_divide(term, (mg_dd){2 * k * (k == 1 ? 1 : 2 * k - 1), 0});
    mg_dd coefficient = mg_dd_divide((mg_dd){bernoulli[k - 1][0], 0}, (mg_dd){bernoulli[k - 1][1], 0});
    series = mg_dd_add(series, mg_dd_multiply(term, coefficient));
    term = mg_dd_scale(mg_dd_multiply(term, square), (mg_wide)(s + 2 * k - 1) * (s + 2 * k));
  }
  return mg_dd_add(sum, mg_dd_multiply(series, mg_dd_power(mg_dd_divide(unit, x), s)));
}

// (-1)^(n+1) n! sum / rest^(n+1)
static double unscaled(int n, mg_wide rest, mg_wide sum) {
  for (int k = 1; k <= n; k++) sum *= k / rest;
  return (double)(((n & 1) ? 1 : -1) * (sum / rest));
}

static double exact_polygamma(int n, double x) {
  int s = n + 1;
  double whole = x > 0 ? 0 : round(x), rest = x - whole;
  mg_dd sum = x > 0 ? exact_zeta(s, (mg_dd){x, 0}, x) : mg_dd_add(one, exact_zeta(s, mg_dd_sum(1, rest), rest));
  if (whole != 0) {
    mg_dd below = exact_zeta(s, mg_dd_sum(1, -rest), rest);
    below = mg_dd_subtract(below, exact_zeta(s, mg_dd_sum(1, -(mg_wide)x), rest));
    sum = mg_dd_add(sum, (s & 1) ? mg_dd_negative(below) : below);
  }
  mg_dd product = sum;
  for (int k = 1; k <= n; k++) product = mg_dd_divide(mg_dd_scale(product, k), (mg_dd){rest, 0});
  // Out of range it is not a number, where that of the plain ones may be one.
  return isnan(product.hi) ? unscaled(n, rest, sum.hi) : (double)(((n & 1) ? 1 : -1) * (product.hi / rest));
}

#if LDBL_MANT_DIG >= 64

static mg_wide wide_digamma_above(mg_wide x) {
  mg_wide sum = 0, series = 0;
  for (; x < 16; x++) sum -= 1 / x;
  mg_wide square = 1 / (x * x);
  for (int k = WIDE_TERMS; k > 0; k--) {
    series = (series + (mg_wide)bernoulli[k - 1][0] / (bernoulli[k - 1][1] * 2 * k)) * square;
  }
  return sum + logl(x) - 0.5L / x - series;
}

#endif

#if LDBL_MANT_DIG >= 64

static mg_wide wide_power(mg_wide x, int n) {
  mg_wide power = 1;
  for (; n != 0; n >>= 1, x *= x) {
    if (n & 1) power *= x;
  }
  return power;
}

static mg_wide wide_zeta(int s, mg_wide x, mg_wide scale) {
  mg_wide sum = 0;
  for (; x < 1.5 * s + 14; x++) {
    mg_wide term = wide_power(scale / x, s);
    sum += term;
    if (fabsl(term) < fabsl(sum) * 0x1p-80L) return sum;
  }
  mg_wide term = s / x, series = x / (s - 1) + 0.5L;
  for (int k = 1; k <= WIDE_TERMS; k++) {
    term /= 2 * k * (k == 1 ? 1 : 2 * k - 1);
    series += term * bernoulli[k - 1][0] / bernoulli[k - 1][1];
    term *= (mg_wide)(s + 2 * k - 1) * (s + 2 * k) / (x * x);
  }
  return sum + series * wide_power(scale / x, s);
}

#endif

// The least part of its terms that a sum of wide numbers may come to.
#define LEAST 0.0625L
// Below it only the pole at 0 counts, above its inverse only the first term of the asymptotic series.
#define TINY 1e-20

double mg_digamma(double x) {
  if (!(x < INFINITY)) return x;
  if (fabs(x) < TINY) return -1 / x;
  mg_wide rest = x > 0 ? 0 : x - round(x);
  if (x < 0 && !(rest != 0)) return NAN;
#if LDBL_MANT_DIG >= 64
  if (x > 0) {
    mg_wide value = wide_digamma_above(x);
    if (fabsl(value) > LEAST) return (double)value;
  } else {
    mg_wide below = wide_digamma_above(1 - (mg_wide)x);
    mg_wide pole = 3.14159265358979323846264338327950288L / tanl(3.14159265358979323846264338327950288L * rest);
    if (fabsl(below - pole) > LEAST * fabsl(below)) return (double)(below - pole);
  }
#endif
  return exact_digamma(x);
}

double mg_polygamma(int n, double x) {
  if (n <= 0) return n == 0 ? mg_digamma(x) : NAN;
  double sign = (n & 1) ? 1 : -1;
  if (isnan(x) || isinf(x)) return x > 0 ? sign * 0 : NAN;
  double whole = x > 0 ? 0 : round(x), rest = x - whole;
  if (rest == 0) return sign * INFINITY;
  if (fabs(x) < TINY) return unscaled(n, x, 1);
  if (x > 1 / TINY) return unscaled(n, x, (mg_wide)x / n);
  if (fabs(rest) == 0.5 && n % 2 == 0 && x < 0) return mg_polygamma(n, 1 - x);
#if LDBL_MANT_DIG >= 64
  int s = n + 1;
  mg_wide sum = x > 0 ? wide_zeta(s, x, x) : 1 + wide_zeta(s, 1 + (mg_wide)rest, rest), below = 0;
  if (whole != 0) {
    below = wide_zeta(s, 1 - (mg_wide)rest, rest) - wide_zeta(s, 1 - (mg_wide)x, rest);
    sum += (s & 1) ? -below : below;
  }
  if (fabsl(sum) > LEAST) return unscaled(n, rest, sum);
#endif
  return exact_polygamma(n, x);
}
