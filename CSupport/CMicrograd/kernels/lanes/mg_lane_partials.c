// What adjoints contribute to operands, along rows.
#include "mg_lane_far.h"

// One loop an expression of the table. The numbers that the table says it reads are there, and no others: the compiler
// reports an expression that names another, and one that the expression does not name.
#define LOAD_none
#define LOAD_x real x = xs[i];
#define LOAD_y real y = ys[i];
#define LOAD_v real v = vs[i];
#define LOAD_xy LOAD_x LOAD_y
#define LOAD_xv LOAD_x LOAD_v
#define LOAD_yv LOAD_y LOAD_v
#define LOAD_xyv LOAD_x LOAD_y LOAD_v
#define LOOP(reads, contribution)                                                           \
  LANES {                                                                                   \
    real d = ds[i];                                                                         \
    LOAD_##reads                                                                            \
    tos[i] = d == 0 ? 0 : (contribution);                                                   \
  }                                                                                         \
  return;
#pragma clang diagnostic error "-Wunused-variable"

// `far` is constant, so that each loop is compiled for one of both.
KERNEL_BODY void function_partials(mg_function function, bool far, const real *ds, const real *xs,
                                   const real *vs, real *tos, int64_t n) {
  switch (function) {
#define CASE(name, symbol, value, to_x, xx, reads, ...)                                     \
  case MG_FUNCTION_##name:                                                                  \
    if (far && !lane_is_circular(MG_FUNCTION_##name)) return;                               \
    LOOP(reads, to_x)
    MG_FUNCTIONS(CASE)
#undef CASE
  case MG_FUNCTION_COUNT: return;
  }
}

// Of the powers that need no pow, with the table's results at both zeros and infinities; false for any other exponent.
KERNEL_BODY bool power_partials(real c, const real *ds, const real *xs, const real *vs, real *tos,
                                int64_t n) {
#define SLOPE(slope) LANES tos[i] = ds[i] == 0 ? 0 : ds[i] * (slope)
  if (c == 2) SLOPE(2 * xs[i]);
  else if (c == 3) SLOPE(3 * xs[i] * xs[i]);
  else if (c == -1) SLOPE(-vs[i] / xs[i]);
  else if (c == 0.5) SLOPE((real)0.5 / vs[i]);
  else if (c == -0.5) SLOPE((real)-0.5 * vs[i] / fabs(xs[i]));
  else return false;
  return true;
#undef SLOPE
}

KERNEL_BODY void op_partials(const mg_lane_op *op, int operand, bool far, const real *ds, const real *xs,
                             const real *ys, const real *vs, real *tos, int64_t n) {
  real c = (real)op->c, t = (real)op->t;
  if (operand == 1) {
    switch (op->op) {
#define CASE(name, symbol, value, to_x, to_y, xx, xy, yy, notation, x_reads, y_reads, ...)  \
  case MG_OP_##name:                                                                        \
    if (far && !lane_is_power(MG_OP_##name)) return;                                        \
    LOOP(y_reads, to_y)
      MG_BINARY_OPS(CASE)
#undef CASE
    default: return;
    }
  }
  switch (op->op) {
#define CASE(name, symbol, value, to_x, to_y, xx, xy, yy, notation, x_reads, ...)           \
  case MG_OP_##name:                                                                        \
    if (far && !lane_is_power(MG_OP_##name)) return;                                        \
    LOOP(x_reads, to_x)
    MG_BINARY_OPS(CASE)
#undef CASE
#define CASE(name, symbol, value, to_x, xx, notation, reads, ...)                           \
  case MG_OP_##name:                                                                        \
    if (far && !lane_is_power(MG_OP_##name)) return;                                        \
    LOOP(reads, to_x)
    MG_CONSTANT_OPS(CASE)
    MG_UNARY_OPS(CASE)
    MG_TARGET_OPS(CASE)
#undef CASE
  case MG_OP_function: function_partials(op->function, far, ds, xs, vs, tos, n); return;
  default: return;
  }
}

KERNEL_BODY void partial_row(const mg_lane_op *op, int operand, const real *d_row, const real *x_row,
                             const real *y_row, const real *v_row, real *to_row, int64_t n) {
  WHOLE_VECTORS(n);
  const real *ds = ROW(d_row), *xs = ROW(x_row), *ys = ROW(y_row), *vs = ROW(v_row);
  real *tos = ROW(to_row);
  if (op->op == MG_OP_power_constant && power_partials((real)op->c, ds, xs, vs, tos, n)) return;
  if (MG_UNLIKELY(lane_row_is_far(op, xs, ys, n))) op_partials(op, operand, true, ds, xs, ys, vs, tos, n);
  else op_partials(op, operand, false, ds, xs, ys, vs, tos, n);
}

KERNEL void mg_lanes_partials(const mg_lane_op *op, int operand, real *rows, int64_t stride, const int32_t *list,
                              int64_t count, int64_t n) {
  if (n <= 0) return;
  for (const int32_t *end = list + 5 * count; list < end; list += 5)
    partial_row(op, operand, rows + list[0] * stride, rows + list[1] * stride, rows + list[2] * stride,
                rows + list[3] * stride, rows + list[4] * stride, n);
}

#undef LOOP
