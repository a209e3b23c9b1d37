// Lower nodes of many operands and nodes of blocks: each becomes the values that it stands for.
//
// In:     a recorded node: a sum, a dot product, a neuron, a select, a pick, or one node of a block (a matrix product, a
//         softmax, an elementwise op).
// Out:    its value. Sums and dot products become MG_IR_SUM; softmax, select, pick and custom ops have kinds of their own.
// After:  the ir does not show whether numbers were recorded one by one or as a block: mg_linear.c finds the same matrix.
// Cost:   linear in the operands of the node. Nodes of one row of a block share the values made for the first.
//
// Example, exp(dot([n0 n1], [n2 n3])) of two parameters and two inputs:
//   n4 = dot_runs(n0 n1, n2 n3)               v5 = 0 + v0 * v2 + v1 * v3      (v4 is the constant 0)
//   n5 = exp n4                               v6 = exp v5
// A dot product begins with 0, as its kernel does, so that a dot product of zeros is never -0.
#include "mg_lowering.h"
#include "mg_nary.h"
#include "mg_tape_internal.h"

// The operands from the k-th on as a list, whose class is returned.
static mg_ir_class list_operands(mg_lowering *l, int64_t i, int64_t k, int64_t count, int32_t *list) {
  mg_ir_class class = MG_CONSTANT_VALUE;
  *list = (int32_t)l->ir->ref_count;
  for (; count > 0; count--, k++) {
    mg_ref ref = mg_lowered_operand(l, i, k);
    if (mg_class_of(l->ir, ref) > class) class = mg_class_of(l->ir, ref);
    mg_ir_append_refs(l->ir, &ref, 1);
  }
  return class;
}

static mg_ref append_list(mg_lowering *l, mg_ir_kind kind, int64_t i, int64_t k, int64_t count) {
  int32_t list;
  mg_ir_class class = list_operands(l, i, k, count, &list);
  if (class == MG_CONSTANT_VALUE) return mg_ir_constant(l->ir, l->tape->values[i]);
  return mg_ir_append(l->ir, (mg_ir_node){.kind = (uint8_t)kind, .class = (uint8_t)class, .a = list, .b = (int32_t)count});
}

// The softmax of the first `count` operands; MG_NO_REF where all are constants.
static mg_ref softmax_of(mg_lowering *l, int64_t i, int64_t count) {
  int32_t list;
  mg_ir_class class = list_operands(l, i, 0, count, &list);
  return class == MG_CONSTANT_VALUE ? MG_NO_REF : mg_ir_append_softmax(l->ir, class, list, (int32_t)count);
}

// MARK: Sums

typedef struct {
  mg_ir_sum sum;
  mg_ir_class class;
} sum_draft;

// Begun at 0 or, where `start` is MG_NO_REF, with the first term.
static sum_draft begin_sum(mg_lowering *l, mg_ref start) {
  return (sum_draft){{start, (int32_t)l->ir->scaled_count, 0, (int32_t)l->ir->product_count, 0}, MG_CONSTANT_VALUE};
}

static void note_class(mg_lowering *l, sum_draft *draft, mg_ref ref) {
  if (mg_class_of(l->ir, ref) > draft->class) draft->class = mg_class_of(l->ir, ref);
}

static void add_scaled(mg_lowering *l, sum_draft *draft, double factor, mg_ref x) {
  mg_ir_append_scaled(l->ir, mg_ir_constant(l->ir, factor), x);
  draft->sum.scaled_count++;
  note_class(l, draft, x);
}

static void add_product(mg_lowering *l, sum_draft *draft, mg_ref x, mg_ref y) {
  mg_ir_append_product(l->ir, MG_PLUS, x, y);
  draft->sum.product_count++;
  note_class(l, draft, x);
  note_class(l, draft, y);
}

static mg_ref end_sum(mg_lowering *l, sum_draft draft, double value) {
  if (draft.class == MG_CONSTANT_VALUE) return mg_ir_constant(l->ir, value);
  return mg_ir_append_sum(l->ir, draft.sum, draft.class);
}

// bias + weights · inputs, as the operands of a neuron are listed, and perhaps relu.
static mg_ref lower_neuron(mg_lowering *l, int64_t i, bool has_bias, bool relu) {
  int64_t biases = has_bias, inputs = (mg_node_operand_count(l->tape, (mg_node)i) - biases) / 2;
  sum_draft draft = begin_sum(l, has_bias ? MG_NO_REF : mg_ir_constant(l->ir, 0));
  if (has_bias) add_scaled(l, &draft, 1, mg_lowered_operand(l, i, 0));
  for (int64_t k = 0; k < inputs; k++)
    add_product(l, &draft, mg_lowered_operand(l, i, biases + k), mg_lowered_operand(l, i, biases + inputs + k));
  mg_ref sum = end_sum(l, draft, l->tape->values[i]);
  return relu ? mg_ir_apply(l->ir, MG_OP_relu, 0, 0, MG_NO_REF, sum) : sum;
}

mg_ref mg_lower_nary(mg_lowering *l, mg_op op, int64_t i) {
  const mg_tape *tape = l->tape;
  int64_t count = mg_node_operand_count(tape, (mg_node)i);
  sum_draft draft = begin_sum(l, mg_ir_constant(l->ir, 0));
  switch (op) {
  case MG_OP_sum:
  case MG_OP_sum_run:
    for (int64_t k = 0; k < count; k++) add_scaled(l, &draft, 1, mg_lowered_operand(l, i, k));
    return end_sum(l, draft, tape->values[i]);
  case MG_OP_dot:
  case MG_OP_dot_runs:
    for (int64_t k = 0; k < count / 2; k++)
      add_product(l, &draft, mg_lowered_operand(l, i, k), mg_lowered_operand(l, i, count / 2 + k));
    return end_sum(l, draft, tape->values[i]);
  case MG_OP_weighted_sum:
    for (int64_t k = 0; k < count; k++)
      add_scaled(l, &draft, mg_node_constant(tape, (mg_node)i, k), mg_lowered_operand(l, i, k));
    return end_sum(l, draft, tape->values[i]);
  case MG_OP_log_sum_exp: {
    mg_ref softmax = softmax_of(l, i, count);
    return softmax == MG_NO_REF ? mg_ir_constant(l->ir, tape->values[i]) : mg_ir_log_sum(softmax, count);
  }
  case MG_OP_select: {
    mg_ref left = mg_lowered_operand(l, i, 0), right = mg_lowered_operand(l, i, 1);
    if (mg_is_constant(l->ir, left) && mg_is_constant(l->ir, right))
      return mg_lowered_operand(l, i, mg_selected_operand(tape, i));
    mg_ref ref = append_list(l, MG_IR_SELECT, i, 0, count);
    if (l->ir->nodes[ref].kind == MG_IR_SELECT) l->ir->nodes[ref].function = (uint8_t)mg_record_b(tape->records[i]);
    return ref;
  }
  case MG_OP_pick: {
    mg_ref index = mg_lowered_operand(l, i, 0);
    if (mg_is_constant(l->ir, index)) return mg_lowered_operand(l, i, mg_picked_operand(tape, i));
    return append_list(l, MG_IR_PICK, i, 0, count);
  }
  default: return lower_neuron(l, i, true, mg_neuron_has_relu(tape, i));
  }
}

// MARK: Nodes of blocks

// Σ factor * x of the first `count` operands.
static mg_ref sum_of_row(mg_lowering *l, int64_t i, int64_t count, double factor) {
  sum_draft draft = begin_sum(l, mg_ir_constant(l->ir, 0));
  for (int64_t k = 0; k < count; k++) add_scaled(l, &draft, factor, mg_lowered_operand(l, i, k));
  double sum = 0;
  for (int64_t k = 0; k < count; k++) sum += factor * l->tape->values[mg_node_operand(l->tape, (mg_node)i, k)];
  return end_sum(l, draft, sum);
}

// The mean of a row of n (0 for rms_norm), and one over the root of epsilon and the mean square of what deviates from it:
// √n over the root of n epsilon and their squares, which may be out of range where the roots are not.
static void find_norm(mg_lowering *l, mg_op op, int64_t i, int64_t columns, double epsilon) {
  mg_ir *ir = l->ir;
  mg_ref mean = op == MG_OP_layer_norm ? sum_of_row(l, i, columns, 1 / (double)columns) : mg_ir_constant(ir, 0);
  mg_ref term = mg_ir_constant(ir, sqrt((double)columns * epsilon));
  double root = ir->nodes[term].c;  // of constants
  int32_t list = mg_ir_append_refs(ir, &term, 1);
  mg_ir_class class = MG_CONSTANT_VALUE;
  for (int64_t k = 0; k < columns; k++) {
    term = mg_ir_binary(ir, MG_OP_subtract, mg_lowered_operand(l, i, k), mean);
    mg_ir_append_refs(ir, &term, 1);
    if (mg_class_of(ir, term) > class) class = mg_class_of(ir, term);
    root = hypot(root, ir->nodes[term].c);
  }
  mg_ir_node node = {.kind = MG_IR_NORM, .class = (uint8_t)class, .a = list, .b = (int32_t)columns + 1};
  mg_ref norm = class == MG_CONSTANT_VALUE ? mg_ir_constant(ir, root) : mg_ir_append(ir, node);
  l->shared[0] = mean;
  l->shared[1] = mg_ir_apply(ir, MG_OP_divide_constant, 0, sqrt((double)columns), MG_NO_REF, norm);
}

static mg_ref lower_row(mg_lowering *l, const mg_block *block, int64_t i, bool is_new) {
  const mg_tape *tape = l->tape;
  mg_ir *ir = l->ir;
  int64_t column = (i - block->first) % block->columns;
  switch (block->op) {
  case MG_OP_row_sum: return sum_of_row(l, i, block->x_columns, 1);
  case MG_OP_layer_norm:
  case MG_OP_rms_norm: {
    if (is_new) find_norm(l, block->op, i, block->columns, mg_node_epsilon(tape, (mg_node)i));
    mg_ref deviation = mg_ir_binary(ir, MG_OP_subtract, mg_lowered_operand(l, i, column), l->shared[0]);
    mg_ref normal = mg_ir_binary(ir, MG_OP_multiply, deviation, l->shared[1]);
    mg_ref gained = mg_ir_binary(ir, MG_OP_multiply, normal, mg_lowered_operand(l, i, block->columns));
    return block->op == MG_OP_rms_norm ? gained
                                       : mg_ir_binary(ir, MG_OP_add, gained, mg_lowered_operand(l, i, block->columns + 1));
  }
  default: break;
  }
  int64_t columns = block->x_columns;
  if (is_new) l->shared[0] = softmax_of(l, i, columns);
  mg_ref softmax = l->shared[0];
  if (block->op == MG_OP_log_sum_exp) return mg_ir_log_sum(softmax, columns);
  if (block->op == MG_OP_softmax) return mg_ir_share(softmax, column);
  if (block->op == MG_OP_log_softmax) return mg_ir_log_share(softmax, columns, column);
  mg_ref logarithm = mg_ir_log_share(softmax, columns, mg_node_class(tape, (mg_node)i));
  return mg_ir_apply(ir, MG_OP_subtract_from_constant, 0, 0, MG_NO_REF, logarithm);
}

static mg_ref lower_target(mg_lowering *l, mg_op op, int64_t i) {
  mg_ir *ir = l->ir;
  mg_ref x = mg_lowered_operand(l, i, 0);
  double t = mg_node_constant(l->tape, (mg_node)i, 0), c = mg_node_constant(l->tape, (mg_node)i, 1);
  if (op == MG_OP_scale) return mg_ir_apply(ir, MG_OP_multiply_constant, 0, t, MG_NO_REF, x);
  if (op == MG_OP_hinge || op == MG_OP_squared_hinge) {
    mg_ref product = mg_ir_apply(ir, MG_OP_multiply_constant, 0, t, MG_NO_REF, x);
    mg_ref margin = mg_ir_apply(ir, MG_OP_subtract_from_constant, 0, 1, MG_NO_REF, product);
    mg_ref hinge = mg_ir_apply(ir, MG_OP_relu, 0, 0, MG_NO_REF, margin);
    return op == MG_OP_hinge ? hinge : mg_ir_apply(ir, MG_OP_square, 0, 0, MG_NO_REF, hinge);
  }
  if (op == MG_OP_squared_error || op == MG_OP_absolute_error) {
    mg_ref error = mg_ir_apply(ir, MG_OP_add_constant, 0, -t, MG_NO_REF, x);
    return op == MG_OP_squared_error ? mg_ir_apply(ir, MG_OP_square, 0, 0, MG_NO_REF, error)
                                     : mg_ir_apply(ir, MG_OP_function, MG_FUNCTION_absolute, 0, MG_NO_REF, error);
  }
  return mg_ir_apply(ir, op, 0, op == MG_OP_huber ? c : 0, mg_ir_constant(ir, t), x);
}

static mg_ref lower_custom(mg_lowering *l, const mg_block *block, int64_t i, bool is_new) {
  if (is_new) {
    int32_t list, count = block->custom->inputs;
    mg_ir_class class = list_operands(l, i, 0, count, &list);
    mg_ir_node node = {.kind = MG_IR_CUSTOM, .class = (uint8_t)class, .a = list, .b = count};
    node.c = mg_ir_append_custom(l->ir, block->custom);
    l->shared[0] = mg_ir_append(l->ir, node);
  }
  uint8_t class = l->ir->nodes[l->shared[0]].class;
  mg_ir_node output = {.kind = MG_IR_OUTPUT, .class = class, .a = l->shared[0], .b = (int32_t)(i - block->first)};
  return mg_ir_append(l->ir, output);
}

mg_ref mg_lower_in_block(mg_lowering *l, const mg_block *block, int64_t i) {
  mg_ir *ir = l->ir;
  const mg_tape *tape = l->tape;
  if (i == mg_block_cap(block)) return mg_ir_constant(ir, 0);
  mg_block_kind kind = mg_block_kind_of(block->op);
  if (kind == MG_BLOCK_LEAVES) return mg_ir_constant(ir, tape->values[i]);
  int64_t operands = mg_block_operand_count(block);
  bool is_constant = true;
  for (int64_t k = 0; k < operands && is_constant; k++) is_constant = mg_is_constant(ir, mg_lowered_operand(l, i, k));
  if (is_constant) return mg_ir_constant(ir, tape->values[i]);
  int64_t row = kind == MG_BLOCK_CUSTOM ? 0 : (i - block->first) / block->columns;
  bool is_new = l->row_block != block || l->row != row;
  l->row_block = block;
  l->row = row;
  switch (kind) {
  case MG_BLOCK_MAP: {
    double c = mg_op_has_constant(block->op) ? mg_block_constant(tape, block, (mg_node)i) : 0;
    return mg_ir_apply(ir, block->op, block->function, c, MG_NO_REF, mg_lowered_operand(l, i, 0));
  }
  case MG_BLOCK_ZIP: return mg_ir_binary(ir, block->op, mg_lowered_operand(l, i, 0), mg_lowered_operand(l, i, 1));
  case MG_BLOCK_TARGET: return lower_target(l, block->op, i);
  case MG_BLOCK_LAYER: return lower_neuron(l, i, block->z != MG_NO_NODE, block->relu);
  case MG_BLOCK_COPY: return mg_lowered_operand(l, i, 0);
  case MG_BLOCK_CUSTOM: return lower_custom(l, block, i, is_new);
  default: return lower_row(l, block, i, is_new);
  }
}
