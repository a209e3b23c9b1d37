// Values of ops along rows.
#include "mg_lane_loops.h"

#define LOOP(loads, value)                                                                  \
  LANES {                                                                                   \
    loads;                                                                                  \
    vs[i] = value;                                                                          \
  }                                                                                         \
  return;

KERNEL_BODY void function_values(mg_function function, const double *xs, double *vs, int64_t n) {
  switch (function) {
#define CASE(name, symbol, value, ...) case MG_FUNCTION_##name: LOOP(double x = xs[i], value)
    MG_FUNCTIONS(CASE)
#undef CASE
  case MG_FUNCTION_COUNT: return;
  }
}

KERNEL void mg_lanes_value(const mg_lane_op *op, const double *x_row, const double *y_row, double *v_row, int64_t n) {
  if (n <= 0) return;
  WHOLE_VECTORS(n);
  const double *xs = ROW(x_row), *ys = ROW(y_row);
  double *vs = ROW(v_row), c = op->c, t = op->t;
  switch (op->op) {
#define CASE(name, symbol, value, ...) case MG_OP_##name: LOOP(double x = xs[i]; double y = ys[i], value)
    MG_BINARY_OPS(CASE)
#undef CASE
#define CASE(name, symbol, value, ...) case MG_OP_##name: LOOP(double x = xs[i], value)
    MG_CONSTANT_OPS(CASE)
    MG_UNARY_OPS(CASE)
    MG_TARGET_OPS(CASE)
#undef CASE
  case MG_OP_function: function_values(op->function, xs, vs, n); return;
  default: return;
  }
}
