// Where the buffers of a tape live.
#pragma once

#include "mg_base.h"

// The system's memory. On Linux pages come zeroed from the kernel and growth moves page tables, not bytes.
extern const mg_memory mg_system_memory;

// One growable buffer: a block from mg_memory in which element 0 stands `front` elements from the start, so that
// negative indices have room, and `stagger` bytes further, so that equal indices of two buffers differ in their low
// twelve address bits: a load that follows a store to the same low bits waits for it, and a sweep would do little else.
typedef struct {
  void *block;
  size_t bytes;
  int64_t front;
} mg_buffer;

// Makes room for `front` elements before element 0 and `back` from it on, keeps those from -front to `used` - 1, fills
// the rest with zero, and returns element 0. A buffer never shrinks: what a growth of several buffers gave the first
// before it failed for another, stays. NULL when there is no memory, the buffer then being as it was.
void *mg_buffer_resize(mg_buffer *buffer, const mg_memory *memory, size_t element, size_t stagger, int64_t front,
                       int64_t used, int64_t back);
void mg_buffer_free(mg_buffer *buffer, const mg_memory *memory);
