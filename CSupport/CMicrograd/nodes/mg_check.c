// Every invariant of a tape, stated.
#include "mg_check.h"

#include "mg_block_descriptor.h"
#include "mg_node.h"
#include "mg_tape_internal.h"

#define REQUIRE(condition, claim) \
  if (!(condition)) return claim

static const char *check_operands(const mg_tape *tape, mg_node first, int64_t count, int64_t end) {
  REQUIRE(first >= -tape->parameter_slots, "operands below 0 are slots of parameters");
  REQUIRE(first + count <= (first < 0 ? 0 : end), "operands are recorded before the nodes that use them");
  for (mg_node k = first; k < first + count; k++) {
    REQUIRE(k >= 0 || tape->handles[k] != 0, "parameters with users are alive or quarantined");
    REQUIRE(mg_node_op(tape, k) != MG_OP_block, "a cap is no operand");
  }
  return NULL;
}

static const char *check_record(const mg_tape *tape, int64_t node) {
  unsigned op = mg_record_op(tape->records[node]);
  REQUIRE(op <= MG_OP_neuron, "every record has an op of the table that is not for blocks only");
  if (op == MG_OP_function)
    REQUIRE((uint64_t)mg_record_b(tape->records[node]) < MG_FUNCTION_COUNT, "every function is one of the table");
  int64_t count = mg_node_operand_count(tape, (mg_node)node);
  for (int64_t k = 0; k < count; k++) {
    const char *broken = check_operands(tape, mg_node_operand(tape, (mg_node)node, k), 1, node);
    if (broken) return broken;
  }
  return NULL;
}

// What a block has in the lists of the tape, and in the scratch space.
static const char *check_lists(const mg_tape *tape, const mg_block *block) {
  int64_t nodes = mg_block_count(block), listed = 0, constants = mg_op_has_constant(block->op);
  switch (block->op) {
  case MG_OP_copy:
    REQUIRE(nodes % block->x_columns == 0, "a block of copies is made of whole runs");
    listed = nodes / block->x_columns;
    break;
  case MG_OP_cross_entropy:
    listed = block->rows;
    REQUIRE(mg_state(tape)->scratch_capacity >= block->x_columns, "there is room for the sweep over a row");
    for (int64_t k = 0; k < listed && block->list + k < tape->operand_count; k++) {
      int32_t class = tape->operands[block->list + k];
      REQUIRE(class >= 0 && class < block->x_columns, "classes are columns");
    }
    break;
  case MG_OP_custom:
    listed = block->x_columns;
    REQUIRE(mg_state(tape)->scratch_capacity >= 3 * listed, "there is room for the sweeps over a custom op");
    break;
  case MG_OP_softmax:
  case MG_OP_log_softmax:
  case MG_OP_log_sum_exp:
    REQUIRE(block->op == MG_OP_log_sum_exp || block->x_columns == block->columns, "a softmax has as many columns");
    REQUIRE(mg_state(tape)->scratch_capacity >= block->x_columns, "there is room for the sweep over a row");
    break;
  case MG_OP_layer_norm:
  case MG_OP_rms_norm: constants = 1; break;
  case MG_OP_neuron:
    REQUIRE(!block->relu || mg_state(tape)->scratch_capacity >= nodes, "there is room for the sweep over a layer");
    break;
  default:
    if (block->op > MG_OP_block && constants) constants += nodes;  // targets
  }
  REQUIRE(block->list + listed <= tape->operand_count, "the lists of a block are among the tape's");
  REQUIRE(block->constants + constants <= tape->constant_count, "the constants of a block are among the tape's");
  return NULL;
}

static const char *check_block(const mg_tape *tape, const mg_block *block) {
  mg_node operand;
  int64_t count;
  REQUIRE(block->rows > 0 && block->columns > 0, "a block has rows and columns");
  REQUIRE(block->op < MG_OP_COUNT && block->op != MG_OP_block, "every block has an op of the table");
  REQUIRE(block->op == MG_LEAF || block->op == MG_OP_custom || block->x_columns > 0, "operands have columns");
  REQUIRE((block->op == MG_OP_custom) == (block->custom != NULL), "only a custom op has a function of the caller's");
  REQUIRE(mg_block_cap(block) < tape->count, "a block ends among the nodes");
  mg_record cap = tape->records[mg_block_cap(block)];
  REQUIRE(mg_record_op(cap) == MG_OP_block && mg_block_at(tape, mg_record_a(cap)) == block, "a cap names its block");
  REQUIRE(tape->grads[mg_block_cap(block)] == 0, "a cap has no gradient outside of a sweep");
  for (int64_t k = 0; mg_block_operand_run(tape, block, k, &operand, &count); k++) {
    const char *broken = check_operands(tape, operand, count, block->first);
    if (broken) return broken;
  }
  return check_lists(tape, block);
}

static bool is_zero(const mg_buffer *buffer) {
  const double *numbers = buffer->block;
  for (size_t k = 0; k < buffer->bytes / sizeof *numbers; k++)
    if (numbers[k] != 0) return false;
  return true;
}

const char *mg_tape_check(const mg_tape *tape) {
  const mg_tape_state *state = mg_state(tape);
  REQUIRE(atomic_load(&state->references) > 0, "a tape in use is retained");
  REQUIRE(tape->count >= 0 && tape->count <= state->capacity, "the nodes fit their buffers");
  REQUIRE(tape->changed_until <= tape->count, "changes concern recorded nodes");
  REQUIRE(tape->limit == (state->pauses || state->rules ? 0 : state->capacity), "the limit is the capacity, or 0 in a pause or rule");
  REQUIRE(state->constant_capacity - tape->constant_count >= state->capacity - tape->count,
          "there is room for a constant a node");
  REQUIRE(tape->operand_count <= state->operand_capacity, "the operand lists fit their buffer");

  REQUIRE(state->scope_count >= 1 && state->scopes[0].start == 0, "the outermost scope starts at node 0");
  REQUIRE(state->scopes[state->scope_count - 1].epoch == tape->epoch, "the epoch is that of the innermost scope");
  for (int64_t k = 1; k < state->scope_count; k++) {
    REQUIRE(state->scopes[k].start >= state->scopes[k - 1].start, "inner scopes start after outer ones");
    REQUIRE(state->scopes[k].epoch != state->scopes[k - 1].epoch, "every scope has an epoch of its own");
  }
  REQUIRE(state->scopes[state->scope_count - 1].start <= tape->count, "scopes start among the nodes");

  REQUIRE(state->block_count <= state->block_capacity, "the blocks fit their buffer");
  REQUIRE(tape->leading_leaves <= tape->count, "leading leaves are nodes");
  int64_t blocks = 0;
  for (int64_t i = 0; i < tape->count; i++) {
    const mg_block *block = blocks < state->block_count ? mg_block_at(tape, blocks) : NULL;
    if (block && block->first != i) block = NULL;
    REQUIRE(mg_find_block(tape, i) == block, "a block is found from the first of its nodes, and from none before");
    REQUIRE(i >= tape->leading_leaves || mg_node_op(tape, (mg_node)i) == MG_LEAF, "leading leaves are leaves");
    const char *broken = block ? check_block(tape, block) : check_record(tape, i);
    if (broken) return broken;
    if (!block) continue;
    i = mg_block_cap(block);
    REQUIRE(mg_find_block(tape, i) == block, "a block is found from its cap");
    blocks++;
  }
  REQUIRE(blocks == state->block_count, "blocks go with their nodes");

  int64_t alive = 0, idle = 0, quarantined = 0;
  REQUIRE(tape->parameter_slots <= state->parameter_capacity, "the parameters fit their buffers");
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
  REQUIRE(alive == state->live_parameters && idle == state->idle_parameters &&
              quarantined == state->quarantined_parameters,
          "every slot is alive, quarantined or free, and counted as such");

  REQUIRE(is_zero(&state->tangents) && is_zero(&state->adjoints) && is_zero(&state->adjoint_tangents),
          "directions are zero at rest");
  REQUIRE(tape->touched_low <= tape->span_low && tape->touched_high >= tape->span_high,
          "what a sweep wrote is within what was touched");
  REQUIRE(tape->touched_high < tape->count, "only recorded nodes are touched");
  for (int64_t i = 0; i < state->capacity; i++) {
    if (tape->grads[i] == 0) continue;
    REQUIRE(i >= tape->touched_low && i <= tape->touched_high, "gradients are zero where nothing was touched");
    REQUIRE(mg_node_op(tape, (mg_node)i) == MG_LEAF || (i >= tape->span_low && i <= tape->span_high),
            "interior gradients are zero outside of what the last sweep wrote");
  }
  return NULL;
}
