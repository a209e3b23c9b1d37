// From a recording to values: what the outputs and the comparisons depend on, operation by operation. Blocks are taken
// apart into the scalars they stand for.
#include "mg_ir.h"

#include <stdlib.h>
#include <string.h>

#include "mg_arena.h"
#include "mg_block.h"
#include "mg_internal.h"
#include "mg_node.h"

typedef struct {
  const mg_tape *tape;
  mg_trace *trace;
  mg_ir *ir;
  int64_t start, end;  // recorded nodes of the function
  mg_trace_request request;
  uint8_t *live;       // by node from the start
  mg_ref *refs;        // the same
  mg_ref *outer;       // by older node, parameters first: UNUSED, USED, or the value from FIRST_VALUE on
  int64_t lowest_outer, highest_outer;  // of those used
  mg_node fault;
  // Of the row of a block that was met last: what its nodes share.
  const mg_block *row_block;
  int64_t row;
  mg_ref shared[2];
} lowering;

// MARK: What is alive

// Most older nodes are unused, on a tape that holds other models: they are not even looked at.
enum { UNUSED = 0, USED, FIRST_VALUE };

static inline void keep(lowering *l, mg_node node) {
  if (node >= l->start) {
    l->live[node - l->start] = 1;
    return;
  }
  int64_t place = node + l->tape->parameter_slots;
  l->outer[place] = USED;
  l->lowest_outer = mg_min(l->lowest_outer, place);
  l->highest_outer = mg_max(l->highest_outer, place);
}

static void keep_operands(lowering *l, int64_t i) {
  const mg_tape *tape = l->tape;
  int64_t count = mg_node_operand_count(tape, (mg_node)i);
  for (int64_t k = 0; k < count; k++) keep(l, mg_node_operand(tape, (mg_node)i, k));
}

static void keep_what_is_used(lowering *l) {
  const mg_tape *tape = l->tape;
  int64_t position = mg_state(tape)->block_count - 1;
  for (int64_t i = l->end - 1; i >= l->start; i--) {
    while (position >= 0 && mg_block_at(tape, position)->first > i) position--;
    if (!l->live[i - l->start]) continue;
    if (position >= 0 && i <= mg_block_cap(mg_block_at(tape, position))) {
      keep_operands(l, i);
      continue;
    }
    mg_record record = tape->records[i];
    switch ((mg_op)mg_record_op(record)) {
    case MG_LEAF: break;
#define CASE(name, ...) case MG_OP_##name:
      MG_BINARY_OPS(CASE)
      keep(l, (mg_node)mg_record_a(record));
      keep(l, (mg_node)mg_record_b(record));
      break;
      MG_CONSTANT_OPS(CASE)
      MG_UNARY_OPS(CASE)
      CASE(function)
      keep(l, (mg_node)mg_record_a(record));
      break;
#undef CASE
    default: keep_operands(l, i);
    }
  }
}

// MARK: Operands

// The leaves and parameters from outside, in the order in which they lie on the tape.
static bool lower_parameters(lowering *l) {
  mg_trace *trace = l->trace;
  const mg_tape *tape = l->tape;
  int64_t count = 0;
  for (int64_t k = l->lowest_outer; k <= l->highest_outer; k++) count += l->outer[k] == USED;
  trace->parameters = malloc((size_t)(count + 1) * sizeof *trace->parameters);
  trace->numbers = malloc((size_t)(count + 1) * sizeof *trace->numbers);
  if (!trace->parameters || !trace->numbers) return false;
  for (int64_t k = l->lowest_outer; k <= l->highest_outer; k++) {
    if (l->outer[k] != USED) continue;
    mg_node node = (mg_node)(k - tape->parameter_slots);
    if (node >= 0 && mg_node_op(tape, node) != MG_LEAF && l->fault == MG_NO_NODE) l->fault = node;
    mg_ir_node value = {.kind = MG_IR_PARAMETER, .class = MG_UNIFORM_VALUE, .a = (int32_t)trace->parameter_count, .b = MG_NO_REF};
    l->outer[k] = FIRST_VALUE + mg_ir_append(l->ir, value);
    trace->numbers[trace->parameter_count] = tape->values[node];
    trace->parameters[trace->parameter_count++] = node;
  }
  return l->fault == MG_NO_NODE;
}

static inline mg_ref ref_of(lowering *l, mg_node node) {
  return node >= l->start ? l->refs[node - l->start] : l->outer[node + l->tape->parameter_slots] - FIRST_VALUE;
}

static mg_ref operand(lowering *l, int64_t i, int64_t k) { return ref_of(l, mg_node_operand(l->tape, (mg_node)i, k)); }

// The operands from the k-th on as a list, whose class is returned.
static mg_ir_class list_operands(lowering *l, int64_t i, int64_t k, int64_t count, int32_t *list) {
  mg_ir_class class = MG_CONSTANT_VALUE;
  *list = (int32_t)l->ir->ref_count;
  for (; count > 0; count--, k++) {
    mg_ref ref = operand(l, i, k);
    if (mg_class_of(l->ir, ref) > class) class = mg_class_of(l->ir, ref);
    mg_ir_append_refs(l->ir, &ref, 1);
  }
  return class;
}

static mg_ref append_list(lowering *l, mg_ir_kind kind, int64_t i, int64_t k, int64_t count) {
  int32_t list;
  mg_ir_class class = list_operands(l, i, k, count, &list);
  if (class == MG_CONSTANT_VALUE) return mg_ir_constant(l->ir, l->tape->values[i]);
  return mg_ir_append(l->ir, (mg_ir_node){.kind = (uint8_t)kind, .class = (uint8_t)class, .a = list, .b = (int32_t)count});
}

// MARK: Sums

typedef struct {
  mg_ir_sum sum;
  mg_ir_class class;
} sum_draft;

static sum_draft begin_sum(lowering *l) {
  return (sum_draft){{MG_NO_REF, (int32_t)l->ir->scaled_count, 0, (int32_t)l->ir->product_count, 0}, MG_CONSTANT_VALUE};
}

static void note_class(lowering *l, sum_draft *draft, mg_ref ref) {
  if (mg_class_of(l->ir, ref) > draft->class) draft->class = mg_class_of(l->ir, ref);
}

static void add_scaled(lowering *l, sum_draft *draft, double factor, mg_ref x) {
  mg_ir_append_scaled(l->ir, mg_ir_constant(l->ir, factor), x);
  draft->sum.scaled_count++;
  note_class(l, draft, x);
}

static void add_product(lowering *l, sum_draft *draft, mg_ref x, mg_ref y) {
  mg_ir_append_product(l->ir, MG_PLUS, x, y);
  draft->sum.product_count++;
  note_class(l, draft, x);
  note_class(l, draft, y);
}

static mg_ref end_sum(lowering *l, sum_draft draft, double value) {
  if (draft.class == MG_CONSTANT_VALUE) return mg_ir_constant(l->ir, value);
  return mg_ir_append_sum(l->ir, draft.sum, draft.class);
}

// bias + weights · inputs, as the operands of a neuron are listed, and perhaps relu.
static mg_ref lower_neuron(lowering *l, int64_t i, bool has_bias, bool relu) {
  int64_t biases = has_bias, inputs = (mg_node_operand_count(l->tape, (mg_node)i) - biases) / 2;
  sum_draft draft = begin_sum(l);
  if (has_bias) add_scaled(l, &draft, 1, operand(l, i, 0));
  for (int64_t k = 0; k < inputs; k++)
    add_product(l, &draft, operand(l, i, biases + k), operand(l, i, biases + inputs + k));
  mg_ref sum = end_sum(l, draft, l->tape->values[i]);
  return relu ? mg_ir_apply(l->ir, MG_OP_relu, 0, 0, MG_NO_REF, sum) : sum;
}

static mg_ref lower_nary(lowering *l, mg_op op, int64_t i) {
  const mg_tape *tape = l->tape;
  int64_t count = mg_node_operand_count(tape, (mg_node)i);
  sum_draft draft = begin_sum(l);
  switch (op) {
  case MG_OP_sum:
  case MG_OP_sum_run:
    for (int64_t k = 0; k < count; k++) add_scaled(l, &draft, 1, operand(l, i, k));
    return end_sum(l, draft, tape->values[i]);
  case MG_OP_dot:
  case MG_OP_dot_runs:
    for (int64_t k = 0; k < count / 2; k++) add_product(l, &draft, operand(l, i, k), operand(l, i, count / 2 + k));
    return end_sum(l, draft, tape->values[i]);
  case MG_OP_weighted_sum:
    for (int64_t k = 0; k < count; k++) add_scaled(l, &draft, mg_node_constant(tape, (mg_node)i, k), operand(l, i, k));
    return end_sum(l, draft, tape->values[i]);
  case MG_OP_log_sum_exp: return append_list(l, MG_IR_LOG_SUM_EXP, i, 0, count);
  case MG_OP_select: {
    mg_ref left = operand(l, i, 0), right = operand(l, i, 1);
    if (mg_is_constant(l->ir, left) && mg_is_constant(l->ir, right)) return operand(l, i, mg_selected_operand(tape, i));
    mg_ref ref = append_list(l, MG_IR_SELECT, i, 0, count);
    if (l->ir->nodes[ref].kind == MG_IR_SELECT) l->ir->nodes[ref].function = (uint8_t)mg_record_b(tape->records[i]);
    return ref;
  }
  case MG_OP_pick: {
    mg_ref index = operand(l, i, 0);
    if (mg_is_constant(l->ir, index)) return operand(l, i, mg_picked_operand(tape, i));
    return append_list(l, MG_IR_PICK, i, 0, count);
  }
  default: return lower_neuron(l, i, true, mg_neuron_has_relu(tape, i));
  }
}

// MARK: Nodes of blocks

// Σ factor * x of the first `count` operands.
static mg_ref sum_of_row(lowering *l, int64_t i, int64_t count, double factor) {
  sum_draft draft = begin_sum(l);
  for (int64_t k = 0; k < count; k++) add_scaled(l, &draft, factor, operand(l, i, k));
  double sum = 0;
  for (int64_t k = 0; k < count; k++) sum += factor * l->tape->values[mg_node_operand(l->tape, (mg_node)i, k)];
  return end_sum(l, draft, sum);
}

static mg_ref log_sum_exp_of_row(lowering *l, int64_t i, int64_t count) {
  int32_t list;
  mg_ir_class class = list_operands(l, i, 0, count, &list);
  mg_ir_node node = {.kind = MG_IR_LOG_SUM_EXP, .class = (uint8_t)class, .a = list, .b = (int32_t)count};
  return mg_ir_append(l->ir, node);
}

// The mean of a row (0 for rms_norm) and one over the root of the mean square of what deviates from it.
static void find_norm(lowering *l, mg_op op, int64_t i, int64_t columns, double epsilon) {
  mg_ir *ir = l->ir;
  mg_ref mean = op == MG_OP_layer_norm ? sum_of_row(l, i, columns, 1 / (double)columns) : mg_ir_constant(ir, 0);
  mg_ref squares = mg_ir_constant(ir, 0);
  for (int64_t k = 0; k < columns; k++) {
    mg_ref deviation = mg_ir_binary(ir, MG_OP_subtract, operand(l, i, k), mean);
    squares = mg_ir_binary(ir, MG_OP_add, squares, mg_ir_apply(ir, MG_OP_square, 0, 0, MG_NO_REF, deviation));
  }
  mg_ref mean_square = mg_ir_apply(ir, MG_OP_multiply_constant, 0, 1 / (double)columns, MG_NO_REF, squares);
  mg_ref shifted = mg_ir_apply(ir, MG_OP_add_constant, 0, epsilon, MG_NO_REF, mean_square);
  l->shared[0] = mean;
  l->shared[1] = mg_ir_apply(ir, MG_OP_power_constant, 0, -0.5, MG_NO_REF, shifted);
}

static mg_ref lower_row(lowering *l, const mg_block *block, int64_t i, bool is_new) {
  const mg_tape *tape = l->tape;
  mg_ir *ir = l->ir;
  int64_t column = (i - block->first) % block->columns;
  switch (block->op) {
  case MG_OP_row_sum: return sum_of_row(l, i, block->x_columns, 1);
  case MG_OP_layer_norm:
  case MG_OP_rms_norm: {
    if (is_new) find_norm(l, block->op, i, block->columns, mg_node_epsilon(tape, (mg_node)i));
    mg_ref deviation = mg_ir_binary(ir, MG_OP_subtract, operand(l, i, column), l->shared[0]);
    mg_ref normal = mg_ir_binary(ir, MG_OP_multiply, deviation, l->shared[1]);
    mg_ref gained = mg_ir_binary(ir, MG_OP_multiply, normal, operand(l, i, block->columns));
    return block->op == MG_OP_rms_norm ? gained
                                       : mg_ir_binary(ir, MG_OP_add, gained, operand(l, i, block->columns + 1));
  }
  default: break;
  }
  if (is_new) l->shared[0] = log_sum_exp_of_row(l, i, block->x_columns);
  mg_ref all = l->shared[0];
  if (block->op == MG_OP_log_sum_exp) return all;
  int64_t chosen = block->op == MG_OP_cross_entropy ? mg_node_class(tape, (mg_node)i) : column;
  mg_ref x = operand(l, i, chosen);
  if (block->op == MG_OP_cross_entropy) return mg_ir_binary(ir, MG_OP_subtract, all, x);
  mg_ref logarithm = mg_ir_binary(ir, MG_OP_subtract, x, all);
  return block->op == MG_OP_log_softmax
           ? logarithm
           : mg_ir_apply(ir, MG_OP_function, MG_FUNCTION_exponential, 0, MG_NO_REF, logarithm);
}

static mg_ref lower_target(lowering *l, mg_op op, int64_t i) {
  mg_ir *ir = l->ir;
  mg_ref x = operand(l, i, 0);
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

static mg_ref lower_custom(lowering *l, const mg_block *block, int64_t i, bool is_new) {
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

static mg_ref lower_in_block(lowering *l, const mg_block *block, int64_t i) {
  mg_ir *ir = l->ir;
  const mg_tape *tape = l->tape;
  if (i == mg_block_cap(block)) return mg_ir_constant(ir, 0);
  mg_block_kind kind = mg_block_kind_of(block->op);
  if (kind == MG_BLOCK_LEAVES) return mg_ir_constant(ir, tape->values[i]);
  int64_t operands = mg_block_operand_count(block);
  bool is_constant = true;
  for (int64_t k = 0; k < operands && is_constant; k++) is_constant = mg_is_constant(ir, operand(l, i, k));
  if (is_constant) return mg_ir_constant(ir, tape->values[i]);
  int64_t row = kind == MG_BLOCK_CUSTOM ? 0 : (i - block->first) / block->columns;
  bool is_new = l->row_block != block || l->row != row;
  l->row_block = block;
  l->row = row;
  switch (kind) {
  case MG_BLOCK_MAP: {
    double c = mg_op_has_constant(block->op) ? mg_block_constant(tape, block, (mg_node)i) : 0;
    return mg_ir_apply(ir, block->op, block->function, c, MG_NO_REF, operand(l, i, 0));
  }
  case MG_BLOCK_ZIP: return mg_ir_binary(ir, block->op, operand(l, i, 0), operand(l, i, 1));
  case MG_BLOCK_TARGET: return lower_target(l, block->op, i);
  case MG_BLOCK_LAYER: return lower_neuron(l, i, block->z != MG_NO_NODE, block->relu);
  case MG_BLOCK_COPY: return operand(l, i, 0);
  case MG_BLOCK_CUSTOM: return lower_custom(l, block, i, is_new);
  default: return lower_row(l, block, i, is_new);
  }
}

// MARK: All

static mg_ref lower_detach(lowering *l, mg_ref a) {
  uint8_t class = l->ir->nodes[a].class;
  if (class == MG_CONSTANT_VALUE) return a;
  return mg_ir_append(l->ir, (mg_ir_node){.kind = MG_IR_DETACH, .class = class, .a = a, .b = MG_NO_REF});
}

static mg_ref lower_scalar(lowering *l, int64_t i) {
  const mg_tape *tape = l->tape;
  mg_record record = tape->records[i];
  mg_op op = (mg_op)mg_record_op(record);
  mg_node a = (mg_node)mg_record_a(record), b = (mg_node)mg_record_b(record);
  switch (op) {
  case MG_LEAF: {
    int64_t input = i - l->request.first_input;
    bool is_input = input >= 0 && input < l->request.input_count;
    return is_input ? mg_ir_leaf(l->ir, MG_IR_INPUT, (int32_t)input) : mg_ir_constant(l->ir, tape->values[i]);
  }
#define CASE(name, ...) case MG_OP_##name:
    MG_BINARY_OPS(CASE)
    return mg_ir_binary(l->ir, op, ref_of(l, a), ref_of(l, b));
    MG_CONSTANT_OPS(CASE)
    return mg_ir_apply(l->ir, op, 0, tape->constants[b], MG_NO_REF, ref_of(l, a));
    MG_UNARY_OPS(CASE)
    return mg_ir_apply(l->ir, op, 0, 0, MG_NO_REF, ref_of(l, a));
#undef CASE
  case MG_OP_function:
    if (b == MG_FUNCTION_detach) return lower_detach(l, ref_of(l, a));
    return mg_ir_apply(l->ir, op, (mg_function)b, 0, MG_NO_REF, ref_of(l, a));
  default: return lower_nary(l, op, i);
  }
}

// Counts a node as one that has the value of another, or that of all samples. An input is neither.
static void note_outcome(lowering *l, int64_t i, mg_ref ref, int64_t values_before) {
  if (mg_is_constant(l->ir, ref)) l->trace->constant_count++;
  else if (ref < values_before && mg_node_op(l->tape, (mg_node)i) != MG_LEAF) l->trace->merged_count++;
}

static void lower_all(lowering *l) {
  const mg_tape *tape = l->tape;
  int64_t position = 0, blocks = mg_state(tape)->block_count;
  for (int64_t k = 0; k < l->request.input_count; k++)
    l->refs[l->request.first_input + k - l->start] = mg_ir_leaf(l->ir, MG_IR_INPUT, (int32_t)k);
  for (int64_t i = l->start; i < l->end && !l->ir->failed; i++) {
    while (position < blocks && mg_block_cap(mg_block_at(tape, position)) < i) position++;
    bool in_block = position < blocks && mg_block_at(tape, position)->first <= i;
    int64_t input = i - l->request.first_input, before = l->ir->count;
    if (l->live[i - l->start]) {
      mg_ref ref = in_block ? lower_in_block(l, mg_block_at(tape, position), i) : lower_scalar(l, i);
      l->refs[i - l->start] = ref;
      if (!l->ir->failed) note_outcome(l, i, ref, before);
      continue;
    }
    bool is_input = input >= 0 && input < l->request.input_count;
    bool is_cap = in_block && i == mg_block_cap(mg_block_at(tape, position));
    l->trace->unused_count += !is_input && !is_cap;
  }
}

static mg_ref root_of(lowering *l, mg_node node, double number) {
  return node == MG_NO_NODE ? mg_ir_constant(l->ir, number) : ref_of(l, node);
}

static bool lower_roots(lowering *l) {
  const mg_trace_request *r = &l->request;
  mg_trace *trace = l->trace;
  trace->roots = malloc((size_t)(r->output_count + 1) * sizeof *trace->roots);
  trace->guards = malloc((size_t)(r->comparison_count + 1) * sizeof *trace->guards);
  if (!trace->roots || !trace->guards) return false;
  for (int64_t k = 0; k < r->output_count; k++)
    trace->roots[trace->root_count++] = root_of(l, r->outputs[k], r->output_numbers[k]);
  for (int64_t k = 0; k < r->comparison_count; k++) {
    const mg_comparison *c = &r->comparisons[k];
    mg_ref left = root_of(l, c->left, c->left_number), right = root_of(l, c->right, c->right_number);
    if (mg_is_constant(l->ir, left) && mg_is_constant(l->ir, right)) continue;
    trace->guards[trace->guard_count++] = (mg_ir_guard){left, right, c->relation, c->holds, (int32_t)k};
  }
  return true;
}

// The first number that was read and depends on inputs or parameters.
static mg_node first_read(lowering *l) {
  for (int64_t k = 0; k < l->request.read_count; k++)
    if (!mg_is_constant(l->ir, ref_of(l, l->request.reads[k]))) return l->request.reads[k];
  return MG_NO_NODE;
}

static void keep_all(lowering *l) {
  const mg_trace_request *r = &l->request;
  for (int64_t k = 0; k < r->output_count; k++)
    if (r->outputs[k] != MG_NO_NODE) keep(l, r->outputs[k]);
  for (int64_t k = 0; k < r->comparison_count; k++) {
    if (r->comparisons[k].left != MG_NO_NODE) keep(l, r->comparisons[k].left);
    if (r->comparisons[k].right != MG_NO_NODE) keep(l, r->comparisons[k].right);
  }
  for (int64_t k = 0; k < r->read_count; k++) keep(l, r->reads[k]);
  keep_what_is_used(l);
}

// False: no memory, or a fault is set.
static bool lower(lowering *l, mg_trace_fault *fault, mg_node *node) {
  keep_all(l);
  if (!lower_parameters(l)) {
    if (l->fault != MG_NO_NODE) *fault = MG_TRACE_OUTSIDE;
    *node = l->fault;
    return false;
  }
  lower_all(l);
  if (l->ir->failed || !lower_roots(l)) return false;
  mg_node read = first_read(l);
  if (read != MG_NO_NODE) {
    *fault = MG_TRACE_READ;
    *node = read;
    return false;
  }
  return !l->ir->failed;
}

// The trace with its values in memory of their own. False: no memory.
static bool keep_values(mg_trace *trace) {
  mg_ir *kept = mg_ir_keep(trace->ir);
  if (!kept) return false;
  mg_ir_free(trace->ir);
  trace->ir = kept;
  return true;
}

mg_trace *mg_trace_create(const mg_tape *tape, mg_trace_request request, mg_trace_fault *fault, mg_node *node) {
  lowering l = {.tape = tape, .start = request.start, .end = tape->count, .request = request, .fault = MG_NO_NODE, .row = -1};
  int64_t nodes = l.end - l.start, others = l.start + tape->parameter_slots;
  *fault = MG_TRACE_NO_MEMORY;
  *node = MG_NO_NODE;
  mg_arena_mark mark = mg_arena_begin();
  l.trace = calloc(1, sizeof *l.trace);
  l.live = mg_arena_take_zeroed(nodes, 1);
  l.refs = mg_arena_take(nodes, sizeof *l.refs);
  l.outer = calloc((size_t)others + 1, sizeof *l.outer);  // pages that are not touched are none
  l.lowest_outer = INT64_MAX;
  l.highest_outer = -1;
  bool is_done = l.trace && l.live && l.refs && l.outer && (l.trace->ir = l.ir = mg_ir_create(nodes)) != NULL;
  if (is_done) {
    l.trace->input_count = request.input_count;
    l.trace->node_count = nodes;
    is_done = lower(&l, fault, node);
  }
  is_done = is_done && mg_trace_find_sums(l.trace) && keep_values(l.trace);
  if (!is_done && l.trace) mg_trace_free(l.trace);
  free(l.outer);
  mg_arena_end(mark);
  return is_done ? l.trace : NULL;
}

void mg_trace_free(mg_trace *trace) {
  mg_ir_free(trace->ir);
  free(trace->roots);
  free(trace->guards);
  free(trace->parameters);
  free(trace->numbers);
  free(trace);
}

int64_t mg_trace_node_count(const mg_trace *trace) { return trace->node_count; }
int64_t mg_trace_value_count(const mg_trace *trace) { return trace->ir->count; }
int64_t mg_trace_parameter_count(const mg_trace *trace) { return trace->parameter_count; }
mg_node mg_trace_parameter(const mg_trace *trace, int64_t k) { return trace->parameters[k]; }
int64_t mg_trace_guard_count(const mg_trace *trace) { return trace->guard_count; }
int64_t mg_trace_guard(const mg_trace *trace, int64_t k) { return trace->guards[k].comparison; }
