// Memory of the compiler's steps: each thread has an arena, a list of chunks that are filled from below.
//
// In:     mg_arena_begin notes the place, mg_arena_take asks for a list, mg_arena_end returns to the place.
// Out:    lists, aligned to 64 bytes and not zeroed; NULL if there is no memory.
// After:  mg_arena_end frees all lists taken since mg_arena_begin at once. Nothing else frees a list.
// Cost:   O(1) for a list. mg_arena_grow copies, unless the list was taken last. A thread keeps at most 32 MiB.
//
// Example:                                    used of the chunk
//   mark = mg_arena_begin()                     0
//   a = mg_arena_take(100, 8)                 832   800 rounded up to 64
//   b = mg_arena_take(1, 4)                   896
//   b = mg_arena_grow(b, 1, 100, 4)          1280   grows where it lies: 448 bytes instead of 64
//   mg_arena_end(mark)                          0
#include "mg_arena.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "mg_portable_threads.h"

enum { ALIGNMENT = 64, FIRST_CHUNK = 256 << 10, MOST_CHUNKS = 48 };
// What a thread keeps at most.
static const size_t most_kept = (size_t)32 << 20;

typedef struct {
  char *bytes[MOST_CHUNKS];
  size_t sizes[MOST_CHUNKS];
  int32_t count;    // chunks there are
  int32_t current;  // which one is being filled; -1: none
  size_t used;      // of it
} arena;

static _Thread_local arena *own;

static void free_chunks(arena *a) {
  for (int32_t k = 0; k < a->count; k++) free(a->bytes[k]);
  *a = (arena){.current = -1};
}

static void thread_ends(void *a) {
  own = NULL;
  free_chunks(a);
  free(a);
}

MG_AT_THREAD_END(free_at_thread_end, thread_ends)

static arena *find_own(void) {
  if (own) return own;
  arena *a = calloc(1, sizeof *a);
  if (!a) return NULL;
  a->current = -1;
  if (!free_at_thread_end(a)) {
    free(a);
    return NULL;
  }
  return own = a;
}

static bool add_chunk(arena *a, size_t bytes) {
  if (a->count == MOST_CHUNKS) return false;
  size_t size = a->count > 0 ? 2 * a->sizes[a->count - 1] : FIRST_CHUNK;
  if (size < bytes) size = bytes;
  char *chunk = aligned_alloc(ALIGNMENT, size);
  if (!chunk) return false;
  a->bytes[a->count] = chunk;
  a->sizes[a->count++] = size;
  a->current = a->count - 1;
  a->used = 0;
  return true;
}

static size_t rounded(size_t bytes) { return (bytes + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1); }

mg_arena_mark mg_arena_begin(void) {
  const arena *a = find_own();
  return a ? (mg_arena_mark){a->current, a->used} : (mg_arena_mark){-1, 0};
}

void mg_arena_end(mg_arena_mark mark) {
  arena *a = own;
  if (!a) return;
  a->current = mark.chunk;
  a->used = mark.used;
  if (mark.chunk >= 0) return;
  // One chunk that is as large as all were, the next time.
  size_t total = 0;
  for (int32_t k = 0; k < a->count; k++) total += a->sizes[k];
  if (a->count == 1 && total <= most_kept) return;
  free_chunks(a);
  if (total <= most_kept && add_chunk(a, total)) a->current = -1;
}

void *mg_arena_take(int64_t count, size_t element) {
  arena *a = find_own();
  size_t bytes = rounded((size_t)(count > 0 ? count : 1) * element);
  if (!a) return NULL;
  while (a->current < 0 || a->used + bytes > a->sizes[a->current]) {
    if (a->current + 1 == a->count) {
      if (!add_chunk(a, bytes)) return NULL;
    } else {
      a->current++;
      a->used = 0;
    }
  }
  void *list = a->bytes[a->current] + a->used;
  a->used += bytes;
  return list;
}

void *mg_arena_take_zeroed(int64_t count, size_t element) {
  void *list = mg_arena_take(count, element);
  return list ? memset(list, 0, (size_t)count * element) : NULL;
}

void *mg_arena_grow(void *list, int64_t count, int64_t wanted, size_t element) {
  arena *a = own;
  size_t old = rounded((size_t)(count > 0 ? count : 1) * element), bytes = rounded((size_t)wanted * element);
  // The list taken last goes on where it lies.
  if (a && a->current >= 0 && (char *)list + old == a->bytes[a->current] + a->used &&
      a->used - old + bytes <= a->sizes[a->current]) {
    a->used += bytes - old;
    return list;
  }
  void *longer = mg_arena_take(wanted, element);
  return longer ? memcpy(longer, list, (size_t)count * element) : NULL;
}
