// Sums, dot products and the other ops of any number of operands, along a direction; the layout is said in mg_nary.c.
#include "mg_directions.h"
#include "mg_kernels.h"
#include "mg_nary.h"
#include "mg_record.h"

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
      MG_PULL(adjoint, adjoint_tangent, adjoints[left], tangents[left], d * values[right], d * t[right]);
      MG_PULL(adjoint, adjoint_tangent, adjoints[right], tangents[right], d * values[left], d * t[left]);
    }
    break;
  }
  case MG_OP_weighted_sum:
  case MG_OP_log_sum_exp: {
    // The weights of a logarithm of exponentials are its derivatives p; those have the tangents p (s - sum of p s).
    bool bends = mg_record_op(record) == MG_OP_log_sum_exp;
    for (int64_t k = 0; k < count; k++) {
      int64_t operand = mg_nary_operand(tape, node, k);
      double weight = tape->constants[list[0] + k], s = bends ? t[operand] - t[node] : 0;
      MG_PULL(adjoint, adjoint_tangent, adjoints[operand], tangents[operand], d * weight, MG_BEND(s, weight));
    }
    break;
  }
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
