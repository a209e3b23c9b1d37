// The tape: flat buffers of nodes in two regions of one index space.
//
//        parameters            recorded nodes
//   … -3  -2  -1          0   1   2   …   count-1
//
// Recorded nodes live until the scope that recorded them ends; parameters until their block is released.
// The fields are laid open for the inline functions of mg_record.h; all else goes through functions.
#pragma once

#include "mg_base.h"
#include "mg_thread.h"
#include "mg_watch.h"

MG_ASSUME_NONNULL_BEGIN

// 6 bits of op code, two signed 29-bit operands. What a and b mean depends on the op:
//   binary: two nodes; constant ops: a node and the index of a constant; function: a node and a mg_function;
//   n-ary: an offset into the operand list (or the first node of a run) and a count.
typedef struct {
  uint64_t bits;
} mg_record;

static inline mg_record mg_record_make(unsigned op, int32_t a, int32_t b) {
  return (mg_record){(uint64_t)op | ((uint64_t)((uint32_t)a & 0x1fffffffu) << 6) | ((uint64_t)(uint32_t)b << 35)};
}
static inline unsigned mg_record_op(mg_record r) { return (unsigned)(r.bits & 63); }
static inline int64_t mg_record_a(mg_record r) { return (int64_t)(r.bits << 29) >> 35; }
static inline int64_t mg_record_b(mg_record r) { return (int64_t)r.bits >> 35; }

typedef struct mg_tape {
  double *values;      // by node
  double *grads;       // by node; zero outside of [touched_low, touched_high]
  mg_record *records;  // by recorded node
  double *constants;   // by order of use; always room for one a node
  uint64_t *handles;   // by parameter: the handle that is valid for the slot
  int32_t *operands;   // lists of n-ary ops
  int64_t count;       // recorded nodes
  int64_t limit;       // nodes for which there is room; 0 while recording is paused or a rule runs
  uintptr_t thread;    // the thread that is inside (mg_this_thread); 0 for none
  int64_t constant_count;
  int64_t operand_count;
  int64_t parameter_slots;  // parameters have indices from -parameter_slots to -1
  uint64_t epoch;           // of the innermost scope, in the position it has in a handle
  int64_t leading_leaves;   // nodes below this are leaves, all of them
  int64_t span_low, span_high;        // recorded nodes outside hold no interior gradient; empty: low > high
  int64_t touched_low, touched_high;  // recorded nodes outside hold no gradient at all; contains the span
  int64_t changed_until;  // nodes below may be computed from numbers that were set since; a sweep computes them anew first
  mg_watch *MG_NULLABLE watch;   // who is told that numbers are looked at (mg_watch.h); usually nobody
} mg_tape;

// A handle is how a node is named from outside: the index in the low 29 bits, above it the epoch of the scope
// (or, for a parameter, of the block) that made it. Epochs are not reused for 2^35 scopes of a tape.
static inline uint64_t mg_handle(uint64_t epoch, mg_node node) { return epoch | ((uint32_t)node & 0x1fffffffu); }
static inline uint64_t mg_recorded_handle(uint64_t epoch, mg_node node) { return epoch | (uint32_t)node; }
static inline mg_node mg_handle_node(uint64_t handle) { return (mg_node)((int32_t)((uint32_t)handle << 3) >> 3); }

// The numbers of sweeps along a direction (mg_directional.h).
typedef struct {
  double *tangents;          // by node, as the buffers below
  double *adjoints;
  double *adjoint_tangents;
} mg_directions;

// The tape of numbers without nodes: nobody is ever inside it, and it has no room. A Value always names a tape, so that
// recording need not ask whether there is one.
extern const mg_tape mg_constants_tape;
static inline mg_tape *mg_tape_of_constants(void) { return (mg_tape *)&mg_constants_tape; }

// Notes that the number of a leaf or parameter is set: nodes that are recorded may have been computed from it.
static inline void mg_note_change(mg_tape *tape) { tape->changed_until = tape->count; }

// MARK: The watch

// From here on all is noted in `watch`, or, with NULL, nothing is. Whoever sets it keeps it until it is set anew.
void mg_tape_set_watch(mg_tape *tape, mg_watch *MG_NULLABLE watch);

// For the engine: derivatives are computed, or numbers set.
static inline void mg_note_sweep(const mg_tape *tape) {
  if (MG_UNLIKELY(tape->watch != NULL)) tape->watch->swept = true;
}
static inline void mg_note_write(const mg_tape *tape) {
  if (MG_UNLIKELY(tape->watch != NULL)) tape->watch->written = true;
}

// MARK: Life

// A new tape, retained once; NULL when there is no memory. `memory` NULL means the system's.
mg_tape *MG_NULLABLE mg_tape_create(const mg_memory *MG_NULLABLE memory);
void mg_tape_retain(mg_tape *tape);
// The last release frees the buffers. The control block is kept for the next tape, its epochs going on, so that a
// handle that outlived its tape is still recognised as stale.
void mg_tape_release(mg_tape *tape);

// Room for `nodes` more recorded nodes, or a status and the tape as it was. MG_BUSY where another thread is inside,
// MG_IN_RULE while the tape is closed.
mg_status mg_tape_reserve(mg_tape *tape, int64_t nodes);
// Room for `operands` more entries in lists and `constants` more constants beyond the one that every node has; else as
// above.
mg_status mg_tape_reserve_lists(mg_tape *tape, int64_t operands, int64_t constants);

// Until the matching resume nothing is recorded; may be nested.
void mg_tape_pause(mg_tape *tape);
void mg_tape_resume(mg_tape *tape);
// Ends all pauses for a while; the result is for the matching restore.
int64_t mg_tape_suspend_pauses(mg_tape *tape);
void mg_tape_restore_pauses(mg_tape *tape, int64_t pauses);
// While the tape is closed for a rule, true if the rule has paused the tape on which it runs.
bool mg_tape_is_paused(const mg_tape *tape);

// MARK: Rules of custom operations

// Closes the tape while a rule of a custom operation runs on its behalf: a recording or a sweep holds pointers to its
// buffers. Nothing is recorded on a closed tape, and nobody enters it. May be nested.
void mg_tape_begin_rule(mg_tape *tape);
void mg_tape_end_rule(mg_tape *tape);
bool mg_tape_is_in_rule(const mg_tape *tape);

// Gives the calling thread another current tape for the time of a rule: an empty one, kept for the next rule, which
// mg_tape_current makes when the rule first asks for it. May be nested. The result is for the matching end, which
// forgets what the rule recorded.
mg_tape *MG_NULLABLE mg_thread_begin_rule(void);
void mg_thread_end_rule(mg_tape *MG_NULLABLE previous);
// True while the calling thread is inside a rule.
bool mg_thread_is_in_rule(void);

// MARK: Scopes

// Nodes recorded from here on are reclaimed by the matching end; scopes nest. Out of memory: MG_OUT_OF_MEMORY.
mg_status mg_tape_begin_scope(mg_tape *tape);
void mg_tape_end_scope(mg_tape *tape);
// The same for a function whose derivative is wanted.
mg_status mg_tape_begin_function(mg_tape *tape);
// Notes that such a function is being recorded from the argument `first` on without a scope of its own; the result is for
// the matching restore.
int64_t mg_tape_enter_function(mg_tape *tape, mg_node first);
void mg_tape_restore_function(mg_tape *tape, int64_t start);
int64_t mg_tape_scope_depth(const mg_tape *tape);
// Forgets all recorded nodes; parameters stay. Only outside of any scope.
void mg_tape_reset(mg_tape *tape);

// The handle of a live node.
uint64_t mg_tape_handle(const mg_tape *tape, mg_node node);

// The node that a handle names, or MG_NO_NODE when it is stale: the slow half of mg_tape_resolve.
mg_node mg_tape_resolve_outer(const mg_tape *tape, uint64_t handle);

// The node that a handle of the innermost scope or of a parameter names, else MG_NO_NODE.
static inline mg_node mg_tape_resolve_usual(const mg_tape *tape, uint64_t handle) {
  uint64_t recorded = handle ^ tape->epoch;  // the epochs cancel, and a parameter's sign bit remains
  if (MG_LIKELY(recorded < MG_NODE_LIMIT)) return (mg_node)recorded;
  mg_node node = mg_handle_node(handle);
  return node < 0 && node >= -tape->parameter_slots && tape->handles[node] == handle ? node : MG_NO_NODE;
}

// The node that a handle names, or MG_NO_NODE when it is stale. Those of outer scopes are found by a walk over the open
// scopes.
static inline mg_node mg_tape_resolve(const mg_tape *tape, uint64_t handle) {
  mg_node node = mg_tape_resolve_usual(tape, handle);
  return MG_LIKELY(node != MG_NO_NODE) ? node : mg_tape_resolve_outer(tape, handle);
}

// MARK: Parameters (mg_parameters.c)

// A block of consecutive parameters. Its slots are given to nobody else while nodes that may have used it are recorded:
// those from `birth` on, the count of nodes when it was made, as long as the scope it was made in is open; else all.
typedef struct {
  mg_node first;
  int64_t count;
  int64_t birth;
  uint64_t scope;  // the epoch of that scope
} mg_parameters;

// A block of `count` parameters, values and gradients zero; MG_IN_RULE while the tape is closed.
mg_status mg_tape_allocate_parameters(mg_tape *tape, int64_t count, mg_parameters *parameters);
// Ends the handles of a block and gives its slots back, from any thread: not at once, but when the thread that is inside
// leaves, ends a scope, resets the tape or allocates parameters. An optimising compiler releases an object after its last
// use, which may be before the last use of what was asked of it.
void mg_tape_free_parameters(mg_tape *tape, mg_parameters parameters);
// How many parameters are alive.
int64_t mg_tape_parameter_count(const mg_tape *tape);

// MARK: Threads (mg_tape_threads.c)

// The tape on which the calling thread records: the last entered, else the thread's own, made at the first call.
// NULL when there is no memory for one.
mg_tape *MG_NULLABLE mg_tape_current(void);
// Makes the tape current for this thread and tells which one was. MG_BUSY when another thread is inside; a thread's own
// default tape can be entered by that thread alone. MG_IN_RULE when the tape is closed for a rule. A pause of the
// previous tape extends to this one.
mg_status mg_tape_enter(mg_tape *tape, mg_tape *MG_NULLABLE *MG_NULLABLE previous);
// Undoes the matching enter.
void mg_tape_leave(mg_tape *tape, mg_tape *MG_NULLABLE previous);

// Whether another thread is inside the tape, or it is another thread's own.
bool mg_tape_is_busy(const mg_tape *tape);
// True if a function has refused to record or sweep for this thread because another was inside the tape, which may have
// left since.
bool mg_thread_was_refused(void);

// MARK: Looking at a tape

// Bytes of the buffers in use: 24 a recorded node, 16 in a block, and what lists, constants and blocks themselves need.
int64_t mg_tape_used_bytes(const mg_tape *tape);

// True when this thread is inside the tape. Other threads may come and go meanwhile, so the number is read as one.
static inline bool mg_is_inside(const mg_tape *tape) {
  return __atomic_load_n(&tape->thread, __ATOMIC_RELAXED) == mg_this_thread();
}

MG_ASSUME_NONNULL_END
