// What every header needs: annotations, status codes, node indices, and where memory comes from.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__clang__)
#define MG_ASSUME_NONNULL_BEGIN _Pragma("clang assume_nonnull begin")
#define MG_ASSUME_NONNULL_END _Pragma("clang assume_nonnull end")
#define MG_NULLABLE _Nullable
#define MG_NONNULL _Nonnull
#define MG_CLOSED_ENUM __attribute__((enum_extensibility(closed)))
#define MG_SWIFT_NAME(name) __attribute__((swift_name(#name)))
#else
#define MG_ASSUME_NONNULL_BEGIN
#define MG_ASSUME_NONNULL_END
#define MG_NULLABLE
#define MG_NONNULL
#define MG_CLOSED_ENUM
#define MG_SWIFT_NAME(name)
#endif

#define MG_LIKELY(condition) __builtin_expect(!!(condition), 1)
#define MG_UNLIKELY(condition) __builtin_expect(!!(condition), 0)

// Contracts between the engine's own parts, checked in debug builds only.
#if defined(NDEBUG) || !defined(DEBUG)
#define MG_ASSERT(condition) ((void)0)
#else
#define MG_ASSERT(condition) ((condition) ? (void)0 : __builtin_trap())
#endif

// A node is an index: recorded nodes count up from 0, parameters down from -1.
typedef int32_t mg_node;

enum {
  MG_INDEX_BITS = 29,
  MG_NODE_LIMIT = 1 << (MG_INDEX_BITS - 1),  // recorded nodes, and parameters, of one tape
};
#define MG_NO_NODE INT32_MIN

typedef enum MG_CLOSED_ENUM MG_SWIFT_NAME(EngineStatus) {
  MG_OK MG_SWIFT_NAME(ok) = 0,
  MG_OUT_OF_MEMORY MG_SWIFT_NAME(outOfMemory),
  MG_TOO_MANY_NODES MG_SWIFT_NAME(tooManyNodes),  // the 28 bits of an index are used up
  MG_PAUSED MG_SWIFT_NAME(paused),                // nothing is recorded between pause and resume
  MG_BUSY MG_SWIFT_NAME(busy),                    // another thread is inside the tape
  MG_IN_RULE MG_SWIFT_NAME(inRule),               // a rule of a custom operation runs on behalf of the tape
} mg_status;

MG_ASSUME_NONNULL_BEGIN

// Where buffers come from: returns a block of `bytes` whose first `old_bytes` are those of `old` and whose rest is
// zero, or NULL, `old` then being untouched; frees `old` when `bytes` is 0.
typedef struct {
  void *MG_NULLABLE (*MG_NONNULL resize)(void *MG_NULLABLE context, void *MG_NULLABLE old, size_t old_bytes, size_t bytes);
  void *MG_NULLABLE context;
} mg_memory;

MG_ASSUME_NONNULL_END
