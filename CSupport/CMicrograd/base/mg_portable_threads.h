// Locks, and functions that are called when a thread ends: those of POSIX. Where a program has one thread only, as in
// WebAssembly, they do nothing.
#pragma once

#include <stdbool.h>

#if defined(__wasm__) && !defined(_REENTRANT)
#define MG_HAS_THREADS 0
#else
#define MG_HAS_THREADS 1
#endif

#if MG_HAS_THREADS

#include <pthread.h>

typedef pthread_mutex_t mg_lock;
#define MG_LOCK_INITIALIZER PTHREAD_MUTEX_INITIALIZER

static inline void mg_lock_acquire(mg_lock *lock) { pthread_mutex_lock(lock); }
static inline void mg_lock_release(mg_lock *lock) { pthread_mutex_unlock(lock); }

// Defines `static bool name(void *value)`, which has `function` called with `value` when the calling thread ends; it
// returns false if the system refuses.
#define MG_AT_THREAD_END(name, function)                                               \
  static pthread_key_t name##_key;                                                     \
  static pthread_once_t name##_once = PTHREAD_ONCE_INIT;                               \
  static void name##_make_key(void) { pthread_key_create(&name##_key, function); }     \
  static bool name(void *value) {                                                      \
    pthread_once(&name##_once, name##_make_key);                                       \
    return pthread_setspecific(name##_key, value) == 0;                                \
  }

#else

typedef struct {
  char unused;
} mg_lock;
#define MG_LOCK_INITIALIZER {0}

static inline void mg_lock_acquire(mg_lock *lock) { (void)lock; }
static inline void mg_lock_release(mg_lock *lock) { (void)lock; }

// The only thread ends with the program, and its memory with it.
#define MG_AT_THREAD_END(name, function)                                               \
  static bool name(void *value) {                                                      \
    (void)function;                                                                    \
    return (void)value, true;                                                          \
  }

#endif
