// Recording: each function appends one node and returns its index.
//
// The operands must be live nodes of the tape. Where there is no room, the tape grows; when it cannot, recording is
// paused, or another thread is inside the tape, the result is MG_NO_NODE and the tape is as it was. A thread that is not
// inside enters for the time of the call.
#pragma once

#include "mg_ops.h"
#include "mg_tape.h"

MG_ASSUME_NONNULL_BEGIN

// True when this thread can append one more node at once: it is inside the tape, which need not grow.
static inline bool mg_has_room(const mg_tape *tape) {
  return MG_LIKELY(mg_is_inside(tape)) && MG_LIKELY(tape->count < tape->limit);
}

// Appends a node where there is room, and returns its index as the tape counts.
static inline int64_t mg_put(mg_tape *tape, unsigned op, mg_node a, int32_t b, double value) {
  MG_ASSERT(mg_is_inside(tape));
  int64_t i = tape->count;
  tape->values[i] = value;
  tape->records[i] = mg_record_make(op, a, b);
  tape->count = i + 1;
  return i;
}
static inline mg_node mg_append(mg_tape *tape, unsigned op, mg_node a, int32_t b, double value) {
  return (mg_node)mg_put(tape, op, a, b, value);
}

// Where there is no room (mg_record.c): the same by op code, after entering and growing the tape as needed.
mg_node mg_leaf_slowly(mg_tape *tape, double value);
mg_node mg_record_binary_slowly(mg_tape *tape, mg_op op, mg_node a, mg_node b);
mg_node mg_record_constant_slowly(mg_tape *tape, mg_op op, mg_node a, double c);
mg_node mg_record_unary_slowly(mg_tape *tape, mg_op op, mg_node a);
mg_node mg_record_function_slowly(mg_tape *tape, mg_function function, mg_node a);

static inline mg_node mg_leaf(mg_tape *tape, double value) {
  if (!mg_has_room(tape)) return mg_leaf_slowly(tape, value);
  if (tape->leading_leaves == tape->count) tape->leading_leaves++;
  return mg_append(tape, MG_LEAF, 0, 0, value);
}

// `count` leaves, one after the other; returns the first.
mg_node mg_leaf_run(mg_tape *tape, const double *values, int64_t count);

// mg_put_NAME records where mg_has_room holds, which is not checked again; mg_NAME records anywhere.
#define MG_RECORD(name, symbol, value, ...)                                                 \
  static inline int64_t mg_put_##name(mg_tape *tape, mg_node a, mg_node b) {                \
    double x = tape->values[a], y = tape->values[b];                                        \
    return mg_put(tape, MG_OP_##name, a, b, value);                                         \
  }                                                                                         \
  static inline mg_node mg_##name(mg_tape *tape, mg_node a, mg_node b) {                    \
    if (!mg_has_room(tape)) return mg_record_binary_slowly(tape, MG_OP_##name, a, b);       \
    return (mg_node)mg_put_##name(tape, a, b);                                              \
  }
MG_BINARY_OPS(MG_RECORD)
#undef MG_RECORD

// True when this thread can append two more nodes at once.
static inline bool mg_has_room_for_two(const mg_tape *tape) {
  return MG_LIKELY(mg_is_inside(tape)) && MG_LIKELY(tape->count + 1 < tape->limit);
}

// a * b + c, two nodes: what mg_put_multiply and mg_put_add record, without reading the product back from memory. For where
// mg_has_room_for_two holds.
static inline int64_t mg_put_multiply_add(mg_tape *tape, mg_node a, mg_node b, mg_node c) {
  double product = tape->values[a] * tape->values[b];
  double addend = tape->values[c];
  mg_node first = (mg_node)mg_put(tape, MG_OP_multiply, a, b, product);
  return mg_put(tape, MG_OP_add, first, c, product + addend);
}

#define MG_RECORD(name, symbol, value, ...)                                                 \
  static inline int64_t mg_put_##name(mg_tape *tape, mg_node a, double c) {                 \
    double x = tape->values[a];                                                             \
    int64_t k = tape->constant_count;                                                       \
    tape->constants[k] = c;                                                                 \
    tape->constant_count = k + 1;                                                           \
    return mg_put(tape, MG_OP_##name, a, (int32_t)k, value);                                \
  }                                                                                         \
  static inline mg_node mg_##name(mg_tape *tape, mg_node a, double c) {                     \
    if (!mg_has_room(tape)) return mg_record_constant_slowly(tape, MG_OP_##name, a, c);     \
    return (mg_node)mg_put_##name(tape, a, c);                                              \
  }
MG_CONSTANT_OPS(MG_RECORD)
#undef MG_RECORD

#define MG_RECORD(name, symbol, value, ...)                                                 \
  static inline int64_t mg_put_##name(mg_tape *tape, mg_node a) {                           \
    double x = tape->values[a];                                                             \
    return mg_put(tape, MG_OP_##name, a, 0, value);                                         \
  }                                                                                         \
  static inline mg_node mg_##name(mg_tape *tape, mg_node a) {                               \
    if (!mg_has_room(tape)) return mg_record_unary_slowly(tape, MG_OP_##name, a);           \
    return (mg_node)mg_put_##name(tape, a);                                                 \
  }
MG_UNARY_OPS(MG_RECORD)
#undef MG_RECORD

#define MG_RECORD(name, symbol, value, ...)                                                 \
  static inline mg_node mg_##name(mg_tape *tape, mg_node a) {                               \
    if (!mg_has_room(tape)) return mg_record_function_slowly(tape, MG_FUNCTION_##name, a);  \
    double x = tape->values[a];                                                             \
    return mg_append(tape, MG_OP_function, a, MG_FUNCTION_##name, value);                   \
  }
MG_FUNCTIONS(MG_RECORD)
#undef MG_RECORD

// MARK: By op code, out of line (mg_record.c)

mg_node mg_record_binary(mg_tape *tape, mg_op op, mg_node a, mg_node b);
mg_node mg_record_constant(mg_tape *tape, mg_op op, mg_node a, double c);
mg_node mg_record_unary(mg_tape *tape, mg_op op, mg_node a);
mg_node mg_record_function(mg_tape *tape, mg_function function, mg_node a);

MG_ASSUME_NONNULL_END
