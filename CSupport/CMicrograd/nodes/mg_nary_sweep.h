// Ops with any number of operands (mg_nary.c): what a sweep and a reader of the graph ask of them.
#pragma once

#include "mg_tape.h"

double mg_nary_value(const mg_tape *tape, int64_t node);
// Adds d times the partial derivatives to the operands' gradients; returns the lower of `low` and the lowest recorded
// operand.
int64_t mg_nary_backward(mg_tape *tape, int64_t node, double d, int64_t low);
int64_t mg_nary_operand_count(const mg_tape *tape, int64_t node);
mg_node mg_nary_operand(const mg_tape *tape, int64_t node, int64_t k);

// The operand that a select is.
mg_node mg_selected(const mg_tape *tape, int64_t node);
// The operand that a pick is, or MG_NO_NODE.
mg_node mg_picked(const mg_tape *tape, int64_t node);

// The derivative of a log_sum_exp outside of blocks by its k-th operand.
double mg_log_sum_exp_slope(const mg_tape *tape, int64_t node, int64_t k);

// The same for a neuron (mg_layer.c).
double mg_neuron_value(const mg_tape *tape, int64_t node);
int64_t mg_neuron_backward(mg_tape *tape, int64_t node, double d, int64_t low);
int64_t mg_neuron_operand_count(const mg_tape *tape, int64_t node);
mg_node mg_neuron_operand(const mg_tape *tape, int64_t node, int64_t k);
// The derivative by the k-th operand.
double mg_neuron_slope(const mg_tape *tape, int64_t node, int64_t k);

// Whether the nodes follow one another, nodes[k] == nodes[0] + k, within one region: where parameters end and recorded
// nodes begin, the first node is not the lowest one reached.
static inline bool mg_is_run(const mg_node *nodes, int64_t count) {
  if (count > 0 && nodes[0] < 0 && nodes[count - 1] >= 0) return false;
  for (int64_t k = 1; k < count; k++)
    if (nodes[k] != nodes[0] + k) return false;
  return true;
}

static inline int64_t mg_lower(int64_t low, int64_t node) { return node >= 0 && node < low ? node : low; }
