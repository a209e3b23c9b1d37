#include "mg_op_facts.h"

#include <float.h>

#include "mg_carried.h"

mg_notation mg_op_notation(mg_op op) {
  switch (op) {
#define NOTATION(name, symbol, value, to_x, to_y, xx, xy, yy, notation, ...) \
  case MG_OP_##name: return MG_NOTATION_##notation;
    MG_BINARY_OPS(NOTATION)
#undef NOTATION
#define NOTATION(name, symbol, value, to_x, xx, notation, ...) case MG_OP_##name: return MG_NOTATION_##notation;
    MG_CONSTANT_OPS(NOTATION)
    MG_UNARY_OPS(NOTATION)
    MG_TARGET_OPS(NOTATION)
#undef NOTATION
  default: return MG_NOTATION_call;
  }
}

// MARK: Rounding

// Half a unit in the last place of v; 0 of what has none.
static double half_unit(double v) {
  double magnitude = fabs(v);
  if (v == 0 || !isfinite(v)) return 0;
  return magnitude == DBL_MAX ? 0x1p970 : (nextafter(magnitude, INFINITY) - magnitude) / 2;
}

// Sums that happen to be exact, as x - y where both are close, lose nothing (Knuth, The Art of Computer Programming 2,
// 4.2.2).
static double sum_rounding(double x, double y) {
  double sum = x + y, addend = sum - x;
  return (x - (sum - addend)) + (y - addend) == 0 ? 0 : half_unit(sum);
}

static double least(double rounding) { return rounding > 0x1p-1074 ? rounding : 0x1p-1074; }

// Below 2^-960 the rest of a product may itself be lost.
static double product_rounding(double x, double y) {
  double product = x * y;
  bool is_exact = fabs(product) > 0x1p-960 && fma(x, y, -product) == 0;
  return is_exact || x == 0 || y == 0 ? 0 : least(half_unit(product));
}

static double quotient_rounding(double x, double y) {
  double quotient = x / y;
  bool is_exact = fabs(x) > 0x1p-900 && fma(quotient, y, -x) == 0;
  return is_exact || x == 0 ? 0 : least(half_unit(quotient));
}

// Of 1 - t x.
static double margin_rounding(double x, double t) { return product_rounding(t, x) + sum_rounding(1, -t * x); }

// For GELU, whose error grows on the left with the steepness of the normal distribution.
static double square_below_0(double x) { return x < 0 ? x * x : 0; }

static double function_rounding(mg_function function, double x, double v) {
  double u = half_unit(v);
  switch (function) {
#define ROUNDING(name, symbol, value, to_x, xx, reads, rounding, ...) case MG_FUNCTION_##name: return rounding;
    MG_FUNCTIONS(ROUNDING)
#undef ROUNDING
  case MG_FUNCTION_COUNT: return (double)NAN;
  }
}

double mg_rounding(const mg_application *application) {
  double x = application->x, y = application->y, c = application->c, t = application->t, v = application->v;
  double u = half_unit(v);
  switch (application->op) {
#define ROUNDING(name, symbol, value, to_x, to_y, xx, xy, yy, notation, x_reads, y_reads, rounding, ...) \
  case MG_OP_##name: return rounding;
    MG_BINARY_OPS(ROUNDING)
#undef ROUNDING
#define ROUNDING(name, symbol, value, to_x, xx, notation, reads, rounding, ...) case MG_OP_##name: return rounding;
    MG_CONSTANT_OPS(ROUNDING)
    MG_UNARY_OPS(ROUNDING)
    MG_TARGET_OPS(ROUNDING)
#undef ROUNDING
  case MG_OP_function: return function_rounding(application->function, x, v);
  default: return (double)NAN;
  }
}

// MARK: Kinks

#define PI 3.14159265358979323846

static const mg_kink none = {MG_SMOOTH, INFINITY};
static mg_kink bend(double distance) { return (mg_kink){MG_BENDS, distance}; }
static mg_kink choice(double distance) { return (mg_kink){MG_CHOOSES, distance}; }
static mg_kink curvature(double distance) { return (mg_kink){MG_CURVES, distance}; }
static mg_kink jump(double distance) { return (mg_kink){MG_JUMPS, distance}; }
static mg_kink edge(double distance) { return (mg_kink){MG_ENDS, distance}; }

// How far a number is from the nearest that ends in ½; from the nearest whole number but 0; from the nearest of 0 and the
// negative whole numbers.
static double from_half(double x) { return (x - 0.5) - round(x - 0.5); }
static double from_whole_but_0(double x) { return round(x) == 0 ? 1 - fabs(x) : x - round(x); }
static double from_pole(double x) { return x < 0.5 ? x - round(x) : x; }

static bool is_polynomial(double exponent) { return exponent >= 0 && exponent == round(exponent); }
static double smaller(double x, double y) { return x < y ? x : y; }

static mg_kink function_kink(mg_function function, double x) {
  switch (function) {
#define KINK(name, symbol, value, to_x, xx, reads, rounding, kink, ...) case MG_FUNCTION_##name: return kink;
    MG_FUNCTIONS(KINK)
#undef KINK
  case MG_FUNCTION_COUNT: return none;
  }
}

mg_kink mg_nearest_kink(const mg_application *application) {
  double x = application->x, y = application->y, c = application->c, t = application->t;
  switch (application->op) {
#define KINK(name, symbol, value, to_x, to_y, xx, xy, yy, notation, x_reads, y_reads, rounding, kink, ...) \
  case MG_OP_##name: return kink;
    MG_BINARY_OPS(KINK)
#undef KINK
#define KINK(name, symbol, value, to_x, xx, notation, reads, rounding, kink, ...) \
  case MG_OP_##name: return kink;
    MG_CONSTANT_OPS(KINK)
    MG_UNARY_OPS(KINK)
    MG_TARGET_OPS(KINK)
#undef KINK
  case MG_OP_function: return function_kink(application->function, x);
  default: return none;
  }
}

bool mg_op_chooses(mg_op op, mg_function function) {
  mg_application at_zero = {.op = op, .function = function};
  return mg_nearest_kink(&at_zero).kind == MG_CHOOSES;
}

// MARK: Derivatives

#define PARTIAL(k, contribution)                                                            \
  do {                                                                                      \
    double d = 1;                                                                           \
    slopes[k] = contribution;                                                               \
    d = adjoint;                                                                            \
    contributions[k] = MG_CARRIED(contribution);                                            \
  } while (0)

static void function_partials(mg_function function, double x, double v, double adjoint, double *slopes,
                              double *contributions) {
  (void)x, (void)v;
  switch (function) {
#define FUNCTION(name, symbol, value, to_x, ...) case MG_FUNCTION_##name: PARTIAL(0, to_x); return;
    MG_FUNCTIONS(FUNCTION)
#undef FUNCTION
  case MG_FUNCTION_COUNT: return;
  }
}

void mg_op_partials(const mg_application *application, double adjoint, double *slopes, double *contributions) {
  double x = application->x, y = application->y, c = application->c, t = application->t, v = application->v;
  switch (application->op) {
#define BINARY(name, symbol, value, to_x, to_y, ...) case MG_OP_##name: PARTIAL(0, to_x); PARTIAL(1, to_y); return;
    MG_BINARY_OPS(BINARY)
#undef BINARY
#define UNARY(name, symbol, value, to_x, ...) case MG_OP_##name: PARTIAL(0, to_x); return;
    MG_CONSTANT_OPS(UNARY)
    MG_UNARY_OPS(UNARY)
    MG_TARGET_OPS(UNARY)
#undef UNARY
  case MG_OP_function: function_partials(application->function, x, v, adjoint, slopes, contributions); return;
  default: return;
  }
}
#undef PARTIAL

// MARK: Words

// A row that lacks its words does not compile: a macro names each column.
static const char *function_rule(mg_function function) {
  static const char *const rules[] = {
#define RULE(name, symbol, value, to_x, xx, reads, rounding, kink, by_x) [MG_FUNCTION_##name] = by_x,
    MG_FUNCTIONS(RULE)
#undef RULE
  };
  return rules[function];
}

const char *mg_op_rule(mg_op op, mg_function function, mg_operand_role role) {
  static const char *const rules[MG_OP_COUNT][MG_ROLE_COUNT] = {
#define RULE(name, symbol, value, to_x, to_y, xx, xy, yy, notation, x_reads, y_reads, rounding, kink, by_x, by_y) \
  [MG_OP_##name] = {[MG_ROLE_FIRST] = by_x, [MG_ROLE_SECOND] = by_y},
    MG_BINARY_OPS(RULE)
#undef RULE
#define RULE(name, symbol, value, to_x, xx, notation, reads, rounding, kink, by_x) [MG_OP_##name] = {by_x},
    MG_CONSTANT_OPS(RULE)
    MG_UNARY_OPS(RULE)
    MG_TARGET_OPS(RULE)
#undef RULE
#define RULE(name, symbol, by_x) [MG_OP_##name] = {by_x},
    MG_NARY_OPS(RULE)
#undef RULE
#define RULE(name, symbol, by_own, by_other, by_gain, by_bias) [MG_OP_##name] = {by_own, by_other, by_gain, by_bias},
    MG_ROW_OPS(RULE)
#undef RULE
  };
  const char *rule = op == MG_OP_function ? function_rule(function) : rules[op][role];
  return rule ? rule : "";
}
