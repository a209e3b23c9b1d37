// Included where the table of ops is expanded along rows: there the functions that it names are those of mg_lane_math.h
// and its like, or of mg_lane_short.h for rows of float.
#pragma once

#ifdef MG_ROWS_OF_FLOAT

#include "mg_float_names.h"

#else

#include "mg_lane_circles.h"
#include "mg_lane_gates.h"
#include "mg_lane_math.h"
#include "mg_lane_power.h"
#include "mg_ops.h"

#define sqrt(x) lane_sqrt(x)
#define exp(x) lane_exp(x)
#define exp2(x) lane_exp2(x)
#define expm1(x) lane_expm1(x)
#define log(x) lane_log(x)
#define log2(x) lane_log2(x)
#define log10(x) lane_log10(x)
#define log1p(x) lane_log1p(x)
#define mg_exp2_times(factor, x, v) lane_exp2_times(factor, x, v)
#define mg_hypot_slope(p, x, y, v) lane_hypot_slope(p, x, y, v)
#define mg_tanh(x) lane_tanh(x)
#define mg_tanh_slope(x, v) lane_tanh_slope(x, v)
#define mg_logistic(x) lane_logistic(x)
#define mg_logistic_slope(x, v) lane_logistic_slope(x, v)
#define mg_log_one_plus_exp(x) lane_log_one_plus_exp(x)
#define mg_logistic_loss(x, t) lane_logistic_loss(x, t)
#define mg_silu_value(x) lane_silu(x)
#define mg_silu_first(x) lane_silu_first(x)
#define mg_gelu_tanh_value(x) lane_gelu_tanh(x)
#define mg_gelu_tanh_first(x) lane_gelu_tanh_first(x)
#define sinh(x) lane_sinh(x)
#define cosh(x) lane_cosh(x)
#define mg_log1mexp(x) lane_log1mexp(x)
#define mg_log1mexp_first(x) lane_log1mexp_first(x)
#define mg_logit(x) lane_logit(x)

// Where a row has numbers that are out of reach of the lanes' own functions, `far`, those numbers are left to libm.
#define sin(x) (far && fabs(x) >= LANE_CIRCLES ? (sin)(x) : lane_sin(x))
#define cos(x) (far && fabs(x) >= LANE_CIRCLES ? (cos)(x) : lane_cos(x))
#define tan(x) (far && fabs(x) >= LANE_CIRCLES ? (tan)(x) : lane_tan(x))
#define pow(x, y) (far && lane_power_is_far(x, y) ? (pow)(x, y) : lane_pow(x, y))
#define mg_power_slope(x, y, v)                                                             \
  (far && lane_power_is_far(x, y) ? (mg_power_slope)(x, y, v) : lane_power_slope(x, y, v))
#define mg_power_slope_exponent(x, y, v)                                                    \
  (far && lane_power_is_far(x, y) ? (mg_power_slope_exponent)(x, y, v) : lane_power_slope_exponent(x, y, v))

#endif

LANE bool lane_is_circular(mg_function function) {
  return function == MG_FUNCTION_sine || function == MG_FUNCTION_cosine || function == MG_FUNCTION_tangent;
}
LANE bool lane_is_power(mg_op op) {
  return op == MG_OP_power || op == MG_OP_power_constant || op == MG_OP_constant_power;
}
