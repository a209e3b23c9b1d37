// A recording on its way to values.
#pragma once

#include "mg_block_descriptor.h"
#include "mg_ir.h"
#include "mg_node.h"

// Most older nodes are unused, on a tape that holds other models: they are not even looked at.
enum { MG_OUTER_UNUSED = 0, MG_OUTER_USED, MG_OUTER_VALUE };

typedef struct {
  const mg_tape *tape;
  mg_path *path;
  mg_ir *ir;
  int64_t start, end;  // recorded nodes of the function
  mg_path_request request;
  uint8_t *live;       // by node from the start
  mg_ref *refs;        // the same
  mg_ref *outer;       // by older node, parameters first: one of the above, or the value from MG_OUTER_VALUE on
  int64_t lowest_outer, highest_outer;  // of those used
  mg_node fault;
  // Of the row of a block that was met last: what its nodes share.
  const mg_block *row_block;
  int64_t row;
  mg_ref shared[2];
} mg_lowering;

// The value that a node became, and that of an operand of node i.
static inline mg_ref mg_lowered(mg_lowering *l, mg_node node) {
  return node >= l->start ? l->refs[node - l->start] : l->outer[node + l->tape->parameter_slots] - MG_OUTER_VALUE;
}

static inline mg_ref mg_lowered_operand(mg_lowering *l, int64_t i, int64_t k) {
  return mg_lowered(l, mg_node_operand(l->tape, (mg_node)i, k));
}

// The value of a node of any number of operands, and of one in a block (mg_lower_blocks.c).
mg_ref mg_lower_nary(mg_lowering *l, mg_op op, int64_t i);
mg_ref mg_lower_in_block(mg_lowering *l, const mg_block *block, int64_t i);
