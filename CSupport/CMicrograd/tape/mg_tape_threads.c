// Which tape a thread records on, and which thread is inside a tape.
#include <stdlib.h>

#include "mg_portable_threads.h"
#include "mg_tape_internal.h"

static _Thread_local mg_tape *current;  // NULL until somebody asks
static _Thread_local mg_tape *own;      // the thread's default tape

// Lets go of a tape of a thread that ends.
static void leave_for_good(mg_tape *tape) {
  mg_tape_state *state = mg_state(tape);
  mg_drain_pending(state);
  state->entries = 0;
  __atomic_store_n(&state->tape.thread, 0, __ATOMIC_RELAXED);
  atomic_store_explicit(&state->owner, 0, memory_order_release);
  mg_tape_release(tape);
}

static void thread_ends(void *tape) {
  own = current = NULL;
  leave_for_good(tape);
}

// Lets no other thread enter a tape that is new.
static void belong_to_thread(mg_tape *tape) {
  mg_state(tape)->entries = 1;
  __atomic_store_n(&tape->thread, mg_this_thread(), __ATOMIC_RELAXED);
  atomic_store_explicit(&mg_state(tape)->owner, mg_this_thread(), memory_order_release);
}

MG_AT_THREAD_END(release_own_at_end, thread_ends)

static mg_tape *make_own(void) {
  own = mg_tape_create(NULL);
  if (!own) return NULL;
  belong_to_thread(own);
  release_own_at_end(own);
  return own;
}

// MARK: Rules of custom operations

// The tapes on which a thread's rules record, the k-th for rules inside of k others. Each is the thread's as its own is.
typedef struct {
  int64_t count, capacity;
  mg_tape *tapes[];
} mg_rule_tapes;

static _Thread_local mg_rule_tapes *rule_tapes;
static _Thread_local int64_t rule_depth;

static void rule_tapes_end(void *list) {
  mg_rule_tapes *all = list;
  for (int64_t k = 0; k < all->count; k++) leave_for_good(all->tapes[k]);
  free(all);
  rule_tapes = NULL;
}

MG_AT_THREAD_END(release_rule_tapes_at_end, rule_tapes_end)

// The tape for the innermost rule, or NULL when there is no memory for one.
static mg_tape *rule_tape(void) {
  int64_t position = rule_depth - 1, capacity = rule_tapes ? rule_tapes->capacity : 0;
  if (rule_depth > capacity) {
    capacity = mg_max(4, 2 * rule_depth);
    mg_rule_tapes *longer = realloc(rule_tapes, sizeof *longer + (size_t)capacity * sizeof longer->tapes[0]);
    if (!longer) return NULL;
    if (!rule_tapes) longer->count = 0;
    longer->capacity = capacity;
    rule_tapes = longer;
    release_rule_tapes_at_end(rule_tapes);
  }
  for (; rule_tapes->count <= position; rule_tapes->count++) {
    mg_tape *tape = mg_tape_create(NULL);
    if (!tape) return NULL;
    belong_to_thread(tape);
    rule_tapes->tapes[rule_tapes->count] = tape;
  }
  return rule_tapes->tapes[position];
}

mg_tape *mg_thread_begin_rule(void) {
  mg_tape *previous = current;
  current = NULL;
  rule_depth++;
  return previous;
}

void mg_thread_end_rule(mg_tape *previous) {
  MG_ASSERT(rule_depth > 0);
  if (current) mg_tape_reset(current);
  rule_depth--;
  current = previous;
}

bool mg_thread_is_in_rule(void) { return rule_depth > 0; }

bool mg_thread_is_paused(void) { return current && mg_tape_is_paused(current); }

// MARK: The current tape

__attribute__((noinline)) static mg_tape *find_current(void) {
  return current = rule_depth > 0 ? rule_tape() : own ? own : make_own();
}

mg_tape *mg_tape_current(void) { return MG_LIKELY(current != NULL) ? current : find_current(); }

// MARK: Inside a tape

static mg_status enter(mg_tape_state *state) {
  uintptr_t self = mg_this_thread(), owner = 0;
  if (!atomic_compare_exchange_strong_explicit(&state->owner, &owner, self, memory_order_acquire,
                                               memory_order_acquire) &&
      owner != self)
    return MG_BUSY;
  if (state->rules > 0) {
    if (owner == 0) atomic_store_explicit(&state->owner, 0, memory_order_release);
    return MG_IN_RULE;
  }
  if (state->entries++ == 0) mg_drain_pending(state);
  __atomic_store_n(&state->tape.thread, self, __ATOMIC_RELAXED);
  return MG_OK;
}

static void leave(mg_tape_state *state) {
  MG_ASSERT(state->entries > 0);
  if (--state->entries > 0) return;
  mg_drain_pending(state);
  __atomic_store_n(&state->tape.thread, 0, __ATOMIC_RELAXED);
  atomic_store_explicit(&state->owner, 0, memory_order_release);
}

static _Thread_local bool was_refused;

bool mg_thread_was_refused(void) { return was_refused; }

mg_visit mg_visit_from_outside(const mg_tape *tape) {
  mg_status status = enter(mg_state(tape));
  was_refused |= status == MG_BUSY;
  return (mg_visit){status == MG_OK ? &mg_state(tape)->tape : NULL, status};
}

void mg_end_visit_from_outside(mg_tape *tape) { leave(mg_state(tape)); }

mg_status mg_tape_enter(mg_tape *tape, mg_tape **previous) {
  mg_status status = enter(mg_state(tape));
  if (status != MG_OK) return status;
  *previous = current;
  if (current && current != tape && mg_tape_is_paused(current)) mg_tape_pause(tape);
  current = tape;
  return MG_OK;
}

void mg_tape_leave(mg_tape *tape, mg_tape *previous) {
  MG_ASSERT(current == tape);
  current = previous;
  if (previous && previous != tape && mg_tape_is_paused(previous)) mg_tape_resume(tape);
  leave(mg_state(tape));
}

bool mg_tape_is_busy(const mg_tape *tape) {
  uintptr_t owner = atomic_load_explicit(&mg_state(tape)->owner, memory_order_relaxed);
  return owner != 0 && owner != mg_this_thread();
}
