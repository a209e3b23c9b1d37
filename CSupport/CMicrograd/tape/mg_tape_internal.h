// The part of a tape that only the engine sees.
#pragma once

#include <stdatomic.h>

#include "mg_memory.h"
#include "mg_tape.h"

typedef struct {
  int64_t start;           // the first node of the scope
  int64_t constant_count;  // and of the side buffers, when it began
  int64_t operand_count;
  uint64_t epoch;
  bool outer_nodes_used;  // of the tape, before it began
  bool is_function;       // whose derivative is wanted
} mg_scope;

// A block of parameters that was released, from whatever thread, to be freed by the one that is inside.
typedef struct mg_pending {
  struct mg_pending *next;
  mg_parameters parameters;
} mg_pending;

struct mg_tape_state;

// What a tape asks of its blocks, which are of the floor above: whoever appends a block registers these.
typedef struct {
  void (*drop)(struct mg_tape_state *state, int64_t start);           // forgets the blocks from node `start` on
  int64_t (*saved_bytes)(const struct mg_tape_state *state);  // records that nodes of blocks do without, less the descriptors
} mg_block_functions;

typedef struct mg_tape_state {
  mg_tape tape;  // first, so that the two convert into each other
  mg_memory memory;
  mg_buffer values, grads, records, constants, operands, handles;
  int64_t capacity, constant_capacity, operand_capacity, parameter_capacity;

  mg_buffer block_list;  // of mg_block, in the order of their nodes
  int64_t block_count, block_capacity;
  const mg_block_functions *block_functions;  // NULL while there was no block
  mg_buffer tangents, adjoints, adjoint_tangents;
  mg_directions directions;  // where these begin, once they are made
  mg_buffer scratch;  // for the sweep over a block
  int64_t scratch_capacity;

  mg_scope *scopes;  // scopes[0] is the tape itself
  int64_t scope_count, scope_capacity;
  uint64_t serial;  // the last epoch that was given to a scope or a block of parameters
  int64_t pauses;
  int64_t rules;  // of custom operations, that run on behalf of the tape
  bool outer_nodes_used;  // in the innermost scope, a handle of an outer one was resolved
  int64_t function_start;  // the first argument of the outermost function that is being recorded without a scope of its own

  int64_t live_parameters;
  int64_t idle_parameters;         // free slots below parameter_slots
  int64_t quarantined_parameters;  // freed, but older nodes may still name them

  _Atomic(int64_t) references;
  _Atomic(uintptr_t) owner;  // the thread that is inside, 0 for none
  int64_t entries;           // how often it entered
  _Atomic(mg_pending *) pending;
  _Atomic(int64_t) pending_parameters;  // in the blocks that are pending
  struct mg_tape_state *next_free;
#if defined(DEBUG)
  struct mg_origins *origins;
#endif
} mg_tape_state;

static inline mg_tape_state *mg_state(const mg_tape *tape) { return (mg_tape_state *)tape; }

// A stay inside a tape for the time of one function; where the thread is inside already, nothing.
typedef struct {
  mg_tape *tape;  // NULL where there is nothing to leave
  mg_status status;
} mg_visit;

mg_visit mg_visit_from_outside(const mg_tape *tape);  // mg_tape_threads.c
void mg_end_visit_from_outside(mg_tape *tape);
static inline mg_visit mg_begin_visit(const mg_tape *tape) {
  return MG_LIKELY(mg_is_inside(tape)) ? (mg_visit){NULL, MG_OK} : mg_visit_from_outside(tape);
}
static inline void mg_end_visit(mg_visit *visit) {
  if (MG_UNLIKELY(visit->tape != NULL)) mg_end_visit_from_outside(visit->tape);
}
// At the start of a function that records or sweeps: returns `refusal` where another thread is inside.
#define MG_VISIT(tape, refusal)                                                             \
  mg_visit visit __attribute__((cleanup(mg_end_visit))) = mg_begin_visit(tape);             \
  if (visit.status != MG_OK) return refusal

// An epoch that no handle has, in the position it has in a handle. Never 0.
static inline uint64_t mg_next_epoch(mg_tape_state *state) {
  uint64_t epoch = ++state->serial << MG_INDEX_BITS;
  if (MG_LIKELY(epoch != 0)) return epoch;
  return ++state->serial << MG_INDEX_BITS;
}

// Parameters that were waiting for nodes from `count` on to go are free again.
void mg_end_quarantine(mg_tape_state *state);
// Frees the parameters that were released, of which there are some or none.
void mg_free_pending(mg_tape_state *state);
static inline void mg_drain_pending(mg_tape_state *state) {
  if (MG_UNLIKELY(atomic_load_explicit(&state->pending, memory_order_relaxed) != NULL)) mg_free_pending(state);
}

// Room for values and gradients of `parameters` below index 0 and `nodes` from it on; false when there is no memory.
bool mg_resize_numbers(mg_tape_state *state, int64_t parameters, int64_t nodes);

// Whether the calling thread records on a tape that is paused.
bool mg_thread_is_paused(void);

// Forgets the origins of nodes from `start` on, and of all (mg_origins.c).
#if defined(DEBUG)
void mg_forget_origins(mg_tape_state *state, int64_t start);
void mg_free_origins(mg_tape_state *state);
#else
static inline void mg_forget_origins(mg_tape_state *state, int64_t start) { (void)state, (void)start; }
static inline void mg_free_origins(mg_tape_state *state) { (void)state; }
#endif

static inline int64_t mg_min(int64_t a, int64_t b) { return a < b ? a : b; }
static inline int64_t mg_max(int64_t a, int64_t b) { return a > b ? a : b; }
