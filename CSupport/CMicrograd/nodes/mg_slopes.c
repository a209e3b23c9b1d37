#include "mg_slopes.h"

#include "mg_block_descriptor.h"
#include "mg_carried.h"
#include "mg_nary.h"
#include "mg_nary_sweep.h"
#include "mg_node.h"
#include "mg_softmax.h"

mg_node mg_node_block(const mg_tape *tape, mg_node node, int64_t *count) {
  const mg_block *block = mg_find_block(tape, node);
  *count = block ? mg_block_count(block) : 1;
  return block ? block->first : node;
}

mg_node mg_node_factor(const mg_tape *tape, mg_node node, int64_t k) {
  mg_op op = mg_node_op(tape, node);
  if (op != MG_OP_dot && op != MG_OP_dot_runs && op != MG_OP_neuron) return MG_NO_NODE;
  int64_t count = mg_node_operand_count(tape, node), biases = count % 2, pairs = count / 2;
  if (k < biases) return MG_NO_NODE;
  return mg_node_operand(tape, node, k < biases + pairs ? k + pairs : k - pairs);
}

bool mg_node_skips_operand(const mg_tape *tape, mg_node node, int64_t k) {
  const mg_block *block = mg_find_block(tape, node);
  return block && block->skips_x && k >= mg_block_operand_count(block) - block->x_columns;
}

// MARK: Ops of one or two operands

static mg_application application_of(const mg_tape *tape, mg_node node, mg_op op) {
  const double *values = tape->values;
  int64_t count = mg_node_operand_count(tape, node);
  bool has_target = mg_op_has_target(op);
  return (mg_application){
    .op = op,
    .function = op == MG_OP_function ? mg_node_function(tape, node) : MG_FUNCTION_absolute,
    .x = values[mg_node_operand(tape, node, 0)],
    .y = count > 1 ? values[mg_node_operand(tape, node, 1)] : (double)NAN,
    .c = mg_node_constant(tape, node, has_target),
    .t = has_target ? mg_node_constant(tape, node, 0) : (double)NAN,
    .v = values[node],
  };
}

// MARK: Ops along a row

static void softmax_slopes(const mg_tape *tape, const mg_block *b, mg_node node, int64_t own, double *slopes) {
  int64_t row = (node - b->first) / b->columns, count = b->x_columns;
  const double *x = tape->values + b->x + row * count;
  if (b->op == MG_OP_softmax) {
    const double *p = tape->values + b->first + row * count;
    for (int64_t k = 0; k < count; k++) slopes[k] = k == own ? p[own] * mg_softmax_others(p, own, count) : -p[own] * p[k];
    return;
  }
  mg_softmax(x, slopes, count);
  if (b->op == MG_OP_log_sum_exp) return;
  double at_own = mg_softmax_less_one(slopes, own, count);
  slopes[own] = at_own;
  if (b->op == MG_OP_cross_entropy) return;
  for (int64_t k = 0; k < count; k++) slopes[k] = -slopes[k];
}

static void norm_slopes(const mg_tape *tape, const mg_block *b, mg_node node, int64_t own, double *slopes) {
  int64_t row = (node - b->first) / b->columns, n = b->columns;
  const double *x = tape->values + b->x + row * n;
  double gain = tape->values[b->y + own], mean = 0, squares = 0;
  bool centers = b->op == MG_OP_layer_norm;
  for (int64_t k = 0; centers && k < n; k++) mean += x[k] / (double)n;
  for (int64_t k = 0; k < n; k++) squares += (x[k] - mean) * (x[k] - mean);
  double s = sqrt(squares / (double)n + tape->constants[b->constants]), z = (x[own] - mean) / s;
  for (int64_t k = 0; k < n; k++) {
    double of_others = (centers + z * ((x[k] - mean) / s)) / (double)n;
    slopes[k] = gain / s * (k == own ? 1 - of_others : -of_others);
  }
  slopes[n] = z;
  if (b->z != MG_NO_NODE) slopes[n + 1] = 1;
}

// The column of a row whose derivative has a rule of its own.
static int64_t own_column(const mg_tape *tape, const mg_block *b, mg_node node) {
  if (b->op == MG_OP_cross_entropy) return tape->operands[b->list + node - b->first];
  return (node - b->first) % b->columns;
}

// MARK: All ops

static double nary_slope(const mg_tape *tape, mg_node node, mg_op op, int64_t k) {
  switch (op) {
  case MG_OP_weighted_sum: return mg_node_constant(tape, node, k);
  case MG_OP_log_sum_exp: return mg_log_sum_exp_slope(tape, node, k);
  case MG_OP_select: return k == mg_selected_operand(tape, node);
  case MG_OP_pick: return k > 0 && k == mg_picked_operand(tape, node);
  case MG_OP_neuron:
    if (mg_neuron_has_relu(tape, node) && tape->values[node] <= 0) return 0;
    // fall through
  default: {
    mg_node factor = mg_node_factor(tape, node, k);
    return factor == MG_NO_NODE ? 1 : tape->values[factor];
  }
  }
}

void mg_node_slopes(const mg_tape *tape, mg_node node, double d, double *slopes, double *contributions) {
  const mg_block *block = mg_find_block(tape, node);
  mg_op op = mg_node_op(tape, node);
  int64_t count = mg_node_operand_count(tape, node);
  switch (mg_block_kind_of(op)) {
  case MG_BLOCK_MAP:
  case MG_BLOCK_ZIP:
  case MG_BLOCK_TARGET: {
    mg_application application = application_of(tape, node, op);
    mg_op_partials(&application, d, slopes, contributions);
    return;
  }
  case MG_BLOCK_CROSS_ENTROPY: softmax_slopes(tape, block, node, own_column(tape, block, node), slopes); break;
  case MG_BLOCK_NORM: norm_slopes(tape, block, node, own_column(tape, block, node), slopes); break;
  case MG_BLOCK_ROWS:
    if (block && op != MG_OP_row_sum) {
      softmax_slopes(tape, block, node, own_column(tape, block, node), slopes);
      break;
    }
    // fall through
  case MG_BLOCK_LAYER:
  case MG_BLOCK_COPY:
    for (int64_t k = 0; k < count; k++) slopes[k] = nary_slope(tape, node, op, k);
    break;
  case MG_BLOCK_CUSTOM:
  case MG_BLOCK_LEAVES:
    for (int64_t k = 0; k < count; k++) slopes[k] = 0;
    break;
  }
  for (int64_t k = 0; k < count; k++) contributions[k] = mg_carried(d, slopes[k]);
}

static mg_operand_role role(const mg_tape *tape, mg_node node, mg_op op, int64_t k) {
  const mg_block *block = mg_find_block(tape, node);
  switch (mg_block_kind_of(op)) {
  case MG_BLOCK_ZIP: return k == 0 ? MG_ROLE_FIRST : MG_ROLE_SECOND;
  case MG_BLOCK_NORM:
    if (k >= block->columns) return k == block->columns ? MG_ROLE_GAIN : MG_ROLE_BIAS;
    return k == own_column(tape, block, node) ? MG_ROLE_FIRST : MG_ROLE_SECOND;
  case MG_BLOCK_CROSS_ENTROPY: return k == own_column(tape, block, node) ? MG_ROLE_FIRST : MG_ROLE_SECOND;
  case MG_BLOCK_ROWS: {
    bool has_columns = op == MG_OP_softmax || op == MG_OP_log_softmax;
    return has_columns && k != own_column(tape, block, node) ? MG_ROLE_SECOND : MG_ROLE_FIRST;
  }
  default: return MG_ROLE_FIRST;
  }
}

const char *mg_node_rule(const mg_tape *tape, mg_node node, int64_t k) {
  mg_op op = mg_node_op(tape, node);
  mg_function function = op == MG_OP_function ? mg_node_function(tape, node) : MG_FUNCTION_absolute;
  return mg_op_rule(op, function, role(tape, node, op, k));
}
