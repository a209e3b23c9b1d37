// Recording ops of any number of operands, one node each.
#pragma once

#include "mg_ops.h"
#include "mg_tape.h"

MG_ASSUME_NONNULL_BEGIN

// The sum of `count` nodes.
mg_node mg_sum(mg_tape *tape, const mg_node *nodes, int64_t count);
mg_node mg_sum_run(mg_tape *tape, mg_node first, int64_t count);
// The sum over i of left[i] * right[i].
mg_node mg_dot_runs(mg_tape *tape, mg_node left, mg_node right, int64_t count);
mg_node mg_dot(mg_tape *tape, const mg_node *left, const mg_node *right, int64_t count);
// The sum over i of weights[i] * nodes[i].
mg_node mg_weighted_sum(mg_tape *tape, const double *weights, const mg_node *nodes, int64_t count);

// log of the sum of exp(x), without overflow.
mg_node mg_log_sum_exp(mg_tape *tape, const mg_node *nodes, int64_t count);
mg_node mg_log_sum_exp_run(mg_tape *tape, mg_node first, int64_t count);

// `then` where left and right are in the relation, else `otherwise`. Derivatives flow into the one that was taken; what
// the other's are does not matter.
mg_node mg_select(mg_tape *tape, mg_node left, mg_relation relation, mg_node right, mg_node then, mg_node otherwise);
// Which of its operands a node of a select is: 2, that for then, or 3.
int64_t mg_selected_operand(const mg_tape *tape, int64_t node);
mg_relation mg_select_relation(const mg_tape *tape, int64_t node);

// The table's node at a place that is the number of `index`: 0 … count - 1. Derivatives flow into that node, none into the
// index. With any other number, the value is NaN and nothing has a derivative. `count` is at least 1.
mg_node mg_pick(mg_tape *tape, mg_node index, const mg_node *nodes, int64_t count);
// The same for a table whose nodes are first + k * stride, as a column of a matrix is.
mg_node mg_pick_run(mg_tape *tape, mg_node index, mg_node first, int64_t stride, int64_t count);
// Which of its operands a node of a pick is: 1 for the first of its table, 0 where the index is no place in it.
int64_t mg_picked_operand(const mg_tape *tape, int64_t node);
// Whether the table of a pick is first + k * stride.
bool mg_pick_is_run(const mg_tape *tape, int64_t node, mg_node *first, int64_t *stride);

MG_ASSUME_NONNULL_END
