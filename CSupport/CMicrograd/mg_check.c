// Every invariant of a tape, stated.
#include "mg_internal.h"
#include "mg_node.h"

#define REQUIRE(condition, claim) \
  if (!(condition)) return claim

static const char *check_record(const mg_tape *tape, int64_t node) {
  unsigned op = mg_record_op(tape->records[node]);
  REQUIRE(op < MG_OP_COUNT, "every record has an op of the table");
  if (op == MG_OP_function)
    REQUIRE((uint64_t)mg_record_b(tape->records[node]) < MG_FUNCTION_COUNT, "every function is one of the table");
  int64_t count = mg_node_operand_count(tape, (mg_node)node);
  for (int64_t k = 0; k < count; k++) {
    mg_node operand = mg_node_operand(tape, (mg_node)node, k);
    REQUIRE(operand < node, "operands are recorded before the nodes that use them");
    REQUIRE(operand >= -tape->parameter_slots, "operands below 0 are slots of parameters");
  }
  return NULL;
}

const char *mg_tape_check(const mg_tape *tape) {
  const mg_tape_block *block = mg_block(tape);
  REQUIRE(atomic_load(&block->references) > 0, "a tape in use is retained");
  REQUIRE(tape->count >= 0 && tape->count <= block->capacity, "the nodes fit their buffers");
  REQUIRE(tape->limit == (block->pauses ? 0 : block->capacity), "the limit is the capacity, or 0 in a pause");
  REQUIRE(block->constant_capacity - tape->constant_count >= block->capacity - tape->count,
          "there is room for a constant a node");
  REQUIRE(tape->operand_count <= block->operand_capacity, "the operand lists fit their buffer");

  REQUIRE(block->scope_count >= 1 && block->scopes[0].start == 0, "the outermost scope starts at node 0");
  REQUIRE(block->scopes[block->scope_count - 1].epoch == tape->epoch, "the epoch is that of the innermost scope");
  for (int64_t k = 1; k < block->scope_count; k++) {
    REQUIRE(block->scopes[k].start >= block->scopes[k - 1].start, "inner scopes start after outer ones");
    REQUIRE(block->scopes[k].epoch != block->scopes[k - 1].epoch, "every scope has an epoch of its own");
  }
  REQUIRE(block->scopes[block->scope_count - 1].start <= tape->count, "scopes start among the nodes");

  for (int64_t i = 0; i < tape->count; i++) {
    const char *broken = check_record(tape, i);
    if (broken) return broken;
  }

  int64_t alive = 0, idle = 0, quarantined = 0;
  REQUIRE(tape->parameter_slots <= block->parameter_capacity, "the parameters fit their buffers");
  for (int64_t i = -tape->parameter_slots; i < 0; i++) {
    uint64_t handle = tape->handles[i];
    if (handle >> MG_INDEX_BITS) {
      REQUIRE(mg_handle_node(handle) == i, "a parameter's handle names its slot");
      alive++;
    } else if (handle) {
      quarantined++;
    } else {
      idle++;
    }
  }
  REQUIRE(alive == block->live_parameters && idle == block->idle_parameters &&
              quarantined == block->quarantined_parameters,
          "every slot is alive, quarantined or free, and counted as such");

  REQUIRE(tape->touched_low <= tape->span_low && tape->touched_high >= tape->span_high,
          "what a sweep wrote is within what was touched");
  REQUIRE(tape->touched_high < tape->count, "only recorded nodes are touched");
  for (int64_t i = 0; i < block->capacity; i++) {
    if (tape->grads[i] == 0) continue;
    REQUIRE(i >= tape->touched_low && i <= tape->touched_high, "gradients are zero where nothing was touched");
    REQUIRE(mg_record_op(tape->records[i]) == MG_LEAF || (i >= tape->span_low && i <= tape->span_high),
            "interior gradients are zero outside of what the last sweep wrote");
  }
  return NULL;
}
