// Derivatives of the table's operations times a tangent, for numbers that carry tangents without a tape.
//
// What the sweeps along a direction add up, to the same bits, except that no result is -0. A zero meets nothing
// (mg_carried.h): a tangent of zero gives zero, whatever the derivative is. Orders that the table does not have are NaN.
#pragma once

#include "mg_carried.h"
#include "mg_ops.h"

// d times the first or the second derivative of a function at x, v being the function's value there.
static inline double mg_function_tangent(mg_function function, int order, double x, double v, double d) {
  (void)x, (void)v;
  if (d == 0) return 0;
  switch (function) {
#define TANGENT(name, symbol, value, to_x, xx, ...)                                         \
  case MG_FUNCTION_##name: return (order == 1 ? MG_CARRIED(to_x) : order == 2 ? mg_carried(d, xx) : (double)NAN) + 0.0;
    MG_FUNCTIONS(TANGENT)
#undef TANGENT
  case MG_FUNCTION_COUNT: return (double)NAN;
  }
}

// The same for an op of one operand and a constant c, which some of these ops ignore. NaN for all other ops.
static inline double mg_op_tangent(mg_op op, int order, double x, double c, double v, double d) {
  (void)x, (void)c, (void)v;
  if (d == 0) return 0;
  switch (op) {
#define TANGENT(name, symbol, value, to_x, xx, ...)                                         \
  case MG_OP_##name: return (order == 1 ? MG_CARRIED(to_x) : order == 2 ? mg_carried(d, xx) : (double)NAN) + 0.0;
    MG_CONSTANT_OPS(TANGENT)
    MG_UNARY_OPS(TANGENT)
#undef TANGENT
  default: return (double)NAN;
  }
}

// d times the derivative of an op of two operands, i times by x and j times by y; 1 <= i + j <= 2.
static inline double mg_binary_tangent(mg_op op, int i, int j, double x, double y, double v, double d) {
  (void)x, (void)y, (void)v;
  if (d == 0) return 0;
  int orders = i * 4 + j;
  switch (op) {
#define TANGENT(name, symbol, value, to_x, to_y, xx, xy, yy, ...)                           \
  case MG_OP_##name:                                                                        \
    switch (orders) {                                                                       \
    case 4: return MG_CARRIED(to_x) + 0.0;                                                  \
    case 1: return MG_CARRIED(to_y) + 0.0;                                                  \
    case 8: return mg_carried(d, xx) + 0.0;                                                 \
    case 5: return mg_carried(d, xy) + 0.0;                                                 \
    case 2: return mg_carried(d, yy) + 0.0;                                                 \
    default: return (double)NAN;                                                            \
    }
    MG_BINARY_OPS(TANGENT)
#undef TANGENT
  default: return (double)NAN;
  }
}
