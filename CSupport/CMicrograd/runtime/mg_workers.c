// One set of workers for all: they are started when they are first wanted, look for work for a while, then sleep.
#include "mg_workers.h"

#include "mg_portable_threads.h"

#if MG_HAS_THREADS

#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>

enum { MOST_WORKERS = 255, LOOKS = 20000 };

static pthread_mutex_t caller = PTHREAD_MUTEX_INITIALIZER;  // held by whoever has the workers
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

static void do_tasks(int64_t thread, int64_t count, mg_task task, void *context) {
  for (;;) {
    int64_t k = atomic_fetch_add(&next_task, 1);
    if (k >= count) return;
    task(context, thread, k);
  }
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
    for (int64_t k = 0; k < count; k++) task(context, 0, k);
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
  do_tasks(0, count, task, context);
  // Who has not joined by now finds nothing to do.
  pthread_mutex_lock(&lock);
  places = 0;
  pthread_mutex_unlock(&lock);
  for (int64_t k = 0; atomic_load(&working) > 0; k++)
    if (k < LOOKS) relax();
    else sched_yield();
  pthread_mutex_unlock(&caller);
}

#else

void mg_run_tasks(int64_t threads, int64_t count, mg_task task, void *context) {
  (void)threads;
  for (int64_t k = 0; k < count; k++) task(context, 0, k);
}

#endif
