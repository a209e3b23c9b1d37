// Lower: from a recording to the ir of a path.
//
// In:     the nodes of a tape from `start` on, the outputs, the comparisons, and the nodes whose numbers were read.
// Out:    a path: its ir, its roots (outputs) and its guards (comparisons that can come out otherwise). Or NULL and a fault:
//         a value from outside that is not a leaf, or a number that was read and is not a constant.
// After:  only what outputs and comparisons depend on is there, equal values once, constants computed. Each value is marked
//         as constant, uniform (depends on parameters) or sample (depends on inputs). mg_linear.c has found the sums.
// Cost:   linear in the nodes and operands of the function, and in the span of the older nodes that it uses.
//
// Example, before and after (before sums are found):
//   n0, n1 = inputs                           v0, v1 = inputs 0 and 1
//   n2 = n0 * n1                              v2 = v0 * v1
//   n3 = n0 * n1                              v2 again: merged
//   n4 = exp n0                               gone: unused
//   n5 = n2 + n3; n6 = exp n5, the output     v3 = v2 + v2; v4 = exp v3, the root
#include "mg_lowering.h"

#include <stdlib.h>
#include <string.h>

#include "mg_arena.h"
#include "mg_tape_internal.h"

// MARK: What is alive


static inline void keep(mg_lowering *l, mg_node node) {
  if (node >= l->start) {
    l->live[node - l->start] = 1;
    return;
  }
  int64_t place = node + l->tape->parameter_slots;
  l->outer[place] = MG_OUTER_USED;
  l->lowest_outer = mg_min(l->lowest_outer, place);
  l->highest_outer = mg_max(l->highest_outer, place);
}

static void keep_operands(mg_lowering *l, int64_t i) {
  const mg_tape *tape = l->tape;
  int64_t count = mg_node_operand_count(tape, (mg_node)i);
  for (int64_t k = 0; k < count; k++) keep(l, mg_node_operand(tape, (mg_node)i, k));
}

static void keep_what_is_used(mg_lowering *l) {
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
static bool lower_parameters(mg_lowering *l) {
  mg_path *path = l->path;
  const mg_tape *tape = l->tape;
  int64_t count = 0;
  for (int64_t k = l->lowest_outer; k <= l->highest_outer; k++) count += l->outer[k] == MG_OUTER_USED;
  path->parameters = malloc((size_t)(count + 1) * sizeof *path->parameters);
  path->numbers = malloc((size_t)(count + 1) * sizeof *path->numbers);
  if (!path->parameters || !path->numbers) return false;
  for (int64_t k = 0; k < l->request.parameter_input_count; k++) {
    mg_ref *value = &l->outer[l->request.parameter_inputs[k] + tape->parameter_slots];
    if (*value == MG_OUTER_USED) *value = MG_OUTER_VALUE + mg_ir_leaf(l->ir, MG_IR_INPUT, (int32_t)k);
  }
  for (int64_t k = l->lowest_outer; k <= l->highest_outer; k++) {
    if (l->outer[k] != MG_OUTER_USED) continue;
    mg_node node = (mg_node)(k - tape->parameter_slots);
    if (node >= 0 && mg_node_op(tape, node) != MG_LEAF && l->fault == MG_NO_NODE) l->fault = node;
    mg_ir_node value = {.kind = MG_IR_PARAMETER, .class = MG_UNIFORM_VALUE, .b = MG_NO_REF};
    value.a = (int32_t)path->parameter_count;
    l->outer[k] = MG_OUTER_VALUE + mg_ir_append(l->ir, value);
    path->numbers[path->parameter_count] = tape->values[node];
    path->parameters[path->parameter_count++] = node;
  }
  return l->fault == MG_NO_NODE;
}

// MARK: All

static mg_ref lower_detach(mg_lowering *l, mg_ref a) {
  uint8_t class = l->ir->nodes[a].class;
  if (class == MG_CONSTANT_VALUE) return a;
  return mg_ir_append(l->ir, (mg_ir_node){.kind = MG_IR_DETACH, .class = class, .a = a, .b = MG_NO_REF});
}

// The k-th of the recorded inputs: parameters that are inputs come before.
static mg_ref lower_input(mg_lowering *l, int64_t k) {
  return mg_ir_leaf(l->ir, MG_IR_INPUT, (int32_t)(l->request.parameter_input_count + k));
}

static mg_ref lower_scalar(mg_lowering *l, int64_t i) {
  const mg_tape *tape = l->tape;
  mg_record record = tape->records[i];
  mg_op op = (mg_op)mg_record_op(record);
  mg_node a = (mg_node)mg_record_a(record), b = (mg_node)mg_record_b(record);
  switch (op) {
  case MG_LEAF: {
    int64_t input = i - l->request.first_input;
    bool is_input = input >= 0 && input < l->request.input_count;
    return is_input ? lower_input(l, input) : mg_ir_constant(l->ir, tape->values[i]);
  }
#define CASE(name, ...) case MG_OP_##name:
    MG_BINARY_OPS(CASE)
    return mg_ir_binary(l->ir, op, mg_lowered(l, a), mg_lowered(l, b));
    MG_CONSTANT_OPS(CASE)
    return mg_ir_apply(l->ir, op, 0, tape->constants[b], MG_NO_REF, mg_lowered(l, a));
    MG_UNARY_OPS(CASE)
    return mg_ir_apply(l->ir, op, 0, 0, MG_NO_REF, mg_lowered(l, a));
#undef CASE
  case MG_OP_function:
    if (b == MG_FUNCTION_detach) return lower_detach(l, mg_lowered(l, a));
    return mg_ir_apply(l->ir, op, (mg_function)b, 0, MG_NO_REF, mg_lowered(l, a));
  default: return mg_lower_nary(l, op, i);
  }
}

// Counts a node as one that has the value of another, or that of all samples. An input is neither.
static void note_outcome(mg_lowering *l, int64_t i, mg_ref ref, int64_t values_before) {
  if (mg_is_constant(l->ir, ref)) l->path->constant_count++;
  else if (ref < values_before && mg_node_op(l->tape, (mg_node)i) != MG_LEAF) l->path->merged_count++;
}

static void lower_all(mg_lowering *l) {
  const mg_tape *tape = l->tape;
  int64_t position = 0, blocks = mg_state(tape)->block_count;
  for (int64_t k = 0; k < l->request.input_count; k++)
    l->refs[l->request.first_input + k - l->start] = lower_input(l, k);
  for (int64_t i = l->start; i < l->end && !l->ir->failed; i++) {
    while (position < blocks && mg_block_cap(mg_block_at(tape, position)) < i) position++;
    bool in_block = position < blocks && mg_block_at(tape, position)->first <= i;
    int64_t input = i - l->request.first_input, before = l->ir->count;
    if (l->live[i - l->start]) {
      mg_ref ref = in_block ? mg_lower_in_block(l, mg_block_at(tape, position), i) : lower_scalar(l, i);
      l->refs[i - l->start] = ref;
      if (!l->ir->failed) note_outcome(l, i, ref, before);
      continue;
    }
    bool is_input = input >= 0 && input < l->request.input_count;
    bool is_cap = in_block && i == mg_block_cap(mg_block_at(tape, position));
    l->path->unused_count += !is_input && !is_cap;
  }
}

static mg_ref root_of(mg_lowering *l, mg_node node, double number) {
  return node == MG_NO_NODE ? mg_ir_constant(l->ir, number) : mg_lowered(l, node);
}

static bool lower_roots(mg_lowering *l) {
  const mg_path_request *r = &l->request;
  mg_path *path = l->path;
  path->roots = malloc((size_t)(r->output_count + 1) * sizeof *path->roots);
  path->guards = malloc((size_t)(r->comparison_count + 1) * sizeof *path->guards);
  if (!path->roots || !path->guards) return false;
  for (int64_t k = 0; k < r->output_count; k++)
    path->roots[path->root_count++] = root_of(l, r->outputs[k], r->output_numbers[k]);
  for (int64_t k = 0; k < r->comparison_count; k++) {
    const mg_comparison *c = &r->comparisons[k];
    mg_ref left = root_of(l, c->left, c->left_number), right = root_of(l, c->right, c->right_number);
    if (mg_is_constant(l->ir, left) && mg_is_constant(l->ir, right)) continue;
    path->guards[path->guard_count++] = (mg_ir_guard){left, right, c->relation, c->holds, (int32_t)k};
  }
  return true;
}

// The first number that was read and depends on inputs or parameters.
static mg_node first_read(mg_lowering *l) {
  for (int64_t k = 0; k < l->request.read_count; k++)
    if (!mg_is_constant(l->ir, mg_lowered(l, l->request.reads[k]))) return l->request.reads[k];
  return MG_NO_NODE;
}

static void keep_all(mg_lowering *l) {
  const mg_path_request *r = &l->request;
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
static bool lower(mg_lowering *l, mg_path_fault *fault, mg_node *node) {
  keep_all(l);
  if (!lower_parameters(l)) {
    if (l->fault != MG_NO_NODE) *fault = MG_PATH_OUTSIDE;
    *node = l->fault;
    return false;
  }
  lower_all(l);
  if (l->ir->failed || !lower_roots(l)) return false;
  mg_node read = first_read(l);
  if (read != MG_NO_NODE) {
    *fault = MG_PATH_READ;
    *node = read;
    return false;
  }
  return !l->ir->failed;
}

// The path with its values in memory of their own. False: no memory.
static bool keep_values(mg_path *path) {
  mg_ir *kept = mg_ir_keep(path->ir);
  if (!kept) return false;
  mg_ir_free(path->ir);
  path->ir = kept;
  return true;
}

static bool records_custom(const mg_lowering *l) {
  int64_t count = mg_state(l->tape)->block_count;
  for (int64_t k = mg_first_block_from(l->tape, l->start); k < count; k++)
    if (mg_block_at(l->tape, k)->op == MG_OP_custom) return true;
  return false;
}

mg_path *mg_path_create(const mg_tape *tape, mg_path_request request, mg_path_fault *fault, mg_node *node) {
  mg_lowering l = {.tape = tape, .start = request.start, .end = tape->count, .request = request};
  l.fault = MG_NO_NODE;
  l.row = -1;
  int64_t nodes = l.end - l.start, others = l.start + tape->parameter_slots;
  *fault = MG_PATH_NO_MEMORY;
  *node = MG_NO_NODE;
  mg_arena_mark mark = mg_arena_begin();
  l.path = calloc(1, sizeof *l.path);
  l.live = mg_arena_take_zeroed(nodes, 1);
  l.refs = mg_arena_take(nodes, sizeof *l.refs);
  l.outer = calloc((size_t)others + 1, sizeof *l.outer);  // pages that are not touched are none
  l.lowest_outer = INT64_MAX;
  l.highest_outer = -1;
  bool is_done = l.path && l.live && l.refs && l.outer && (l.path->ir = l.ir = mg_ir_create(nodes)) != NULL;
  if (is_done) {
    l.path->input_count = request.parameter_input_count + request.input_count;
    l.path->gradient_count = request.gradient_count;
    l.path->jacobian_count = request.jacobian_count;
    l.path->is_symmetric = request.is_symmetric;
    l.path->node_count = nodes;
    l.path->records_custom = records_custom(&l);
    is_done = lower(&l, fault, node);
  }
  is_done = is_done && mg_path_find_sums(l.path) && keep_values(l.path);
  if (!is_done && l.path) mg_path_free(l.path);
  free(l.outer);
  mg_arena_end(mark);
  return is_done ? l.path : NULL;
}

void mg_path_free(mg_path *path) {
  mg_ir_free(path->ir);
  free(path->roots);
  free(path->guards);
  free(path->parameters);
  free(path->numbers);
  free(path);
}

int64_t mg_path_node_count(const mg_path *path) { return path->node_count; }
int64_t mg_path_parameter_count(const mg_path *path) { return path->parameter_count; }
mg_node mg_path_parameter(const mg_path *path, int64_t k) { return path->parameters[k]; }
bool mg_path_records_custom(const mg_path *path) { return path->records_custom; }
bool mg_path_calls_custom(const mg_path *path) { return path->ir->custom_count > 0; }
int64_t mg_path_guard_count(const mg_path *path) { return path->guard_count; }
int64_t mg_path_guard(const mg_path *path, int64_t k) { return path->guards[k].comparison; }
int64_t mg_path_unused_count(const mg_path *path) { return path->unused_count; }
int64_t mg_path_merged_count(const mg_path *path) { return path->merged_count; }
int64_t mg_path_constant_count(const mg_path *path) { return path->constant_count; }
