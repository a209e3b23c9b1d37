// Which rows a partial derivative reads: those that its expression in the table names.
#include <ctype.h>

#include "mg_lane_ops.h"

static unsigned names(const char *expression) {
  unsigned reads = 0;
  for (const char *at = expression; *at;) {
    const char *start = at;
    while (isalnum((unsigned char)*at) || *at == '_') at++;
    if (at == start) at++;
    else if (at == start + 1) switch (*start) {
      case 'x': reads |= MG_READS_X; break;
      case 'y': reads |= MG_READS_Y; break;
      case 'v': reads |= MG_READS_V; break;
      }
  }
  return reads;
}

// The text of the expression by which an adjoint passes to an operand.
static const char *expression(const mg_lane_op *op, int operand) {
  switch (op->op) {
#define CASE(name, symbol, value, to_x, to_y, ...) case MG_OP_##name: return operand == 0 ? #to_x : #to_y;
    MG_BINARY_OPS(CASE)
#undef CASE
#define CASE(name, symbol, value, to_x, ...) case MG_OP_##name: return #to_x;
    MG_CONSTANT_OPS(CASE)
    MG_UNARY_OPS(CASE)
    MG_TARGET_OPS(CASE)
#undef CASE
  case MG_OP_function: break;
  default: return "";
  }
  switch (op->function) {
#define CASE(name, symbol, value, to_x, ...) case MG_FUNCTION_##name: return #to_x;
    MG_FUNCTIONS(CASE)
#undef CASE
  case MG_FUNCTION_COUNT: return "";
  }
}

unsigned mg_lanes_partial_reads(const mg_lane_op *op, int operand) { return names(expression(op, operand)); }
