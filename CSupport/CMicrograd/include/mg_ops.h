// The table of operations, from which all else is derived: the op codes, their names, the recording functions,
// the forward re-evaluation, the reverse sweep and the printed graph.
//
// In a row, x and y are the operands' values, c a constant, v the node's own value, d the derivative of the root with
// respect to it (never zero: the sweep passes over nodes whose adjoint is). The last columns are what d contributes to
// the operands. At kinks and at the edge of a domain the conventions are PyTorch's.
#pragma once

#include <math.h>

#include "mg_base.h"

// X(name, symbol, value, contribution to x, contribution to y)
#define MG_BINARY_OPS(X)                                                                    \
  X(add, "+", x + y, d, d)                                                                  \
  MG_BINARY_OPS_AFTER_ADD(X)
#define MG_BINARY_OPS_AFTER_ADD(X)                                                          \
  X(subtract, "-", x - y, d, -d)                                                            \
  X(multiply, "*", x * y, d * y, d * x)                                                     \
  X(divide, "/", x / y, d / y, -d * v / y)                                                  \
  X(power, "**", pow(x, y), d * mg_power_slope_base(x, y), d * mg_power_slope_exponent(x, y, v))

// One operand and one constant: X(name, symbol, value, contribution to x). A symbol that begins with c has the
// constant on the left.
#define MG_CONSTANT_OPS(X)                                                                  \
  X(add_constant, "+", x + c, d)                                                            \
  X(subtract_from_constant, "c-", c - x, -d)                                                \
  X(multiply_constant, "*", x * c, d * c)                                                   \
  X(divide_by_constant, "/", x / c, d / c)                                                  \
  X(divide_constant, "c/", c / x, -d * v / x)                                               \
  X(power_constant, "**", pow(x, c), d * mg_power_slope_base(x, c))                         \
  X(constant_power, "c**", pow(c, x), d * mg_power_slope_exponent(c, x, v))                 \
  X(leaky_relu, "leaky ReLU", x > 0 ? x : x * c, x > 0 ? d : d * c)                         \
  X(elu, "ELU", x <= 0 ? c * expm1(x) : x, x <= 0 ? d * (c * exp(x)) : d)

// One operand, an op code of its own: X(name, symbol, value, contribution to x)
#define MG_UNARY_OPS(X)                                                                     \
  X(negate, "-", -x, -d)                                                                    \
  X(relu, "ReLU", x < 0 ? 0 : x, v <= 0 ? 0 : d)                                           \
  X(square, "** 2", x * x, 2 * x * d)                                                       \
  X(cube, "** 3", x * x * x, 3 * x * x * d)

// One operand, one op code for all; the record's second operand says which: X(name, symbol, value, contribution to x)
#define MG_FUNCTIONS(X)                                                                     \
  X(absolute, "abs", fabs(x), x > 0 ? d : x < 0 ? -d : 0)                               \
  X(square_root, "sqrt", sqrt(x), d / (2 * v))                                              \
  X(cube_root, "cbrt", cbrt(x), d / (3 * v * v))                                            \
  X(exponential, "exp", exp(x), d * v)                                                      \
  X(exponential_minus_one, "expm1", expm1(x), d * exp(x))                                  \
  X(logarithm, "log", log(x), d / x)                                                        \
  X(logarithm_one_plus, "log1p", log1p(x), d / (x + 1))                                     \
  X(sine, "sin", sin(x), d * cos(x))                                                        \
  X(cosine, "cos", cos(x), -d * sin(x))                                                     \
  X(tangent, "tan", tan(x), d * (1 + v * v))                                                \
  X(arc_sine, "asin", asin(x), d / sqrt((1 - x) * (1 + x)))                                 \
  X(arc_cosine, "acos", acos(x), -d / sqrt((1 - x) * (1 + x)))                              \
  X(arc_tangent, "atan", atan(x), d / (1 + x * x))                                          \
  X(hyperbolic_sine, "sinh", sinh(x), d * cosh(x))                                          \
  X(hyperbolic_cosine, "cosh", cosh(x), d * sinh(x))                                        \
  X(hyperbolic_tangent, "tanh", tanh(x), d * (1 - v * v))                                   \
  X(area_sine, "asinh", asinh(x), d / hypot(x, 1))                                          \
  X(area_cosine, "acosh", acosh(x), d / (sqrt(x - 1) * sqrt(x + 1)))                        \
  X(area_tangent, "atanh", atanh(x), d / ((1 - x) * (1 + x)))                               \
  X(sigmoid, "sigmoid", mg_logistic(x), d * (v * (1 - v)))                                  \
  X(softplus, "softplus", mg_log_one_plus_exp(x), d * mg_logistic(x))                               \
  X(silu, "SiLU", x * mg_logistic(x), d * mg_silu_slope(x))                                 \
  X(gelu, "GELU", x * mg_normal_below(x), d * (mg_normal_below(x) + x * mg_normal_density(x))) \
  X(gelu_tanh, "GELU~", x * mg_gelu_tanh_gate(x), d * mg_gelu_tanh_slope(x))

// Any number of operands, listed in side buffers; their arithmetic is in mg_nary.c: X(name, symbol)
#define MG_NARY_OPS(X)                                                                      \
  X(sum, "sum")                                                                             \
  X(sum_run, "sum")                                                                         \
  X(dot, "dot")                                                                             \
  X(dot_runs, "dot")                                                                        \
  X(weighted_sum, "dot")                                                                    \
  X(neuron, "neuron")

// Only in blocks (mg_blocks.h), where a node has a plain number t of its own, its target, and the block a constant c:
// X(name, symbol, value, contribution to x). Where they bend, the derivative is zero; NaN flows on, as through relu.
#define MG_TARGET_OPS(X)                                                                    \
  X(scale, "*", x * t, d * t)                                                               \
  X(hinge, "hinge", 1 - t * x < 0 ? 0 : 1 - t * x, 1 - t * x <= 0 ? 0 : -t * d)             \
  X(squared_hinge, "hinge²", 1 - t * x < 0 ? 0 : (1 - t * x) * (1 - t * x),                 \
    1 - t * x <= 0 ? 0 : -2 * t * (1 - t * x) * d)                                          \
  X(squared_error, "squared error", (x - t) * (x - t), 2 * (x - t) * d)                     \
  X(absolute_error, "absolute error", fabs(x - t), x > t ? d : x < t ? -d : 0)              \
  X(huber, "Huber", fabs(x - t) <= c ? 0.5 * (x - t) * (x - t) : c * (fabs(x - t) - 0.5 * c), \
    x - t > c ? c * d : x - t < -c ? -c * d : (x - t) * d)                                  \
  X(binary_cross_entropy, "binary cross-entropy", mg_logistic_loss(x, t), (mg_logistic(x) - t) * d)

// Only in blocks, each node from a row of others; their arithmetic is in mg_rows.c: X(name, symbol)
#define MG_ROW_OPS(X)                                                                       \
  X(copy, "copy")                                                                           \
  X(row_sum, "sum")                                                                         \
  X(softmax, "softmax")                                                                     \
  X(log_softmax, "log softmax")                                                             \
  X(log_sum_exp, "log sum exp")                                                             \
  X(cross_entropy, "cross-entropy")                                                         \
  X(layer_norm, "layer norm")                                                               \
  X(rms_norm, "RMS norm")

// Op codes. A leaf has no operands, whatever recorded it.
typedef enum MG_CLOSED_ENUM MG_SWIFT_NAME(OpCode) {
  MG_LEAF MG_SWIFT_NAME(leaf) = 0,
#define MG_CODE(name, ...) MG_OP_##name MG_SWIFT_NAME(name),
  MG_BINARY_OPS(MG_CODE)
  MG_CONSTANT_OPS(MG_CODE)
  MG_UNARY_OPS(MG_CODE)
  MG_CODE(function)
  MG_NARY_OPS(MG_CODE)
  MG_CODE(block)  // the node that ends a block, of no value
  MG_TARGET_OPS(MG_CODE)
  MG_ROW_OPS(MG_CODE)
#undef MG_CODE
  MG_OP_COUNT MG_SWIFT_NAME(count)
} mg_op;

typedef enum MG_CLOSED_ENUM MG_SWIFT_NAME(FunctionCode) {
#define MG_CODE(name, ...) MG_FUNCTION_##name MG_SWIFT_NAME(name),
  MG_FUNCTIONS(MG_CODE)
#undef MG_CODE
  MG_FUNCTION_COUNT MG_SWIFT_NAME(count)
} mg_function;

_Static_assert(MG_OP_COUNT == 42, "an op was added or removed: see that mg_nary.c and the tests know it");
_Static_assert(MG_FUNCTION_COUNT == 24, "a function was added or removed: see that the tests know it");
_Static_assert(MG_OP_COUNT <= 64, "a record has 6 bits for its op code");

// 1 / (1 + exp(-x)) without overflow on either side.
static inline double mg_logistic(double x) {
  double e = exp(-fabs(x));
  return x < 0 ? e / (1 + e) : 1 / (1 + e);
}

// log(1 + exp(x)) without overflow; PyTorch's, but for its jump to x above 20.
static inline double mg_log_one_plus_exp(double x) { return (x > 0 ? x : 0) + log1p(exp(-fabs(x))); }

// -t log s(x) - (1 - t) log(1 - s(x)) for the logistic function s, without overflow.
static inline double mg_logistic_loss(double x, double t) {
  return (x > 0 ? x * (1 - t) : -x * t) + log1p(exp(-fabs(x)));
}

static inline double mg_silu_slope(double x) {
  return mg_logistic(x) * (1 + x * mg_logistic(-x));
}

// The normal distribution: the probability of a number below x, and its density.
static inline double mg_normal_below(double x) { return 0.5 * erfc(-x * 0.70710678118654752440); }
static inline double mg_normal_density(double x) { return 0.39894228040143267794 * exp(-0.5 * x * x); }

// GELU's approximation (Hendrycks and Gimpel 2016): x (1 + tanh u) / 2, u = sqrt(2 / pi) (x + 0.044715 x^3).
// (1 + tanh u) / 2 is the logistic function at 2 u, which loses nothing where u is negative.
static inline double mg_gelu_tanh_argument(double x) { return 1.59576912160573071176 * (x + 0.044715 * x * x * x); }
static inline double mg_gelu_tanh_gate(double x) { return mg_logistic(mg_gelu_tanh_argument(x)); }
static inline double mg_gelu_tanh_slope(double x) {
  double u = mg_gelu_tanh_argument(x), s = mg_logistic(u), bend = s * mg_logistic(-u);
  return bend == 0 ? s : s + x * bend * 1.59576912160573071176 * (1 + 3 * 0.044715 * x * x);
}

// d(x^y)/dx. Where the exponent is zero the power is the constant 1, even at x = 0.
static inline double mg_power_slope_base(double x, double y) { return y == 0 ? 0 : y * pow(x, y - 1); }

// d(x^y)/dy, v = x^y. At x = 0 and y >= 0 the power does not depend on y from the right; log(0) is not met.
static inline double mg_power_slope_exponent(double x, double y, double v) {
  return x == 0 && y >= 0 ? 0 : v * log(x);
}
