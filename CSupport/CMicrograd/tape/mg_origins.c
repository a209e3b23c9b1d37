#if defined(DEBUG) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE  // for the bounds of a thread's stack
#endif

#include "mg_origins.h"

#if defined(DEBUG)

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "mg_tape_internal.h"

// MARK: Walking the stack
//
// Frames are linked by their frame pointers, which Swift keeps. Nothing is read but what lies between the frame that
// walks and the end of this thread's stack, so that a function which has no frame pointer, and left anything in its
// place, ends the walk or falsifies it but does no harm.

typedef struct {
  uintptr_t low, high;
  bool known;
} stack_bounds;

static _Thread_local stack_bounds bounds;

static void find_bounds(void) {
  bounds.known = true;
#if defined(__APPLE__)
  bounds.high = (uintptr_t)pthread_get_stackaddr_np(pthread_self());
  bounds.low = bounds.high - pthread_get_stacksize_np(pthread_self());
#elif defined(__linux__)
  pthread_attr_t attributes;
  void *low;
  size_t size;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return;
  if (pthread_attr_getstack(&attributes, &low, &size) == 0) {
    bounds.low = (uintptr_t)low;
    bounds.high = bounds.low + size;
  }
  pthread_attr_destroy(&attributes);
#endif
}

// Without what some processors and the frames of asynchronous functions keep in the upper bits.
__attribute__((always_inline)) static inline uintptr_t plain_address(uintptr_t address) {
#if defined(__aarch64__)
  return address & 0x00007fffffffffff;
#elif defined(__LP64__)
  return address & ~((uintptr_t)1 << 60);
#else
  return address;
#endif
}

// The return addresses from the caller of the function with this frame outwards.
__attribute__((no_sanitize("address", "thread", "undefined"))) static int64_t walk(
    const uintptr_t *frame, uintptr_t *addresses, int64_t depth) {
  const stack_bounds *stack = &bounds;
  if (!stack->known) find_bounds();
  const uintptr_t *last = (const uintptr_t *)stack->high - 2;
  uintptr_t *end = addresses + depth, *next = addresses;
  if ((uintptr_t)frame < stack->low) return 0;
#if defined(__x86_64__) && defined(__LP64__)
  // The loop below, by hand: it runs once a node in a build that is not optimised, and C takes four times as long there.
  uintptr_t word;
  __asm__ volatile(
      "1: cmpq %[last], %[frame]\n ja 2f\n"
      "cmpq %[end], %[next]\n jae 2f\n"
      "movq 8(%[frame]), %[word]\n btrq $60, %[word]\n"
      "movq %[word], (%[next])\n addq $8, %[next]\n"
      "movq (%[frame]), %[word]\n btrq $60, %[word]\n"
      "cmpq %[frame], %[word]\n jbe 2f\n"
      "testb $7, %b[word]\n jnz 2f\n"
      "movq %[word], %[frame]\n jmp 1b\n"
      "2:"
      : [frame] "+r"(frame), [next] "+r"(next), [word] "=&r"(word)
      : [last] "r"(last), [end] "r"(end)
      : "memory", "cc");
#else
  while (frame <= last && next < end) {
    const uintptr_t *outer = (const uintptr_t *)plain_address(frame[0]);
    *next++ = plain_address(frame[1]);
    if (outer <= frame || (uintptr_t)outer % sizeof *outer) break;
    frame = outer;
  }
#endif
  return next - addresses;
}

// MARK: Keeping stacks

typedef struct {
  uint64_t hash;
  uint32_t start, depth;  // among the addresses
} stack;

struct mg_origins {
  uint32_t *of_node;  // 1 + the position of its stack, or 0
  int64_t count, capacity;
  stack *stacks;
  int64_t stack_count, stack_capacity;
  uintptr_t *addresses;
  int64_t address_count, address_capacity;
  uint32_t *table;  // stacks by hash, open addressing
  int64_t table_capacity;
};

enum { MOST_STACKS = 1 << 20 };  // of a program that recurses without end; further ones are not noted

// Room for `needed` elements; false when there is no memory.
static bool grow(void *buffer, int64_t *capacity, int64_t needed, size_t element) {
  if (needed <= *capacity) return true;
  int64_t roomy = mg_max(needed, mg_max(256, 2 * *capacity));
  void *longer = realloc(*(void **)buffer, (size_t)roomy * element);
  if (!longer) return false;
  *(void **)buffer = longer;
  *capacity = roomy;
  return true;
}

// Doubles the table, which is to be half empty.
static bool grow_table(struct mg_origins *o) {
  int64_t capacity = mg_max(256, 2 * o->table_capacity);
  uint32_t *table = calloc((size_t)capacity, sizeof *table);
  if (!table) return false;
  for (int64_t k = 0; k < o->stack_count; k++) {
    uint64_t place = o->stacks[k].hash;
    while (table[place & (uint64_t)(capacity - 1)]) place++;
    table[place & (uint64_t)(capacity - 1)] = (uint32_t)k + 1;
  }
  free(o->table);
  o->table = table;
  o->table_capacity = capacity;
  return true;
}

// Stacks differ near their inner end, mostly.
static uint64_t hash_of(const uintptr_t *addresses, int64_t depth) {
  uint64_t hash = depth < 6 ? addresses[depth - 1] * 0x9e3779b97f4a7c15ull
                            : addresses[0] * 0x9e3779b97f4a7c15ull + addresses[1] * 0xc2b2ae3d27d4eb4full +
                                  addresses[2] * 0x165667b19e3779f9ull + addresses[3] * 0x85ebca77c2b2ae63ull +
                                  addresses[5] * 0x27d4eb2f165667c5ull;
  return hash ^ hash >> 32;
}

// The number of a stack, a new one where it was not seen before; 0 where there is no room for it.
static uint32_t number_of(struct mg_origins *o, const uintptr_t *addresses, int64_t depth) {
  if (depth == 0 || (2 * (o->stack_count + 1) > o->table_capacity && !grow_table(o))) return 0;
  size_t bytes = (size_t)depth * sizeof *addresses;
  uint64_t hash = hash_of(addresses, depth), mask = (uint64_t)(o->table_capacity - 1), place = hash;
  for (; o->table[place & mask]; place++) {
    const stack *s = o->stacks + o->table[place & mask] - 1;
    if (s->hash == hash && s->depth == depth && memcmp(o->addresses + s->start, addresses, bytes) == 0)
      return o->table[place & mask];
  }
  if (o->stack_count == MOST_STACKS) return 0;
  if (!grow(&o->stacks, &o->stack_capacity, o->stack_count + 1, sizeof *o->stacks) ||
      !grow(&o->addresses, &o->address_capacity, o->address_count + depth, sizeof *o->addresses))
    return 0;
  memcpy(o->addresses + o->address_count, addresses, bytes);
  o->stacks[o->stack_count] = (stack){hash, (uint32_t)o->address_count, (uint32_t)depth};
  o->address_count += depth;
  return o->table[place & mask] = (uint32_t)++o->stack_count;
}

// MARK: Nodes

__attribute__((noinline)) void mg_tape_note_origin(mg_tape *tape, intptr_t depth) {
  MG_ASSERT(depth <= MG_ORIGIN_DEPTH);
  mg_tape_state *state = mg_state(tape);
  struct mg_origins *o = state->origins;
  if (!o) o = state->origins = calloc(1, sizeof *o);
  if (!o || o->count >= tape->count) return;
  if (o->capacity < tape->count && !grow(&o->of_node, &o->capacity, tape->count, sizeof *o->of_node)) return;
  uintptr_t addresses[MG_ORIGIN_DEPTH];
  uint32_t number = number_of(o, addresses, walk(__builtin_frame_address(0), addresses, depth));
  while (o->count < tape->count) o->of_node[o->count++] = number;
}

int64_t mg_tape_origin(const mg_tape *tape, mg_node node, uintptr_t *addresses) {
  const struct mg_origins *o = mg_state(tape)->origins;
  if (!o || node < 0 || node >= o->count || o->of_node[node] == 0) return 0;
  const stack *s = o->stacks + o->of_node[node] - 1;
  memcpy(addresses, o->addresses + s->start, s->depth * sizeof *addresses);
  return s->depth;
}

void mg_forget_origins(mg_tape_state *state, int64_t start) {
  if (state->origins) state->origins->count = mg_min(state->origins->count, start);
}

void mg_free_origins(mg_tape_state *state) {
  struct mg_origins *o = state->origins;
  if (!o) return;
  free(o->of_node);
  free(o->stacks);
  free(o->addresses);
  free(o->table);
  free(o);
  state->origins = NULL;
}

const char *mg_function_at(uintptr_t address) {
  Dl_info info;
  return dladdr((const void *)(address - 1), &info) ? info.dli_sname : NULL;
}

#endif
