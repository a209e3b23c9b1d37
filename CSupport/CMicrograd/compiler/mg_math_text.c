// The text of the functions that the op table calls beside libm. Written by .ci/math-text from the files that define
// them: change those, then run make math-text.
#include "mg_math_text.h"

const mg_math_text mg_math_texts[] = {
  {"mg_carried", "",
   "// An adjoint or a tangent times a slope.\n"
   "static double mg_carried(double d, double slope) { return d == 0 || slope == 0 ? 0 : d * slope; }\n"},
  {"mg_exponentials", "",
   "typedef struct {\n"
   "  int64_t top;  // the first of the largest\n"
   "  double most;  // x[top]; minus infinity of no numbers\n"
   "  double rest;  // Σ exp(x[j] - most) of all others\n"
   "} mg_exponentials;\n"},
  {"total", "",
   "// Adds up with what each addition rounds off (Neumaier 1974).\n"
   "typedef struct {\n"
   "  double sum, rest;\n"
   "} total;\n"},
  {"add", "2",
   "static void add(total *t, double x) {\n"
   "  double sum = t->sum + x;\n"
   "  t->rest += fabs(t->sum) >= fabs(x) ? t->sum - sum + x : x - sum + t->sum;\n"
   "  t->sum = sum;\n"
   "}\n"},
  {"result", "2",
   "static double result(total t) { return isfinite(t.sum) ? t.sum + t.rest : t.sum; }\n"},
  {"exponential", "",
   "// exp(x - top), x at most the top, with what the difference rounds off (Knuth's sum of two).\n"
   "static double exponential(double x, double top) {\n"
   "  double difference = x - top;\n"
   "  if (difference < -746) return 0;\n"
   "  double part = difference - x, rest = (x - (difference - part)) - (top + part);\n"
   "  double e = exp(difference);\n"
   "  return e + e * rest;\n"
   "}\n"},
  {"mg_softmax", "1 2 3 4 5",
   "static mg_exponentials mg_softmax(const double *x, double *p, int64_t count) {\n"
   "  int64_t top = 0;\n"
   "  for (int64_t j = 1; j < count; j++)\n"
   "    if (x[j] > x[top] || x[j] != x[j]) top = j;\n"
   "  double most = count > 0 ? x[top] : -INFINITY;\n"
   "  total others = {0, 0};\n"
   "  for (int64_t j = 0; j < count; j++) {\n"
   "    if (j == top) continue;\n"
   "    double e = exponential(x[j], most);\n"
   "    add(&others, e);\n"
   "    if (p) p[j] = e;\n"
   "  }\n"
   "  double rest = most > -INFINITY || (most == most && count == 1) ? result(others) : (double)NAN;\n"
   "  if (p && count > 0) {\n"
   "    p[top] = isinf(most) && count > 1 ? (double)NAN : 1;\n"
   "    double whole = 1 + rest;\n"
   "    for (int64_t j = 0; j < count; j++) p[j] /= whole;\n"
   "  }\n"
   "  return (mg_exponentials){top, most, rest};\n"
   "}\n"},
  {"mg_log_sum_exp_of", "1",
   "static double mg_log_sum_exp_of(mg_exponentials e) { return isinf(e.most) ? e.most : e.most + log1p(e.rest); }\n"},
  {"mg_log_sum_exp_less", "1",
   "static double mg_log_sum_exp_less(mg_exponentials e, double x) { return log1p(e.rest) + (x == e.most ? 0 : e.most - x); }\n"},
  {"mg_softmax_top", "",
   "static int64_t mg_softmax_top(const double *p, int64_t count) {\n"
   "  int64_t top = 0;\n"
   "  for (int64_t j = 1; j < count; j++)\n"
   "    if (p[j] > p[top]) top = j;\n"
   "  return top;\n"
   "}\n"},
  {"mg_centered", "",
   "// s[k] - Σ p s for numbers s. An infinite one meets no p that is zero.\n"
   "typedef struct {\n"
   "  double top, shift, mean;\n"
   "} mg_centered;\n"},
  {"mg_softmax_centered", "0 10 2 3 4",
   "static mg_centered mg_softmax_centered(const double *p, int64_t top, const double *s, int64_t count) {\n"
   "  total shift = {0, 0};\n"
   "  double mean = 0;\n"
   "  for (int64_t j = 0; j < count; j++) {\n"
   "    mean += mg_carried(s[j], p[j]);\n"
   "    if (j != top) add(&shift, mg_carried(s[j] - s[top], p[j]));\n"
   "  }\n"
   "  return (mg_centered){s[top], result(shift), mean};\n"
   "}\n"},
  {"mg_centered_at", "10",
   "static double mg_centered_at(mg_centered c, double s) {\n"
   "  double centered = s - c.top - c.shift;\n"
   "  return (centered == centered) ? centered : s - c.mean;\n"
   "}\n"},
  {"mg_less_share", "",
   "// s[k] - p[k] Σ s.\n"
   "typedef struct {\n"
   "  double sum;     // Σ s\n"
   "  double at_top;  // the result there\n"
   "} mg_less_share;\n"},
  {"mg_softmax_others", "2 3 4",
   "static double mg_softmax_others(const double *p, int64_t k, int64_t count) {\n"
   "  total others = {0, 0};\n"
   "  for (int64_t j = 0; j < count; j++)\n"
   "    if (j != k) add(&others, p[j]);\n"
   "  return result(others);\n"
   "}\n"},
  {"mg_softmax_less_share", "0 13 2 3 4 14",
   "static mg_less_share mg_softmax_less_share(const double *p, int64_t top, const double *s, int64_t count) {\n"
   "  total others = {0, 0};\n"
   "  for (int64_t j = 0; j < count; j++)\n"
   "    if (j != top) add(&others, s[j]);\n"
   "  double rest = result(others), sum = rest + s[top];\n"
   "  // Of two forms the one with the smaller terms.\n"
   "  double at_top = fabs(s[top]) < fabs(rest) ? s[top] - mg_carried(sum, p[top])\n"
   "                                            : mg_carried(sum, mg_softmax_others(p, top, count)) - rest;\n"
   "  return (mg_less_share){sum, at_top};\n"
   "}\n"},
  {"mg_less_share_at", "0 13",
   "static double mg_less_share_at(mg_less_share l, int64_t top, const double *p, const double *s, int64_t k) {\n"
   "  if (k == top) return l.at_top;\n"
   "  double less = s[k] - mg_carried(l.sum, p[k]);\n"
   "  return (less != less) && s[k] == l.sum ? s[k] * (1 - p[k]) : less;  // both are infinite\n"
   "}\n"},
  {"mg_root_of_squares", "",
   "// sqrt(Σ x²) of `count` numbers, added in order. Where the sum has left the range, or lost digits, it is that of the numbers\n"
   "// divided by the largest. NaN if one is NaN, else infinity if one is infinite.\n"
   "static double mg_root_of_squares(const double *x, int64_t count) {\n"
   "  double sum = 0, most = 0, parts = 0;\n"
   "  for (int64_t k = 0; k < count; k++) sum += x[k] * x[k];\n"
   "  if ((sum > 0x1p-960 && sum < INFINITY) || sum != sum) return sqrt(sum);\n"
   "  for (int64_t k = 0; k < count; k++) most = fabs(x[k]) > most ? fabs(x[k]) : most;\n"
   "  if (most == 0 || most == INFINITY) return most;\n"
   "  for (int64_t k = 0; k < count; k++) parts += x[k] / most * (x[k] / most);\n"
   "  return most * sqrt(parts);\n"
   "}\n"},
  {"mg_power_slope_at_limits", "",
   "static double mg_power_slope_at_limits(double x, double y, double v) {\n"
   "  if (y == 0) return 0;\n"
   "  if (x == 0 || isinf(x) || isinf(y) || isnan(v)) return y * pow(x, y - 1);\n"
   "  double product = v * y;\n"
   "  if (isnormal(v) && isnormal(product)) return product / x;\n"
   "  // The power itself is out of range or has lost digits; its square root has not.\n"
   "  double root = pow(fabs(x), 0.5 * y);\n"
   "  return isnormal(root) ? copysign(1, v) * (root / x * y * root) : y * pow(x, y - 1);\n"
   "}\n"},
  {"mg_power_slope", "18",
   "// d(x^y)/dx = y x^(y-1), v = x^y: v / x * y costs no second power and does not round the exponent. Where the exponent\n"
   "// is zero the power is the constant 1, even at x = 0.\n"
   "static double mg_power_slope(double x, double y, double v) {\n"
   "  double quotient = v / x;\n"
   "  return (isnormal(v) && isnormal(quotient) && isfinite(y)) ? quotient * y : mg_power_slope_at_limits(x, y, v);\n"
   "}\n"},
  {"mg_power_times", "",
   "// factor * x^y, v = x^y: by its root where v has left the range, or lost digits, and the product perhaps has not.\n"
   "static double mg_power_times(double factor, double x, double y, double v) {\n"
   "  if ((isnormal(v)) || x == 0 || isinf(x)) return v * factor;\n"
   "  double root = pow(x, 0.5 * y);\n"
   "  return root * factor * root;\n"
   "}\n"},
  {"mg_power_slope_exponent", "20",
   "// d(x^y)/dy, v = x^y. At x = 0 and y >= 0 the power does not depend on y from the right; log(0) is not met.\n"
   "static double mg_power_slope_exponent(double x, double y, double v) {\n"
   "  return x == 0 && y >= 0 ? 0 : mg_power_times(log(x), x, y, v);\n"
   "}\n"},
  {"mg_power_bend_base_at_limits", "",
   "static double mg_power_bend_base_at_limits(double x, double y) {\n"
   "  double factor = y * (y - 1), power = pow(x, y - 2);\n"
   "  if (isnormal(power) || x == 0 || isinf(x) || isinf(y) || isnan(power)) return factor * power;\n"
   "  double root = pow(fabs(x), 0.5 * y - 1);\n"
   "  return isnormal(root) ? (x < 0 && fmod(y, 2) != 0 ? -1 : 1) * (root * factor * root) : y * power * (y - 1);\n"
   "}\n"},
  {"mg_power_bend_base", "22",
   "// The second derivatives of x^y. That by the base is 0 where the power is linear in it.\n"
   "static double mg_power_bend_base(double x, double y, double v) {\n"
   "  if (y == 0 || y == 1) return 0;\n"
   "  return isnormal(x) && isnormal(v) ? y * (y - 1) * (v / x / x) : mg_power_bend_base_at_limits(x, y);\n"
   "}\n"},
  {"mg_power_bend_both", "20",
   "static double mg_power_bend_both(double x, double y, double v) {\n"
   "  if (x == 0 && y > 1) return 0;\n"
   "  double factor = 1 + y * log(x);\n"
   "  if (isnormal(x) && isnormal(v)) return v / x * factor;\n"
   "  return mg_power_times(factor, x, y - 1, pow(x, y - 1));\n"
   "}\n"},
  {"mg_power_bend_exponent", "20",
   "static double mg_power_bend_exponent(double x, double y, double v) {\n"
   "  return x == 0 && y >= 0 ? 0 : mg_power_times(log(x) * log(x), x, y, v);\n"
   "}\n"},
  {"mg_hypot_slope", "",
   "// The derivatives of hypot(x, y) = v: p / v, and p q / v³ for the product p q of two of them; 0 at the origin. Where v has\n"
   "// left the range, that of their halves has not.\n"
   "static double mg_hypot_slope(double p, double x, double y, double v) {\n"
   "  if (v == 0) return 0;\n"
   "  return v < INFINITY || isinf(x) || isinf(y) ? p / v : 0.5 * p / hypot(0.5 * x, 0.5 * y);\n"
   "}\n"},
  {"mg_hypot_bend", "",
   "static double mg_hypot_bend(double p, double q, double x, double y, double v) {\n"
   "  if (v == 0) return 0;\n"
   "  if (v < INFINITY || isinf(x) || isinf(y)) return p / v * (q / v) / v;\n"
   "  double half = hypot(0.5 * x, 0.5 * y);\n"
   "  return 0.5 * p / half * (0.5 * q / half) / half * 0.5;\n"
   "}\n"},
  {"mg_angle_slope", "",
   "// The derivatives of atan2(x, y): p / r² and p q / r⁴ for r² = x² + y², without overflow; 0 at the origin.\n"
   "static double mg_angle_slope(double p, double x, double y) {\n"
   "  double r = hypot(x, y);\n"
   "  return r == 0 ? 0 : p / r / r;\n"
   "}\n"},
  {"mg_angle_bend", "",
   "static double mg_angle_bend(double p, double q, double x, double y) {\n"
   "  double r = hypot(x, y);\n"
   "  return r == 0 ? 0 : p / r * (q / r) / r / r;\n"
   "}\n"},
  {"mg_wide", "",
   "typedef long double mg_wide;\n"},
  {"unscaled", "30",
   "// (-1)^(n+1) n! sum / rest^(n+1)\n"
   "static double unscaled(int n, mg_wide rest, mg_wide sum) {\n"
   "  for (int k = 1; k <= n; k++) sum *= k / rest;\n"
   "  return (double)(((n & 1) ? 1 : -1) * (sum / rest));\n"
   "}\n"},
  {"mg_dd", "30",
   "typedef struct {\n"
   "  mg_wide hi, lo;\n"
   "} mg_dd;\n"},
  {"mg_dd_sum", "30 32",
   "// x + y exactly.\n"
   "static mg_dd mg_dd_sum(mg_wide x, mg_wide y) {\n"
   "  mg_wide hi = x + y, part = hi - x;\n"
   "  return (mg_dd){hi, (x - (hi - part)) + (y - part)};\n"
   "}\n"},
  {"mg_dd_fast_sum", "30 32",
   "// x + y exactly, where |x| >= |y|.\n"
   "static mg_dd mg_dd_fast_sum(mg_wide x, mg_wide y) {\n"
   "  mg_wide hi = x + y;\n"
   "  return (mg_dd){hi, y - (hi - x)};\n"
   "}\n"},
  {"mg_dd_add", "32 34 33",
   "static mg_dd mg_dd_add(mg_dd x, mg_dd y) {\n"
   "  mg_dd high = mg_dd_sum(x.hi, y.hi), low = mg_dd_sum(x.lo, y.lo);\n"
   "  high = mg_dd_fast_sum(high.hi, high.lo + low.hi);\n"
   "  return mg_dd_fast_sum(high.hi, high.lo + low.lo);\n"
   "}\n"},
  {"mg_dd_negative", "32",
   "static mg_dd mg_dd_negative(mg_dd x) { return (mg_dd){-x.hi, -x.lo}; }\n"},
  {"mg_dd_subtract", "32 35 36",
   "static mg_dd mg_dd_subtract(mg_dd x, mg_dd y) { return mg_dd_add(x, mg_dd_negative(y)); }\n"},
  {"mg_dd_upper", "30",
   "// The upper half of the digits of x.\n"
   "static mg_wide mg_dd_upper(mg_wide x) {\n"
   "  mg_wide shifted = x * (mg_wide)((UINT64_C(1) << (LDBL_MANT_DIG + 1) / 2) + 1);\n"
   "  return shifted - (shifted - x);\n"
   "}\n"},
  {"mg_dd_multiply", "30 32 34 38",
   "static mg_dd mg_dd_multiply(mg_dd x, mg_dd y) {\n"
   "  mg_wide hi = x.hi * y.hi, x_upper = mg_dd_upper(x.hi), y_upper = mg_dd_upper(y.hi);\n"
   "  mg_wide x_lower = x.hi - x_upper, y_lower = y.hi - y_upper;\n"
   "  mg_wide rest = ((x_upper * y_upper - hi) + x_upper * y_lower + x_lower * y_upper) + x_lower * y_lower;\n"
   "  return mg_dd_fast_sum(hi, rest + (x.hi * y.lo + x.lo * y.hi));\n"
   "}\n"},
  {"mg_dd_scale", "30 32 39",
   "static mg_dd mg_dd_scale(mg_dd x, mg_wide y) { return mg_dd_multiply(x, (mg_dd){y, 0}); }\n"},
  {"mg_dd_divide", "30 32 34 35 37 40",
   "static mg_dd mg_dd_divide(mg_dd x, mg_dd y) {\n"
   "  mg_wide first = x.hi / y.hi;\n"
   "  mg_dd rest = mg_dd_subtract(x, mg_dd_scale(y, first));\n"
   "  mg_wide second = rest.hi / y.hi;\n"
   "  rest = mg_dd_subtract(rest, mg_dd_scale(y, second));\n"
   "  return mg_dd_add(mg_dd_fast_sum(first, second), (mg_dd){rest.hi / y.hi, 0});\n"
   "}\n"},
  {"one", "32",
   "static const mg_dd one = {1, 0};\n"},
  {"mg_dd_power", "32 39",
   "// x to a whole power, n >= 0.\n"
   "static mg_dd mg_dd_power(mg_dd x, int n) {\n"
   "  mg_dd power = {1, 0};\n"
   "  for (; n != 0; n >>= 1, x = mg_dd_multiply(x, x)) {\n"
   "    if (n & 1) power = mg_dd_multiply(power, x);\n"
   "  }\n"
   "  return power;\n"
   "}\n"},
  {"bernoulli", "",
   "// Bernoulli's numbers B(2), B(4), …, exactly.\n"
   "static const double bernoulli[][2] = {\n"
   "    {1, 6},\n"
   "    {-1, 30},\n"
   "    {1, 42},\n"
   "    {-1, 30},\n"
   "    {5, 66},\n"
   "    {-691, 2730},\n"
   "    {7, 6},\n"
   "    {-3617, 510},\n"
   "    {43867, 798},\n"
   "    {-174611, 330},\n"
   "    {854513, 138},\n"
   "    {-236364091, 2730},\n"
   "    {8553103, 6},\n"
   "    {-23749461029, 870},\n"
   "    {8615841276005, 14322},\n"
   "    {-7709321041217, 510},\n"
   "    {2577687858367, 6},\n"
   "};\n"},
  {"EXACT_TERMS WIDE_TERMS", "",
   "enum { EXACT_TERMS = 17, WIDE_TERMS = 10 };\n"},
  {"exact_zeta", "30 32 35 39 40 41 43 44 45 42",
   "// Hurwitz's zeta function, times scale^s: the sum of (scale / (x + k))^s over k >= 0.\n"
   "static mg_dd exact_zeta(int s, mg_dd x, mg_wide scale) {\n"
   "  mg_dd sum = {0, 0}, unit = {scale, 0};\n"
   "  for (; x.hi < 1.5 * s + 32; x = mg_dd_add(x, one)) {\n"
   "    sum = mg_dd_add(sum, mg_dd_power(mg_dd_divide(unit, x), s));\n"
   "  }\n"
   "  mg_dd inverse = mg_dd_divide(one, x), square = mg_dd_multiply(inverse, inverse);\n"
   "  mg_dd term = mg_dd_scale(inverse, s), series = {0.5, 0};\n"
   "  series = mg_dd_add(series, mg_dd_divide(x, (mg_dd){s - 1, 0}));\n"
   "  for (int k = 1; k <= EXACT_TERMS; k++) {\n"
   "    // s (s + 1) … (s + 2 k - 2) / (2 k)! x^-(2k-1)\n"
   "    term = mg_dd_divide(term, (mg_dd){2 * k * (k == 1 ? 1 : 2 * k - 1), 0});\n"
   "    mg_dd coefficient = mg_dd_divide((mg_dd){bernoulli[k - 1][0], 0}, (mg_dd){bernoulli[k - 1][1], 0});\n"
   "    series = mg_dd_add(series, mg_dd_multiply(term, coefficient));\n"
   "    term = mg_dd_scale(mg_dd_multiply(term, square), (mg_wide)(s + 2 * k - 1) * (s + 2 * k));\n"
   "  }\n"
   "  return mg_dd_add(sum, mg_dd_multiply(series, mg_dd_power(mg_dd_divide(unit, x), s)));\n"
   "}\n"},
  {"exact_polygamma", "30 32 33 35 36 37 40 41 42 46 31",
   "static double exact_polygamma(int n, double x) {\n"
   "  int s = n + 1;\n"
   "  double whole = x > 0 ? 0 : round(x), rest = x - whole;\n"
   "  mg_dd sum = x > 0 ? exact_zeta(s, (mg_dd){x, 0}, x) : mg_dd_add(one, exact_zeta(s, mg_dd_sum(1, rest), rest));\n"
   "  if (whole != 0) {\n"
   "    mg_dd below = exact_zeta(s, mg_dd_sum(1, -rest), rest);\n"
   "    below = mg_dd_subtract(below, exact_zeta(s, mg_dd_sum(1, -(mg_wide)x), rest));\n"
   "    sum = mg_dd_add(sum, (s & 1) ? mg_dd_negative(below) : below);\n"
   "  }\n"
   "  mg_dd product = sum;\n"
   "  for (int k = 1; k <= n; k++) product = mg_dd_divide(mg_dd_scale(product, k), (mg_dd){rest, 0});\n"
   "  // Out of range it is not a number, where that of the plain ones may be one.\n"
   "  return isnan(product.hi) ? unscaled(n, rest, sum.hi) : (double)(((n & 1) ? 1 : -1) * (product.hi / rest));\n"
   "}\n"},
  {"wide_power wide_zeta", "30 44 45",
   "#if LDBL_MANT_DIG >= 64\n"
   "\n"
   "static mg_wide wide_power(mg_wide x, int n) {\n"
   "  mg_wide power = 1;\n"
   "  for (; n != 0; n >>= 1, x *= x) {\n"
   "    if (n & 1) power *= x;\n"
   "  }\n"
   "  return power;\n"
   "}\n"
   "\n"
   "static mg_wide wide_zeta(int s, mg_wide x, mg_wide scale) {\n"
   "  mg_wide sum = 0;\n"
   "  for (; x < 1.5 * s + 14; x++) {\n"
   "    mg_wide term = wide_power(scale / x, s);\n"
   "    sum += term;\n"
   "    if (fabsl(term) < fabsl(sum) * 0x1p-80L) return sum;\n"
   "  }\n"
   "  mg_wide term = s / x, series = x / (s - 1) + 0.5L;\n"
   "  for (int k = 1; k <= WIDE_TERMS; k++) {\n"
   "    term /= 2 * k * (k == 1 ? 1 : 2 * k - 1);\n"
   "    series += term * bernoulli[k - 1][0] / bernoulli[k - 1][1];\n"
   "    term *= (mg_wide)(s + 2 * k - 1) * (s + 2 * k) / (x * x);\n"
   "  }\n"
   "  return sum + series * wide_power(scale / x, s);\n"
   "}\n"
   "\n"
   "#endif\n"},
  {"LEAST", "",
   "// The least part of its terms that a sum of wide numbers may come to.\n"
   "#define LEAST 0.0625L\n"},
  {"TINY", "",
   "// Below it only the pole at 0 counts, above its inverse only the first term of the asymptotic series.\n"
   "#define TINY 1e-20\n"},
  {"rounded", "32",
   "static double rounded(mg_dd x) { return (double)(x.hi + x.lo); }\n"},
  {"mg_dd_log", "32 33 35 37 39 40 41",
   "// log x = k log 2 + 2 atanh((m - 1) / (m + 1)), x = 2^k m, m between sqrt(1/2) and sqrt(2).\n"
   "static mg_dd mg_dd_log(mg_dd x) {\n"
   "  int k;\n"
   "  if (frexp((double)x.hi, &k) < 0.70710678118654752440) k--;\n"
   "  mg_dd m = {x.hi * ldexp(1, -k), x.lo * ldexp(1, -k)}, one = {1, 0}, sum = {0, 0};\n"
   "  mg_dd log2 = mg_dd_add(mg_dd_sum(0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56), (mg_dd){0x1.7b57a079a1934p-111, 0});\n"
   "  mg_dd z = mg_dd_divide(mg_dd_subtract(m, one), mg_dd_add(m, one)), square = mg_dd_multiply(z, z);\n"
   "  for (int i = 51; i > 0; i -= 2) sum = mg_dd_add(mg_dd_multiply(sum, square), mg_dd_divide(one, (mg_dd){i, 0}));\n"
   "  return mg_dd_add(mg_dd_scale(log2, k), mg_dd_scale(mg_dd_multiply(sum, z), 2));\n"
   "}\n"},
  {"exact_digamma_above", "32 35 37 39 40 41 52 44 45 42",
   "// Digamma in double-double, x > 0.\n"
   "static mg_dd exact_digamma_above(mg_dd x) {\n"
   "  mg_dd sum = {0, 0}, series = {0, 0};\n"
   "  for (; x.hi < 28; x = mg_dd_add(x, one)) sum = mg_dd_subtract(sum, mg_dd_divide(one, x));\n"
   "  sum = mg_dd_add(sum, mg_dd_log(x));\n"
   "  if (x.hi > 0x1p110) return sum;\n"
   "  mg_dd inverse = mg_dd_divide(one, x), square = mg_dd_multiply(inverse, inverse);\n"
   "  for (int k = EXACT_TERMS; k > 0; k--) {\n"
   "    mg_dd coefficient = mg_dd_divide((mg_dd){bernoulli[k - 1][0], 0}, (mg_dd){bernoulli[k - 1][1] * 2 * k, 0});\n"
   "    series = mg_dd_multiply(mg_dd_add(series, coefficient), square);\n"
   "  }\n"
   "  return mg_dd_subtract(mg_dd_subtract(sum, mg_dd_scale(inverse, 0.5)), series);\n"
   "}\n"},
  {"exact_digamma", "30 32 33 35 37 41 42 51 53",
   "static double exact_digamma(double x) {\n"
   "  if (x > 0) return rounded(exact_digamma_above((mg_dd){x, 0}));\n"
   "  mg_wide rest = x - round(x);\n"
   "  mg_dd below = exact_digamma_above(mg_dd_sum(1, -(mg_wide)x));\n"
   "  below = mg_dd_subtract(below, exact_digamma_above(mg_dd_sum(1, -rest)));\n"
   "  mg_dd above = mg_dd_subtract(exact_digamma_above(mg_dd_sum(1, rest)), mg_dd_divide(one, (mg_dd){rest, 0}));\n"
   "  return rounded(mg_dd_add(below, above));\n"
   "}\n"},
  {"wide_digamma_above", "30 44 45",
   "#if LDBL_MANT_DIG >= 64\n"
   "\n"
   "static mg_wide wide_digamma_above(mg_wide x) {\n"
   "  mg_wide sum = 0, series = 0;\n"
   "  for (; x < 16; x++) sum -= 1 / x;\n"
   "  mg_wide square = 1 / (x * x);\n"
   "  for (int k = WIDE_TERMS; k > 0; k--) {\n"
   "    series = (series + (mg_wide)bernoulli[k - 1][0] / (bernoulli[k - 1][1] * 2 * k)) * square;\n"
   "  }\n"
   "  return sum + logl(x) - 0.5L / x - series;\n"
   "}\n"
   "\n"
   "#endif\n"},
  {"mg_digamma", "30 54 55 49 50",
   "static double mg_digamma(double x) {\n"
   "  if (!(x < INFINITY)) return x;\n"
   "  if (fabs(x) < TINY) return -1 / x;\n"
   "  mg_wide rest = x > 0 ? 0 : x - round(x);\n"
   "  if (x < 0 && !(rest != 0)) return NAN;\n"
   "#if LDBL_MANT_DIG >= 64\n"
   "  if (x > 0) {\n"
   "    mg_wide value = wide_digamma_above(x);\n"
   "    if (fabsl(value) > LEAST) return (double)value;\n"
   "  } else {\n"
   "    mg_wide below = wide_digamma_above(1 - (mg_wide)x);\n"
   "    mg_wide pole = 3.14159265358979323846264338327950288L / tanl(3.14159265358979323846264338327950288L * rest);\n"
   "    if (fabsl(below - pole) > LEAST * fabsl(below)) return (double)(below - pole);\n"
   "  }\n"
   "#endif\n"
   "  return exact_digamma(x);\n"
   "}\n"},
  {"mg_polygamma", "30 31 47 48 49 50 56",
   "static double mg_polygamma(int n, double x) {\n"
   "  if (n <= 0) return n == 0 ? mg_digamma(x) : NAN;\n"
   "  double sign = (n & 1) ? 1 : -1;\n"
   "  if (isnan(x) || isinf(x)) return x > 0 ? sign * 0 : NAN;\n"
   "  double whole = x > 0 ? 0 : round(x), rest = x - whole;\n"
   "  if (rest == 0) return sign * INFINITY;\n"
   "  if (fabs(x) < TINY) return unscaled(n, x, 1);\n"
   "  if (x > 1 / TINY) return unscaled(n, x, (mg_wide)x / n);\n"
   "  if (fabs(rest) == 0.5 && n % 2 == 0 && x < 0) return mg_polygamma(n, 1 - x);\n"
   "#if LDBL_MANT_DIG >= 64\n"
   "  int s = n + 1;\n"
   "  mg_wide sum = x > 0 ? wide_zeta(s, x, x) : 1 + wide_zeta(s, 1 + (mg_wide)rest, rest), below = 0;\n"
   "  if (whole != 0) {\n"
   "    below = wide_zeta(s, 1 - (mg_wide)rest, rest) - wide_zeta(s, 1 - (mg_wide)x, rest);\n"
   "    sum += (s & 1) ? -below : below;\n"
   "  }\n"
   "  if (fabsl(sum) > LEAST) return unscaled(n, rest, sum);\n"
   "#endif\n"
   "  return exact_polygamma(n, x);\n"
   "}\n"},
  {"mg_polygamma_of", "57",
   "// The order of a polygamma is a constant of the op; NaN for what is none.\n"
   "static double mg_polygamma_of(double order, double x) {\n"
   "  return order >= 0 && order < 1 << 21 ? mg_polygamma((int)order, x) : (double)NAN;\n"
   "}\n"},
  {"mg_cbrt", "",
   "// libm's, which may be several last places off, with one step of Newton's method; x - y³ by fma.\n"
   "static double mg_cbrt(double x) {\n"
   "  double magnitude = fabs(x);\n"
   "  if (!(magnitude > 0 && magnitude < INFINITY)) return x;\n"
   "  double scale = 1;\n"
   "  if (magnitude < 0x1p-900 || magnitude > 0x1p900) {  // where x - y³ would leave the range\n"
   "    x *= magnitude < 1 ? 0x1p300 : 0x1p-300;\n"
   "    scale = magnitude < 1 ? 0x1p-100 : 0x1p100;\n"
   "  }\n"
   "  double y = cbrt(x), square = y * y, cube = square * y;\n"
   "  double rest = (x - cube) - fma(square, y, -cube) - fma(y, y, -square) * y;\n"
   "  return (y + rest / (3 * square)) * scale;\n"
   "}\n"},
  {"mg_exp2_times", "",
   "// factor * 2^x, v = 2^x, for a factor from 1/4 to 1: in range up to a larger x than v is.\n"
   "static double mg_exp2_times(double factor, double x, double v) {\n"
   "  return v < INFINITY ? v * factor : exp2(x - 2) * (4 * factor);\n"
   "}\n"},
  {"MG_LN_2", "",
   "#define MG_LN_2 0.69314718055994530942\n"},
  {"mg_exp10", "",
   "// 10^x, exact where that is a whole number.\n"
   "static double mg_exp10(double x) { return pow(10, x); }\n"},
  {"MG_LN_10", "",
   "#define MG_LN_10 2.30258509299404568402\n"},
  {"mg_log1mexp", "",
   "static double mg_log1mexp(double x) {\n"
   "  if (!(x >= 0)) return NAN;\n"
   "  return x < 0.69314718055994530942 ? log(-expm1(-x)) : log1p(-exp(-x));\n"
   "}\n"},
  {"mg_log1mexp_first", "",
   "static double mg_log1mexp_first(double x) {\n"
   "  return x >= 40 ? exp(-x) : x >= 0 ? 1 / expm1(x) : (double)NAN;\n"
   "}\n"},
  {"mg_log1mexp_second", "65",
   "static double mg_log1mexp_second(double x) {\n"
   "  double slope = mg_log1mexp_first(x);\n"
   "  return -slope * (1 + slope);\n"
   "}\n"},
  {"mg_asin_first", "",
   "// First and second derivatives: to 5 last places, neither NaN nor lost where a square of x is out of range; NaN outside\n"
   "// of the domain.\n"
   "static double mg_asin_first(double x) { return 1 / sqrt((1 - x) * (1 + x)); }\n"},
  {"mg_asin_second", "",
   "static double mg_asin_second(double x) {\n"
   "  double rest = (1 - x) * (1 + x);\n"
   "  return x / (rest * sqrt(rest));\n"
   "}\n"},
  {"mg_atan_first", "",
   "static double mg_atan_first(double x) { return fabs(x) < 1e9 ? 1 / (1 + x * x) : 1 / x / x; }\n"},
  {"mg_atan_second", "",
   "static double mg_atan_second(double x) {\n"
   "  double whole = 1 + x * x;\n"
   "  return fabs(x) < 1e9 ? -2 * x / (whole * whole) : -2 / x / x / x;\n"
   "}\n"},
  {"mg_tanh", "",
   "// Near zero Lambert's continued fraction, tanh x = x / (1 + x² / (3 + x² / (5 + … 15))), as x less a small part of it.\n"
   "static double mg_tanh(double x) {\n"
   "  if (!(fabs(x) < 0.55)) return tanh(x);\n"
   "  double z = x * x;\n"
   "  double above = z * (675675 + z * (45045 + z * (594 + z)));\n"
   "  double below = 2027025 + z * (945945 + z * (51975 + z * (630 + z)));\n"
   "  return copysign(x - x * (above / below), x);  // -0 stays\n"
   "}\n"},
  {"mg_tanh_slope", "",
   "// 1 - tanh² x, v = tanh x.\n"
   "static double mg_tanh_slope(double x, double v) {\n"
   "  double square = v * v;\n"
   "  if (square < 0.25) return 1 - square;\n"
   "  double e = exp(-2 * fabs(x));\n"
   "  return 4 * e / (1 + e * (2 + e));\n"
   "}\n"},
  {"mg_asinh_first", "",
   "static double mg_asinh_first(double x) { return fabs(x) < 1e9 ? 1 / sqrt(1 + x * x) : 1 / fabs(x); }\n"},
  {"mg_asinh_second", "",
   "static double mg_asinh_second(double x) {\n"
   "  double whole = 1 + x * x;\n"
   "  return fabs(x) < 1e9 ? -x / (whole * sqrt(whole)) : -1 / fabs(x) / x;\n"
   "}\n"},
  {"mg_acosh", "",
   "// Near one log1p(t + sqrt(t (t + 2))), t = x - 1, with the rounding errors inside of it made good.\n"
   "static double mg_acosh(double x) {\n"
   "  if (!(x > 1 && x < 1.25)) return acosh(x);\n"
   "  double t = x - 1, square = fma(t, t, 2 * t), square_rest = fma(t, t, 2 * t - square);\n"
   "  double root = sqrt(square), root_rest = (fma(-root, root, square) + square_rest) / (2 * root);\n"
   "  double sum = root + t, sum_rest = t - (sum - root) + root_rest;\n"
   "  return log1p(sum) + sum_rest / (1 + sum);\n"
   "}\n"},
  {"mg_acosh_first", "",
   "static double mg_acosh_first(double x) {\n"
   "  return x >= 1e9 ? 1 / x : x >= 1 ? 1 / sqrt((x - 1) * (x + 1)) : (double)NAN;\n"
   "}\n"},
  {"mg_acosh_second", "",
   "static double mg_acosh_second(double x) {\n"
   "  double rest = x >= 1 ? (x - 1) * (x + 1) : (double)NAN;\n"
   "  return x >= 1e9 ? -1 / x / x : -x / (rest * sqrt(rest));\n"
   "}\n"},
  {"mg_rounded", "",
   "// A number and what rounding took from it.\n"
   "typedef struct {\n"
   "  double value, rest;\n"
   "} mg_rounded;\n"},
  {"mg_squared", "78",
   "static mg_rounded mg_squared(double x) {\n"
   "  double square = x * x;\n"
   "  return (mg_rounded){square, fma(x, x, -square)};\n"
   "}\n"},
  {"mg_times_exp_minus", "78",
   "// factor * exp(-x.value - x.rest). Where the power itself would be left with few digits, or none, it is computed e^128\n"
   "// times as large.\n"
   "static double mg_times_exp_minus(double factor, mg_rounded x) {\n"
   "  if (x.value < 700) {\n"
   "    double e = exp(-x.value), product = factor * e;\n"
   "    return product + (fma(factor, e, -product) - product * x.rest);\n"
   "  }\n"
   "  const double scale = 0x1.42eb9f39afb0bp-185, scale_rest = 0x1.11dadd69e8799p-242;\n"
   "  double e = exp(128 - x.value), product = factor * e, rest = fma(factor, e, -product) - product * x.rest;\n"
   "  return product * scale + (rest * scale + product * scale_rest);\n"
   "}\n"},
  {"mg_exp_minus_square", "79 80",
   "static double mg_exp_minus_square(double x) {\n"
   "  if (!(fabs(x) < 40)) return isnan(x) ? x : 0;\n"
   "  return mg_times_exp_minus(1, mg_squared(x));\n"
   "}\n"},
  {"mg_erf_first", "81",
   "// 2 / sqrt(pi) exp(-x²), and -2 x times that.\n"
   "static double mg_erf_first(double x) { return 1.12837916709551257390 * mg_exp_minus_square(x); }\n"},
  {"mg_erf_second", "79 80",
   "static double mg_erf_second(double x) {\n"
   "  if (!(fabs(x) < 40)) return isnan(x) ? x : 0;\n"
   "  return mg_times_exp_minus(-2.25675833419102514779 * x, mg_squared(x));\n"
   "}\n"},
  {"mg_erfc", "",
   "static double mg_erfc(double x) {\n"
   "  // Above 1/2, 1 - erf(x) rounds but once.\n"
   "  if (x < 0.47) return 1 - erf(x);\n"
   "#if MG_WIDE_LIBM\n"
   "  // glibc's own of double is 5 last places off; this is right to a few of those of its type.\n"
   "  return (double)erfcl(x);\n"
   "#else\n"
   "  return erfc(x);\n"
   "#endif\n"
   "}\n"},
  {"mg_gamma", "",
   "static double mg_gamma(double x) {\n"
   "#if MG_WIDE_LIBM\n"
   "  return (double)tgammal(x);\n"
   "#else\n"
   "  return tgamma(x);\n"
   "#endif\n"
   "}\n"},
  {"lgamma_r lgammal_r", "",
   "#if defined(__APPLE__)\n"
   "// There whatever the C standard that is asked for, but declared for some only.\n"
   "extern double lgamma_r(double x, int *sign);\n"
   "extern long double lgammal_r(long double x, int *sign);\n"
   "#endif\n"},
  {"mg_log_gamma", "86",
   "// lgamma itself writes the sign of Γ to a variable that all threads share.\n"
   "static double mg_log_gamma(double x) {\n"
   "  int sign;\n"
   "#if MG_WIDE_LIBM\n"
   "  return (double)lgammal_r(x, &sign);\n"
   "#else\n"
   "  return lgamma_r(x, &sign);\n"
   "#endif\n"
   "}\n"},
  {"mg_logistic", "",
   "// 1 / (1 + exp(-x)), without overflow on either side. Where e is small, e / (1 + e) would round it once too often.\n"
   "static double mg_logistic(double x) {\n"
   "  double e = exp(-fabs(x));\n"
   "  if (x >= 0) return 1 / (1 + e);\n"
   "  double ratio = e / (1 + e);\n"
   "  return e < 0.25 ? e - e * ratio : ratio;\n"
   "}\n"},
  {"mg_logistic_slope", "",
   "// s(x) (1 - s(x)) for the logistic function s, v = s(x).\n"
   "static double mg_logistic_slope(double x, double v) {\n"
   "  if (v < 0.75) return v * (1 - v);\n"
   "  double e = exp(-x);\n"
   "  return e / (1 + e * (2 + e));\n"
   "}\n"},
  {"mg_logistic_bend", "89 71",
   "// s'' = s (1 - s) (1 - 2 s) for s = logistic(x); 1 - 2 s is -tanh(x / 2), which loses nothing near 0.\n"
   "static double mg_logistic_bend(double x, double s) { return -mg_logistic_slope(x, s) * mg_tanh(0.5 * x); }\n"},
  {"mg_logit", "",
   "static double mg_logit(double x) {\n"
   "  if (!(x >= 0 && x <= 1)) return NAN;\n"
   "  // Beside 1/2 the differences are exact, and log1p does not cancel.\n"
   "  if (x < 0.25 || x > 0.75) return log(x / (1 - x));\n"
   "  return x < 0.5 ? -log1p((1 - 2 * x) / x) : log1p((2 * x - 1) / (1 - x));\n"
   "}\n"},
  {"mg_logit_first", "",
   "// Infinite at either zero and at 1, NaN outside of these, as PyTorch's.\n"
   "static double mg_logit_first(double x) { return x >= 0 && x <= 1 ? fabs(1 / (x * (1 - x))) : (double)NAN; }\n"},
  {"mg_logit_second", "92",
   "static double mg_logit_second(double x) {\n"
   "  double slope = mg_logit_first(x);\n"
   "  return (2 * x - 1) * slope * slope;\n"
   "}\n"},
  {"mg_log_one_plus_exp", "",
   "// log(1 + exp(x)) without overflow; PyTorch's, but for its jump to x above 20.\n"
   "static double mg_log_one_plus_exp(double x) { return (x > 0 ? x : 0) + log1p(exp(-fabs(x))); }\n"},
  {"times_gate", "78 80",
   "// factor / (1 + exp(-u))\n"
   "static double times_gate(double factor, mg_rounded u) {\n"
   "  if (u.value >= 0) {\n"
   "    double e = exp(-u.value);\n"
   "    return factor / (1 + (e - e * u.rest));\n"
   "  }\n"
   "  if (u.value < -800) return factor * 0;  // the factor's sign, as it is of all before\n"
   "  if (u.value < -700) return mg_times_exp_minus(factor, (mg_rounded){-u.value, -u.rest});\n"
   "  // factor e / (1 + e), with the rounding errors of the product, the sum and the quotient made good.\n"
   "  double e = exp(u.value), e_rest = e * u.rest, product = factor * e, whole = 1 + e, ratio = product / whole;\n"
   "  double product_rest = fma(factor, e, -product) + factor * e_rest, whole_rest = e - (whole - 1) + e_rest;\n"
   "  return ratio + (fma(-ratio, whole, product) + product_rest - ratio * whole_rest) / whole;\n"
   "}\n"},
  {"mg_silu_value", "78 95",
   "static double mg_silu_value(double x) { return x > -1000 ? times_gate(x, (mg_rounded){x, 0}) : x * 0; }\n"},
  {"times_gate_slope", "78 80",
   "// factor times the derivative of that gate, exp(-|u|) / (1 + exp(-|u|))².\n"
   "static double times_gate_slope(double factor, mg_rounded u) {\n"
   "  mg_rounded magnitude = u.value < 0 ? (mg_rounded){-u.value, -u.rest} : u;\n"
   "  double e = exp(-magnitude.value);\n"
   "  return mg_times_exp_minus(factor, magnitude) / (1 + e * (2 + e));\n"
   "}\n"},
  {"mg_silu_first", "78 97",
   "// s (1 + x (1 - s)) for the logistic function s, which is exp(x) (1 + x + exp(x)) / (1 + exp(x))².\n"
   "static double mg_silu_first(double x) {\n"
   "  if (x >= 0) {\n"
   "    double e = exp(-x);\n"
   "    return (1 + (x < 1000 ? e + x * e : 0)) / (1 + e * (2 + e));\n"
   "  }\n"
   "  // 1 + z + exp(z) = 0\n"
   "  const double zero = -0x1.474973c84120bp+0, zero_rest = -0x1.f8d74bc9ac154p-54, power = 0x1.1d25cf210482ep-2;\n"
   "  double distance = x - zero - zero_rest;\n"
   "  double factor = fabs(distance) < 0.5 ? distance + power * expm1(distance) : 1 + x + exp(x);\n"
   "  return x > -1000 ? times_gate_slope(factor, (mg_rounded){x, 0}) : x * 0;\n"
   "}\n"},
  {"mg_silu_second", "78 71 97",
   "// s' (2 - x tanh(x / 2))\n"
   "static double mg_silu_second(double x) {\n"
   "  double magnitude = fabs(x);\n"
   "  if (!(magnitude < 1000)) return x > 0 ? 0 : x * 0;\n"
   "  // z tanh(z / 2) = 2, t = tanh(z / 2); by the addition theorem of tanh\n"
   "  const double zero = 0x1.331e23ad9de11p+1, zero_rest = 0x1.a9c55ef03c74ap-53;\n"
   "  const double t = 0x1.aac7ece5b4703p-1, twice_less_zero = -0x1.76e8b4eb0ea41p-1;\n"
   "  double distance = magnitude - zero - zero_rest, step = mg_tanh(0.5 * distance);\n"
   "  double factor = fabs(distance) < 1 ? (step * twice_less_zero - distance * (t + step)) / (1 + t * step)\n"
   "                                       : 2 - magnitude * mg_tanh(0.5 * magnitude);\n"
   "  return times_gate_slope(factor, (mg_rounded){x, 0});\n"
   "}\n"},
  {"mg_mish_value", "78 80",
   "// With e = exp(x), x tanh(log(1 + e)) is x e (2 + e) / (2 + e (2 + e)). The numerators of the derivatives have zeros; beside\n"
   "// one at z, d = x - z and m = expm1(d) make a sum of terms of one sign.\n"
   "static double mg_mish_value(double x) {\n"
   "  if (!(fabs(x) < 40)) return x > 0 || isnan(x) ? x : x > -1000 ? mg_times_exp_minus(x, (mg_rounded){-x, 0}) : -0.0;\n"
   "  double e = exp(x), whole = fma(e, 2 + e, 2), product = x * e;\n"
   "  if (x > 0) return x - 2 * x / whole;\n"
   "  return copysign(product - (product * (e * (1 + e) / whole) - fma(x, e, -product)), x);\n"
   "}\n"},
  {"mg_mish_first", "78 80",
   "static double mg_mish_first(double x) {\n"
   "  if (!(fabs(x) < 1000)) return x > 0 ? 1 : isnan(x) ? x : -0.0;\n"
   "  double e = exp(x < 40 ? x : 40), d = x + 0x1.31432c0d12d84p+0 + 0x1.bf319154da210p-55, m = expm1(d);\n"
   "  double beside = m * (0x1.31ac354e2a079p+0 + m * (0x1.cf1d5480ba0e5p-2 + m * 0x1.c9f40193f744cp-6)) + 4 * d * (1 + e);\n"
   "  double factor = fabs(d) < 0.7 ? beside : 4 * (x + 1) + e * (4 * x + 6 + e * (4 + e)), whole = fma(e, 2 + e, 2);\n"
   "  return x > 40 ? 1 : mg_times_exp_minus(factor, (mg_rounded){-x, 0}) / (whole * whole);\n"
   "}\n"},
  {"mg_mish_second", "78 80",
   "static double mg_mish_second(double x) {\n"
   "  if (!(fabs(x) < 1000)) return isnan(x) ? x : -0.0;\n"
   "  if (x > 40) return mg_times_exp_minus(8 * (1 - x), (mg_rounded){2 * x, 0});\n"
   "  double e = exp(x), whole = fma(e, 2 + e, 2), slope = 2 + e * (2 - e * (3 + 2 * e)), right = x - 0x1.7d9612a440040p+0;\n"
   "  double d = x < 0 ? x + 0x1.20d0f116eb001p+1 + 0x1.ed98c925498a2p-54 : right - 0x1.48a1647177d43p-54, m = expm1(d);\n"
   "  double left = m * (0x1.55e5ec896adc8p-1 + m * (0x1.4ccbd808ec248p-3 + m * 0x1.ea491814169fbp-8));\n"
   "  double factor = d * slope + (x < 0 ? left : -m * (0x1.2924499c28782p+7 + m * (0x1.c6e467e86412ap+7 + m * 0x1.576ced2d99351p+6)));\n"
   "  if (x < 0 ? fabs(d) > 1.5 : fabs(d - 0.4) > 1.1) factor = 4 + e * (8 + e * (6 + 2 * e)) + x * slope;\n"
   "  return mg_times_exp_minus(4 * factor, (mg_rounded){-x, 0}) / (whole * whole * whole);\n"
   "}\n"},
  {"wide wide_erfc", "",
   "#if MG_WIDE_LIBM\n"
   "typedef long double wide;\n"
   "static wide wide_erfc(wide x) { return erfcl(x); }\n"
   "#else\n"
   "typedef double wide;\n"
   "static wide wide_erfc(wide x) { return erfc(x); }\n"
   "#endif\n"},
  {"wide_normal_below", "103",
   "// erfc(-x / sqrt(2)) / 2 for x < 0.\n"
   "static wide wide_normal_below(double x) {\n"
   "  const double root = 0x1.6a09e667f3bcdp-1, root_rest = -0x1.bdd3413b26456p-55;\n"
   "  double argument = -x * root, rest = fma(-x, root, -argument) - x * root_rest;\n"
   "  wide whole = argument + (wide)rest, whole_rest = rest - (whole - argument);\n"
   "  // The derivative of log erfc at large numbers; at small ones the rest is nothing.\n"
   "  return wide_erfc(whole) * (0.5 - whole * whole_rest);\n"
   "}\n"},
  {"mg_normal_cdf", "104",
   "static double mg_normal_cdf(double x) {\n"
   "  if (x >= 0) return 0.5 + 0.5 * erf(x * 0.70710678118654752440);\n"
   "  return x > -40 ? (double)wide_normal_below(x) : isnan(x) ? x : 0;\n"
   "}\n"},
  {"mg_gelu_value", "104 105",
   "static double mg_gelu_value(double x) {\n"
   "  if (x >= 0) return x * mg_normal_cdf(x);\n"
   "  return x > -40 ? (double)(x * wide_normal_below(x)) : x * 0;\n"
   "}\n"},
  {"series", "",
   "static double series(const double *coefficients, int count, double x) {\n"
   "  double total = 0;\n"
   "  while (count > 0) total = total * x + coefficients[--count];\n"
   "  return total * x;\n"
   "}\n"},
  {"SERIES", "107",
   "#define SERIES(coefficients, x) series(coefficients, sizeof(coefficients) / sizeof(double), x)\n"},
  {"times_density", "78 79 80",
   "// factor times the density of the normal distribution.\n"
   "static double times_density(double factor, double x) {\n"
   "  if (!(fabs(x) < 50)) return isnan(x) ? x : 0;\n"
   "  mg_rounded square = mg_squared(x);\n"
   "  return mg_times_exp_minus(factor * 0x1.9884533d43651p-2, (mg_rounded){0.5 * square.value, 0.5 * square.rest});\n"
   "}\n"},
  {"mg_gelu_first", "108 105 109",
   "static double mg_gelu_first(double x) {\n"
   "  static const double coefficients[] = {\n"
   "      0.4314939923140469,       0.388284982990552,        -0.018199676398671087,    -0.1140082332972217,\n"
   "      -0.014771522148244337,    0.019421679838189067,     0.004539228379125415,     -0.002239538068073497,\n"
   "      -0.0007448268386746817,   0.00018633974623233514,   8.615947861116571e-05,    -1.121438018842664e-05,\n"
   "      -7.74846130700372e-06,    4.3284506257392273e-07,   5.702764979242107e-07,    -1.6044265494246427e-09,\n"
   "      -3.5459866461783865e-08,  -1.396942086426202e-09,   1.90319840501314e-09,     1.4506418938779426e-10,\n"
   "      -8.950037692726255e-11,\n"
   "  };\n"
   "  double distance = x + 0x1.80ead197f00b4p-1 - 0x1.13e74c58cada8p-56;\n"
   "  if (fabs(distance) < 0.5) return SERIES(coefficients, distance);\n"
   "  return mg_normal_cdf(x) + times_density(x, x);\n"
   "}\n"},
  {"mg_gelu_second", "109",
   "// (2 - x²) times the density, the difference as a product.\n"
   "static double mg_gelu_second(double x) {\n"
   "  const double root = 0x1.6a09e667f3bcdp+0, root_rest = -0x1.bdd3413b26456p-54;\n"
   "  double magnitude = fabs(x);\n"
   "  return times_density((root - magnitude + root_rest) * (root + magnitude), x);\n"
   "}\n"},
  {"MG_GELU_TANH_SCALE_REST", "",
   "#define MG_GELU_TANH_SCALE_REST -0x1.cbc0d30ebfd15p-54\n"},
  {"MG_GELU_TANH_BEND", "",
   "#define MG_GELU_TANH_BEND 0.044715\n"},
  {"MG_GELU_TANH_SCALE", "",
   "#define MG_GELU_TANH_SCALE 0x1.9884533d43651p+0\n"},
  {"bend scale", "113 114",
   "// u = 2 sqrt(2 / pi) (x + 0.044715 x³), so that (1 + tanh(u / 2)) / 2 is the logistic function at u.\n"
   "static const double bend = MG_GELU_TANH_BEND, scale = MG_GELU_TANH_SCALE;\n"},
  {"gelu_tanh_argument", "78 79 112 115",
   "static mg_rounded gelu_tanh_argument(double x) {\n"
   "  const double scale_rest = MG_GELU_TANH_SCALE_REST;\n"
   "  mg_rounded square = mg_squared(x);\n"
   "  double bent = bend * square.value, bent_rest = fma(bend, square.value, -bent) + bend * square.rest;\n"
   "  double factor = 1 + bent, part = factor - 1, factor_rest = (1 - (factor - part)) + (bent - part) + bent_rest;\n"
   "  double product = x * factor, product_rest = fma(x, factor, -product) + x * factor_rest;\n"
   "  double u = scale * product;\n"
   "  return (mg_rounded){u, fma(scale, product, -u) + scale * product_rest + scale_rest * product};\n"
   "}\n"},
  {"mg_gelu_tanh_value", "95 116",
   "static double mg_gelu_tanh_value(double x) {\n"
   "  return fabs(x) < 40 ? times_gate(x, gelu_tanh_argument(x)) : x > 0 ? x : x * 0;\n"
   "}\n"},
  {"MG_GELU_TANH_FLAT", "",
   "// Minus where its first derivative is zero, and the derivative's Taylor series there.\n"
   "#define MG_GELU_TANH_FLAT 0x1.81429f9e97e4dp-1\n"},
  {"MG_GELU_TANH_FLAT_REST", "",
   "#define MG_GELU_TANH_FLAT_REST 0x1.3ce60c9e3b279p-55\n"},
  {"mg_gelu_tanh_first_series", "",
   "static const double mg_gelu_tanh_first_series[] = {\n"
   "    0.4304000910248585,       0.38751844613578895,      -0.015782853521848023,    -0.11394448308095899,\n"
   "    -0.016619328343052565,    0.019682309459833118,     0.005261059254921913,     -0.002422731845875097,\n"
   "    -0.0009274420230205452,   0.0002639276405268104,    0.00012425227802639787,   -3.495617169443609e-05,\n"
   "    -1.595089687164511e-05,   5.918611710893999e-06,    2.433551634429955e-06,    -9.898647747433656e-07,\n"
   "    -4.3102482988029016e-07,  1.4157556987729457e-07,   7.520740909289922e-08,    -1.6978217459781e-08,\n"
   "    -1.196180847972441e-08,   1.7637802707907529e-09,   1.744987137846621e-09,    -1.7088112169517324e-10,\n"
   "    -2.4338735578334483e-10,\n"
   "};\n"},
  {"mg_gelu_tanh_first", "78 118 119 120 95 97 108 115 116",
   "// s(u) + x u' s'(u)\n"
   "static double mg_gelu_tanh_first(double x) {\n"
   "  if (!(fabs(x) < 40)) return x > 0 ? 1 : isnan(x) ? x : -0.0;\n"
   "  double distance = x + MG_GELU_TANH_FLAT - MG_GELU_TANH_FLAT_REST;\n"
   "  if (fabs(distance) < 0.5) return SERIES(mg_gelu_tanh_first_series, distance);\n"
   "  mg_rounded u = gelu_tanh_argument(x);\n"
   "  return times_gate(1, u) + times_gate_slope(x * scale * (1 + 3 * bend * x * x), u);\n"
   "}\n"},
  {"mg_gelu_tanh_second", "78 71 97 108 115 116",
   "// s'(u) (2 u' + x (u'' - u'² tanh(u / 2))), the same at -x.\n"
   "static double mg_gelu_tanh_second(double x) {\n"
   "  static const double coefficients[] = {\n"
   "      0.4095488174124191,       0.432081111593848,        0.008168951883944814,     -0.16109481693213482,\n"
   "      -0.056750540975161724,    0.020035361162701267,     0.01671150756085392,      0.0007632001136916177,\n"
   "      -0.0026434611466966615,   -0.0007514200775098505,   0.0002617375685685441,    0.00017619942054101045,\n"
   "      -6.138879668243433e-06,   -2.9186541051047736e-05,  -4.884341759522855e-06,   3.568864966961745e-06,\n"
   "      1.5017465385495819e-06,   -2.3134876605993548e-07,  -2.779934168936507e-07,   -2.4601994673299147e-08,\n"
   "      3.602721872649383e-08,    1.1237042794566377e-08,   -2.851641780735062e-09,   -2.207298319503111e-09,\n"
   "      -5.342765379130595e-11,   3.0070509130881726e-10,\n"
   "  };\n"
   "  double magnitude = fabs(x);\n"
   "  if (!(magnitude < 40)) return x > 0 ? 0 : x * 0;\n"
   "  double distance = 0x1.6b23142700629p+0 - magnitude + 0x1.8a76a5d7fd655p-54;\n"
   "  if (fabs(distance) < 0.5) return SERIES(coefficients, distance);\n"
   "  mg_rounded u = gelu_tanh_argument(magnitude);\n"
   "  double slope = scale * (1 + 3 * bend * x * x), turn = scale * 6 * bend * magnitude;\n"
   "  return times_gate_slope(2 * slope + magnitude * (turn - slope * slope * mg_tanh(0.5 * u.value)), u);\n"
   "}\n"},
  {"mg_logistic_loss", "",
   "// -t log s(x) - (1 - t) log(1 - s(x)) for the logistic function s, without overflow. What is sure and right costs nothing.\n"
   "static double mg_logistic_loss(double x, double t) {\n"
   "  double share = x > 0 ? 1 - t : t;\n"
   "  return (share == 0 ? 0 : fabs(x) * share) + log1p(exp(-fabs(x)));\n"
   "}\n"},
};

const int mg_math_text_count = 124;
