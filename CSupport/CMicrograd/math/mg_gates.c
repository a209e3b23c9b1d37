// x times a gate between 0 and 1: SiLU (the logistic function of x), GELU (the normal distribution below x) and GELU's
// approximation. The first derivative of each has a zero at a negative x, the second has two, at ±x. There the terms of
// the formula cancel: beside them what is left is computed from the distance to the zero, by a formula of its own or a
// Taylor series, whose coefficients were computed with 60 digits.
#include "mg_gelu_tanh.h"
#include "mg_scaled_exp.h"
#include "mg_special.h"
#include "mg_wide_libm.h"

#if MG_WIDE_LIBM
typedef long double wide;
static wide wide_erfc(wide x) { return erfcl(x); }
#else
typedef double wide;
static wide wide_erfc(wide x) { return erfc(x); }
#endif

// factor / (1 + exp(-u))
static double times_gate(double factor, mg_rounded u) {
  if (u.value >= 0) {
    double e = exp(-u.value);
    return factor / (1 + (e - e * u.rest));
  }
  if (u.value < -800) return factor * 0;  // the factor's sign, as it is of all before
  if (u.value < -700) return mg_times_exp_minus(factor, (mg_rounded){-u.value, -u.rest});
  // factor e / (1 + e), with the rounding errors of the product, the sum and the quotient made good.
  double e = exp(u.value), e_rest = e * u.rest, product = factor * e, whole = 1 + e, ratio = product / whole;
  double product_rest = fma(factor, e, -product) + factor * e_rest, whole_rest = e - (whole - 1) + e_rest;
  return ratio + (fma(-ratio, whole, product) + product_rest - ratio * whole_rest) / whole;
}

// factor times the derivative of that gate, exp(-|u|) / (1 + exp(-|u|))².
static double times_gate_slope(double factor, mg_rounded u) {
  mg_rounded magnitude = u.value < 0 ? (mg_rounded){-u.value, -u.rest} : u;
  double e = exp(-magnitude.value);
  return mg_times_exp_minus(factor, magnitude) / (1 + e * (2 + e));
}

static double series(const double *coefficients, int count, double x) {
  double total = 0;
  while (count > 0) total = total * x + coefficients[--count];
  return total * x;
}
#define SERIES(coefficients, x) series(coefficients, sizeof(coefficients) / sizeof(double), x)

double mg_silu_value(double x) { return x > -1000 ? times_gate(x, (mg_rounded){x, 0}) : x * 0; }

// s (1 + x (1 - s)) for the logistic function s, which is exp(x) (1 + x + exp(x)) / (1 + exp(x))².
double mg_silu_first(double x) {
  if (x >= 0) {
    double e = exp(-x);
    return (1 + (x < 1000 ? e + x * e : 0)) / (1 + e * (2 + e));
  }
  // 1 + z + exp(z) = 0
  const double zero = -0x1.474973c84120bp+0, zero_rest = -0x1.f8d74bc9ac154p-54, power = 0x1.1d25cf210482ep-2;
  double distance = x - zero - zero_rest;
  double factor = fabs(distance) < 0.5 ? distance + power * expm1(distance) : 1 + x + exp(x);
  return x > -1000 ? times_gate_slope(factor, (mg_rounded){x, 0}) : x * 0;
}

// s' (2 - x tanh(x / 2))
double mg_silu_second(double x) {
  double magnitude = fabs(x);
  if (!(magnitude < 1000)) return x > 0 ? 0 : x * 0;
  // z tanh(z / 2) = 2, t = tanh(z / 2); by the addition theorem of tanh
  const double zero = 0x1.331e23ad9de11p+1, zero_rest = 0x1.a9c55ef03c74ap-53;
  const double t = 0x1.aac7ece5b4703p-1, twice_less_zero = -0x1.76e8b4eb0ea41p-1;
  double distance = magnitude - zero - zero_rest, step = mg_tanh(0.5 * distance);
  double factor = fabs(distance) < 1 ? (step * twice_less_zero - distance * (t + step)) / (1 + t * step)
                                       : 2 - magnitude * mg_tanh(0.5 * magnitude);
  return times_gate_slope(factor, (mg_rounded){x, 0});
}

// With e = exp(x), x tanh(log(1 + e)) is x e (2 + e) / (2 + e (2 + e)). The numerators of the derivatives have zeros; beside
// one at z, d = x - z and m = expm1(d) make a sum of terms of one sign.
double mg_mish_value(double x) {
  if (!(fabs(x) < 40)) return x > 0 || isnan(x) ? x : x > -1000 ? mg_times_exp_minus(x, (mg_rounded){-x, 0}) : -0.0;
  double e = exp(x), whole = fma(e, 2 + e, 2), product = x * e;
  if (x > 0) return x - 2 * x / whole;
  return copysign(product - (product * (e * (1 + e) / whole) - fma(x, e, -product)), x);
}

double mg_mish_first(double x) {
  if (!(fabs(x) < 1000)) return x > 0 ? 1 : isnan(x) ? x : -0.0;
  double e = exp(x < 40 ? x : 40), d = x + 0x1.31432c0d12d84p+0 + 0x1.bf319154da210p-55, m = expm1(d);
  double beside = m * (0x1.31ac354e2a079p+0 + m * (0x1.cf1d5480ba0e5p-2 + m * 0x1.c9f40193f744cp-6)) + 4 * d * (1 + e);
  double factor = fabs(d) < 0.7 ? beside : 4 * (x + 1) + e * (4 * x + 6 + e * (4 + e)), whole = fma(e, 2 + e, 2);
  return x > 40 ? 1 : mg_times_exp_minus(factor, (mg_rounded){-x, 0}) / (whole * whole);
}

double mg_mish_second(double x) {
  if (!(fabs(x) < 1000)) return isnan(x) ? x : -0.0;
  if (x > 40) return mg_times_exp_minus(8 * (1 - x), (mg_rounded){2 * x, 0});
  double e = exp(x), whole = fma(e, 2 + e, 2), slope = 2 + e * (2 - e * (3 + 2 * e)), right = x - 0x1.7d9612a440040p+0;
  double d = x < 0 ? x + 0x1.20d0f116eb001p+1 + 0x1.ed98c925498a2p-54 : right - 0x1.48a1647177d43p-54, m = expm1(d);
  double left = m * (0x1.55e5ec896adc8p-1 + m * (0x1.4ccbd808ec248p-3 + m * 0x1.ea491814169fbp-8));
  double factor = d * slope + (x < 0 ? left : -m * (0x1.2924499c28782p+7 + m * (0x1.c6e467e86412ap+7 + m * 0x1.576ced2d99351p+6)));
  if (x < 0 ? fabs(d) > 1.5 : fabs(d - 0.4) > 1.1) factor = 4 + e * (8 + e * (6 + 2 * e)) + x * slope;
  return mg_times_exp_minus(4 * factor, (mg_rounded){-x, 0}) / (whole * whole * whole);
}

// erfc(-x / sqrt(2)) / 2 for x < 0.
static wide wide_normal_below(double x) {
  const double root = 0x1.6a09e667f3bcdp-1, root_rest = -0x1.bdd3413b26456p-55;
  double argument = -x * root, rest = fma(-x, root, -argument) - x * root_rest;
  wide whole = argument + (wide)rest, whole_rest = rest - (whole - argument);
  // The derivative of log erfc at large numbers; at small ones the rest is nothing.
  return wide_erfc(whole) * (0.5 - whole * whole_rest);
}

double mg_normal_cdf(double x) {
  if (x >= 0) return 0.5 + 0.5 * erf(x * 0.70710678118654752440);
  return x > -40 ? (double)wide_normal_below(x) : isnan(x) ? x : 0;
}

// factor times the density of the normal distribution.
static double times_density(double factor, double x) {
  if (!(fabs(x) < 50)) return isnan(x) ? x : 0;
  mg_rounded square = mg_squared(x);
  return mg_times_exp_minus(factor * 0x1.9884533d43651p-2, (mg_rounded){0.5 * square.value, 0.5 * square.rest});
}

double mg_normal_pdf(double x) { return times_density(1, x); }

double mg_gelu_value(double x) {
  if (x >= 0) return x * mg_normal_cdf(x);
  return x > -40 ? (double)(x * wide_normal_below(x)) : x * 0;
}

double mg_gelu_first(double x) {
  static const double coefficients[] = {
      0.4314939923140469,       0.388284982990552,        -0.018199676398671087,    -0.1140082332972217,
      -0.014771522148244337,    0.019421679838189067,     0.004539228379125415,     -0.002239538068073497,
      -0.0007448268386746817,   0.00018633974623233514,   8.615947861116571e-05,    -1.121438018842664e-05,
      -7.74846130700372e-06,    4.3284506257392273e-07,   5.702764979242107e-07,    -1.6044265494246427e-09,
      -3.5459866461783865e-08,  -1.396942086426202e-09,   1.90319840501314e-09,     1.4506418938779426e-10,
      -8.950037692726255e-11,
  };
  double distance = x + 0x1.80ead197f00b4p-1 - 0x1.13e74c58cada8p-56;
  if (fabs(distance) < 0.5) return SERIES(coefficients, distance);
  return mg_normal_cdf(x) + times_density(x, x);
}

// (2 - x²) times the density, the difference as a product.
double mg_gelu_second(double x) {
  const double root = 0x1.6a09e667f3bcdp+0, root_rest = -0x1.bdd3413b26456p-54;
  double magnitude = fabs(x);
  return times_density((root - magnitude + root_rest) * (root + magnitude), x);
}

// u = 2 sqrt(2 / pi) (x + 0.044715 x³), so that (1 + tanh(u / 2)) / 2 is the logistic function at u.
static const double bend = MG_GELU_TANH_BEND, scale = MG_GELU_TANH_SCALE;

static mg_rounded gelu_tanh_argument(double x) {
  const double scale_rest = MG_GELU_TANH_SCALE_REST;
  mg_rounded square = mg_squared(x);
  double bent = bend * square.value, bent_rest = fma(bend, square.value, -bent) + bend * square.rest;
  double factor = 1 + bent, part = factor - 1, factor_rest = (1 - (factor - part)) + (bent - part) + bent_rest;
  double product = x * factor, product_rest = fma(x, factor, -product) + x * factor_rest;
  double u = scale * product;
  return (mg_rounded){u, fma(scale, product, -u) + scale * product_rest + scale_rest * product};
}

double mg_gelu_tanh_value(double x) {
  return fabs(x) < 40 ? times_gate(x, gelu_tanh_argument(x)) : x > 0 ? x : x * 0;
}

// s(u) + x u' s'(u)
double mg_gelu_tanh_first(double x) {
  if (!(fabs(x) < 40)) return x > 0 ? 1 : isnan(x) ? x : -0.0;
  double distance = x + MG_GELU_TANH_FLAT - MG_GELU_TANH_FLAT_REST;
  if (fabs(distance) < 0.5) return SERIES(mg_gelu_tanh_first_series, distance);
  mg_rounded u = gelu_tanh_argument(x);
  return times_gate(1, u) + times_gate_slope(x * scale * (1 + 3 * bend * x * x), u);
}

// s'(u) (2 u' + x (u'' - u'² tanh(u / 2))), the same at -x.
double mg_gelu_tanh_second(double x) {
  static const double coefficients[] = {
      0.4095488174124191,       0.432081111593848,        0.008168951883944814,     -0.16109481693213482,
      -0.056750540975161724,    0.020035361162701267,     0.01671150756085392,      0.0007632001136916177,
      -0.0026434611466966615,   -0.0007514200775098505,   0.0002617375685685441,    0.00017619942054101045,
      -6.138879668243433e-06,   -2.9186541051047736e-05,  -4.884341759522855e-06,   3.568864966961745e-06,
      1.5017465385495819e-06,   -2.3134876605993548e-07,  -2.779934168936507e-07,   -2.4601994673299147e-08,
      3.602721872649383e-08,    1.1237042794566377e-08,   -2.851641780735062e-09,   -2.207298319503111e-09,
      -5.342765379130595e-11,   3.0070509130881726e-10,
  };
  double magnitude = fabs(x);
  if (!(magnitude < 40)) return x > 0 ? 0 : x * 0;
  double distance = 0x1.6b23142700629p+0 - magnitude + 0x1.8a76a5d7fd655p-54;
  if (fabs(distance) < 0.5) return SERIES(coefficients, distance);
  mg_rounded u = gelu_tanh_argument(magnitude);
  double slope = scale * (1 + 3 * bend * x * x), turn = scale * 6 * bend * magnitude;
  return times_gate_slope(2 * slope + magnitude * (turn - slope * slope * mg_tanh(0.5 * u.value)), u);
}
