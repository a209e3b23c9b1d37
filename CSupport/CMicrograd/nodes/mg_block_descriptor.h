// The descriptor of a block, and what a sweep and a reader of the graph ask of it.
#pragma once

#include "mg_ops.h"
#include "mg_tape_internal.h"

typedef struct mg_custom mg_custom;  // mg_custom.h

typedef struct {
  mg_op op;              // of every node; MG_LEAF for leaves and data, MG_OP_neuron for a layer
  mg_function function;  // where the op is MG_OP_function
  bool is_data;          // leaves into which no gradient flows from a layer
  bool relu;             // of a layer
  bool broadcast;        // of a binary op: y is one row
  bool skips_x;          // of a layer whose inputs are data
  mg_node first;
  int32_t rows, columns;
  mg_node x;         // the first operand: a matrix of as many rows, or of a copy none
  int32_t x_columns;  // of a copy: the length of a run
  mg_node y;         // the second: right side, weights, gain
  mg_node z;         // the third: biases; MG_NO_NODE where there is none
  int32_t list;       // where its lists begin: classes, runs
  const mg_custom *custom;  // of MG_OP_custom, else NULL
  int32_t constants;  // where its constants begin: c, epsilon or targets (after c)
} mg_block;

// Which loops compute a block.
typedef enum {
  MG_BLOCK_MAP,
  MG_BLOCK_ZIP,
  MG_BLOCK_TARGET,
  MG_BLOCK_ROWS,
  MG_BLOCK_CROSS_ENTROPY,
  MG_BLOCK_NORM,
  MG_BLOCK_LAYER,
  MG_BLOCK_COPY,
  MG_BLOCK_CUSTOM,
  MG_BLOCK_LEAVES,
} mg_block_kind;
mg_block_kind mg_block_kind_of(mg_op op);

static inline int64_t mg_block_count(const mg_block *block) { return (int64_t)block->rows * block->columns; }
static inline int64_t mg_block_cap(const mg_block *block) { return block->first + mg_block_count(block); }

// The position among the tape's blocks of the first whose cap is not below a node: their count when there is none.
int64_t mg_first_block_from(const mg_tape *tape, int64_t node);
// The position of the last block that begins at a node or below it; -1 when there is none.
int64_t mg_last_block_until(const mg_tape *tape, int64_t node);
static inline const mg_block *mg_block_at(const mg_tape *tape, int64_t position) {
  return (const mg_block *)mg_state(tape)->block_list.block + position;
}

// The block that a node is in (its cap included), or NULL. Nested derivatives ask for every node, mostly about what was
// recorded after the last block, so that answer is inline; mg_search_block looks among the blocks below.
const mg_block *mg_search_block(const mg_tape *tape, int64_t node);
static inline const mg_block *mg_find_block(const mg_tape *tape, int64_t node) {
  int64_t count = mg_state(tape)->block_count;
  if (MG_LIKELY(count == 0) || node < 0) return NULL;
  const mg_block *last = mg_block_at(tape, count - 1);
  if (node >= last->first) return node <= mg_block_cap(last) ? last : NULL;
  return mg_search_block(tape, node);
}

// Computes the values of the block's nodes from those of its operands.
void mg_block_forward(mg_tape *tape, const mg_block *block);
// Adds to the operands' gradients what the gradients of the block's nodes contribute, unless all are zero; returns the
// lower of `low` and the lowest recorded operand.
int64_t mg_block_backward(mg_tape *tape, const mg_block *block, int64_t low);

// The constant of a node's op, which has one, or its target.
double mg_block_constant(const mg_tape *tape, const mg_block *block, mg_node node);
int64_t mg_block_operand_count(const mg_block *block);
mg_node mg_block_operand(const mg_tape *tape, const mg_block *block, mg_node node, int64_t k);
// The k-th run of nodes that the block as a whole has as operands, its length in `count`; false when there are no more.
bool mg_block_operand_run(const mg_tape *tape, const mg_block *block, int64_t k, mg_node *first, int64_t *count);

// MARK: Functions of the caller's (mg_custom.c)

void mg_custom_values(const mg_tape *tape, const mg_block *block);
void mg_custom_backward(const mg_tape *tape, const mg_block *block);
