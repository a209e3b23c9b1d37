// Included where the table of ops is expanded along rows of float, as mg_lane_names.h is for double: there the functions that it
// names are those of mg_lane_short.h. What has no short function is computed in double, and rounded.
#pragma once

#include "mg_lane_gates.h"
#include "mg_lane_short.h"
#include "mg_ops.h"

// Of float where the argument is one.
#define fabs(x) __builtin_elementwise_abs(x)
#define sqrt(x) __builtin_elementwise_sqrt(x)
#define floor(x) __builtin_elementwise_floor(x)
#define ceil(x) __builtin_elementwise_ceil(x)
#define trunc(x) __builtin_elementwise_trunc(x)
#define round(x) __builtin_elementwise_round(x)
#define rint(x) __builtin_elementwise_rint(x)

#define exp(x) short_exp(x)
#define exp2(x) short_exp2(x)
#define expm1(x) short_expm1(x)
#define log(x) short_log(x)
#define log2(x) short_log2(x)
#define log10(x) short_log10(x)
#define log1p(x) short_log1p(x)
#define hypot(x, y) short_hypot(x, y)
#define mg_exp10(x) short_exp10(x)
#define mg_exp2_times(factor, x, v) short_exp2_times(factor, x, v)
#define mg_hypot_slope(p, x, y, v) short_hypot_slope(p, x, y, v)
#define mg_tanh(x) short_tanh(x)
#define mg_tanh_slope(x, v) short_tanh_slope(x, v)
#define mg_logistic(x) short_logistic(x)
#define mg_logistic_slope(x, v) short_logistic_slope(x, v)
#define mg_log_one_plus_exp(x) short_log_one_plus_exp(x)
#define mg_logistic_loss(x, t) short_logistic_loss(x, t)
#define mg_silu_value(x) short_silu(x)
#define mg_silu_first(x) lane_silu_first(x)
#define mg_gelu_tanh_value(x) short_gelu_tanh(x)
#define mg_gelu_tanh_first(x) lane_gelu_tanh_first(x)
#define sinh(x) short_sinh(x)
#define cosh(x) short_cosh(x)
#define mg_log1mexp(x) short_log1mexp(x)
#define mg_log1mexp_first(x) short_log1mexp_first(x)
#define mg_logit(x) short_logit(x)

// Numbers that are out of reach are left to libm, and a power that has left the range of float is computed anew for its slope.
#define sin(x) (far && fabs(x) >= LANE_CIRCLES ? (sin)(x) : short_sin(x))
#define cos(x) (far && fabs(x) >= LANE_CIRCLES ? (cos)(x) : short_cos(x))
#define tan(x) (far && fabs(x) >= LANE_CIRCLES ? (tan)(x) : short_tan(x))
#define pow(x, y) (far && lane_power_is_far(x, y) ? (pow)(x, y) : short_pow(x, y))
#define mg_power_slope(x, y, v)                                                             \
  (far && lane_power_is_far(x, y) ? (mg_power_slope)(x, y, (pow)(x, y)) : short_power_slope(x, y, v))
#define mg_power_slope_exponent(x, y, v)                                                    \
  (far && lane_power_is_far(x, y) ? (mg_power_slope_exponent)(x, y, (pow)(x, y)) : short_power_slope_exponent(x, v))
#define lane_power_is_far(x, y) short_power_is_far(x, y)
