// Which tape a thread records on, and which thread is inside a tape.
#include <pthread.h>

#include "mg_internal.h"

static _Thread_local mg_tape *current;
static _Thread_local mg_tape *own;      // the thread's default tape
static _Thread_local char token;        // its address names the thread while it lives

static pthread_key_t own_key;
static pthread_once_t own_key_once = PTHREAD_ONCE_INIT;

static void thread_ends(void *tape) {
  mg_tape_state *state = mg_state(tape);
  own = current = NULL;
  mg_drain_pending(state);
  state->entries = 0;
  atomic_store_explicit(&state->owner, 0, memory_order_release);
  mg_tape_release(tape);
}

static void make_own_key(void) { pthread_key_create(&own_key, thread_ends); }

static mg_tape *make_own(void) {
  pthread_once(&own_key_once, make_own_key);
  own = mg_tape_create(NULL);
  if (!own) return NULL;
  mg_state(own)->entries = 1;
  atomic_store_explicit(&mg_state(own)->owner, (uintptr_t)&token, memory_order_release);
  pthread_setspecific(own_key, own);
  return own;
}

mg_tape *mg_tape_current(void) {
  if (MG_UNLIKELY(!current)) current = own ? own : make_own();
  return current;
}

mg_status mg_tape_enter(mg_tape *tape, mg_tape **previous) {
  mg_tape_state *state = mg_state(tape);
  uintptr_t self = (uintptr_t)&token, owner = 0;
  if (!atomic_compare_exchange_strong_explicit(&state->owner, &owner, self, memory_order_acquire,
                                               memory_order_acquire) &&
      owner != self)
    return MG_BUSY;
  if (state->entries++ == 0) mg_drain_pending(state);
  *previous = current;
  if (current && current != tape && mg_tape_is_paused(current)) mg_tape_pause(tape);
  current = tape;
  return MG_OK;
}

void mg_tape_leave(mg_tape *tape, mg_tape *previous) {
  mg_tape_state *state = mg_state(tape);
  MG_ASSERT(current == tape && state->entries > 0);
  current = previous;
  if (previous && previous != tape && mg_tape_is_paused(previous)) mg_tape_resume(tape);
  if (--state->entries == 0) {
    mg_drain_pending(state);
    atomic_store_explicit(&state->owner, 0, memory_order_release);
  }
}

bool mg_tape_is_busy(const mg_tape *tape) {
  uintptr_t owner = atomic_load_explicit(&mg_state(tape)->owner, memory_order_relaxed);
  return owner != 0 && owner != (uintptr_t)&token;
}
