// Blocks along a direction: the tangents of a block's nodes, and what their adjoints contribute.
//
// s stands for tangents of operands, t for those of the block's nodes, d and e for adjoints and their tangents.
#include <math.h>
#include <string.h>

#include "mg_arithmetic.h"
#include "mg_kernels.h"
#include "mg_node_directional.h"
#include "mg_rows.h"

// MARK: Ops of the table, element by element

static double function_tangent(mg_function function, double x, double v, double d) {
  (void)x, (void)v;
  switch (function) {
#define CASE(name, symbol, value, to_x, ...) case MG_FUNCTION_##name: return MG_CARRIED(to_x);
    MG_FUNCTIONS(CASE)
#undef CASE
  case MG_FUNCTION_COUNT: return 0;
  }
}

// The tangent of a node with one operand in the block, whose tangent is d; t is the node's target.
static double element_tangent(mg_op op, mg_function function, double x, double v, double c, double t, double d) {
  (void)c, (void)t;
  switch (op) {
#define CASE(name, symbol, value, to_x, ...) case MG_OP_##name: return MG_CARRIED(to_x);
    MG_CONSTANT_OPS(CASE)
    MG_UNARY_OPS(CASE)
    MG_TARGET_OPS(CASE)
#undef CASE
  default: return function_tangent(function, x, v, d);
  }
}

static void function_pull(mg_function function, double x, double v, double s, double from, double from_tangent,
                          double *adjoint, double *adjoint_tangent) {
  (void)x, (void)v;
  switch (function) {
#define CASE(name, symbol, value, to_x, xx, ...)                                            \
  case MG_FUNCTION_##name:                                                                  \
    MG_PULL(from, from_tangent, *adjoint, *adjoint_tangent, to_x, MG_BEND(s, xx));          \
    break;
    MG_FUNCTIONS(CASE)
#undef CASE
  case MG_FUNCTION_COUNT: break;
  }
}

static void element_pull(mg_op op, mg_function function, double x, double v, double c, double t, double s, double from,
                         double from_tangent, double *adjoint, double *adjoint_tangent) {
  (void)c, (void)t;
  switch (op) {
#define CASE(name, symbol, value, to_x, xx, ...)                                            \
  case MG_OP_##name:                                                                        \
    MG_PULL(from, from_tangent, *adjoint, *adjoint_tangent, to_x, MG_BEND(s, xx));          \
    break;
    MG_CONSTANT_OPS(CASE)
    MG_UNARY_OPS(CASE)
    MG_TARGET_OPS(CASE)
#undef CASE
  default: function_pull(function, x, v, s, from, from_tangent, adjoint, adjoint_tangent);
  }
}

static double pair_tangent(mg_op op, double x, double y, double v, double sx, double sy) {
  (void)x, (void)y, (void)v;
  double sum = 0, d;
  switch (op) {
#define CASE(name, symbol, value, to_x, to_y, ...)                                          \
  case MG_OP_##name:                                                                        \
    if ((d = sx) != 0) sum = MG_CARRIED(to_x);                                              \
    if ((d = sy) != 0) sum += MG_CARRIED(to_y);                                             \
    break;
    MG_BINARY_OPS(CASE)
#undef CASE
  default: break;
  }
  return sum;
}

static void pair_pull(const mg_tape *tape, mg_op op, int64_t a, int64_t b, int64_t node, mg_directions all) {
  double x = tape->values[a], y = tape->values[b], v = tape->values[node];
  double sx = all.tangents[a], sy = all.tangents[b], from = all.adjoints[node], from_tangent = all.adjoint_tangents[node];
  double *d_a = all.adjoints + a, *e_a = all.adjoint_tangents + a;
  double *d_b = all.adjoints + b, *e_b = all.adjoint_tangents + b;
  (void)x, (void)y, (void)v;
  switch (op) {
#define CASE(name, symbol, value, to_x, to_y, xx, xy, yy, ...)                                 \
  case MG_OP_##name:                                                                        \
    MG_PULL(from, from_tangent, *d_a, *e_a, to_x, MG_BEND(sx, xx) + MG_BEND(sy, xy));       \
    MG_PULL(from, from_tangent, *d_b, *e_b, to_y, MG_BEND(sx, xy) + MG_BEND(sy, yy));       \
    break;
    MG_BINARY_OPS(CASE)
#undef CASE
  default: break;
  }
}

// MARK: Layers

// t += s · weightsᵀ + x · weight tangentsᵀ + bias tangents, where the activation lets pass.
static void layer_tangents(const mg_tape *tape, const mg_block *b, double *t) {
  const double *values = tape->values;
  int64_t count = mg_block_count(b);
  double *result = t + b->first;
  memset(result, 0, (size_t)count * sizeof *result);
  for (int64_t i = 0; b->z != MG_NO_NODE && i < b->rows; i++)
    memcpy(result + i * b->columns, t + b->z, (size_t)b->columns * sizeof *result);
  if (!mg_kernel_is_zero(t + b->x, (int64_t)b->rows * b->x_columns))
    mg_matrix_multiply(b->rows, b->columns, b->x_columns, t + b->x, false, values + b->y, true, result);
  if (!mg_kernel_is_zero(t + b->y, (int64_t)b->columns * b->x_columns))
    mg_matrix_multiply(b->rows, b->columns, b->x_columns, values + b->x, false, t + b->y, true, result);
  for (int64_t k = 0; b->relu && k < count; k++)
    if (values[b->first + k] <= 0) result[k] = 0;
}

// What the activation stops is set to zero in place: nobody reads the adjoints of a block that was passed.
static void layer_pull(const mg_tape *tape, const mg_block *b, mg_directions all) {
  const double *values = tape->values, *x = values + b->x, *weights = values + b->y, *s = all.tangents;
  double *d = all.adjoints + b->first, *e = all.adjoint_tangents + b->first;
  int64_t rows = b->rows, inputs = b->x_columns, outputs = b->columns;
  for (int64_t k = 0; b->relu && k < rows * outputs; k++)
    if (values[b->first + k] <= 0) d[k] = e[k] = 0;
  for (int64_t i = 0; b->z != MG_NO_NODE && i < rows; i++)
    for (int64_t j = 0; j < outputs; j++) {
      all.adjoints[b->z + j] += d[i * outputs + j];
      all.adjoint_tangents[b->z + j] += e[i * outputs + j];
    }
  mg_matrix_multiply(outputs, inputs, rows, d, true, x, false, all.adjoints + b->y);
  mg_matrix_multiply(outputs, inputs, rows, e, true, x, false, all.adjoint_tangents + b->y);
  if (!mg_kernel_is_zero(s + b->x, rows * inputs))
    mg_matrix_multiply(outputs, inputs, rows, d, true, s + b->x, false, all.adjoint_tangents + b->y);
  if (b->skips_x) return;
  mg_matrix_multiply(rows, inputs, outputs, d, false, weights, false, all.adjoints + b->x);
  mg_matrix_multiply(rows, inputs, outputs, e, false, weights, false, all.adjoint_tangents + b->x);
  if (!mg_kernel_is_zero(s + b->y, outputs * inputs))
    mg_matrix_multiply(rows, inputs, outputs, d, false, s + b->y, false, all.adjoint_tangents + b->x);
}

// MARK: All kinds

void mg_block_tangents(const mg_tape *tape, const mg_block *b, double *t) {
  const double *values = tape->values, *constants = tape->constants + b->constants;
  const int32_t *list = tape->operands + b->list;
  int64_t count = mg_block_count(b);
  switch (mg_block_kind_of(b->op)) {
  case MG_BLOCK_MAP:
  case MG_BLOCK_TARGET: {
    bool has_targets = mg_block_kind_of(b->op) == MG_BLOCK_TARGET;
    for (int64_t k = 0; k < count; k++) {
      double s = t[b->x + k], target = has_targets ? constants[1 + k] : 0;
      t[b->first + k] =
          s == 0 ? 0 : element_tangent(b->op, b->function, values[b->x + k], values[b->first + k], *constants, target, s);
    }
    break;
  }
  case MG_BLOCK_ZIP:
    for (int64_t k = 0; k < count; k++) {
      int64_t x = b->x + k, y = b->y + (b->broadcast ? k % b->columns : k);
      t[b->first + k] = pair_tangent(b->op, values[x], values[y], values[b->first + k], t[x], t[y]);
    }
    break;
  case MG_BLOCK_COPY:
    for (int64_t k = 0; k < count / b->x_columns; k++)
      memcpy(t + b->first + k * b->x_columns, t + list[k], (size_t)b->x_columns * sizeof *t);
    break;
  case MG_BLOCK_ROWS: mg_row_tangents(tape, b, t); break;
  case MG_BLOCK_CROSS_ENTROPY: mg_cross_entropy_tangents(tape, b, t); break;
  case MG_BLOCK_NORM: mg_norm_tangents(tape, b, t); break;
  case MG_BLOCK_LAYER: layer_tangents(tape, b, t); break;
  case MG_BLOCK_CUSTOM: mg_custom_tangents(tape, b, t); break;
  case MG_BLOCK_LEAVES: break;
  }
}

void mg_block_pull(const mg_tape *tape, const mg_block *b, mg_directions all) {
  const double *values = tape->values, *constants = tape->constants + b->constants, *s = all.tangents;
  const int32_t *list = tape->operands + b->list;
  double *d = all.adjoints, *e = all.adjoint_tangents;
  int64_t count = mg_block_count(b);
  if (mg_kernel_is_zero(d + b->first, count) && mg_kernel_is_zero(e + b->first, count)) return;
  switch (mg_block_kind_of(b->op)) {
  case MG_BLOCK_MAP:
  case MG_BLOCK_TARGET: {
    bool has_targets = mg_block_kind_of(b->op) == MG_BLOCK_TARGET;
    for (int64_t k = 0; k < count; k++) {
      int64_t x = b->x + k, node = b->first + k;
      element_pull(b->op, b->function, values[x], values[node], *constants, has_targets ? constants[1 + k] : 0, s[x],
                   d[node], e[node], d + x, e + x);
    }
    break;
  }
  case MG_BLOCK_ZIP:
    for (int64_t k = 0; k < count; k++)
      pair_pull(tape, b->op, b->x + k, b->y + (b->broadcast ? k % b->columns : k), b->first + k, all);
    break;
  case MG_BLOCK_COPY:
    for (int64_t k = 0; k < count; k++) {
      int64_t to = list[k / b->x_columns] + k % b->x_columns;
      d[to] += d[b->first + k];
      e[to] += e[b->first + k];
    }
    break;
  case MG_BLOCK_ROWS: mg_row_pull(tape, b, all); break;
  case MG_BLOCK_CROSS_ENTROPY: mg_cross_entropy_pull(tape, b, all); break;
  case MG_BLOCK_NORM: mg_norm_pull(tape, b, all); break;
  case MG_BLOCK_LAYER: layer_pull(tape, b, all); break;
  case MG_BLOCK_CUSTOM: mg_custom_pull(tape, b, all); break;
  case MG_BLOCK_LEAVES: break;
  }
}
