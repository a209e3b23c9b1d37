#include "mg_node.h"

#include "mg_block_descriptor.h"
#include "mg_nary_sweep.h"

mg_op mg_node_op(const mg_tape *tape, mg_node node) {
  if (node < 0) return MG_LEAF;
  const mg_block *block = mg_find_block(tape, node);
  return block && node < mg_block_cap(block) ? block->op : (mg_op)mg_record_op(tape->records[node]);
}

mg_function mg_node_function(const mg_tape *tape, mg_node node) {
  MG_ASSERT(mg_node_op(tape, node) == MG_OP_function);
  const mg_block *block = mg_find_block(tape, node);
  return block ? block->function : (mg_function)mg_record_b(tape->records[node]);
}

double mg_node_constant(const mg_tape *tape, mg_node node, int64_t k) {
  mg_op op = mg_node_op(tape, node);
  if (op == MG_OP_weighted_sum) return tape->constants[tape->operands[mg_record_a(tape->records[node])] + k];
  if (!mg_op_has_constant(op)) return NAN;
  const mg_block *block = mg_find_block(tape, node);
  if (!block) return tape->constants[mg_record_b(tape->records[node])];
  return k == 1 ? tape->constants[block->constants] : mg_block_constant(tape, block, node);
}

int64_t mg_node_operand_count(const mg_tape *tape, mg_node node) {
  const mg_block *block = mg_find_block(tape, node);
  if (block) return node < mg_block_cap(block) ? mg_block_operand_count(block) : 0;
  switch (mg_node_op(tape, node)) {
#define CASE(name, ...) case MG_OP_##name:
    MG_BINARY_OPS(CASE)
    return 2;
    MG_CONSTANT_OPS(CASE)
    MG_UNARY_OPS(CASE)
    CASE(function)
    return 1;
    MG_NARY_OPS(CASE)
#undef CASE
    return mg_nary_operand_count(tape, node);
  default: return 0;
  }
}

mg_node mg_node_operand(const mg_tape *tape, mg_node node, int64_t k) {
  MG_ASSERT(k >= 0 && k < mg_node_operand_count(tape, node));
  const mg_block *block = mg_find_block(tape, node);
  if (block) return mg_block_operand(tape, block, node, k);
  switch (mg_node_op(tape, node)) {
#define CASE(name, ...) case MG_OP_##name:
    MG_NARY_OPS(CASE)
#undef CASE
    return mg_nary_operand(tape, node, k);
  default: {
    mg_record record = tape->records[node];
    return (mg_node)(k == 0 ? mg_record_a(record) : mg_record_b(record));
  }
  }
}

void mg_mark_dependents(const mg_tape *tape, mg_node low, mg_node high, uint8_t *marks) {
  for (mg_node node = low; node <= high; node++) {
    if (marks[node - low]) continue;
    int64_t count = mg_node_operand_count(tape, node);
    for (int64_t k = 0; k < count; k++) {
      mg_node operand = mg_node_operand(tape, node, k);
      if (operand < low || operand > high || !marks[operand - low]) continue;
      marks[node - low] = 1;
      break;
    }
  }
}

int64_t mg_node_column(const mg_tape *tape, mg_node node) {
  const mg_block *block = mg_find_block(tape, node);
  return block ? (node - block->first) % block->columns : 0;
}

int64_t mg_node_columns(const mg_tape *tape, mg_node node) {
  const mg_block *block = mg_find_block(tape, node);
  return block ? block->columns : 1;
}

int64_t mg_node_class(const mg_tape *tape, mg_node node) {
  const mg_block *block = mg_find_block(tape, node);
  MG_ASSERT(block && block->op == MG_OP_cross_entropy);
  return tape->operands[block->list + node - block->first];
}

double mg_node_threshold(const mg_tape *tape, mg_node node) {
  const mg_block *block = mg_find_block(tape, node);
  MG_ASSERT(block && block->op == MG_OP_huber);
  return tape->constants[block->constants];
}

double mg_node_epsilon(const mg_tape *tape, mg_node node) {
  const mg_block *block = mg_find_block(tape, node);
  MG_ASSERT(block && (block->op == MG_OP_layer_norm || block->op == MG_OP_rms_norm));
  return tape->constants[block->constants];
}
