// Ops of the table in mg_ops.h over runs of numbers.
#include "mg_arithmetic.h"
#include "mg_arithmetic_backward.h"
#include "mg_carried.h"

// One loop a row of a table, `body` being the table's expression in terms of x, y, c, t, v and d.
#define VALUES(name, loads, value)                                                          \
  case MG_OP_##name:                                                                        \
    for (int64_t i = 0; i < count; i++) {                                                   \
      loads;                                                                                \
      vs[i] = value;                                                                        \
    }                                                                                       \
    break;

static void function_values(mg_function function, const double *xs, double *vs, int64_t count) {
  switch (function) {
#define CASE(name, symbol, value, ...)                                                      \
  case MG_FUNCTION_##name:                                                                  \
    for (int64_t i = 0; i < count; i++) {                                                   \
      double x = xs[i];                                                                     \
      vs[i] = value;                                                                        \
    }                                                                                       \
    break;
    MG_FUNCTIONS(CASE)
#undef CASE
  case MG_FUNCTION_COUNT: break;
  }
}

void mg_map_values(mg_op op, mg_function function, double c, const double *xs, double *vs, int64_t count) {
  switch (op) {
#define CASE(name, symbol, value, ...) VALUES(name, double x = xs[i], value)
    MG_CONSTANT_OPS(CASE)
    MG_UNARY_OPS(CASE)
#undef CASE
  default: function_values(function, xs, vs, count);
  }
}

static void binary_values(mg_op op, const double *xs, const double *ys, double *vs, int64_t count) {
  switch (op) {
#define CASE(name, symbol, value, ...) VALUES(name, double x = xs[i]; double y = ys[i], value)
    MG_BINARY_OPS(CASE)
#undef CASE
  default: break;
  }
}

void mg_zip_values(mg_op op, const double *x, const double *y, bool broadcast, double *v, int64_t rows,
                   int64_t columns) {
  if (!broadcast) binary_values(op, x, y, v, rows * columns);
  else
    for (int64_t i = 0; i < rows * columns; i += columns) binary_values(op, x + i, y, v + i, columns);
}

void mg_target_values(mg_op op, double c, const double *xs, const double *targets, double *vs, int64_t count) {
  switch (op) {
#define CASE(name, symbol, value, ...) VALUES(name, double x = xs[i]; double t = targets[i], value)
    MG_TARGET_OPS(CASE)
#undef CASE
  default: break;
  }
}
#undef VALUES

// MARK: Backwards

// The same loops with the contributions, for nodes whose adjoint d is not zero.
#define BACKWARD(label, loads, contributions)                                               \
  case label:                                                                               \
    for (int64_t i = 0; i < count; i++) {                                                   \
      double d = ds[i];                                                                     \
      if (d == 0) continue;                                                                 \
      loads;                                                                                \
      contributions;                                                                        \
    }                                                                                       \
    break;

static void function_backward(mg_function function, const double *xs, const double *vs, const double *ds, double *dxs,
                              int64_t count) {
  switch (function) {
#define CASE(name, symbol, value, to_x, ...)                                                \
  BACKWARD(MG_FUNCTION_##name, double x = xs[i]; double v = vs[i]; (void)x; (void)v, dxs[i] += MG_CARRIED(to_x))
    MG_FUNCTIONS(CASE)
#undef CASE
  case MG_FUNCTION_COUNT: break;
  }
}

void mg_map_backward(mg_op op, mg_function function, double c, const double *xs, const double *vs, const double *ds,
                     double *dxs, int64_t count) {
  switch (op) {
#define CASE(name, symbol, value, to_x, ...)                                                \
  BACKWARD(MG_OP_##name, double x = xs[i]; double v = vs[i]; (void)x; (void)v, dxs[i] += MG_CARRIED(to_x))
    MG_CONSTANT_OPS(CASE)
    MG_UNARY_OPS(CASE)
#undef CASE
  default: function_backward(function, xs, vs, ds, dxs, count);
  }
}

static void binary_backward(mg_op op, const double *xs, const double *ys, const double *vs, const double *ds,
                            double *dxs, double *dys, int64_t count) {
  switch (op) {
#define CASE(name, symbol, value, to_x, to_y, ...)                                          \
  BACKWARD(MG_OP_##name, double x = xs[i]; double y = ys[i]; double v = vs[i]; (void)x; (void)y; (void)v, \
           double dx = MG_CARRIED(to_x); double dy = MG_CARRIED(to_y); dxs[i] += dx; dys[i] += dy)
    MG_BINARY_OPS(CASE)
#undef CASE
  default: break;
  }
}

void mg_zip_backward(mg_op op, const double *x, const double *y, bool broadcast, const double *v, const double *d,
                     double *dx, double *dy, int64_t rows, int64_t columns) {
  if (!broadcast) binary_backward(op, x, y, v, d, dx, dy, rows * columns);
  else
    for (int64_t i = 0; i < rows * columns; i += columns)
      binary_backward(op, x + i, y, v + i, d + i, dx + i, dy, columns);
}

void mg_target_backward(mg_op op, double c, const double *xs, const double *targets, const double *ds, double *dxs,
                        int64_t count) {
  switch (op) {
#define CASE(name, symbol, value, to_x, ...)                                                \
  BACKWARD(MG_OP_##name, double x = xs[i]; double t = targets[i]; (void)x; (void)t, dxs[i] += MG_CARRIED(to_x))
    MG_TARGET_OPS(CASE)
#undef CASE
  default: break;
  }
}
