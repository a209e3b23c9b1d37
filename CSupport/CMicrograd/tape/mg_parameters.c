// Parameters: slots below index 0, handed out in blocks of consecutive ones.
//
// What a slot is, its entry in `handles` says: a handle (whose epoch is not 0) while it is alive; b + 1 while it is
// quarantined until the nodes from b on are gone; 0 when it is free.
#include <stdlib.h>
#include <string.h>

#include "mg_tape_internal.h"

enum { FIRST_CAPACITY = 256 };

static bool is_alive(uint64_t handle) { return handle >> MG_INDEX_BITS != 0; }

// The lowest free slots do not count as slots any more.
static void trim(mg_tape_state *state) {
  mg_tape *tape = &state->tape;
  while (tape->parameter_slots > 0 && tape->handles[-tape->parameter_slots] == 0) {
    tape->parameter_slots--;
    state->idle_parameters--;
  }
}

// The first index of `count` free slots in a row, or 0.
static int64_t find_free(const mg_tape_state *state, int64_t count) {
  const mg_tape *tape = &state->tape;
  if (state->idle_parameters < count) return 0;
  int64_t run = 0;
  for (int64_t i = -1; i >= -tape->parameter_slots; i--) {
    run = tape->handles[i] == 0 ? run + 1 : 0;
    if (run == count) return i;
  }
  return 0;
}

static mg_status grow(mg_tape_state *state, int64_t slots) {
  mg_tape *tape = &state->tape;
  if (slots > MG_NODE_LIMIT) return MG_TOO_MANY_NODES;
  if (slots <= state->parameter_capacity) return MG_OK;
  int64_t capacity = mg_min(mg_max(slots, mg_max(FIRST_CAPACITY, 2 * state->parameter_capacity)), MG_NODE_LIMIT);
  uint64_t *handles = mg_buffer_resize(&state->handles, &state->memory, sizeof(uint64_t), 0, capacity, 0, 0);
  if (!handles) return MG_OUT_OF_MEMORY;
  tape->handles = handles;
  if (!mg_resize_numbers(state, capacity, state->capacity)) return MG_OUT_OF_MEMORY;
  state->parameter_capacity = capacity;
  return MG_OK;
}

mg_status mg_tape_allocate_parameters(mg_tape *tape, int64_t count, mg_parameters *parameters) {
  mg_tape_state *state = mg_state(tape);
  if (state->rules > 0) return MG_IN_RULE;
  mg_drain_pending(state);
  int64_t first = find_free(state, count);
  if (first != 0) {
    state->idle_parameters -= count;
  } else if (count > 0) {
    mg_status status = grow(state, tape->parameter_slots + count);
    if (status != MG_OK) return status;
    tape->parameter_slots += count;
    first = -tape->parameter_slots;
  }
  uint64_t epoch = mg_next_epoch(state);
  for (int64_t i = first; i < first + count; i++) {
    tape->handles[i] = mg_handle(epoch, (mg_node)i);
    tape->values[i] = tape->grads[i] = 0;
  }
  state->live_parameters += count;
  *parameters = (mg_parameters){(mg_node)first, count, tape->count, tape->epoch};
  return MG_OK;
}

// The first recorded node that may name a parameter of the block.
static int64_t first_user(const mg_tape_state *state, mg_parameters parameters) {
  for (int64_t k = state->scope_count - 1; k >= 0; k--)
    if (state->scopes[k].epoch == parameters.scope) return parameters.birth;
  return 0;
}

static void free_now(mg_tape_state *state, mg_parameters parameters) {
  mg_tape *tape = &state->tape;
  int64_t user = first_user(state, parameters);
  bool quarantine = tape->count > user;
  for (int64_t i = parameters.first; i < parameters.first + parameters.count; i++) {
    MG_ASSERT(is_alive(tape->handles[i]));
    tape->handles[i] = quarantine ? (uint64_t)user + 1 : 0;
  }
  state->live_parameters -= parameters.count;
  if (quarantine) {
    state->quarantined_parameters += parameters.count;
  } else {
    state->idle_parameters += parameters.count;
    trim(state);
  }
}

void mg_end_quarantine(mg_tape_state *state) {
  mg_tape *tape = &state->tape;
  for (int64_t i = -tape->parameter_slots; i < 0; i++) {
    uint64_t handle = tape->handles[i];
    if (handle == 0 || is_alive(handle) || (int64_t)handle - 1 < tape->count) continue;
    tape->handles[i] = 0;
    state->quarantined_parameters--;
    state->idle_parameters++;
  }
  trim(state);
}

// MARK: Waiting

void mg_free_pending(mg_tape_state *state) {
  mg_pending *pending = atomic_exchange_explicit(&state->pending, NULL, memory_order_acquire);
  while (pending) {
    mg_pending *next = pending->next;
    free_now(state, pending->parameters);
    atomic_fetch_sub_explicit(&state->pending_parameters, pending->parameters.count, memory_order_relaxed);
    free(pending);
    pending = next;
  }
}

void mg_tape_free_parameters(mg_tape *tape, mg_parameters parameters) {
  mg_tape_state *state = mg_state(tape);
  if (parameters.count == 0) return;
  mg_pending *pending = malloc(sizeof *pending);
  if (!pending) return;  // the slots stay taken: a leak, but nobody's numbers are harmed
  pending->parameters = parameters;
  atomic_fetch_add_explicit(&state->pending_parameters, parameters.count, memory_order_relaxed);
  pending->next = atomic_load_explicit(&state->pending, memory_order_relaxed);
  while (!atomic_compare_exchange_weak_explicit(&state->pending, &pending->next, pending, memory_order_release,
                                                memory_order_relaxed)) {
  }
}

int64_t mg_tape_parameter_count(const mg_tape *tape) {
  const mg_tape_state *state = mg_state(tape);
  return state->live_parameters - atomic_load_explicit(&state->pending_parameters, memory_order_relaxed);
}
