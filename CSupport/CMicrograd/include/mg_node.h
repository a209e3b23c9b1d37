// Reading the graph, node by node.
#pragma once

#include "mg_ops.h"
#include "mg_tape.h"

MG_ASSUME_NONNULL_BEGIN

// The op that computed a node; MG_LEAF for leaves and parameters.
mg_op mg_node_op(const mg_tape *tape, mg_node node);
// Which function, for a node whose op is MG_OP_function.
mg_function mg_node_function(const mg_tape *tape, mg_node node);
// The constant of a constant op, the weight of the k-th operand of a weighted sum; NaN for nodes that have none. Of a node
// with a target, 0 asks for the target and 1 for the constant of its block.
double mg_node_constant(const mg_tape *tape, mg_node node, int64_t k);
// How many operands a node has, and the k-th of them. Dot products list the left factors, then the right; neurons the
// bias, the weights, the inputs.
int64_t mg_node_operand_count(const mg_tape *tape, mg_node node);
mg_node mg_node_operand(const mg_tape *tape, mg_node node, int64_t k);
// Marks with 1 the nodes from `low` to `high` that have no mark and depend on a node that has one; marks[0] is that of `low`.
void mg_mark_dependents(const mg_tape *tape, mg_node low, mg_node high, uint8_t *marks);
// The column of a node in the block that computed it, and how many columns the block has; 0 and 1 outside of blocks.
int64_t mg_node_column(const mg_tape *tape, mg_node node);
int64_t mg_node_columns(const mg_tape *tape, mg_node node);
// The class of a cross_entropy; the threshold of a huber; the epsilon of a layer_norm or an rms_norm.
int64_t mg_node_class(const mg_tape *tape, mg_node node);
double mg_node_threshold(const mg_tape *tape, mg_node node);
double mg_node_epsilon(const mg_tape *tape, mg_node node);
// True for a neuron whose activation is relu.
bool mg_neuron_has_relu(const mg_tape *tape, int64_t node);

MG_ASSUME_NONNULL_END
