// Values of ops along rows.
#include "mg_lane_far.h"

#define LOOP(loads, value)                                                                  \
  LANES {                                                                                   \
    loads;                                                                                  \
    vs[i] = value;                                                                          \
  }                                                                                         \
  return;

// `far` is constant, so that each loop is compiled for one of both.
KERNEL_BODY void function_values(mg_function function, bool far, const real *xs, real *vs, int64_t n) {
  switch (function) {
#define CASE(name, symbol, value, ...)                                                      \
  case MG_FUNCTION_##name:                                                                  \
    if (far && !lane_is_circular(MG_FUNCTION_##name)) return;                               \
    LOOP(real x = xs[i], value)
    MG_FUNCTIONS(CASE)
#undef CASE
  case MG_FUNCTION_COUNT: return;
  }
}

// Powers that need no pow, with its results at -0 and minus infinity; false for any other exponent.
KERNEL_BODY bool power_values(real c, const real *xs, real *vs, int64_t n) {
  if (c == 2) LANES vs[i] = xs[i] * xs[i];
  else if (c == 3) LANES vs[i] = xs[i] * xs[i] * xs[i];
  else if (c == -1) LANES vs[i] = 1 / xs[i];
  else if (c == 0.5) LANES vs[i] = xs[i] == -INFINITY ? INFINITY : sqrt(xs[i] + (real)0);
  else if (c == -0.5) LANES vs[i] = xs[i] == -INFINITY ? 0 : 1 / sqrt(xs[i] + (real)0);
  else return false;
  return true;
}

KERNEL_BODY void op_values(const mg_lane_op *op, bool far, const real *xs, const real *ys, real *vs, int64_t n) {
  real c = (real)op->c, t = (real)op->t;
  switch (op->op) {
#define CASE(name, symbol, value, ...)                                                      \
  case MG_OP_##name:                                                                        \
    if (far && !lane_is_power(MG_OP_##name)) return;                                        \
    LOOP(real x = xs[i]; real y = ys[i], value)
    MG_BINARY_OPS(CASE)
#undef CASE
#define CASE(name, symbol, value, ...)                                                      \
  case MG_OP_##name:                                                                        \
    if (far && !lane_is_power(MG_OP_##name)) return;                                        \
    LOOP(real x = xs[i], value)
    MG_CONSTANT_OPS(CASE)
    MG_UNARY_OPS(CASE)
    MG_TARGET_OPS(CASE)
#undef CASE
  case MG_OP_function: function_values(op->function, far, xs, vs, n); return;
  default: return;
  }
}

KERNEL_BODY void value_row(const mg_lane_op *op, const real *x_row, const real *y_row, real *v_row, int64_t n) {
  WHOLE_VECTORS(n);
  const real *xs = ROW(x_row), *ys = ROW(y_row);
  real *vs = ROW(v_row);
  if (op->op == MG_OP_power_constant && power_values((real)op->c, xs, vs, n)) return;
  if (MG_UNLIKELY(lane_row_is_far(op, xs, ys, n))) op_values(op, true, xs, ys, vs, n);
  else op_values(op, false, xs, ys, vs, n);
}

KERNEL void mg_lanes_values(const mg_lane_op *op, real *rows, int64_t stride, const int32_t *list, int64_t count,
                            int64_t n) {
  if (n <= 0) return;
  for (const int32_t *end = list + 3 * count; list < end; list += 3)
    value_row(op, rows + list[0] * stride, rows + list[1] * stride, rows + list[2] * stride, n);
}

#undef LOOP
