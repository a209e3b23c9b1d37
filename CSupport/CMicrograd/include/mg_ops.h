// The table of operations. All else is derived from it: the op codes, their names, the recording functions, the forward
// re-evaluation, the sweeps in every mode, the kernels of compiled functions, and what reports say of an op.
//
// In a row, x and y are the operands' values, c a constant, v the node's own value. The columns "to x" and "to y" are
// what an adjoint d of the node contributes to those of its operands, d times a partial derivative; d is never zero: the
// sweeps pass over what is. Being linear in d, they are what a tangent d of the operand contributes to the node's, too.
// The columns "xx", "xy" and "yy" are the second partial derivatives. At kinks and at the edge of a domain the
// conventions are PyTorch's.
//
// "reads" says which of x, y and v the contribution before it names, in this order, or none. The compiler checks it.
// "rounding" is the largest error that rounding makes in v, the operands being exact. There, u is half a unit in the last
// place of v. "kink" is the place where the op is not smooth: none, or the kind of place and its distance from x. The
// functions of these two columns, and what they mean, are in ops/mg_op_facts.c.
//
// The last columns are the derivatives in words, for those who read what a sweep does: by x, and of two operands by y, in
// the letters of the row, with the functions of the table by their symbols.
#pragma once

#include <math.h>

#include "mg_base.h"
#include "mg_special.h"

// X(name, symbol, value, to x, to y, xx, xy, yy, notation, to x reads, to y reads, rounding, kink, by x, by y)
#define MG_BINARY_OPS(X)                                                                    \
  X(add, "+", x + y, d, d, 0, 0, 0, infix, none, none, sum_rounding(x, y), none, "1", "1")  \
  MG_BINARY_OPS_AFTER_ADD(X)
#define MG_BINARY_OPS_AFTER_ADD(X)                                                          \
  X(multiply, "*", x * y, d * y, d * x, 0, 1, 0, infix, y, x, product_rounding(x, y), none, \
    "y", "x")                                                                               \
  MG_BINARY_OPS_AFTER_MULTIPLY(X)
#define MG_BINARY_OPS_AFTER_MULTIPLY(X)                                                     \
  X(subtract, "-", x - y, d, -d, 0, 0, 0, infix, none, none, sum_rounding(x, -y), none,     \
    "1", "-1")                                                                              \
  X(divide, "/", x / y, d / y, -d * v / y, 0, -1 / y / y, 2 * v / y / y,                    \
    infix, y, yv, quotient_rounding(x, y), edge(y), "1 / y", "-v / y")                      \
  X(power, "**", pow(x, y), d * mg_power_slope(x, y, v), d * mg_power_slope_exponent(x, y, v), \
    mg_power_bend_base(x, y, v), mg_power_bend_both(x, y, v), mg_power_bend_exponent(x, y, v), \
    infix, xyv, xyv, 2 * u, is_polynomial(y) ? none : edge(x),                              \
    "y * x ** (y - 1)", "v * log(x)")                                                       \
  X(maximum, "max", x < y || y != y ? y : x, x < y ? 0 : x == y ? d / 2 : d, x > y ? 0 : x == y ? d / 2 : d, 0, 0, 0, \
    call, xy, xy, 0, choice(x - y),                                                         \
    "1 if x > y, 0.5 if x == y, else 0", "1 if y > x, 0.5 if x == y, else 0")               \
  X(minimum, "min", x > y || y != y ? y : x, x > y ? 0 : x == y ? d / 2 : d, x < y ? 0 : x == y ? d / 2 : d, 0, 0, 0, \
    call, xy, xy, 0, choice(x - y),                                                         \
    "1 if x < y, 0.5 if x == y, else 0", "1 if y < x, 0.5 if x == y, else 0")               \
  X(hypotenuse, "hypot", hypot(x, y), d * mg_hypot_slope(x, x, y, v), d * mg_hypot_slope(y, x, y, v), \
    mg_hypot_bend(y, y, x, y, v), -mg_hypot_bend(x, y, x, y, v), mg_hypot_bend(x, x, x, y, v), \
    call, xyv, xyv, 2 * u, bend(hypot(x, y)), "x / v", "y / v")                             \
  X(angle, "atan2", atan2(x, y), d * mg_angle_slope(y, x, y), -d * mg_angle_slope(x, x, y), \
    -2 * mg_angle_bend(x, y, x, y), mg_angle_bend(x - y, x + y, x, y), 2 * mg_angle_bend(x, y, x, y), \
    call, xy, xy, 4 * u, jump(y < 0 ? x : hypot(x, y)),                                     \
    "y / (x ** 2 + y ** 2)", "-x / (x ** 2 + y ** 2)")                                      \
  X(remainder, "rem", remainder(x, y), d, -d * rint((x - v) / y), 0, 0, 0,                  \
    call, none, xyv, 0, jump(from_half(x / y) * y), "1", "-round((x - v) / y)")             \
  X(truncating_remainder, "fmod", fmod(x, y), d, -d * rint((x - v) / y), 0, 0, 0,           \
    call, none, xyv, 0, jump(from_whole_but_0(x / y) * y), "1", "-round((x - v) / y)")

// One operand and one constant: X(name, symbol, value, to x, xx, notation, reads, rounding, kink, by x)
#define MG_CONSTANT_OPS(X)                                                                  \
  X(add_constant, "+", x + c, d, 0, infix, none, sum_rounding(x, c), none, "1")             \
  X(subtract_from_constant, "-", c - x, -d, 0, constant_first, none, sum_rounding(c, -x), none, \
    "-1")                                                                                   \
  X(multiply_constant, "*", x * c, d * c, 0, infix, none, product_rounding(x, c), none,     \
    "c")                                                                                    \
  X(divide_by_constant, "/", x / c, d / c, 0, infix, none, quotient_rounding(x, c), none,   \
    "1 / c")                                                                                \
  X(divide_constant, "/", c / x, -d * v / x, 2 * v / x / x,                                 \
    constant_first, xv, quotient_rounding(c, x), edge(x), "-v / x")                         \
  X(power_constant, "**", pow(x, c), d * mg_power_slope(x, c, v), mg_power_bend_base(x, c, v), \
    infix, xv, 2 * u, is_polynomial(c) ? none : edge(x), "c * x ** (c - 1)")                \
  X(constant_power, "**", pow(c, x), d * mg_power_slope_exponent(c, x, v), mg_power_bend_exponent(c, x, v), \
    constant_first, xv, 2 * u, c > 0 ? none : edge(x), "v * log(c)")                        \
  X(clamp_below, "at least", x < c ? c : x, x > c ? d : 0, 0, infix, x, 0, choice(x - c),   \
    "1 if x > c, else 0")                                                                   \
  X(clamp_above, "at most", x > c ? c : x, x < c ? d : 0, 0, infix, x, 0, choice(x - c),    \
    "1 if x < c, else 0")                                                                   \
  X(polygamma_function, "polygamma", mg_polygamma_of(c, x), d * mg_polygamma_of(c + 1, x), mg_polygamma_of(c + 2, x), \
    call_constant_first, x, 4 * u, edge(from_pole(x)), "polygamma(c + 1, x)")               \
  X(leaky_relu, "leaky ReLU", x > 0 ? x : x * c, x > 0 ? d : d * c, 0,                      \
    call, x, x > 0 ? 0 : product_rounding(x, c), bend(x), "1 if x > 0, else c")             \
  X(elu, "ELU", x <= 0 ? c * expm1(x) : x, x <= 0 ? d * (c * exp(x)) : d, x <= 0 ? c * exp(x) : 0, \
    call, x, x > 0 ? 0 : 3 * u, c == 1 ? curvature(x) : bend(x), "1 if x > 0, else c * exp(x)")

// One operand, an op code of its own: X(name, symbol, value, to x, xx, notation, reads, rounding, kink, by x)
#define MG_UNARY_OPS(X)                                                                     \
  X(negate, "-", -x, -d, 0, prefix, none, 0, none, "-1")                                    \
  X(relu, "ReLU", x < 0 ? 0 : x, v <= 0 ? 0 : d, 0, call, v, 0, choice(x),                  \
    "1 if v > 0, else 0")                                                                   \
  X(square, "** 2", x * x, 2 * x * d, 2, postfix, x, product_rounding(x, x), none,          \
    "2 * x")                                                                                \
  X(cube, "** 3", x * x * x, 3 * x * x * d, 6 * x,                                          \
    postfix, x, fabs(x) * product_rounding(x, x) + product_rounding(x * x, x), none, "3 * x ** 2")

// One operand, one op code for all; the record's second operand says which:
// X(name, symbol, value, to x, xx, reads, rounding, kink, by x)
#define MG_FUNCTIONS(X)                                                                     \
  X(absolute, "abs", fabs(x), x > 0 ? d : x < 0 ? -d : 0, 0, x, 0, choice(x), "sign(x)")    \
  X(sign, "sign", x > 0 ? 1 : x < 0 ? -1 : x, 0, 0, none, 0, jump(x), "0")                  \
  X(floor, "floor", floor(x), 0, 0, none, 0, jump(x - round(x)), "0")                       \
  X(ceiling, "ceil", ceil(x), 0, 0, none, 0, jump(x - round(x)), "0")                       \
  X(round, "round", round(x), 0, 0, none, 0, jump(from_half(x)), "0")                       \
  X(round_to_even, "round to even", rint(x), 0, 0, none, 0, jump(from_half(x)), "0")        \
  X(truncate, "trunc", trunc(x), 0, 0, none, 0, jump(from_whole_but_0(x)), "0")             \
  X(detach, "detach", x, 0, 0, none, 0, none, "0")                                          \
  X(square_root, "sqrt", sqrt(x), d / (2 * v), -0.25 / v / x, v, fma(v, v, -x) == 0 ? 0 : u, edge(x), \
    "1 / (2 * v)")                                                                          \
  X(cube_root, "cbrt", mg_cbrt(x), d / (3 * v * v), -2.0 / 9 / (v * v) / x, v, 4 * u, edge(x), \
    "1 / (3 * v ** 2)")                                                                     \
  X(exponential, "exp", exp(x), d * v, v, v, 2 * u, none, "v")                              \
  X(exponential_minus_one, "expm1", expm1(x), d * exp(x), exp(x), x, 2 * u, none,           \
    "exp(x)")                                                                               \
  X(exponential_base_2, "exp2", exp2(x), d * mg_exp2_times(MG_LN_2, x, v), mg_exp2_times(MG_LN_2 * MG_LN_2, x, v), \
    xv, 2 * u, none, "v * log(2)")                                                          \
  X(exponential_base_10, "exp10", mg_exp10(x), d * (v * MG_LN_10), v * (MG_LN_10 * MG_LN_10), v, 4 * u, none, \
    "v * log(10)")                                                                          \
  X(logarithm, "log", log(x), d / x, -1 / x / x, x, 2 * u, edge(x), "1 / x")                \
  X(logarithm_one_plus, "log1p", log1p(x), d / (x + 1), -1 / (x + 1) / (x + 1), x, 2 * u, edge(1 + x), \
    "1 / (1 + x)")                                                                          \
  X(logarithm_base_2, "log2", log2(x), d / x / MG_LN_2, -1 / x / x / MG_LN_2, x, 2 * u, edge(x), \
    "1 / (x * log(2))")                                                                     \
  X(logarithm_base_10, "log10", log10(x), d / x / MG_LN_10, -1 / x / x / MG_LN_10, x, 4 * u, edge(x), \
    "1 / (x * log(10))")                                                                    \
  X(logarithm_one_minus_exponential, "log1mexp", mg_log1mexp(x), d * mg_log1mexp_first(x), mg_log1mexp_second(x), \
    x, 4 * u, edge(x), "1 / (exp(x) - 1)")                                                \
  X(sine, "sin", sin(x), d * cos(x), -v, x, 2 * u, none, "cos(x)")                          \
  X(cosine, "cos", cos(x), -d * sin(x), -v, x, 2 * u, none, "-sin(x)")                      \
  X(tangent, "tan", tan(x), d * (1 + v * v), 2 * v * (1 + v * v), v, 4 * u, edge(remainder(x - PI / 2, PI)), \
    "1 + v ** 2")                                                                           \
  X(arc_sine, "asin", asin(x), d * mg_asin_first(x), mg_asin_second(x), x, 4 * u, edge(1 - fabs(x)), \
    "1 / sqrt(1 - x ** 2)")                                                                 \
  X(arc_cosine, "acos", acos(x), -d * mg_asin_first(x), -mg_asin_second(x), x, 4 * u, edge(1 - fabs(x)), \
    "-1 / sqrt(1 - x ** 2)")                                                                \
  X(arc_tangent, "atan", atan(x), d * mg_atan_first(x), mg_atan_second(x), x, 4 * u, none,  \
    "1 / (1 + x ** 2)")                                                                     \
  X(hyperbolic_sine, "sinh", sinh(x), d * cosh(x), v, x, 4 * u, none, "cosh(x)")            \
  X(hyperbolic_cosine, "cosh", cosh(x), d * sinh(x), v, x, 4 * u, none, "sinh(x)")          \
  X(hyperbolic_tangent, "tanh", mg_tanh(x), d * mg_tanh_slope(x, v), -2 * v * mg_tanh_slope(x, v), xv, 4 * u, none, \
    "1 - v ** 2")                                                                           \
  X(area_sine, "asinh", asinh(x), d * mg_asinh_first(x), mg_asinh_second(x), x, 4 * u, none, \
    "1 / sqrt(x ** 2 + 1)")                                                                 \
  X(area_cosine, "acosh", mg_acosh(x), d * mg_acosh_first(x), mg_acosh_second(x), x, 4 * u, edge(x - 1), \
    "1 / sqrt(x ** 2 - 1)")                                                                 \
  X(area_tangent, "atanh", atanh(x), d / ((1 - x) * (1 + x)), 2 * x / ((1 - x) * (1 + x)) / ((1 - x) * (1 + x)), \
    x, 4 * u, edge(1 - fabs(x)), "1 / (1 - x ** 2)")                                        \
  X(error_function, "erf", erf(x), d * mg_erf_first(x), mg_erf_second(x), x, 4 * u, none,   \
    "2 / sqrt(pi) * exp(-(x ** 2))")                                                        \
  X(complementary_error_function, "erfc", mg_erfc(x), -d * mg_erf_first(x), -mg_erf_second(x), x, 4 * u, none, \
    "-2 / sqrt(pi) * exp(-(x ** 2))")                                                       \
  X(gamma_function, "gamma", mg_gamma(x), d * (v * mg_digamma(x)),                          \
    v * (mg_digamma(x) * mg_digamma(x) + mg_polygamma(1, x)), xv, 4 * u, edge(from_pole(x)), \
    "v * digamma(x)")                                                                       \
  X(log_gamma_function, "log gamma", mg_log_gamma(x), d * mg_digamma(x), mg_polygamma(1, x), \
    x, 4 * u, edge(from_pole(x)), "digamma(x)")                                             \
  X(digamma_function, "digamma", mg_digamma(x), d * mg_polygamma(1, x), mg_polygamma(2, x), \
    x, 4 * u, edge(from_pole(x)), "polygamma(1, x)")                                        \
  X(sigmoid, "sigmoid", mg_logistic(x), d * mg_logistic_slope(x, v), mg_logistic_bend(x, v), xv, 4 * u, none, \
    "v * (1 - v)")                                                                          \
  X(log_odds, "logit", mg_logit(x), d * mg_logit_first(x), mg_logit_second(x),              \
    x, 4 * u, edge(smaller(fabs(x), fabs(1 - x))), "1 / (x * (1 - x))")                     \
  X(softplus, "softplus", mg_log_one_plus_exp(x), d * mg_logistic(x), mg_logistic_slope(x, mg_logistic(x)), \
    x, 4 * u, none, "sigmoid(x)")                                                           \
  X(softsign, "softsign", isinf(x) ? copysign(1, x) : x / (1 + fabs(x)), d / (1 + fabs(x)) / (1 + fabs(x)), \
    (x > 0 ? -2 : x < 0 ? 2 : x) / (1 + fabs(x)) / (1 + fabs(x)) / (1 + fabs(x)), x, 4 * u, curvature(x), \
    "1 / (1 + abs(x)) ** 2")                                                                \
  X(silu, "SiLU", mg_silu_value(x), d * mg_silu_first(x), mg_silu_second(x), x, 8 * u, none, \
    "sigmoid(x) * (1 + x * (1 - sigmoid(x)))")                                              \
  X(mish, "Mish", mg_mish_value(x), d * mg_mish_first(x), mg_mish_second(x), x, 8 * u, none, \
    "tanh(softplus(x)) + x * sigmoid(x) * (1 - tanh(softplus(x)) ** 2)")                    \
  X(gelu, "GELU", mg_gelu_value(x), d * mg_gelu_first(x), mg_gelu_second(x), x, (8 + 2 * square_below_0(x)) * u, none, \
    "(1 + erf(x / sqrt(2))) / 2 + x * exp(-(x ** 2) / 2) / sqrt(2 * pi)")                   \
  X(gelu_tanh, "GELU~", mg_gelu_tanh_value(x), d * mg_gelu_tanh_first(x), mg_gelu_tanh_second(x), \
    x, (8 + 8 * square_below_0(x)) * u, none,                                               \
    "(1 + tanh(u)) / 2 + x / 2 * (1 - tanh(u) ** 2) * sqrt(2 / pi) * (1 + 0.134145 * x ** 2) with u = sqrt(2 / pi) * (x + 0.044715 * x ** 3)")

// Any number of operands, listed in side buffers; their arithmetic is in mg_nary.c: X(name, symbol, by x). There, x is the
// operand that the derivative is by, y the factor beside it, or 1 where there is none.
#define MG_NARY_OPS(X)                                                                      \
  X(sum, "sum", "1")                                                                        \
  X(sum_run, "sum", "1")                                                                    \
  X(dot, "dot", "y")                                                                        \
  X(dot_runs, "dot", "y")                                                                   \
  X(weighted_sum, "dot", "c")                                                               \
  X(log_sum_exp, "log sum exp", "exp(x - v)")                                               \
  X(select, "select", "1 if it was chosen, else 0")                                         \
  X(pick, "pick", "1 if it was picked, else 0")                                             \
  X(neuron, "neuron", "y")

// Only in blocks (mg_blocks.h), where a node has a plain number t of its own, its target, and the block a constant c:
// X(name, symbol, value, to x, xx, notation, reads, rounding, kink, by x). Where they bend, the derivative is zero; NaN
// flows on, as through relu.
#define MG_TARGET_OPS(X)                                                                    \
  X(scale, "*", x * t, d * t, 0, infix, none, product_rounding(x, t), none, "t")            \
  X(hinge, "hinge", 1 - t * x < 0 ? 0 : 1 - t * x, 1 - t * x <= 0 || t == 0 ? 0 : -t * d, 0, \
    call, x, v == 0 ? 0 : margin_rounding(x, t), t == 0 ? none : choice((1 - t * x) / t),   \
    "-t if t * x < 1, else 0")                                                              \
  X(squared_hinge, "hinge²", 1 - t * x < 0 ? 0 : (1 - t * x) * (1 - t * x),                 \
    1 - t * x <= 0 || t == 0 ? 0 : -2 * t * (1 - t * x) * d, 1 - t * x <= 0 ? 0 : 2 * t * t, \
    call, x, v == 0 ? 0 : 2 * fabs(1 - t * x) * margin_rounding(x, t) + u, t == 0 ? none : curvature((1 - t * x) / t), \
    "-2 * t * (1 - t * x) if t * x < 1, else 0")                                            \
  X(squared_error, "squared error", (x - t) * (x - t), 2 * (x - t) * d, 2,                  \
    call, x, 2 * fabs(x - t) * sum_rounding(x, -t) + 3 * u, none, "2 * (x - t)")            \
  X(absolute_error, "absolute error", fabs(x - t), x > t ? d : x < t ? -d : 0, 0,           \
    call, x, sum_rounding(x, -t), choice(x - t), "sign(x - t)")                             \
  X(huber, "Huber", fabs(x - t) <= c ? 0.5 * (x - t) * (x - t) : c * (fabs(x - t) - 0.5 * c), \
    x - t > c ? c * d : x - t < -c ? -c * d : (x - t) * d, fabs(x - t) > c ? 0 : 1,         \
    call_target_constant, x, 2 * fabs(x - t) * sum_rounding(x, -t) + 3 * u, curvature(fabs(x - t) - c), \
    "x - t if abs(x - t) <= c, else c * sign(x - t)")                                       \
  X(binary_cross_entropy, "binary cross-entropy", mg_logistic_loss(x, t), ((1 - t) * mg_logistic(x) - t * mg_logistic(-x)) * d, \
    mg_logistic_slope(x, mg_logistic(x)), call_target, x, 4 * u, none, "sigmoid(x) - t")

// Only in blocks, each node from a row of others; their arithmetic is in mg_rows.c. A row's log_sum_exp is one of them too.
// X(name, symbol, by the node's own column, by another, by the gain, by the bias), "" where there is none. The own column
// of a cross_entropy is its class. Of the norms, y is the gain; z the number of the row, normalised, w that of the node's
// own column, s what they were divided by, and n how many there are.
#define MG_ROW_OPS(X)                                                                       \
  X(copy, "copy", "1", "", "", "")                                                          \
  X(row_sum, "sum", "1", "1", "", "")                                                       \
  X(softmax, "softmax", "v * (1 - v)", "-v * softmax(x)", "", "")                           \
  X(log_softmax, "log softmax", "1 - exp(v)", "-softmax(x)", "", "")                        \
  X(cross_entropy, "cross-entropy", "softmax(x) - 1", "softmax(x)", "", "")                 \
  X(layer_norm, "layer norm", "y * (1 - (1 + z ** 2) / n) / s", "-y * (1 + z * w) / n / s", "z", "1") \
  X(rms_norm, "RMS norm", "y * (1 - z ** 2 / n) / s", "-y * z * w / n / s", "z", "")

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
  MG_CODE(custom)  // only in blocks: a function of the caller's (mg_custom.h)
#undef MG_CODE
  MG_OP_COUNT MG_SWIFT_NAME(count)
} mg_op;

typedef enum MG_CLOSED_ENUM MG_SWIFT_NAME(FunctionCode) {
#define MG_CODE(name, ...) MG_FUNCTION_##name MG_SWIFT_NAME(name),
  MG_FUNCTIONS(MG_CODE)
#undef MG_CODE
  MG_FUNCTION_COUNT MG_SWIFT_NAME(count)
} mg_function;

_Static_assert(MG_OP_COUNT <= 64, "a record has 6 bits for its op code");

#define MG_LN_2 0.69314718055994530942
#define MG_LN_10 2.30258509299404568402

// log(1 + exp(x)) without overflow; PyTorch's, but for its jump to x above 20.
static inline double mg_log_one_plus_exp(double x) { return (x > 0 ? x : 0) + log1p(exp(-fabs(x))); }

// -t log s(x) - (1 - t) log(1 - s(x)) for the logistic function s, without overflow. What is sure and right costs nothing.
static inline double mg_logistic_loss(double x, double t) {
  double share = x > 0 ? 1 - t : t;
  return (share == 0 ? 0 : fabs(x) * share) + log1p(exp(-fabs(x)));
}

// The order of a polygamma is a constant of the op; NaN for what is none.
static inline double mg_polygamma_of(double order, double x) {
  return order >= 0 && order < 1 << 21 ? mg_polygamma((int)order, x) : (double)NAN;
}

// s'' = s (1 - s) (1 - 2 s) for s = logistic(x); 1 - 2 s is -tanh(x / 2), which loses nothing near 0.
static inline double mg_logistic_bend(double x, double s) { return -mg_logistic_slope(x, s) * mg_tanh(0.5 * x); }

// factor * 2^x, v = 2^x, for a factor from 1/4 to 1: in range up to a larger x than v is.
static inline double mg_exp2_times(double factor, double x, double v) {
  return v < INFINITY ? v * factor : exp2(x - 2) * (4 * factor);
}

// factor * x^y, v = x^y: by its root where v has left the range, or lost digits, and the product perhaps has not.
static inline double mg_power_times(double factor, double x, double y, double v) {
  if (MG_LIKELY(isnormal(v)) || x == 0 || isinf(x)) return v * factor;
  double root = pow(x, 0.5 * y);
  return root * factor * root;
}

// d(x^y)/dy, v = x^y. At x = 0 and y >= 0 the power does not depend on y from the right; log(0) is not met.
static inline double mg_power_slope_exponent(double x, double y, double v) {
  return x == 0 && y >= 0 ? 0 : mg_power_times(log(x), x, y, v);
}

// The second derivatives of x^y. That by the base is 0 where the power is linear in it.
static inline double mg_power_bend_base(double x, double y, double v) {
  if (y == 0 || y == 1) return 0;
  return isnormal(x) && isnormal(v) ? y * (y - 1) * (v / x / x) : mg_power_bend_base_at_limits(x, y);
}
static inline double mg_power_bend_both(double x, double y, double v) {
  if (x == 0 && y > 1) return 0;
  double factor = 1 + y * log(x);
  if (isnormal(x) && isnormal(v)) return v / x * factor;
  return mg_power_times(factor, x, y - 1, pow(x, y - 1));
}
static inline double mg_power_bend_exponent(double x, double y, double v) {
  return x == 0 && y >= 0 ? 0 : mg_power_times(log(x) * log(x), x, y, v);
}

// The derivatives of hypot(x, y) = v: p / v, and p q / v³ for the product p q of two of them; 0 at the origin. Where v has
// left the range, that of their halves has not.
static inline double mg_hypot_slope(double p, double x, double y, double v) {
  if (v == 0) return 0;
  return v < INFINITY || isinf(x) || isinf(y) ? p / v : 0.5 * p / hypot(0.5 * x, 0.5 * y);
}
static inline double mg_hypot_bend(double p, double q, double x, double y, double v) {
  if (v == 0) return 0;
  if (v < INFINITY || isinf(x) || isinf(y)) return p / v * (q / v) / v;
  double half = hypot(0.5 * x, 0.5 * y);
  return 0.5 * p / half * (0.5 * q / half) / half * 0.5;
}

// The derivatives of atan2(x, y): p / r² and p q / r⁴ for r² = x² + y², without overflow; 0 at the origin.
static inline double mg_angle_slope(double p, double x, double y) {
  double r = hypot(x, y);
  return r == 0 ? 0 : p / r / r;
}
static inline double mg_angle_bend(double p, double q, double x, double y) {
  double r = hypot(x, y);
  return r == 0 ? 0 : p / r * (q / r) / r / r;
}

// What an op computes from plain numbers, y being the second operand or the constant; NaN for ops of any number of
// operands and for leaves. Inline, so that nothing but the arithmetic remains where the op is known to the compiler.
static inline double mg_value_of_op(mg_op op, double x, double y) {
  double c = y;
  (void)c;
  switch (op) {
#define VALUE(name, symbol, value, ...) case MG_OP_##name: return value;
    MG_BINARY_OPS(VALUE)
    MG_CONSTANT_OPS(VALUE)
    MG_UNARY_OPS(VALUE)
#undef VALUE
  default: return (double)NAN;
  }
}

static inline double mg_value_of_function(mg_function function, double x) {
  switch (function) {
#define VALUE(name, symbol, value, ...) case MG_FUNCTION_##name: return value;
    MG_FUNCTIONS(VALUE)
#undef VALUE
  case MG_FUNCTION_COUNT: return (double)NAN;
  }
}

// Whether the op is one on two nodes.
static inline bool mg_op_is_binary(mg_op op) {
  switch (op) {
#define CASE(name, ...) case MG_OP_##name:
    MG_BINARY_OPS(CASE)
#undef CASE
    return true;
  default: return false;
  }
}
// Whether the op is one on a node and a constant.
static inline bool mg_op_has_constant(mg_op op) {
  switch (op) {
#define CASE(name, ...) case MG_OP_##name:
    MG_CONSTANT_OPS(CASE)
    MG_TARGET_OPS(CASE)
#undef CASE
    return true;
  default: return false;
  }
}

// Whether the op is one on a node and a target.
static inline bool mg_op_has_target(mg_op op) {
  switch (op) {
#define CASE(name, ...) case MG_OP_##name:
    MG_TARGET_OPS(CASE)
#undef CASE
    return true;
  default: return false;
  }
}

// How two numbers compare.
typedef enum MG_CLOSED_ENUM MG_SWIFT_NAME(Relation) {
  MG_LESS MG_SWIFT_NAME(less) = 0,
  MG_AT_MOST MG_SWIFT_NAME(atMost),
  MG_EQUAL MG_SWIFT_NAME(equal),
  MG_UNEQUAL MG_SWIFT_NAME(unequal),
  MG_AT_LEAST MG_SWIFT_NAME(atLeast),
  MG_GREATER MG_SWIFT_NAME(greater),
} mg_relation;

static inline bool mg_relation_holds(mg_relation relation, double left, double right) {
  switch (relation) {
  case MG_LESS: return left < right;
  case MG_AT_MOST: return left <= right;
  case MG_EQUAL: return left == right;
  case MG_UNEQUAL: return left != right;
  case MG_AT_LEAST: return left >= right;
  case MG_GREATER: return left > right;
  }
}

MG_ASSUME_NONNULL_BEGIN

// mg_value_of_op and mg_value_of_function out of line.
double mg_op_value(mg_op op, double x, double y);
double mg_function_value(mg_function function, double x);

// The name and the symbol of an op or a function, as in the table.
const char *mg_op_name(mg_op op);
const char *mg_op_symbol(mg_op op);
const char *mg_function_name(mg_function function);
const char *mg_function_symbol(mg_function function);

MG_ASSUME_NONNULL_END
