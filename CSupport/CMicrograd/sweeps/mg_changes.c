// Numbers that were set after others had been computed from them: a sweep computes those anew first, so that a gradient
// never mixes numbers of two points.
#include "mg_block_descriptor.h"
#include "mg_nary_sweep.h"
#include "mg_node.h"
#include "mg_ops.h"
#include "mg_sweep_internal.h"
#include "mg_tape_internal.h"

// What a search downwards has met: the lowest node from `until` on, and the highest below that was computed, and not
// recorded as a leaf.
typedef struct {
  const mg_tape *tape;
  int64_t floor, until, low, highest;
} search;

static inline void meet(search *s, int64_t node) {
  if (node >= s->until) {
    s->low = mg_min(s->low, node);
    return;
  }
  if (node < s->floor || node <= s->highest) return;
  if (mg_node_op(s->tape, (mg_node)node) != MG_LEAF) s->highest = node;
}

static void meet_operands_of_block(search *s, const mg_block *block) {
  mg_node first;
  int64_t count;
  for (int64_t k = 0; mg_block_operand_run(s->tape, block, k, &first, &count); k++)
    for (int64_t i = first; i < first + count; i++) meet(s, i);
}

static void meet_operands(search *s, int64_t node) {
  mg_record record = s->tape->records[node];
  mg_op op = (mg_op)mg_record_op(record);
  if (op == MG_LEAF) return;
  if (op <= MG_OP_function) {
    meet(s, mg_record_a(record));
    if (mg_op_is_binary(op)) meet(s, mg_record_b(record));
    return;
  }
  int64_t count = mg_node_operand_count(s->tape, (mg_node)node);
  for (int64_t k = 0; k < count; k++) meet(s, mg_node_operand(s->tape, (mg_node)node, k));
}

// The highest computed node below `until` that the nodes from `lowest_root` to `root` use, or those that they use, or -1.
// Looks at no node from `until` on that is below all of these.
static int64_t highest_used(const mg_tape *tape, int64_t until, int64_t lowest_root, int64_t root) {
  search s = {tape, tape->leading_leaves, until, mg_max(lowest_root, until), -1};
  int64_t k = mg_last_block_until(tape, root);
  for (int64_t i = root; i >= s.low;) {
    const mg_block *block = k >= 0 ? mg_block_at(tape, k) : NULL;
    int64_t end = block ? mg_block_cap(block) : -1;
    for (; i > end && i >= s.low; i--) meet_operands(&s, i);
    if (i > end || i < s.low) break;
    meet_operands_of_block(&s, block);
    i = block->first - 1;
    k--;
  }
  return s.highest;
}

void mg_bring_up_to_date(mg_tape *tape, int64_t lowest_root, int64_t root) {
  int64_t until = tape->changed_until;
  if (until <= tape->leading_leaves || root < tape->leading_leaves) return;
  int64_t last = root < until ? root : highest_used(tape, until, lowest_root, root);
  if (last >= tape->leading_leaves) mg_forward(tape, tape->leading_leaves, last + 1);
}
