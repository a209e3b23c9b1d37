// Which rows a partial derivative reads, as the table says. That it says so rightly, mg_lane_partials.c has checked by the
// compiler.
#include "mg_lane_ops.h"

enum {
  READS_none = 0,
  READS_x = MG_READS_X,
  READS_y = MG_READS_Y,
  READS_v = MG_READS_V,
  READS_xy = MG_READS_X | MG_READS_Y,
  READS_xv = MG_READS_X | MG_READS_V,
  READS_yv = MG_READS_Y | MG_READS_V,
  READS_xyv = MG_READS_X | MG_READS_Y | MG_READS_V,
};

static unsigned function_reads(mg_function function) {
  switch (function) {
#define CASE(name, symbol, value, to_x, xx, reads, ...) case MG_FUNCTION_##name: return READS_##reads;
    MG_FUNCTIONS(CASE)
#undef CASE
  case MG_FUNCTION_COUNT: return READS_none;
  }
}

unsigned mg_lanes_partial_reads(const mg_lane_op *op, int operand) {
  switch (op->op) {
#define CASE(name, symbol, value, to_x, to_y, xx, xy, yy, notation, x_reads, y_reads, ...) \
  case MG_OP_##name: return operand == 0 ? READS_##x_reads : READS_##y_reads;
    MG_BINARY_OPS(CASE)
#undef CASE
#define CASE(name, symbol, value, to_x, xx, notation, reads, ...) case MG_OP_##name: return READS_##reads;
    MG_CONSTANT_OPS(CASE)
    MG_UNARY_OPS(CASE)
    MG_TARGET_OPS(CASE)
#undef CASE
  case MG_OP_function: return function_reads(op->function);
  default: return READS_none;
  }
}
