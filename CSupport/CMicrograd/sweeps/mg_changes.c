// Numbers that were set after others had been computed from them: a sweep computes those anew first, so that a gradient
// never mixes numbers of two points.
#include "mg_block_descriptor.h"
#include "mg_nary_sweep.h"
#include "mg_node.h"
#include "mg_ops.h"
#include "mg_sweep_internal.h"
#include "mg_tape_internal.h"

// The highest node below `until` that was computed, and not recorded as a leaf, among those that a search has met.
typedef struct {
  const mg_tape *tape;
  int64_t floor, until, highest;
} search;

static inline void meet(search *s, int64_t node) {
  if (MG_LIKELY((uint64_t)(node - s->floor) >= (uint64_t)(s->until - s->floor)) || node <= s->highest) return;
  if (mg_node_op(s->tape, (mg_node)node) != MG_LEAF) s->highest = node;
}

static void meet_operands_of_block(search *s, const mg_block *block) {
  mg_node first;
  int64_t count;
  for (int64_t k = 0; mg_block_operand_run(s->tape, block, k, &first, &count); k++)
    for (int64_t i = first; i < first + count; i++) meet(s, i);
}

// Of the scalar nodes from `first` to `end` - 1.
static void meet_operands(search *s, int64_t first, int64_t end) {
  for (int64_t i = first; i < end; i++) {
    mg_record record = s->tape->records[i];
    mg_op op = (mg_op)mg_record_op(record);
    if (op == MG_LEAF) continue;
    if (op <= MG_OP_function) {
      meet(s, mg_record_a(record));
      if (mg_op_is_binary(op)) meet(s, mg_record_b(record));
      continue;
    }
    int64_t count = mg_node_operand_count(s->tape, (mg_node)i);
    for (int64_t k = 0; k < count; k++) meet(s, mg_node_operand(s->tape, (mg_node)i, k));
  }
}

// The highest computed node below `until` that nodes from `until` to `root` use, or -1.
static int64_t highest_used(const mg_tape *tape, int64_t until, int64_t root) {
  search s = {tape, tape->leading_leaves, until, -1};
  int64_t blocks = mg_state(tape)->block_count, next = until;
  for (int64_t k = blocks ? mg_first_block_from(tape, next) : 0; k < blocks && next <= root; k++) {
    const mg_block *block = mg_block_at(tape, k);
    if (block->first > root) break;
    meet_operands(&s, next, block->first);
    meet_operands_of_block(&s, block);
    next = mg_block_cap(block) + 1;
  }
  meet_operands(&s, next, root + 1);
  return s.highest;
}

void mg_bring_up_to_date(mg_tape *tape, int64_t root) {
  int64_t until = tape->changed_until;
  if (until <= tape->leading_leaves || root < tape->leading_leaves) return;
  int64_t last = root < until ? root : highest_used(tape, until, root);
  if (last >= tape->leading_leaves) mg_forward(tape, tape->leading_leaves, last + 1);
}
