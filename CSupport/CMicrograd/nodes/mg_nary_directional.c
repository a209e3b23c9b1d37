// Sums, dot products and the other ops of any number of operands, along a direction; the layout is said in mg_nary.c.
#include "mg_kernels.h"
#include "mg_nary_sweep.h"
#include "mg_node_directional.h"
#include "mg_record.h"
#include "mg_softmax.h"

double mg_dot_tangent(const double *x, const double *y, const double *tx, const double *ty, int64_t count) {
  double tangent = mg_kernel_dot(tx, y, count) + mg_kernel_dot(x, ty, count);
  if (MG_LIKELY(tangent == tangent)) return tangent;
  tangent = 0;
  for (int64_t k = 0; k < count; k++) tangent += mg_carried(tx[k], y[k]) + mg_carried(ty[k], x[k]);
  return tangent;
}

double mg_nary_tangent(const mg_tape *tape, int64_t node, const double *t) {
  mg_record record = tape->records[node];
  int64_t a = mg_record_a(record), count = mg_record_b(record);
  const double *values = tape->values;
  if (mg_record_op(record) == MG_OP_sum_run) return mg_kernel_sum(t + a, count);
  const int32_t *list = tape->operands + a;
  double sum = 0;
  switch (mg_record_op(record)) {
  case MG_OP_sum:
    for (int64_t k = 0; k < count; k++) sum += t[list[k]];
    return sum;
  case MG_OP_dot:
    for (int64_t k = 0; k < count; k++) {
      int64_t left = list[k], right = list[count + k];
      sum += mg_carried(t[left], values[right]) + mg_carried(t[right], values[left]);
    }
    return sum;
  case MG_OP_dot_runs:
    return mg_dot_tangent(values + list[0], values + list[1], t + list[0], t + list[1], count);
  case MG_OP_weighted_sum:
  case MG_OP_log_sum_exp:
    for (int64_t k = 0; k < count; k++)
      sum += mg_carried(t[mg_nary_operand(tape, node, k)], tape->constants[list[0] + k]);
    return sum;
  case MG_OP_select: return t[mg_selected(tape, node)];
  case MG_OP_pick: {
    mg_node operand = mg_picked(tape, node);
    return operand == MG_NO_NODE ? 0 : t[operand];
  }
  default: return mg_neuron_tangent(tape, node, t);
  }
}

// The derivatives p of a logarithm of exponentials have the tangents p (s - Σ p s); the differences are from the top's.
static void pull_log_sum_exp(const mg_tape *tape, int64_t node, mg_directions all) {
  int64_t count = mg_nary_operand_count(tape, node);
  const double *p = tape->constants + tape->operands[mg_record_a(tape->records[node])], *t = all.tangents;
  double adjoint = all.adjoints[node], adjoint_tangent = all.adjoint_tangents[node];
  int64_t top = mg_softmax_top(p, count);
  double s_top = count > 0 ? t[mg_nary_operand(tape, node, top)] : 0, shift = 0;
  for (int64_t k = 0; k < count; k++)
    if (k != top) shift += mg_carried(t[mg_nary_operand(tape, node, k)] - s_top, p[k]);
  for (int64_t k = 0; k < count; k++) {
    int64_t operand = mg_nary_operand(tape, node, k);
    double bend = mg_carried(t[operand] - s_top - shift, p[k]);
    MG_PULL(adjoint, adjoint_tangent, all.adjoints[operand], all.adjoint_tangents[operand], d * p[k], MG_BEND(bend, 1));
  }
}

void mg_nary_pull(const mg_tape *tape, int64_t node, mg_directions all) {
  mg_record record = tape->records[node];
  int64_t a = mg_record_a(record), count = mg_record_b(record);
  const double *values = tape->values, *t = all.tangents;
  double *adjoints = all.adjoints, *tangents = all.adjoint_tangents;
  double adjoint = adjoints[node], adjoint_tangent = tangents[node];
  if (mg_record_op(record) == MG_OP_sum_run) {
    mg_kernel_add(adjoints + a, adjoint, count);
    mg_kernel_add(tangents + a, adjoint_tangent, count);
    return;
  }
  const int32_t *list = tape->operands + a;
  switch (mg_record_op(record)) {
  case MG_OP_sum:
    for (int64_t k = 0; k < count; k++) {
      adjoints[list[k]] += adjoint;
      tangents[list[k]] += adjoint_tangent;
    }
    break;
  case MG_OP_dot:
  case MG_OP_dot_runs: {
    bool runs = mg_record_op(record) == MG_OP_dot_runs;
    for (int64_t k = 0; k < count; k++) {
      int64_t left = runs ? list[0] + k : list[k], right = runs ? list[1] + k : list[count + k];
      MG_PULL(adjoint, adjoint_tangent, adjoints[left], tangents[left], d * values[right], MG_BEND(t[right], 1));
      MG_PULL(adjoint, adjoint_tangent, adjoints[right], tangents[right], d * values[left], MG_BEND(t[left], 1));
    }
    break;
  }
  case MG_OP_weighted_sum:
    for (int64_t k = 0; k < count; k++) {
      int64_t operand = list[k + 1];
      double weight = tape->constants[list[0] + k];
      MG_PULL(adjoint, adjoint_tangent, adjoints[operand], tangents[operand], d * weight, 0);
    }
    break;
  case MG_OP_log_sum_exp: pull_log_sum_exp(tape, node, all); break;
  case MG_OP_select:
  case MG_OP_pick: {
    mg_node operand = mg_record_op(record) == MG_OP_select ? mg_selected(tape, node) : mg_picked(tape, node);
    if (operand == MG_NO_NODE) break;
    adjoints[operand] += adjoint;
    tangents[operand] += adjoint_tangent;
    break;
  }
  default: mg_neuron_pull(tape, node, all);
  }
}
