// In C, as a handler of signals may touch nothing but lock-free atomics. Dispatch's sources of signals put a handler of
// their own in place some time after they were made, and leave it there.
#define _POSIX_C_SOURCE 200809L

#include "mg_interrupt.h"

#if defined(__wasi__)

// There are no signals.
void mg_interrupt_watch(void) {}
void mg_interrupt_unwatch(void) {}
int64_t mg_interrupt_count(void) { return 0; }

#else

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>

#include "mg_portable_threads.h"

static atomic_llong presses;
static atomic_bool is_installed;
static struct sigaction previous;  // while installed, what the handler puts back

static mg_lock lock = MG_LOCK_INITIALIZER;
static int64_t watches;

static void count(int number) {
  int error = errno;
  sigaction(number, &previous, NULL);
  atomic_store(&is_installed, false);
  atomic_fetch_add(&presses, 1);
  errno = error;
}

void mg_interrupt_watch(void) {
  mg_lock_acquire(&lock);
  watches++;
  if (!atomic_load(&is_installed)) {
    struct sigaction counting = {.sa_handler = count, .sa_flags = SA_RESTART};
    sigemptyset(&counting.sa_mask);
    // What the handler needs is there before it can run.
    sigaction(SIGINT, NULL, &previous);
    atomic_store(&is_installed, true);
    if (sigaction(SIGINT, &counting, NULL) != 0) atomic_store(&is_installed, false);
  }
  mg_lock_release(&lock);
}

void mg_interrupt_unwatch(void) {
  mg_lock_acquire(&lock);
  if (--watches == 0 && atomic_exchange(&is_installed, false)) sigaction(SIGINT, &previous, NULL);
  mg_lock_release(&lock);
}

int64_t mg_interrupt_count(void) { return atomic_load(&presses); }

#endif
