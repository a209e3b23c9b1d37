// Twice the digits of the widest number that the platform computes with, as an unevaluated sum of two of them, hi + lo,
// |lo| at most half of hi's last place: some 128 bits of `long double` where that has 64, 106 where it is a double.
// (Dekker 1971, with Knuth's sum of two.) Overflow and underflow are the caller's to avoid.
#pragma once

#include <float.h>
#include <math.h>
#include <stdint.h>

typedef long double mg_wide;
typedef struct {
  mg_wide hi, lo;
} mg_dd;

// x + y exactly, where |x| >= |y|.
static inline mg_dd mg_dd_fast_sum(mg_wide x, mg_wide y) {
  mg_wide hi = x + y;
  return (mg_dd){hi, y - (hi - x)};
}

// x + y exactly.
static inline mg_dd mg_dd_sum(mg_wide x, mg_wide y) {
  mg_wide hi = x + y, part = hi - x;
  return (mg_dd){hi, (x - (hi - part)) + (y - part)};
}

static inline mg_dd mg_dd_add(mg_dd x, mg_dd y) {
  mg_dd high = mg_dd_sum(x.hi, y.hi), low = mg_dd_sum(x.lo, y.lo);
  high = mg_dd_fast_sum(high.hi, high.lo + low.hi);
  return mg_dd_fast_sum(high.hi, high.lo + low.lo);
}

static inline mg_dd mg_dd_negative(mg_dd x) { return (mg_dd){-x.hi, -x.lo}; }
static inline mg_dd mg_dd_subtract(mg_dd x, mg_dd y) { return mg_dd_add(x, mg_dd_negative(y)); }

// The upper half of the digits of x.
static inline mg_wide mg_dd_upper(mg_wide x) {
#pragma STDC FP_CONTRACT OFF
  mg_wide shifted = x * (mg_wide)((UINT64_C(1) << (LDBL_MANT_DIG + 1) / 2) + 1);
  return shifted - (shifted - x);
}

static inline mg_dd mg_dd_multiply(mg_dd x, mg_dd y) {
#pragma STDC FP_CONTRACT OFF
  mg_wide hi = x.hi * y.hi, x_upper = mg_dd_upper(x.hi), y_upper = mg_dd_upper(y.hi);
  mg_wide x_lower = x.hi - x_upper, y_lower = y.hi - y_upper;
  mg_wide rest = ((x_upper * y_upper - hi) + x_upper * y_lower + x_lower * y_upper) + x_lower * y_lower;
  return mg_dd_fast_sum(hi, rest + (x.hi * y.lo + x.lo * y.hi));
}

static inline mg_dd mg_dd_scale(mg_dd x, mg_wide y) { return mg_dd_multiply(x, (mg_dd){y, 0}); }

static inline mg_dd mg_dd_divide(mg_dd x, mg_dd y) {
  mg_wide first = x.hi / y.hi;
  mg_dd rest = mg_dd_subtract(x, mg_dd_scale(y, first));
  mg_wide second = rest.hi / y.hi;
  rest = mg_dd_subtract(rest, mg_dd_scale(y, second));
  return mg_dd_add(mg_dd_fast_sum(first, second), (mg_dd){rest.hi / y.hi, 0});
}

// x to a whole power, n >= 0.
static inline mg_dd mg_dd_power(mg_dd x, int n) {
  mg_dd power = {1, 0};
  for (; n != 0; n >>= 1, x = mg_dd_multiply(x, x)) {
    if (n & 1) power = mg_dd_multiply(power, x);
  }
  return power;
}

// log x = k log 2 + 2 atanh((m - 1) / (m + 1)), x = 2^k m, m between sqrt(1/2) and sqrt(2).
static inline mg_dd mg_dd_log(mg_dd x) {
  int k;
  if (frexp((double)x.hi, &k) < 0.70710678118654752440) k--;
  mg_dd m = {x.hi * ldexp(1, -k), x.lo * ldexp(1, -k)}, one = {1, 0}, sum = {0, 0};
  mg_dd log2 = mg_dd_add(mg_dd_sum(0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56), (mg_dd){0x1.7b57a079a1934p-111, 0});
  mg_dd z = mg_dd_divide(mg_dd_subtract(m, one), mg_dd_add(m, one)), square = mg_dd_multiply(z, z);
  for (int i = 51; i > 0; i -= 2) sum = mg_dd_add(mg_dd_multiply(sum, square), mg_dd_divide(one, (mg_dd){i, 0}));
  return mg_dd_add(mg_dd_scale(log2, k), mg_dd_scale(mg_dd_multiply(sum, z), 2));
}
