// The derivatives of one node by its operands, for those who show what a sweep does there.
#pragma once

#include "mg_op_facts.h"
#include "mg_tape.h"

MG_ASSUME_NONNULL_BEGIN

// The derivatives of a node by its operands, in the order of mg_node_operand, and what an adjoint d of the node contributes
// to theirs. Both arrays have room for mg_node_operand_count numbers. Contributions are those of the sweep: to the bit
// outside of blocks and for ops on one or two operands, else to rounding. Zero for custom ops, whose derivatives are the
// caller's.
void mg_node_slopes(const mg_tape *tape, mg_node node, double d, double *slopes, double *contributions);

// The rule by which the k-th operand got its derivative (mg_op_rule).
const char *mg_node_rule(const mg_tape *tape, mg_node node, int64_t k);

// The factor beside the k-th operand in a dot product or a neuron, MG_NO_NODE where it has none.
mg_node mg_node_factor(const mg_tape *tape, mg_node node, int64_t k);

// True if no gradient flows to the k-th operand: it is an input of a layer, and data.
bool mg_node_skips_operand(const mg_tape *tape, mg_node node, int64_t k);

// The nodes that a sweep visits at once with a node: those of its block, or itself. Returns the first of them.
mg_node mg_node_block(const mg_tape *tape, mg_node node, int64_t *count);

MG_ASSUME_NONNULL_END
