#include "mg_record.h"

#include <string.h>

#include "mg_kernels.h"
#include "mg_tape_internal.h"

mg_node mg_leaf_run(mg_tape *tape, const double *values, int64_t count) {
  MG_VISIT(tape, MG_NO_NODE);
  if (mg_tape_reserve(tape, count) != MG_OK) return MG_NO_NODE;
  int64_t first = tape->count;
  memcpy(tape->values + first, values, (size_t)count * sizeof *values);
  mg_kernel_zero(tape->records + first, count * (int64_t)sizeof *tape->records);  // MG_LEAF without operands
  tape->count = first + count;
  if (tape->leading_leaves == first) tape->leading_leaves = tape->count;
  return (mg_node)first;
}

mg_node mg_record_binary(mg_tape *tape, mg_op op, mg_node a, mg_node b) {
  switch (op) {
#define CASE(name, ...) case MG_OP_##name: return mg_##name(tape, a, b);
    MG_BINARY_OPS(CASE)
#undef CASE
  default: return MG_NO_NODE;
  }
}

mg_node mg_record_constant(mg_tape *tape, mg_op op, mg_node a, double c) {
  switch (op) {
#define CASE(name, ...) case MG_OP_##name: return mg_##name(tape, a, c);
    MG_CONSTANT_OPS(CASE)
#undef CASE
  default: return MG_NO_NODE;
  }
}

mg_node mg_record_unary(mg_tape *tape, mg_op op, mg_node a) {
  switch (op) {
#define CASE(name, ...) case MG_OP_##name: return mg_##name(tape, a);
    MG_UNARY_OPS(CASE)
#undef CASE
  default: return MG_NO_NODE;
  }
}

mg_node mg_record_function(mg_tape *tape, mg_function function, mg_node a) {
  switch (function) {
#define CASE(name, ...) case MG_FUNCTION_##name: return mg_##name(tape, a);
    MG_FUNCTIONS(CASE)
#undef CASE
  case MG_FUNCTION_COUNT: return MG_NO_NODE;
  }
}

// MARK: Slowly

mg_node mg_leaf_slowly(mg_tape *tape, double value) {
  MG_VISIT(tape, MG_NO_NODE);
  return mg_tape_reserve(tape, 1) == MG_OK ? mg_leaf(tape, value) : MG_NO_NODE;
}

mg_node mg_record_binary_slowly(mg_tape *tape, mg_op op, mg_node a, mg_node b) {
  MG_VISIT(tape, MG_NO_NODE);
  return mg_tape_reserve(tape, 1) == MG_OK ? mg_record_binary(tape, op, a, b) : MG_NO_NODE;
}

mg_node mg_record_constant_slowly(mg_tape *tape, mg_op op, mg_node a, double c) {
  MG_VISIT(tape, MG_NO_NODE);
  return mg_tape_reserve(tape, 1) == MG_OK ? mg_record_constant(tape, op, a, c) : MG_NO_NODE;
}

mg_node mg_record_unary_slowly(mg_tape *tape, mg_op op, mg_node a) {
  MG_VISIT(tape, MG_NO_NODE);
  return mg_tape_reserve(tape, 1) == MG_OK ? mg_record_unary(tape, op, a) : MG_NO_NODE;
}

mg_node mg_record_function_slowly(mg_tape *tape, mg_function function, mg_node a) {
  MG_VISIT(tape, MG_NO_NODE);
  return mg_tape_reserve(tape, 1) == MG_OK ? mg_record_function(tape, function, a) : MG_NO_NODE;
}
