// One set of workers for all: they are started when they are first wanted, look for work for a while, then sleep.
//
// A worker that the system puts aside for another process keeps the caller waiting for its last task, which may take longer
// than all others. That is measured: after a job that took longer than the caller alone would have, the workers rest for a
// time in proportion to the loss. So a processor that is busy otherwise costs a few hundredths of the time at most.
#define _GNU_SOURCE  // clock_gettime
#include "mg_workers.h"

#include "mg_portable_threads.h"

#if MG_HAS_THREADS

#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <time.h>

enum { MOST_WORKERS = 255, LOOKS = 20000, REST_PER_LOSS = 50 };

static pthread_mutex_t caller = PTHREAD_MUTEX_INITIALIZER;  // held by whoever has the workers, of
static int64_t resting_until;                               // in nanoseconds
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;    // of what follows
static pthread_cond_t wake = PTHREAD_COND_INITIALIZER;
static int64_t started, sleeping;
static int64_t places;  // how many workers may still join
static int64_t joined;
static mg_task current_task;
static void *current_context;
static int64_t current_count;

static _Atomic(uint64_t) jobs;      // counts up
static _Atomic(int64_t) next_task;  // of the current job
static _Atomic(int64_t) working;    // workers that have joined and not left

static inline void relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

// Returns how many it did.
static int64_t do_tasks(int64_t thread, int64_t count, mg_task task, void *context) {
  for (int64_t done = 0;; done++) {
    int64_t k = atomic_fetch_add(&next_task, 1);
    if (k >= count) return done;
    task(context, thread, k);
  }
}

static int64_t nanoseconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

// A job is over that the caller began at `start`. It did some of the tasks itself, in so much time of its processor.
static void note_job(int64_t start, int64_t own, int64_t done, int64_t count) {
  int64_t now = nanoseconds(CLOCK_MONOTONIC);
  if (done == 0) return;
  int64_t loss = now - start - own * count / done;
  if (loss > 0) resting_until = now + REST_PER_LOSS * loss;
}

static void do_alone(int64_t count, mg_task task, void *context) {
  for (int64_t k = 0; k < count; k++) task(context, 0, k);
}

static void wait_for_job(uint64_t seen) {
  for (int k = 0; k < LOOKS; k++) {
    if (atomic_load(&jobs) != seen) return;
    relax();
  }
  pthread_mutex_lock(&lock);
  sleeping++;
  while (atomic_load(&jobs) == seen) pthread_cond_wait(&wake, &lock);
  sleeping--;
  pthread_mutex_unlock(&lock);
}

static void *work(void *unused) {
  (void)unused;
  uint64_t seen = 0;
  for (;;) {
    wait_for_job(seen);
    pthread_mutex_lock(&lock);
    seen = atomic_load(&jobs);
    int64_t thread = 0, count = current_count;
    mg_task task = current_task;
    void *context = current_context;
    if (places > 0) {
      places--;
      thread = ++joined;
      atomic_fetch_add(&working, 1);
    }
    pthread_mutex_unlock(&lock);
    if (thread == 0) continue;
    do_tasks(thread, count, task, context);
    atomic_fetch_sub(&working, 1);
  }
  return NULL;
}

static void start_workers(int64_t wanted) {
  while (started < wanted && started < MOST_WORKERS) {
    pthread_t worker;
    if (pthread_create(&worker, NULL, work, NULL)) return;
    pthread_detach(worker);
    started++;
  }
}

void mg_run_tasks(int64_t threads, int64_t count, mg_task task, void *context) {
  if (threads > count) threads = count;
  if (threads <= 1 || pthread_mutex_trylock(&caller)) {
    do_alone(count, task, context);
    return;
  }
  int64_t start = nanoseconds(CLOCK_MONOTONIC);
  if (start < resting_until) {
    pthread_mutex_unlock(&caller);
    do_alone(count, task, context);
    return;
  }
  pthread_mutex_lock(&lock);
  current_task = task;
  current_context = context;
  current_count = count;
  joined = 0;
  atomic_store(&next_task, 0);
  start_workers(threads - 1);
  places = started < threads - 1 ? started : threads - 1;
  atomic_fetch_add(&jobs, 1);
  if (sleeping > 0) pthread_cond_broadcast(&wake);
  pthread_mutex_unlock(&lock);
  int64_t own = nanoseconds(CLOCK_THREAD_CPUTIME_ID), done = do_tasks(0, count, task, context);
  own = nanoseconds(CLOCK_THREAD_CPUTIME_ID) - own;
  // Who has not joined by now finds nothing to do.
  pthread_mutex_lock(&lock);
  places = 0;
  pthread_mutex_unlock(&lock);
  for (int64_t k = 0; atomic_load(&working) > 0; k++)
    if (k < LOOKS) relax();
    else sched_yield();
  note_job(start, own, done, count);
  pthread_mutex_unlock(&caller);
}

#else

void mg_run_tasks(int64_t threads, int64_t count, mg_task task, void *context) {
  (void)threads;
  for (int64_t k = 0; k < count; k++) task(context, 0, k);
}

#endif
