#if defined(__linux__)
#define _GNU_SOURCE
#include <sys/mman.h>
#endif

#include "mg_memory.h"

#include <stdlib.h>
#include <string.h>

#if defined(__linux__)

// Blocks below this come from the allocator: a mapping of its own would waste most of a page table.
enum { MAPPED_FROM = 1 << 20, HUGE_FROM = 4 << 20 };

static void *map(size_t bytes) {
  void *block = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return block == MAP_FAILED ? NULL : block;
}

static void *system_resize(void *context, void *old, size_t old_bytes, size_t bytes) {
  (void)context;
  bool was_mapped = old_bytes >= MAPPED_FROM, is_mapped = bytes >= MAPPED_FROM;
  if (bytes == 0) {
    if (was_mapped) munmap(old, old_bytes);
    else free(old);
    return NULL;
  }
  void *block;
  if (was_mapped && is_mapped) {
    block = mremap(old, old_bytes, bytes, MREMAP_MAYMOVE);
    if (block == MAP_FAILED) return NULL;
  } else {
    block = is_mapped ? map(bytes) : calloc(1, bytes);
    if (!block) return NULL;
    if (old) {
      memcpy(block, old, old_bytes < bytes ? old_bytes : bytes);
      system_resize(NULL, old, old_bytes, 0);
    }
  }
  // Fewer, larger page faults where the kernel grants huge pages; advice, so a refusal changes nothing.
  if (bytes >= HUGE_FROM) madvise(block, bytes, MADV_HUGEPAGE);
  return block;
}

#else

static void *system_resize(void *context, void *old, size_t old_bytes, size_t bytes) {
  (void)context;
  void *block = bytes ? calloc(1, bytes) : NULL;
  if (bytes && !block) return NULL;
  if (block && old) memcpy(block, old, old_bytes < bytes ? old_bytes : bytes);
  free(old);
  return block;
}

#endif

const mg_memory mg_system_memory = {system_resize, NULL};

void *mg_buffer_resize(mg_buffer *buffer, const mg_memory *memory, size_t element, size_t stagger, int64_t front,
                       int64_t used, int64_t back) {
  if (front < buffer->front) front = buffer->front;
  if ((uint64_t)(front + back) > (SIZE_MAX - stagger) / element) return NULL;  // where addresses have 32 bits
  size_t bytes = (size_t)(front + back) * element + stagger;
  if (front == buffer->front && bytes <= buffer->bytes) return (char *)buffer->block + (size_t)front * element + stagger;
  char *block;
  if (front == buffer->front) {
    block = memory->resize(memory->context, buffer->block, buffer->bytes, bytes);
    if (!block) return NULL;
  } else {  // element 0 moves away from the start: only a new block can hold it
    block = memory->resize(memory->context, NULL, 0, bytes);
    if (!block) return NULL;
    if (buffer->block) {
      size_t shift = (size_t)(front - buffer->front) * element;
      memcpy(block + shift + stagger, (char *)buffer->block + stagger, (size_t)(buffer->front + used) * element);
      memory->resize(memory->context, buffer->block, buffer->bytes, 0);
    }
  }
  *buffer = (mg_buffer){block, bytes, front};
  return block + (size_t)front * element + stagger;
}

void mg_buffer_free(mg_buffer *buffer, const mg_memory *memory) {
  if (buffer->block) memory->resize(memory->context, buffer->block, buffer->bytes, 0);
  *buffer = (mg_buffer){NULL, 0, 0};
}
