// Recording: each function appends one node and returns its index.
//
// The operands must be live nodes of the tape. Where there is no room, the tape grows; when it cannot, recording is
// paused, or another thread is inside the tape, the result is MG_NO_NODE and the tape is as it was. A thread that is not
// inside enters for the time of the call.
#pragma once

#include "mg_ops.h"
#include "mg_tape.h"

MG_ASSUME_NONNULL_BEGIN

// True when this thread can append one more node at once: it is inside the tape, which need not grow.
static inline bool mg_has_room(const mg_tape *tape) {
  return MG_LIKELY(tape->count < tape->limit) && MG_LIKELY(tape->thread == mg_this_thread());
}

static inline mg_node mg_append(mg_tape *tape, unsigned op, mg_node a, int32_t b, double value) {
  MG_ASSERT(tape->thread == mg_this_thread());
  int64_t i = tape->count;
  tape->values[i] = value;
  tape->records[i] = mg_record_make(op, a, b);
  tape->count = i + 1;
  return (mg_node)i;
}

// Where there is no room (mg_record.c): the same by op code, after entering and growing the tape as needed.
mg_node mg_leaf_slowly(mg_tape *tape, double value);
mg_node mg_record_binary_slowly(mg_tape *tape, mg_op op, mg_node a, mg_node b);
mg_node mg_record_constant_slowly(mg_tape *tape, mg_op op, mg_node a, double c);
mg_node mg_record_unary_slowly(mg_tape *tape, mg_op op, mg_node a);
mg_node mg_record_function_slowly(mg_tape *tape, mg_function function, mg_node a);

static inline mg_node mg_leaf(mg_tape *tape, double value) {
  if (!mg_has_room(tape)) return mg_leaf_slowly(tape, value);
  if (tape->leading_leaves == tape->count) tape->leading_leaves++;
  return mg_append(tape, MG_LEAF, 0, 0, value);
}

// `count` leaves, one after the other; returns the first.
mg_node mg_leaf_run(mg_tape *tape, const double *values, int64_t count);

#define MG_RECORD(name, symbol, value, ...)                                                 \
  static inline mg_node mg_##name(mg_tape *tape, mg_node a, mg_node b) {                    \
    if (!mg_has_room(tape)) return mg_record_binary_slowly(tape, MG_OP_##name, a, b);       \
    double x = tape->values[a], y = tape->values[b];                                        \
    return mg_append(tape, MG_OP_##name, a, b, value);                                      \
  }
MG_BINARY_OPS(MG_RECORD)
#undef MG_RECORD

#define MG_RECORD(name, symbol, value, ...)                                                 \
  static inline mg_node mg_##name(mg_tape *tape, mg_node a, double c) {                     \
    if (!mg_has_room(tape)) return mg_record_constant_slowly(tape, MG_OP_##name, a, c);     \
    double x = tape->values[a];                                                             \
    int64_t k = tape->constant_count;                                                       \
    tape->constants[k] = c;                                                                 \
    tape->constant_count = k + 1;                                                           \
    return mg_append(tape, MG_OP_##name, a, (int32_t)k, value);                             \
  }
MG_CONSTANT_OPS(MG_RECORD)
#undef MG_RECORD

#define MG_RECORD(name, symbol, value, ...)                                                 \
  static inline mg_node mg_##name(mg_tape *tape, mg_node a) {                               \
    if (!mg_has_room(tape)) return mg_record_unary_slowly(tape, MG_OP_##name, a);           \
    double x = tape->values[a];                                                             \
    return mg_append(tape, MG_OP_##name, a, 0, value);                                      \
  }
MG_UNARY_OPS(MG_RECORD)
#undef MG_RECORD

#define MG_RECORD(name, symbol, value, ...)                                                 \
  static inline mg_node mg_##name(mg_tape *tape, mg_node a) {                               \
    if (!mg_has_room(tape)) return mg_record_function_slowly(tape, MG_FUNCTION_##name, a);  \
    double x = tape->values[a];                                                             \
    return mg_append(tape, MG_OP_function, a, MG_FUNCTION_##name, value);                   \
  }
MG_FUNCTIONS(MG_RECORD)
#undef MG_RECORD

// MARK: By op code, out of line (mg_record.c)

mg_node mg_record_binary(mg_tape *tape, mg_op op, mg_node a, mg_node b);
mg_node mg_record_constant(mg_tape *tape, mg_op op, mg_node a, double c);
mg_node mg_record_unary(mg_tape *tape, mg_op op, mg_node a);
mg_node mg_record_function(mg_tape *tape, mg_function function, mg_node a);

// MARK: Any number of operands, one node (mg_nary.c)

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

// MARK: A layer of neurons (mg_layer.c)

// Each of `outputs` neurons is activation(bias + sum over i of weight[i] * input[i]). The weights are parameters (or
// any consecutive nodes), row-major, one row of `input_count` a neuron; the biases follow one another too.
typedef struct {
  mg_node weights;
  mg_node biases;
  int32_t input_count;
  int32_t output_count;
  bool relu;  // else the identity
} mg_layer;

typedef enum MG_CLOSED_ENUM MG_SWIFT_NAME(LayerRecording) {
  // One node an addition, multiplication and activation, in micrograd's order: bias first, then each product added.
  MG_LAYER_SCALAR MG_SWIFT_NAME(scalar) = 0,
  // One node a neuron.
  MG_LAYER_FUSED MG_SWIFT_NAME(fused),
} mg_layer_recording;

// Records the layer for one sample, neuron by neuron (as one block: mg_block_layer), and writes the output nodes. Either
// all is recorded or nothing.
mg_status mg_record_layer(mg_tape *tape, mg_layer layer, mg_layer_recording recording, const mg_node *inputs,
                          mg_node *outputs);

// For each of `rows` rows of weights, consecutive nodes row-major, the sum over i of weight[i] * input[i] from left to
// right, each multiplication and addition a node; writes the nodes of the sums. There is at least one input. Either all is
// recorded or nothing.
mg_status mg_record_weighted_sums(mg_tape *tape, mg_node weights, int64_t rows, const mg_node *inputs, int64_t count,
                                  mg_node *sums);

// The same numbers as of mg_record_layer from plain ones, to the same bits: weights [outputs, inputs] row-major.
void mg_evaluate_neurons(const double *weights, const double *biases, int64_t inputs, int64_t outputs, bool relu,
                         mg_layer_recording recording, const double *x, double *v);

MG_ASSUME_NONNULL_END
