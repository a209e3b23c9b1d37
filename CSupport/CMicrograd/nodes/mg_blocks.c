// Recording blocks, and reading them back.
#include "mg_blocks.h"

#include <string.h>

#include "mg_arithmetic.h"
#include "mg_arithmetic_backward.h"
#include "mg_block_descriptor.h"
#include "mg_custom.h"
#include "mg_kernels.h"
#include "mg_nary_sweep.h"
#include "mg_node.h"

// MARK: What the tape asks

static void drop(mg_tape_state *state, int64_t start) {
  while (state->block_count > 0) {
    const mg_block *block = mg_block_at(&state->tape, state->block_count - 1);
    if (block->first < start) return;
    state->block_count--;
    if (block->custom) block->custom->release(block->custom->context);
  }
}

static int64_t saved_bytes(const mg_tape_state *state) {
  int64_t nodes = 0;
  for (int64_t k = 0; k < state->block_count; k++) nodes += mg_block_count(mg_block_at(&state->tape, k));
  return nodes * (int64_t)sizeof(mg_record) - state->block_count * (int64_t)sizeof(mg_block);
}

static const mg_block_functions block_functions = {drop, saved_bytes};

// MARK: Recording

static bool reserve_blocks(mg_tape_state *state) {
  if (state->block_count < state->block_capacity) return true;
  int64_t capacity = mg_max(16, 2 * state->block_capacity);
  if (!mg_buffer_resize(&state->block_list, &state->memory, sizeof(mg_block), 0, 0, state->block_count, capacity))
    return false;
  state->block_capacity = capacity;
  return true;
}

// Room for what the sweep over a block needs, so that a sweep cannot fail.
static bool reserve_scratch(mg_tape_state *state, int64_t count) {
  if (count <= state->scratch_capacity) return true;
  double *scratch = mg_buffer_resize(&state->scratch, &state->memory, sizeof(double), 0, 0, 0, count);
  if (!scratch) return false;
  state->scratch_capacity = count;
  return true;
}

// The nodes of a matrix, or 0 where it has more than fit a tape together with the cap.
static int64_t nodes_of(int64_t rows, int64_t columns) {
  MG_ASSERT(rows > 0 && columns > 0);
  bool fits = rows < MG_NODE_LIMIT && columns < MG_NODE_LIMIT && rows * columns < MG_NODE_LIMIT;
  return fits ? rows * columns : 0;
}

// A block of that shape that is not part of the tape yet, room for all of it being there; `rows` is 0 where there is
// none.
static mg_block prepare(mg_tape *tape, mg_op op, int64_t rows, int64_t columns, int64_t listed, int64_t constants) {
  mg_block none = {.rows = 0};
  int64_t nodes = nodes_of(rows, columns);
  if (nodes == 0 || mg_tape_reserve(tape, nodes + 1) != MG_OK) return none;
  if (mg_tape_reserve_lists(tape, listed, constants) != MG_OK || !reserve_blocks(mg_state(tape))) return none;
  return (mg_block){
    .op = op,
    .first = (mg_node)tape->count,
    .rows = (int32_t)rows,
    .columns = (int32_t)columns,
    .x = MG_NO_NODE,
    .y = MG_NO_NODE,
    .z = MG_NO_NODE,
    .list = (int32_t)tape->operand_count,
    .constants = (int32_t)tape->constant_count,
  };
}

// Makes a prepared block part of the tape; its lists and constants are in place, its values are not yet.
static mg_node append(mg_tape *tape, mg_block block, int64_t listed, int64_t constants) {
  mg_tape_state *state = mg_state(tape);
  int64_t cap = mg_block_cap(&block);
  state->block_functions = &block_functions;
  ((mg_block *)state->block_list.block)[state->block_count] = block;
  tape->values[cap] = 0;
  tape->records[cap] = mg_record_make(MG_OP_block, (int32_t)state->block_count++, 0);
  tape->operand_count += listed;
  tape->constant_count += constants;
  tape->count = cap + 1;
  return block.first;
}

static mg_node finish(mg_tape *tape, mg_block block, int64_t listed, int64_t constants) {
  append(tape, block, listed, constants);
  mg_block_forward(tape, &block);
  return block.first;
}

mg_node mg_block_leaves(mg_tape *tape, const double *values, int64_t rows, int64_t columns, bool data) {
  MG_VISIT(tape, MG_NO_NODE);
  mg_block block = prepare(tape, MG_LEAF, rows, columns, 0, 0);
  if (!block.rows) return MG_NO_NODE;
  block.is_data = data;
  memcpy(tape->values + block.first, values, (size_t)mg_block_count(&block) * sizeof *values);
  bool leads = tape->leading_leaves == tape->count;
  append(tape, block, 0, 0);
  if (leads) tape->leading_leaves = tape->count;
  return block.first;
}

mg_node mg_block_layer(mg_tape *tape, mg_layer layer, mg_node inputs, int64_t rows) {
  MG_VISIT(tape, MG_NO_NODE);
  mg_block block = prepare(tape, MG_OP_neuron, rows, layer.output_count, 0, 0);
  if (!block.rows || (layer.relu && !reserve_scratch(mg_state(tape), mg_block_count(&block)))) return MG_NO_NODE;
  const mg_block *source = mg_find_block(tape, inputs);
  block.skips_x = source && source->is_data;
  block.relu = layer.relu;
  block.x = inputs;
  block.x_columns = layer.input_count;
  block.y = layer.weights;
  block.z = layer.biases;
  return finish(tape, block, 0, 0);
}

mg_node mg_block_copy(mg_tape *tape, const mg_node *runs, int64_t run, int64_t rows, int64_t columns) {
  MG_VISIT(tape, MG_NO_NODE);
  int64_t listed = nodes_of(rows, columns) / run;
  MG_ASSERT(listed * run == nodes_of(rows, columns));
  mg_block block = prepare(tape, MG_OP_copy, rows, columns, listed, 0);
  if (!block.rows) return MG_NO_NODE;
  memcpy(tape->operands + block.list, runs, (size_t)listed * sizeof *runs);
  block.x_columns = (int32_t)run;
  return finish(tape, block, listed, 0);
}

mg_node mg_block_map(mg_tape *tape, mg_op op, mg_function function, double c, mg_node x, int64_t rows,
                     int64_t columns) {
  MG_VISIT(tape, MG_NO_NODE);
  mg_block block = prepare(tape, op, rows, columns, 0, 1);
  if (!block.rows) return MG_NO_NODE;
  tape->constants[block.constants] = c;
  block.function = function;
  block.x = x;
  block.x_columns = block.columns;
  return finish(tape, block, 0, 1);
}

mg_node mg_block_zip(mg_tape *tape, mg_op op, mg_node x, mg_node y, bool broadcast, int64_t rows, int64_t columns) {
  MG_VISIT(tape, MG_NO_NODE);
  mg_block block = prepare(tape, op, rows, columns, 0, 0);
  if (!block.rows) return MG_NO_NODE;
  block.broadcast = broadcast;
  block.x = x;
  block.x_columns = block.columns;
  block.y = y;
  return finish(tape, block, 0, 0);
}

mg_node mg_block_target(mg_tape *tape, mg_op op, double c, mg_node x, const double *targets, int64_t rows,
                        int64_t columns) {
  MG_VISIT(tape, MG_NO_NODE);
  int64_t count = nodes_of(rows, columns);
  mg_block block = prepare(tape, op, rows, columns, 0, count + 1);
  if (!block.rows) return MG_NO_NODE;
  tape->constants[block.constants] = c;
  memcpy(tape->constants + block.constants + 1, targets, (size_t)count * sizeof *targets);
  block.x = x;
  block.x_columns = block.columns;
  return finish(tape, block, 0, count + 1);
}

mg_node mg_block_rows(mg_tape *tape, mg_op op, mg_node x, int64_t rows, int64_t columns) {
  MG_VISIT(tape, MG_NO_NODE);
  bool reduces = op == MG_OP_row_sum || op == MG_OP_log_sum_exp;
  mg_block block = prepare(tape, op, rows, reduces ? 1 : columns, 0, 0);
  if (!block.rows || !reserve_scratch(mg_state(tape), columns)) return MG_NO_NODE;
  block.x = x;
  block.x_columns = (int32_t)columns;
  return finish(tape, block, 0, 0);
}

mg_node mg_block_cross_entropy(mg_tape *tape, mg_node x, const int32_t *classes, int64_t rows, int64_t columns) {
  MG_VISIT(tape, MG_NO_NODE);
  mg_block block = prepare(tape, MG_OP_cross_entropy, rows, 1, rows, 0);
  if (!block.rows || !reserve_scratch(mg_state(tape), columns)) return MG_NO_NODE;
  memcpy(tape->operands + block.list, classes, (size_t)rows * sizeof *classes);
  block.x = x;
  block.x_columns = (int32_t)columns;
  return finish(tape, block, rows, 0);
}

mg_node mg_block_norm(mg_tape *tape, mg_op op, mg_node x, mg_node gain, mg_node bias, double epsilon, int64_t rows,
                      int64_t columns) {
  MG_VISIT(tape, MG_NO_NODE);
  mg_block block = prepare(tape, op, rows, columns, 0, 1);
  if (!block.rows) return MG_NO_NODE;
  tape->constants[block.constants] = epsilon;
  block.x = x;
  block.x_columns = block.columns;
  block.y = gain;
  block.z = bias;
  return finish(tape, block, 0, 1);
}

mg_node mg_block_custom(mg_tape *tape, const mg_custom *custom, const mg_node *inputs, const double *v) {
  MG_VISIT(tape, MG_NO_NODE);
  mg_block block = prepare(tape, MG_OP_custom, 1, custom->outputs, custom->inputs, 0);
  // For the sweeps: three numbers an input.
  if (!block.rows || !reserve_scratch(mg_state(tape), 3 * (int64_t)custom->inputs)) return MG_NO_NODE;
  memcpy(tape->operands + block.list, inputs, (size_t)custom->inputs * sizeof *inputs);
  memcpy(tape->values + block.first, v, (size_t)custom->outputs * sizeof *v);
  block.custom = custom;
  block.x_columns = custom->inputs;
  custom->retain(custom->context);
  return append(tape, block, custom->inputs, 0);
}

// MARK: Finding

int64_t mg_first_block_from(const mg_tape *tape, int64_t node) {
  int64_t low = 0, high = mg_state(tape)->block_count;
  while (low < high) {
    int64_t middle = (low + high) / 2;
    if (mg_block_cap(mg_block_at(tape, middle)) < node) low = middle + 1;
    else high = middle;
  }
  return low;
}

int64_t mg_last_block_until(const mg_tape *tape, int64_t node) {
  int64_t position = mg_first_block_from(tape, node);
  return position < mg_state(tape)->block_count && mg_block_at(tape, position)->first <= node ? position : position - 1;
}

const mg_block *mg_search_block(const mg_tape *tape, int64_t node) {
  const mg_block *block = mg_block_at(tape, mg_first_block_from(tape, node));
  return block->first <= node ? block : NULL;
}

// MARK: Sweeps

mg_block_kind mg_block_kind_of(mg_op op) {
  switch (op) {
#define CASE(name, ...) case MG_OP_##name:
    MG_BINARY_OPS(CASE) return MG_BLOCK_ZIP;
    MG_CONSTANT_OPS(CASE) MG_UNARY_OPS(CASE) CASE(function) return MG_BLOCK_MAP;
    MG_TARGET_OPS(CASE) return MG_BLOCK_TARGET;
#undef CASE
  case MG_OP_cross_entropy: return MG_BLOCK_CROSS_ENTROPY;
  case MG_OP_layer_norm:
  case MG_OP_rms_norm: return MG_BLOCK_NORM;
  case MG_OP_neuron: return MG_BLOCK_LAYER;
  case MG_OP_copy: return MG_BLOCK_COPY;
  case MG_OP_custom: return MG_BLOCK_CUSTOM;
  case MG_LEAF: return MG_BLOCK_LEAVES;
  default: return MG_BLOCK_ROWS;
  }
}

static double *at(double *numbers, mg_node node) { return node == MG_NO_NODE ? NULL : numbers + node; }

void mg_block_forward(mg_tape *tape, const mg_block *b) {
  double *values = tape->values, *v = values + b->first;
  const double *x = at(values, b->x), *y = at(values, b->y), *z = at(values, b->z);
  const double *constants = tape->constants + b->constants;
  const int32_t *list = tape->operands + b->list;
  int64_t count = mg_block_count(b);
  switch (mg_block_kind_of(b->op)) {
  case MG_BLOCK_MAP: mg_map_values(b->op, b->function, *constants, x, v, count); break;
  case MG_BLOCK_ZIP: mg_zip_values(b->op, x, y, b->broadcast, v, b->rows, b->columns); break;
  case MG_BLOCK_TARGET: mg_target_values(b->op, *constants, x, constants + 1, v, count); break;
  case MG_BLOCK_ROWS: mg_row_values(b->op, x, v, b->rows, b->x_columns); break;
  case MG_BLOCK_CROSS_ENTROPY: mg_cross_entropy_values(x, list, v, b->rows, b->x_columns); break;
  case MG_BLOCK_NORM: mg_norm_values(b->op, x, y, z, *constants, v, b->rows, b->columns); break;
  case MG_BLOCK_LAYER: mg_affine_values(x, y, z, b->relu, v, b->rows, b->x_columns, b->columns); break;
  case MG_BLOCK_COPY:
    for (int64_t k = 0; k < count / b->x_columns; k++)
      memcpy(v + k * b->x_columns, values + list[k], (size_t)b->x_columns * sizeof *v);
    break;
  case MG_BLOCK_CUSTOM: mg_custom_values(tape, b); break;
  case MG_BLOCK_LEAVES: break;
  }
}

int64_t mg_block_backward(mg_tape *tape, const mg_block *b, int64_t low) {
  const double *v = tape->values + b->first, *x = at(tape->values, b->x), *y = at(tape->values, b->y);
  double *grads = tape->grads, *dx = at(grads, b->x), *dy = at(grads, b->y), *dz = at(grads, b->z);
  const double *d = grads + b->first, *constants = tape->constants + b->constants;
  const int32_t *list = tape->operands + b->list;
  double *scratch = mg_state(tape)->scratch.block;
  int64_t count = mg_block_count(b);
  if (mg_kernel_is_zero(d, count)) return low;
  switch (mg_block_kind_of(b->op)) {
  case MG_BLOCK_MAP: mg_map_backward(b->op, b->function, *constants, x, v, d, dx, count); break;
  case MG_BLOCK_ZIP: mg_zip_backward(b->op, x, y, b->broadcast, v, d, dx, dy, b->rows, b->columns); break;
  case MG_BLOCK_TARGET: mg_target_backward(b->op, *constants, x, constants + 1, d, dx, count); break;
  case MG_BLOCK_ROWS: mg_row_backward(b->op, x, v, d, dx, scratch, b->rows, b->x_columns); break;
  case MG_BLOCK_CROSS_ENTROPY: mg_cross_entropy_backward(x, list, d, dx, scratch, b->rows, b->x_columns); break;
  case MG_BLOCK_NORM: mg_norm_backward(b->op, x, y, *constants, d, dx, dy, dz, b->rows, b->columns); break;
  case MG_BLOCK_LAYER:
    mg_affine_backward(x, y, b->relu, v, d, b->skips_x ? NULL : dx, dy, dz, scratch, b->rows, b->x_columns, b->columns);
    break;
  case MG_BLOCK_COPY:
    for (int64_t k = 0; k < count / b->x_columns; k++)
      for (int64_t j = 0; j < b->x_columns; j++) grads[list[k] + j] += d[k * b->x_columns + j];
    break;
  case MG_BLOCK_CUSTOM: mg_custom_backward(tape, b); break;
  case MG_BLOCK_LEAVES: break;
  }
  mg_node first;
  int64_t length;
  for (int64_t k = 0; mg_block_operand_run(tape, b, k, &first, &length); k++)
    if (!(k == 0 && b->skips_x)) low = mg_lower(low, first);
  return low;
}

// MARK: Reading

bool mg_block_operand_run(const mg_tape *tape, const mg_block *b, int64_t k, mg_node *first, int64_t *count) {
  if (b->op == MG_OP_copy) {
    if (k >= mg_block_count(b) / b->x_columns) return false;
    *first = tape->operands[b->list + k];
    *count = b->x_columns;
    return true;
  }
  if (b->op == MG_OP_custom) {
    if (k >= b->x_columns) return false;
    *first = tape->operands[b->list + k];
    *count = 1;
    return true;
  }
  mg_node runs[] = {b->x, b->y, b->z};
  if (k > 2 || runs[k] == MG_NO_NODE) return false;
  *first = runs[k];
  bool matrix = k == 0 || (k == 1 && mg_block_kind_of(b->op) == MG_BLOCK_ZIP && !b->broadcast);
  bool weights = k == 1 && b->op == MG_OP_neuron;
  *count = weights ? (int64_t)b->columns * b->x_columns : matrix ? (int64_t)b->rows * b->x_columns : b->columns;
  return true;
}

double mg_block_constant(const mg_tape *tape, const mg_block *b, mg_node node) {
  return tape->constants[b->constants + (mg_block_kind_of(b->op) == MG_BLOCK_TARGET ? 1 + node - b->first : 0)];
}

int64_t mg_block_operand_count(const mg_block *b) {
  switch (mg_block_kind_of(b->op)) {
  case MG_BLOCK_MAP:
  case MG_BLOCK_TARGET:
  case MG_BLOCK_COPY: return 1;
  case MG_BLOCK_ZIP: return 2;
  case MG_BLOCK_ROWS:
  case MG_BLOCK_CROSS_ENTROPY:
  case MG_BLOCK_CUSTOM: return b->x_columns;
  case MG_BLOCK_NORM: return b->columns + (b->z == MG_NO_NODE ? 1 : 2);
  case MG_BLOCK_LAYER: return 2 * (int64_t)b->x_columns + (b->z == MG_NO_NODE ? 0 : 1);
  case MG_BLOCK_LEAVES: return 0;
  }
}

mg_node mg_block_operand(const mg_tape *tape, const mg_block *b, mg_node node, int64_t k) {
  int64_t offset = node - b->first, row = offset / b->columns, column = offset % b->columns;
  switch (mg_block_kind_of(b->op)) {
  case MG_BLOCK_COPY: return (mg_node)(tape->operands[b->list + offset / b->x_columns] + offset % b->x_columns);
  case MG_BLOCK_CUSTOM: return tape->operands[b->list + k];
  case MG_BLOCK_ZIP:
    if (k == 1) return (mg_node)(b->y + (b->broadcast ? column : offset));
    return (mg_node)(b->x + offset);
  case MG_BLOCK_ROWS:
  case MG_BLOCK_CROSS_ENTROPY: return (mg_node)(b->x + row * b->x_columns + k);
  case MG_BLOCK_NORM:
    if (k < b->columns) return (mg_node)(b->x + row * b->columns + k);
    return (mg_node)((k == b->columns ? b->y : b->z) + column);
  case MG_BLOCK_LAYER:
    if (b->z == MG_NO_NODE) k++;
    if (k == 0) return (mg_node)(b->z + column);
    if (k <= b->x_columns) return (mg_node)(b->y + column * b->x_columns + k - 1);
    return (mg_node)(b->x + row * b->x_columns + k - 1 - b->x_columns);
  default: return (mg_node)(b->x + offset);
  }
}
