// Life of a tape: its buffers, its scopes, the pause.
#include "mg_tape.h"

#include <stdlib.h>
#include <string.h>

#include "mg_kernels.h"
#include "mg_portable_threads.h"
#include "mg_tape_internal.h"

enum { FIRST_CAPACITY = 1024 };

// Byte offsets of the buffers against each other; see mg_buffer.
enum { STAGGER_VALUES = 0, STAGGER_GRADS = 1088, STAGGER_RECORDS = 2176, STAGGER_CONSTANTS = 3264 };

const mg_tape mg_constants_tape;

// MARK: Control blocks

// Control blocks of released tapes, for the next. They are never given back, so reading a stale handle's tape is always safe.
static mg_lock free_states_lock = MG_LOCK_INITIALIZER;
static mg_tape_state *free_states;

static mg_tape_state *take_state(void) {
  mg_lock_acquire(&free_states_lock);
  mg_tape_state *state = free_states;
  if (state) free_states = state->next_free;
  mg_lock_release(&free_states_lock);
  return state ? state : calloc(1, sizeof(mg_tape_state));
}

static void give_state(mg_tape_state *state) {
  mg_lock_acquire(&free_states_lock);
  state->next_free = free_states;
  free_states = state;
  mg_lock_release(&free_states_lock);
}

mg_tape *mg_tape_create(const mg_memory *memory) {
  mg_tape_state *state = take_state();
  if (!state) return NULL;
  mg_tape *tape = &state->tape;
  state->memory = memory ? *memory : mg_system_memory;
  atomic_store(&state->references, 1);
  tape->span_low = tape->touched_low = INT64_MAX;
  tape->span_high = tape->touched_high = -1;
  state->function_start = INT64_MAX;
  mg_scope *scopes = malloc(8 * sizeof(mg_scope));
  if (scopes) {
    state->scopes = scopes;
    state->scope_capacity = 8;
    state->scope_count = 1;
    scopes[0] = (mg_scope){.epoch = tape->epoch = mg_next_epoch(state)};
    if (mg_tape_reserve(tape, FIRST_CAPACITY) == MG_OK) return tape;
  }
  mg_tape_release(tape);
  return NULL;
}

void mg_tape_retain(mg_tape *tape) {
  atomic_fetch_add_explicit(&mg_state(tape)->references, 1, memory_order_relaxed);
}

void mg_tape_release(mg_tape *tape) {
  mg_tape_state *state = mg_state(tape);
  if (atomic_fetch_sub_explicit(&state->references, 1, memory_order_acq_rel) > 1) return;
  if (state->block_count) state->block_functions->drop(state, 0);
  mg_drain_pending(state);
  mg_buffer_free(&state->values, &state->memory);
  mg_buffer_free(&state->grads, &state->memory);
  mg_buffer_free(&state->records, &state->memory);
  mg_buffer_free(&state->constants, &state->memory);
  mg_buffer_free(&state->operands, &state->memory);
  mg_buffer_free(&state->handles, &state->memory);
  mg_buffer_free(&state->tangents, &state->memory);
  mg_buffer_free(&state->adjoints, &state->memory);
  mg_buffer_free(&state->adjoint_tangents, &state->memory);
  mg_buffer_free(&state->block_list, &state->memory);
  mg_buffer_free(&state->scratch, &state->memory);
  mg_free_origins(state);
  free(state->scopes);
  uint64_t serial = state->serial;
  memset(state, 0, sizeof *state);
  state->serial = serial;
  state->tape.epoch = mg_next_epoch(state);  // of no scope: every older handle is stale
  give_state(state);
}

// MARK: Growth

static bool reserve_constants(mg_tape_state *state, int64_t capacity) {
  if (capacity <= state->constant_capacity) return true;
  capacity = mg_max(capacity, 2 * state->constant_capacity);
  double *constants = mg_buffer_resize(&state->constants, &state->memory, sizeof(double), STAGGER_CONSTANTS, 0,
                                       state->tape.constant_count, capacity);
  if (!constants) return false;
  state->tape.constants = constants;
  state->constant_capacity = capacity;
  return true;
}

bool mg_resize_numbers(mg_tape_state *state, int64_t parameters, int64_t nodes) {
  mg_tape *tape = &state->tape;
  const mg_memory *memory = &state->memory;
  double *values =
      mg_buffer_resize(&state->values, memory, sizeof(double), STAGGER_VALUES, parameters, tape->count, nodes);
  if (!values) return false;
  tape->values = values;
  double *grads = mg_buffer_resize(&state->grads, memory, sizeof(double), STAGGER_GRADS, parameters, tape->count, nodes);
  if (!grads) return false;
  tape->grads = grads;
  return true;
}

// Grows all buffers that are indexed by recorded node. A buffer that grew before another failed keeps its size: only
// the capacity that all have is published.
static bool resize_nodes(mg_tape_state *state, int64_t nodes) {
  mg_tape *tape = &state->tape;
  if (!mg_resize_numbers(state, state->parameter_capacity, nodes)) return false;
  // One record before the first, a leaf: a sweep may look at the record below the one it is at.
  mg_record *records =
      mg_buffer_resize(&state->records, &state->memory, sizeof(mg_record), STAGGER_RECORDS, 1, tape->count, nodes);
  if (!records) return false;
  tape->records = records;
  return reserve_constants(state, tape->constant_count + (nodes - tape->count));
}

mg_status mg_tape_reserve(mg_tape *tape, int64_t nodes) {
  MG_VISIT(tape, visit.status);
  mg_tape_state *state = mg_state(tape);
  if (mg_tape_is_paused(tape)) return MG_PAUSED;
  if (state->rules) return MG_IN_RULE;
  int64_t needed = tape->count + nodes;
  if (needed <= state->capacity) return MG_OK;
  if (needed > MG_NODE_LIMIT) return MG_TOO_MANY_NODES;
  int64_t roomy = mg_min(mg_max(needed, 2 * state->capacity), MG_NODE_LIMIT);
  if (resize_nodes(state, roomy)) needed = roomy;
  else if (!resize_nodes(state, needed)) return MG_OUT_OF_MEMORY;
  tape->limit = state->capacity = needed;
  return MG_OK;
}

mg_status mg_tape_reserve_lists(mg_tape *tape, int64_t operands, int64_t constants) {
  MG_VISIT(tape, visit.status);
  mg_tape_state *state = mg_state(tape);
  int64_t room_for_nodes = state->capacity - tape->count;
  int64_t needed = tape->operand_count + operands, constants_needed = tape->constant_count + constants + room_for_nodes;
  if (needed <= state->operand_capacity && constants_needed <= state->constant_capacity) return MG_OK;
  if (needed > MG_NODE_LIMIT || constants_needed > MG_NODE_LIMIT) return MG_TOO_MANY_NODES;
  if (!reserve_constants(state, constants_needed)) return MG_OUT_OF_MEMORY;
  if (needed <= state->operand_capacity) return MG_OK;
  int64_t capacity = mg_min(mg_max(needed, mg_max(FIRST_CAPACITY, 2 * state->operand_capacity)), MG_NODE_LIMIT);
  int32_t *list = mg_buffer_resize(&state->operands, &state->memory, sizeof(int32_t), 0, 0, tape->operand_count, capacity);
  if (!list) return MG_OUT_OF_MEMORY;
  tape->operands = list;
  state->operand_capacity = capacity;
  return MG_OK;
}

// MARK: Pause

static void set_limit(mg_tape_state *state) {
  state->tape.limit = state->pauses > 0 || state->rules > 0 ? 0 : state->capacity;
}

static void set_pauses(mg_tape_state *state, int64_t pauses) {
  state->pauses = pauses;
  set_limit(state);
  if (pauses > 0 && state->tape.watch) state->tape.watch->paused = true;
}

void mg_tape_pause(mg_tape *tape) { set_pauses(mg_state(tape), mg_state(tape)->pauses + 1); }

void mg_tape_resume(mg_tape *tape) {
  MG_ASSERT(mg_state(tape)->pauses > 0);
  set_pauses(mg_state(tape), mg_state(tape)->pauses - 1);
}

int64_t mg_tape_suspend_pauses(mg_tape *tape) {
  int64_t pauses = mg_state(tape)->pauses;
  set_pauses(mg_state(tape), 0);
  return pauses;
}

void mg_tape_restore_pauses(mg_tape *tape, int64_t pauses) { set_pauses(mg_state(tape), pauses); }

bool mg_tape_is_paused(const mg_tape *tape) {
  const mg_tape_state *state = mg_state(tape);
  return state->pauses > 0 || (MG_UNLIKELY(state->rules > 0) && mg_thread_is_paused());
}

// MARK: The watch

void mg_tape_set_watch(mg_tape *tape, mg_watch *watch) { tape->watch = watch; }

// MARK: Rules

void mg_tape_begin_rule(mg_tape *tape) {
  mg_state(tape)->rules++;
  set_limit(mg_state(tape));
}

void mg_tape_end_rule(mg_tape *tape) {
  MG_ASSERT(mg_state(tape)->rules > 0);
  mg_state(tape)->rules--;
  set_limit(mg_state(tape));
}

bool mg_tape_is_in_rule(const mg_tape *tape) { return mg_state(tape)->rules > 0; }

// MARK: Scopes

static bool grow_scopes(mg_tape_state *state) {
  mg_scope *scopes = realloc(state->scopes, 2 * (size_t)state->scope_capacity * sizeof(mg_scope));
  if (!scopes) return false;
  state->scopes = scopes;
  state->scope_capacity *= 2;
  return true;
}

mg_status mg_tape_begin_scope(mg_tape *tape) {
  mg_tape_state *state = mg_state(tape);
  if (MG_UNLIKELY(state->rules > 0)) return MG_IN_RULE;
  if (MG_UNLIKELY(state->scope_count == state->scope_capacity) && !grow_scopes(state)) return MG_OUT_OF_MEMORY;
  // Field by field: to clear the bytes between fields, too, would cost the processor a wait for its own stores.
  mg_scope *scope = &state->scopes[state->scope_count++];
  scope->start = tape->count;
  scope->constant_count = tape->constant_count;
  scope->operand_count = tape->operand_count;
  scope->epoch = tape->epoch = mg_next_epoch(state);
  scope->outer_nodes_used = state->outer_nodes_used;
  scope->is_function = false;
  state->outer_nodes_used = false;
  return MG_OK;
}

mg_status mg_tape_begin_function(mg_tape *tape) {
  mg_status status = mg_tape_begin_scope(tape);
  if (status == MG_OK) mg_state(tape)->scopes[mg_state(tape)->scope_count - 1].is_function = true;
  return status;
}

int64_t mg_tape_enter_function(mg_tape *tape, mg_node first) {
  int64_t start = mg_state(tape)->function_start;
  mg_state(tape)->function_start = mg_min(start, first);
  return start;
}

void mg_tape_restore_function(mg_tape *tape, int64_t start) { mg_state(tape)->function_start = start; }

// Sets the gradients of nodes from `start` on to zero, which is what recording relies on.
static void clear_touched(mg_tape *tape, int64_t start) {
  int64_t low = mg_max(start, tape->touched_low);
  if (low > tape->touched_high) return;
  mg_kernel_zero(tape->grads + low, (tape->touched_high + 1 - low) * (int64_t)sizeof(double));
  tape->touched_high = start - 1;
  tape->span_high = mg_min(tape->span_high, start - 1);
  if (tape->touched_low <= tape->touched_high) return;
  tape->touched_low = tape->span_low = INT64_MAX;
  tape->touched_high = tape->span_high = -1;
}

// Forgets the nodes from the scope's start on.
static inline void close_scope_at(mg_tape_state *state, const mg_scope *scope) {
  mg_tape *tape = &state->tape;
  int64_t start = scope->start;
  clear_touched(tape, start);
  if (state->block_count) state->block_functions->drop(state, start);
  mg_forget_origins(state, start);
  if (MG_UNLIKELY(tape->watch != NULL)) mg_watch_reclaim(tape->watch, start);
  tape->count = start;
  tape->changed_until = mg_min(tape->changed_until, start);
  tape->leading_leaves = mg_min(tape->leading_leaves, start);
  tape->constant_count = scope->constant_count;
  tape->operand_count = scope->operand_count;
  if (MG_UNLIKELY(state->quarantined_parameters)) mg_end_quarantine(state);
}

void mg_tape_end_scope(mg_tape *tape) {
  mg_tape_state *state = mg_state(tape);
  MG_ASSERT(state->scope_count > 1);
  mg_drain_pending(state);  // while the scope is open in which they may have been made
  const mg_scope *scope = &state->scopes[--state->scope_count];
  state->outer_nodes_used |= scope->outer_nodes_used;
  close_scope_at(state, scope);
  tape->epoch = scope[-1].epoch;
}

int64_t mg_tape_scope_depth(const mg_tape *tape) { return mg_state(tape)->scope_count - 1; }

void mg_tape_reset(mg_tape *tape) {
  mg_tape_state *state = mg_state(tape);
  MG_ASSERT(state->scope_count == 1);
  mg_drain_pending(state);
  close_scope_at(state, &state->scopes[0]);
  state->scopes[0].epoch = tape->epoch = mg_next_epoch(state);
}

mg_node mg_tape_resolve_outer(const mg_tape *tape, uint64_t handle) {
  const mg_tape_state *state = mg_state(tape);
  uint64_t epoch = handle >> MG_INDEX_BITS << MG_INDEX_BITS;
  mg_node node = mg_handle_node(handle);
  if (node < 0) return MG_NO_NODE;
  for (int64_t k = state->scope_count - 1; k >= 0; k--)
    if (state->scopes[k].epoch == epoch) {
      mg_state(tape)->outer_nodes_used = true;
      return node;
    }
  return MG_NO_NODE;
}

uint64_t mg_tape_handle(const mg_tape *tape, mg_node node) {
  if (node < 0) return tape->handles[node];
  const mg_scope *scope = mg_state(tape)->scopes + mg_state(tape)->scope_count - 1;
  while (scope->start > node) scope--;
  return mg_handle(scope->epoch, node);
}

int64_t mg_tape_used_bytes(const mg_tape *tape) {
  const mg_tape_state *state = mg_state(tape);
  int64_t saved = state->block_count ? state->block_functions->saved_bytes(state) : 0;
  return tape->count * (int64_t)(2 * sizeof(double) + sizeof(mg_record)) - saved +
         tape->constant_count * (int64_t)sizeof(double) + tape->operand_count * (int64_t)sizeof(int32_t);
}
