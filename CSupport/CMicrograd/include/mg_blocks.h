// Blocks: one op that defines a matrix of consecutive nodes.
//
//     first … first + rows * columns - 1    the nodes, row-major
//     first + rows * columns                the cap, of no value, at which a sweep enters the block
//
// Each of the nodes is one like any other: it has a value and a gradient, an op and operands. But its record is not
// written; a descriptor of the block stands for all of them, so a node costs 16 bytes, and nothing grows with the number
// of multiplications. Each function returns the first node, or MG_NO_NODE where there is no room or recording is paused,
// the tape then being as it was. There is at least one row and one column. Runs of operands may overlap.
#pragma once

#include "mg_layer.h"
#include "mg_ops.h"
#include "mg_tape.h"

MG_ASSUME_NONNULL_BEGIN

// Leaves, or data: numbers into which no gradient flows from a layer.
mg_node mg_block_leaves(mg_tape *tape, const double *values, int64_t rows, int64_t columns, bool data);
// A layer for `rows` samples, whose inputs are the rows of a matrix of nodes. It may have no biases (MG_NO_NODE). Its
// gradients are products of whole matrices: an input or a weight that is not finite makes NaN of them even beside an
// output whose own gradient is zero, as in PyTorch. Neurons recorded one by one (mg_record_layer) pass nothing on there.
mg_node mg_block_layer(mg_tape *tape, mg_layer layer, mg_node inputs, int64_t rows);
// Copies of runs of `run` nodes, each run named by its first node; rows * columns is a multiple of `run`.
mg_node mg_block_copy(mg_tape *tape, const mg_node *runs, int64_t run, int64_t rows, int64_t columns);

// A constant op, a unary op or a function on each node of a matrix.
mg_node mg_block_map(mg_tape *tape, mg_op op, mg_function function, double c, mg_node x, int64_t rows, int64_t columns);
// A binary op on the nodes of two matrices; where `broadcast`, y is one row, which meets every row of x.
mg_node mg_block_zip(mg_tape *tape, mg_op op, mg_node x, mg_node y, bool broadcast, int64_t rows, int64_t columns);
// An op of MG_TARGET_OPS on each node, with a target for each.
mg_node mg_block_target(mg_tape *tape, mg_op op, double c, mg_node x, const double *targets, int64_t rows,
                        int64_t columns);

// row_sum, softmax, log_softmax or log_sum_exp of the rows of a matrix; the first and the last have one column.
mg_node mg_block_rows(mg_tape *tape, mg_op op, mg_node x, int64_t rows, int64_t columns);
// The cross-entropy of each row's softmax with a class, 0 to columns - 1; one column.
mg_node mg_block_cross_entropy(mg_tape *tape, mg_node x, const int32_t *classes, int64_t rows, int64_t columns);
// layer_norm with gain and bias, or rms_norm with gain (bias MG_NO_NODE), a run of `columns` nodes each.
mg_node mg_block_norm(mg_tape *tape, mg_op op, mg_node x, mg_node gain, mg_node bias, double epsilon, int64_t rows,
                      int64_t columns);

MG_ASSUME_NONNULL_END
