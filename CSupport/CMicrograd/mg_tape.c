// Life of a tape: its buffers, its scopes, the pause.
#include "mg_tape.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "mg_internal.h"

enum { FIRST_CAPACITY = 1024 };

// Byte offsets of the buffers against each other; see mg_buffer.
enum { STAGGER_VALUES = 0, STAGGER_GRADS = 1088, STAGGER_RECORDS = 2176, STAGGER_CONSTANTS = 3264 };

// MARK: Control blocks

// Blocks of released tapes, for the next. They are never given back, so reading a stale handle's tape is always safe.
static pthread_mutex_t free_blocks_lock = PTHREAD_MUTEX_INITIALIZER;
static mg_tape_block *free_blocks;

static mg_tape_block *take_block(void) {
  pthread_mutex_lock(&free_blocks_lock);
  mg_tape_block *block = free_blocks;
  if (block) free_blocks = block->next_free;
  pthread_mutex_unlock(&free_blocks_lock);
  return block ? block : calloc(1, sizeof(mg_tape_block));
}

static void give_block(mg_tape_block *block) {
  pthread_mutex_lock(&free_blocks_lock);
  block->next_free = free_blocks;
  free_blocks = block;
  pthread_mutex_unlock(&free_blocks_lock);
}

mg_tape *mg_tape_create(const mg_memory *memory) {
  mg_tape_block *block = take_block();
  if (!block) return NULL;
  mg_tape *tape = &block->tape;
  block->memory = memory ? *memory : mg_system_memory;
  atomic_store(&block->references, 1);
  tape->span_low = tape->touched_low = INT64_MAX;
  tape->span_high = tape->touched_high = -1;
  mg_scope *scopes = malloc(8 * sizeof(mg_scope));
  if (scopes) {
    block->scopes = scopes;
    block->scope_capacity = 8;
    block->scope_count = 1;
    scopes[0] = (mg_scope){.epoch = tape->epoch = mg_next_epoch(block)};
    if (mg_tape_reserve(tape, FIRST_CAPACITY) == MG_OK) return tape;
  }
  mg_tape_release(tape);
  return NULL;
}

void mg_tape_retain(mg_tape *tape) {
  atomic_fetch_add_explicit(&mg_block(tape)->references, 1, memory_order_relaxed);
}

void mg_tape_release(mg_tape *tape) {
  mg_tape_block *block = mg_block(tape);
  if (atomic_fetch_sub_explicit(&block->references, 1, memory_order_acq_rel) > 1) return;
  mg_drain_pending(block);
  mg_buffer_free(&block->values, &block->memory);
  mg_buffer_free(&block->grads, &block->memory);
  mg_buffer_free(&block->records, &block->memory);
  mg_buffer_free(&block->constants, &block->memory);
  mg_buffer_free(&block->operands, &block->memory);
  mg_buffer_free(&block->handles, &block->memory);
  free(block->scopes);
  uint64_t serial = block->serial;
  memset(block, 0, sizeof *block);
  block->serial = serial;
  block->tape.epoch = mg_next_epoch(block);  // of no scope: every older handle is stale
  give_block(block);
}

// MARK: Growth

static bool reserve_constants(mg_tape_block *block, int64_t capacity) {
  if (capacity <= block->constant_capacity) return true;
  capacity = mg_max(capacity, 2 * block->constant_capacity);
  double *constants = mg_buffer_resize(&block->constants, &block->memory, sizeof(double), STAGGER_CONSTANTS, 0,
                                       block->tape.constant_count, capacity);
  if (!constants) return false;
  block->tape.constants = constants;
  block->constant_capacity = capacity;
  return true;
}

bool mg_resize_numbers(mg_tape_block *block, int64_t parameters, int64_t nodes) {
  mg_tape *tape = &block->tape;
  const mg_memory *memory = &block->memory;
  double *values =
      mg_buffer_resize(&block->values, memory, sizeof(double), STAGGER_VALUES, parameters, tape->count, nodes);
  if (!values) return false;
  tape->values = values;
  double *grads = mg_buffer_resize(&block->grads, memory, sizeof(double), STAGGER_GRADS, parameters, tape->count, nodes);
  if (!grads) return false;
  tape->grads = grads;
  return true;
}

// Grows all buffers that are indexed by recorded node. A buffer that grew before another failed keeps its size: only
// the capacity that all have is published.
static bool resize_nodes(mg_tape_block *block, int64_t nodes) {
  mg_tape *tape = &block->tape;
  if (!mg_resize_numbers(block, block->parameter_capacity, nodes)) return false;
  // One record before the first, a leaf: a sweep may look at the record below the one it is at.
  mg_record *records =
      mg_buffer_resize(&block->records, &block->memory, sizeof(mg_record), STAGGER_RECORDS, 1, tape->count, nodes);
  if (!records) return false;
  tape->records = records;
  return reserve_constants(block, tape->constant_count + (nodes - tape->count));
}

mg_status mg_tape_reserve(mg_tape *tape, int64_t nodes) {
  mg_tape_block *block = mg_block(tape);
  if (block->pauses) return MG_PAUSED;
  int64_t needed = tape->count + nodes;
  if (needed <= block->capacity) return MG_OK;
  if (needed > MG_NODE_LIMIT) return MG_TOO_MANY_NODES;
  if (mg_tape_is_busy(tape)) return MG_BUSY;
  int64_t roomy = mg_min(mg_max(needed, 2 * block->capacity), MG_NODE_LIMIT);
  if (resize_nodes(block, roomy)) needed = roomy;
  else if (!resize_nodes(block, needed)) return MG_OUT_OF_MEMORY;
  tape->limit = block->capacity = needed;
  return MG_OK;
}

mg_status mg_tape_reserve_lists(mg_tape *tape, int64_t operands, int64_t constants) {
  mg_tape_block *block = mg_block(tape);
  int64_t room_for_nodes = block->capacity - tape->count;
  if (tape->constant_count + constants + room_for_nodes > MG_NODE_LIMIT) return MG_TOO_MANY_NODES;
  if (!reserve_constants(block, tape->constant_count + constants + room_for_nodes)) return MG_OUT_OF_MEMORY;
  int64_t needed = tape->operand_count + operands;
  if (needed <= block->operand_capacity) return MG_OK;
  if (needed > MG_NODE_LIMIT) return MG_TOO_MANY_NODES;
  int64_t capacity = mg_min(mg_max(needed, mg_max(FIRST_CAPACITY, 2 * block->operand_capacity)), MG_NODE_LIMIT);
  int32_t *list = mg_buffer_resize(&block->operands, &block->memory, sizeof(int32_t), 0, 0, tape->operand_count, capacity);
  if (!list) return MG_OUT_OF_MEMORY;
  tape->operands = list;
  block->operand_capacity = capacity;
  return MG_OK;
}

// MARK: Pause

static void set_pauses(mg_tape_block *block, int64_t pauses) {
  block->pauses = pauses;
  block->tape.limit = pauses > 0 ? 0 : block->capacity;
}

void mg_tape_pause(mg_tape *tape) { set_pauses(mg_block(tape), mg_block(tape)->pauses + 1); }

void mg_tape_resume(mg_tape *tape) {
  MG_ASSERT(mg_block(tape)->pauses > 0);
  set_pauses(mg_block(tape), mg_block(tape)->pauses - 1);
}

int64_t mg_tape_suspend_pauses(mg_tape *tape) {
  int64_t pauses = mg_block(tape)->pauses;
  set_pauses(mg_block(tape), 0);
  return pauses;
}

void mg_tape_restore_pauses(mg_tape *tape, int64_t pauses) { set_pauses(mg_block(tape), pauses); }

bool mg_tape_is_paused(const mg_tape *tape) { return mg_block(tape)->pauses > 0; }

// MARK: Scopes

mg_status mg_tape_begin_scope(mg_tape *tape) {
  mg_tape_block *block = mg_block(tape);
  if (MG_UNLIKELY(block->scope_count == block->scope_capacity)) {
    mg_scope *scopes = realloc(block->scopes, 2 * (size_t)block->scope_capacity * sizeof(mg_scope));
    if (!scopes) return MG_OUT_OF_MEMORY;
    block->scopes = scopes;
    block->scope_capacity *= 2;
  }
  tape->epoch = mg_next_epoch(block);
  block->scopes[block->scope_count++] =
      (mg_scope){tape->count, tape->constant_count, tape->operand_count, tape->epoch, block->outer_nodes_used};
  block->outer_nodes_used = false;
  return MG_OK;
}

// Forgets the nodes from scope.start on. Their gradients go back to zero, which is what recording relies on.
static void close_scope_at(mg_tape_block *block, mg_scope scope) {
  mg_tape *tape = &block->tape;
  int64_t low = mg_max(scope.start, tape->touched_low);
  if (low <= tape->touched_high) {
    memset(tape->grads + low, 0, (size_t)(tape->touched_high + 1 - low) * sizeof(double));
    tape->touched_high = scope.start - 1;
    tape->span_high = mg_min(tape->span_high, scope.start - 1);
    if (tape->touched_low > tape->touched_high) {
      tape->touched_low = tape->span_low = INT64_MAX;
      tape->touched_high = tape->span_high = -1;
    }
  }
  tape->count = scope.start;
  tape->leading_leaves = mg_min(tape->leading_leaves, scope.start);
  tape->constant_count = scope.constant_count;
  tape->operand_count = scope.operand_count;
  if (MG_UNLIKELY(block->quarantined_parameters)) mg_end_quarantine(block);
}

void mg_tape_end_scope(mg_tape *tape) {
  mg_tape_block *block = mg_block(tape);
  MG_ASSERT(block->scope_count > 1);
  mg_scope scope = block->scopes[--block->scope_count];
  block->outer_nodes_used |= scope.outer_nodes_used;
  close_scope_at(block, scope);
  tape->epoch = block->scopes[block->scope_count - 1].epoch;
}

int64_t mg_tape_scope_depth(const mg_tape *tape) { return mg_block(tape)->scope_count - 1; }

void mg_tape_reset(mg_tape *tape) {
  mg_tape_block *block = mg_block(tape);
  MG_ASSERT(block->scope_count == 1);
  close_scope_at(block, block->scopes[0]);
  block->scopes[0].epoch = tape->epoch = mg_next_epoch(block);
}

mg_node mg_tape_resolve_outer(const mg_tape *tape, uint64_t handle) {
  const mg_tape_block *block = mg_block(tape);
  uint64_t epoch = handle >> MG_INDEX_BITS << MG_INDEX_BITS;
  mg_node node = mg_handle_node(handle);
  if (node < 0) return MG_NO_NODE;
  for (int64_t k = block->scope_count - 1; k >= 0; k--)
    if (block->scopes[k].epoch == epoch) {
      mg_block(tape)->outer_nodes_used = true;
      return node;
    }
  return MG_NO_NODE;
}

uint64_t mg_tape_handle(const mg_tape *tape, mg_node node) {
  if (node < 0) return tape->handles[node];
  const mg_scope *scope = mg_block(tape)->scopes + mg_block(tape)->scope_count - 1;
  while (scope->start > node) scope--;
  return mg_handle(scope->epoch, node);
}

int64_t mg_tape_used_bytes(const mg_tape *tape) {
  return tape->count * (int64_t)(2 * sizeof(double) + sizeof(mg_record)) +
         tape->constant_count * (int64_t)sizeof(double) + tape->operand_count * (int64_t)sizeof(int32_t);
}
