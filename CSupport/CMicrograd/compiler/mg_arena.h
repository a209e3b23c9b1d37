// Memory for what lives no longer than one compilation: taken list by list, given back all at once.
//
// A thread keeps its arena from one compilation to the next, up to a bound: the first touch of fresh pages costs more than
// what a compiler does with them.
#pragma once

#include <stddef.h>
#include <stdint.h>

// Where an arena stood when something began.
typedef struct {
  int32_t chunk;
  size_t used;
} mg_arena_mark;

// What is taken in between is given back by the end; such spans nest.
mg_arena_mark mg_arena_begin(void);
void mg_arena_end(mg_arena_mark mark);

// Room for so many elements, of whatever numbers; NULL: no memory.
void *mg_arena_take(int64_t count, size_t element);
// The same, zero.
void *mg_arena_take_zeroed(int64_t count, size_t element);
// Room for more elements, beginning with those of a list that was taken before.
void *mg_arena_grow(void *list, int64_t count, int64_t wanted, size_t element);
