// Sums and dot products of any number of nodes, one node each.
//
// Operands that follow one another in the index space are not listed: a run is named by its first node, and the
// arithmetic goes over the flat buffers as they lie.
//
//   op            record a            record b   operand list from a        constants from list[a]
//   sum           list                count      the nodes
//   sum_run       the first node      count
//   dot           list                count      left nodes, right nodes
//   dot_runs      list                count      first left, first right
//   weighted_sum  list                count      constants, then the nodes  the weights
//   log_sum_exp   list                count      constants, a run's first    the partial derivatives
//                                                node or MG_NO_NODE and the nodes
//   select        list                relation   left, right, then, else
//   pick          list                count      index, a run's first node
//                                                or MG_NO_NODE, its stride
//                                                and the nodes
#include "mg_nary.h"

#include <string.h>

#include "mg_carried.h"
#include "mg_kernels.h"
#include "mg_nary_sweep.h"
#include "mg_record.h"
#include "mg_softmax.h"
#include "mg_tape_internal.h"

// MARK: Recording

static bool make_room(mg_tape *tape, int64_t operands, int64_t constants) {
  return mg_tape_reserve(tape, 1) == MG_OK && mg_tape_reserve_lists(tape, operands, constants) == MG_OK;
}

static int32_t append_list(mg_tape *tape, const mg_node *nodes, int64_t count) {
  int64_t start = tape->operand_count;
  memcpy(tape->operands + start, nodes, (size_t)count * sizeof *nodes);
  tape->operand_count = start + count;
  return (int32_t)start;
}

static mg_node append(mg_tape *tape, mg_op op, int32_t a, int64_t count) {
  mg_node node = mg_append(tape, op, a, (int32_t)count, 0);
  tape->values[node] = mg_nary_value(tape, node);
  return node;
}

mg_node mg_sum_run(mg_tape *tape, mg_node first, int64_t count) {
  MG_VISIT(tape, MG_NO_NODE);
  return make_room(tape, 0, 0) ? append(tape, MG_OP_sum_run, first, count) : MG_NO_NODE;
}

mg_node mg_sum(mg_tape *tape, const mg_node *nodes, int64_t count) {
  MG_VISIT(tape, MG_NO_NODE);
  if (count > 0 && mg_is_run(nodes, count)) return mg_sum_run(tape, nodes[0], count);
  return make_room(tape, count, 0) ? append(tape, MG_OP_sum, append_list(tape, nodes, count), count) : MG_NO_NODE;
}

static mg_node append_dot(mg_tape *tape, mg_op op, const mg_node *left, const mg_node *right, int64_t listed,
                          int64_t count) {
  if (!make_room(tape, 2 * listed, 0)) return MG_NO_NODE;
  int32_t list = append_list(tape, left, listed);
  append_list(tape, right, listed);
  return append(tape, op, list, count);
}

// Without the detour of other lists: dot products of a few elements are as many as additions in some programs.
mg_node mg_dot_runs(mg_tape *tape, mg_node left, mg_node right, int64_t count) {
  MG_VISIT(tape, MG_NO_NODE);
  if (!make_room(tape, 2, 0)) return MG_NO_NODE;
  int64_t list = tape->operand_count;
  tape->operands[list] = left;
  tape->operands[list + 1] = right;
  tape->operand_count = list + 2;
  double value = mg_kernel_dot(tape->values + left, tape->values + right, count);
  return mg_append(tape, MG_OP_dot_runs, (mg_node)list, (int32_t)count, value);
}

mg_node mg_dot(mg_tape *tape, const mg_node *left, const mg_node *right, int64_t count) {
  MG_VISIT(tape, MG_NO_NODE);
  bool runs = count > 0 && mg_is_run(left, count) && mg_is_run(right, count);
  return runs ? mg_dot_runs(tape, left[0], right[0], count)
              : append_dot(tape, MG_OP_dot, left, right, count, count);
}

mg_node mg_weighted_sum(mg_tape *tape, const double *weights, const mg_node *nodes, int64_t count) {
  MG_VISIT(tape, MG_NO_NODE);
  if (!make_room(tape, count + 1, count)) return MG_NO_NODE;
  int32_t constants = (int32_t)tape->constant_count;
  memcpy(tape->constants + constants, weights, (size_t)count * sizeof *weights);
  tape->constant_count += count;
  int32_t list = append_list(tape, &constants, 1);
  append_list(tape, nodes, count);
  return append(tape, MG_OP_weighted_sum, list, count);
}

// The partial derivatives, softmax(x), come with the value: the sweeps need not compute the exponentials again.
static mg_node append_log_sum_exp(mg_tape *tape, mg_node first, const mg_node *nodes, int64_t listed, int64_t count) {
  if (!make_room(tape, 2 + listed, count)) return MG_NO_NODE;
  mg_node head[] = {(int32_t)tape->constant_count, first};
  tape->constant_count += count;
  int32_t list = append_list(tape, head, 2);
  append_list(tape, nodes, listed);
  return append(tape, MG_OP_log_sum_exp, list, count);
}

mg_node mg_log_sum_exp_run(mg_tape *tape, mg_node first, int64_t count) {
  MG_VISIT(tape, MG_NO_NODE);
  return append_log_sum_exp(tape, first, &first, 0, count);
}

mg_node mg_log_sum_exp(mg_tape *tape, const mg_node *nodes, int64_t count) {
  MG_VISIT(tape, MG_NO_NODE);
  if (count > 0 && mg_is_run(nodes, count)) return mg_log_sum_exp_run(tape, nodes[0], count);
  return append_log_sum_exp(tape, MG_NO_NODE, nodes, count, count);
}

mg_node mg_select(mg_tape *tape, mg_node left, mg_relation relation, mg_node right, mg_node then, mg_node otherwise) {
  MG_VISIT(tape, MG_NO_NODE);
  mg_node nodes[] = {left, right, then, otherwise};
  if (!make_room(tape, 4, 0)) return MG_NO_NODE;
  return append(tape, MG_OP_select, append_list(tape, nodes, 4), relation);
}

static mg_node append_pick(mg_tape *tape, mg_node index, mg_node first, int64_t stride, const mg_node *nodes,
                           int64_t listed, int64_t count) {
  if (!make_room(tape, 3 + listed, 0)) return MG_NO_NODE;
  mg_node head[] = {index, first, (int32_t)stride};
  int32_t list = append_list(tape, head, 3);
  append_list(tape, nodes, listed);
  return append(tape, MG_OP_pick, list, count);
}

mg_node mg_pick_run(mg_tape *tape, mg_node index, mg_node first, int64_t stride, int64_t count) {
  MG_VISIT(tape, MG_NO_NODE);
  return append_pick(tape, index, first, stride, &first, 0, count);
}

mg_node mg_pick(mg_tape *tape, mg_node index, const mg_node *nodes, int64_t count) {
  MG_VISIT(tape, MG_NO_NODE);
  int64_t stride = count > 1 ? (int64_t)nodes[1] - nodes[0] : 1, same = 1;
  while (same < count && nodes[same] == nodes[0] + same * stride) same++;
  return same == count ? mg_pick_run(tape, index, nodes[0], stride, count)
                       : append_pick(tape, index, MG_NO_NODE, 0, nodes, count, count);
}

// MARK: Sweeps

int64_t mg_selected_operand(const mg_tape *tape, int64_t node) {
  mg_record record = tape->records[node];
  const int32_t *list = tape->operands + mg_record_a(record);
  return mg_relation_holds((mg_relation)mg_record_b(record), tape->values[list[0]], tape->values[list[1]]) ? 2 : 3;
}

mg_node mg_selected(const mg_tape *tape, int64_t node) {
  return tape->operands[mg_record_a(tape->records[node]) + mg_selected_operand(tape, node)];
}

mg_relation mg_select_relation(const mg_tape *tape, int64_t node) {
  return (mg_relation)mg_record_b(tape->records[node]);
}

int64_t mg_picked_operand(const mg_tape *tape, int64_t node) {
  mg_record record = tape->records[node];
  double index = tape->values[tape->operands[mg_record_a(record)]];
  bool is_place = index >= 0 && index < (double)mg_record_b(record) && index == floor(index);
  return is_place ? 1 + (int64_t)index : 0;
}

mg_node mg_picked(const mg_tape *tape, int64_t node) {
  int64_t operand = mg_picked_operand(tape, node);
  return operand > 0 ? mg_nary_operand(tape, node, operand) : MG_NO_NODE;
}

bool mg_pick_is_run(const mg_tape *tape, int64_t node, mg_node *first, int64_t *stride) {
  const int32_t *list = tape->operands + mg_record_a(tape->records[node]);
  *first = list[1];
  *stride = list[2];
  return *first != MG_NO_NODE;
}

// Gathers the operands where their exponentials are to be, so that the loops over them are over flat numbers.
static double log_sum_exp(const mg_tape *tape, const int32_t *list, int64_t count) {
  double *p = tape->constants + list[0];
  if (list[1] != MG_NO_NODE) memcpy(p, tape->values + list[1], (size_t)count * sizeof *p);
  else
    for (int64_t k = 0; k < count; k++) p[k] = tape->values[list[k + 2]];
  return mg_log_sum_exp_of(mg_softmax(p, p, count));
}

static double pick_value(const mg_tape *tape, int64_t node) {
  mg_node operand = mg_picked(tape, node);
  return operand == MG_NO_NODE ? NAN : tape->values[operand];
}

double mg_nary_value(const mg_tape *tape, int64_t node) {
  mg_record record = tape->records[node];
  int64_t a = mg_record_a(record), count = mg_record_b(record);
  const double *values = tape->values;
  if (mg_record_op(record) == MG_OP_sum_run) return mg_kernel_sum(values + a, count);
  const int32_t *list = tape->operands + a;
  double sum = 0;
  switch (mg_record_op(record)) {
  case MG_OP_sum:
    for (int64_t k = 0; k < count; k++) sum += values[list[k]];
    return sum;
  case MG_OP_dot:
    for (int64_t k = 0; k < count; k++) sum += values[list[k]] * values[list[count + k]];
    return sum;
  case MG_OP_dot_runs: return mg_kernel_dot(values + list[0], values + list[1], count);
  case MG_OP_weighted_sum:
    for (int64_t k = 0; k < count; k++) sum += tape->constants[list[0] + k] * values[list[k + 1]];
    return sum;
  case MG_OP_log_sum_exp: return log_sum_exp(tape, list, count);
  case MG_OP_select: return values[mg_selected(tape, node)];
  case MG_OP_pick: return pick_value(tape, node);
  default: return mg_neuron_value(tape, node);
  }
}

// Out of line, as is the arithmetic of neurons: in the function below it would take registers from all the others.
__attribute__((noinline)) static int64_t pick_backward(mg_tape *tape, int64_t node, double d, int64_t low) {
  mg_node operand = mg_picked(tape, node);
  if (operand == MG_NO_NODE) return low;
  tape->grads[operand] += d;
  return mg_lower(low, operand);
}

double mg_log_sum_exp_slope(const mg_tape *tape, int64_t node, int64_t k) {
  return tape->constants[tape->operands[mg_record_a(tape->records[node])] + k];
}

// The derivative of a node by its k-th operand, of ops that have derivatives other than 1.
static double slope_by(const mg_tape *tape, int64_t node, int64_t k) {
  mg_record record = tape->records[node];
  int64_t a = mg_record_a(record), count = mg_record_b(record);
  const int32_t *list = tape->operands + a;
  switch (mg_record_op(record)) {
  case MG_OP_weighted_sum:
  case MG_OP_log_sum_exp: return tape->constants[list[0] + k];
  case MG_OP_dot:
  case MG_OP_dot_runs: return tape->values[mg_nary_operand(tape, node, k < count ? k + count : k - count)];
  default: return mg_neuron_slope(tape, node, k);
  }
}

static bool has_slopes(mg_op op) {
  switch (op) {
  case MG_OP_weighted_sum:
  case MG_OP_log_sum_exp:
  case MG_OP_dot:
  case MG_OP_dot_runs:
  case MG_OP_neuron: return true;
  default: return false;
  }
}

// mg_nary_backward of an adjoint that is not finite.
__attribute__((noinline)) static int64_t carry(mg_tape *tape, int64_t node, double d, int64_t low) {
  int64_t count = mg_nary_operand_count(tape, node);
  for (int64_t k = 0; k < count; k++) {
    mg_node operand = mg_nary_operand(tape, node, k);
    tape->grads[operand] += mg_carried(d, slope_by(tape, node, k));
    low = mg_lower(low, operand);
  }
  return low;
}

int64_t mg_nary_backward(mg_tape *tape, int64_t node, double d, int64_t low) {
  mg_record record = tape->records[node];
  int64_t a = mg_record_a(record), count = mg_record_b(record);
  const double *values = tape->values;
  double *grads = tape->grads;
  if (MG_UNLIKELY(!isfinite(d)) && has_slopes((mg_op)mg_record_op(record))) return carry(tape, node, d, low);
  if (mg_record_op(record) == MG_OP_sum_run) {
    mg_kernel_add(grads + a, d, count);
    return mg_lower(low, a);
  }
  const int32_t *list = tape->operands + a;
  switch (mg_record_op(record)) {
  case MG_OP_sum:
    for (int64_t k = 0; k < count; k++) {
      grads[list[k]] += d;
      low = mg_lower(low, list[k]);
    }
    return low;
  case MG_OP_dot:
    for (int64_t k = 0; k < count; k++) {
      int64_t left = list[k], right = list[count + k];
      double x = values[left], y = values[right];
      grads[left] += d * y;
      grads[right] += d * x;
      low = mg_lower(mg_lower(low, left), right);
    }
    return low;
  case MG_OP_dot_runs:
    mg_kernel_dot_backward(d, values + list[0], values + list[1], grads + list[0], grads + list[1], count);
    return mg_lower(mg_lower(low, list[0]), list[1]);
  case MG_OP_select: {
    int64_t operand = mg_selected(tape, node);
    grads[operand] += d;
    return mg_lower(low, operand);
  }
  case MG_OP_pick: return pick_backward(tape, node, d, low);
  case MG_OP_log_sum_exp:
    if (list[1] != MG_NO_NODE) {
      mg_kernel_add_scaled(grads + list[1], d, tape->constants + list[0], count);
      return mg_lower(low, list[1]);
    }
    for (int64_t k = 0; k < count; k++) {
      int64_t operand = list[k + 2];
      grads[operand] += d * tape->constants[list[0] + k];
      low = mg_lower(low, operand);
    }
    return low;
  case MG_OP_weighted_sum:
    for (int64_t k = 0; k < count; k++) {
      int64_t operand = list[k + 1];
      grads[operand] += d * tape->constants[list[0] + k];
      low = mg_lower(low, operand);
    }
    return low;
  default: return mg_neuron_backward(tape, node, d, low);
  }
}

// MARK: Reading

int64_t mg_nary_operand_count(const mg_tape *tape, int64_t node) {
  mg_record record = tape->records[node];
  int64_t count = mg_record_b(record);
  switch (mg_record_op(record)) {
  case MG_OP_dot:
  case MG_OP_dot_runs: return 2 * count;
  case MG_OP_neuron: return mg_neuron_operand_count(tape, node);
  case MG_OP_select: return 4;
  case MG_OP_pick: return 1 + count;
  default: return count;
  }
}

mg_node mg_nary_operand(const mg_tape *tape, int64_t node, int64_t k) {
  mg_record record = tape->records[node];
  int64_t a = mg_record_a(record), count = mg_record_b(record);
  if (mg_record_op(record) == MG_OP_sum_run) return (mg_node)(a + k);
  const int32_t *list = tape->operands + a;
  switch (mg_record_op(record)) {
  case MG_OP_dot_runs: return (mg_node)(k < count ? list[0] + k : list[1] + k - count);
  case MG_OP_weighted_sum: return list[k + 1];
  case MG_OP_log_sum_exp: return (mg_node)(list[1] != MG_NO_NODE ? list[1] + k : list[k + 2]);
  case MG_OP_pick:
    if (k == 0) return list[0];
    return (mg_node)(list[1] != MG_NO_NODE ? list[1] + (k - 1) * list[2] : list[k + 2]);
  case MG_OP_neuron: return mg_neuron_operand(tape, node, k);
  default: return list[k];
  }
}
