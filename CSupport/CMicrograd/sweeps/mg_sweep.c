// The reverse sweep. Derivatives come from the table in mg_ops.h; here is only the order in which they are applied.
#include "mg_sweep.h"

#include <string.h>

#include "mg_block_descriptor.h"
#include "mg_carried.h"
#include "mg_dispatch.h"
#include "mg_kernels.h"
#include "mg_nary_sweep.h"
#include "mg_node.h"
#include "mg_ops.h"
#include "mg_sweep_internal.h"
#include "mg_tape_internal.h"

typedef uint64_t __attribute__((may_alias)) bits64;

// What the fast paths of the sweep do not take: adjoints that are zero or not finite.
static inline bool has_special(bits64 bits) {
  const uint64_t infinity = UINT64_C(0x7ff) << 53;  // without the sign, as below
  return (bits << 1) - 1 >= infinity - 1;
}
static inline bool is_special(double d) {
  uint64_t bits;
  memcpy(&bits, &d, sizeof bits);
  return has_special(bits);
}

// Adds to the operands' gradients what an adjoint that is not finite contributes, of ops of one or two operands.
__attribute__((noinline)) static void carry(mg_tape *tape, int64_t i, double adjoint) {
  double *grads = tape->grads;
  mg_record record = tape->records[i];
  int64_t a = mg_record_a(record), b = mg_record_b(record);
  double x = tape->values[a], v = tape->values[i], d = adjoint;
  (void)x, (void)v;
  switch ((mg_op)mg_record_op(record)) {
#define BINARY(name, symbol, value, to_x, to_y, ...)                                        \
  case MG_OP_##name: {                                                                      \
    double y = tape->values[b], dx = MG_CARRIED(to_x), dy = MG_CARRIED(to_y);               \
    (void)y;                                                                                \
    grads[a] += dx;                                                                         \
    grads[b] += dy;                                                                         \
    return;                                                                                 \
  }
    MG_BINARY_OPS(BINARY)
#undef BINARY
#define CONSTANT(name, symbol, value, to_x, ...)                                            \
  case MG_OP_##name: {                                                                      \
    double c = tape->constants[b];                                                          \
    (void)c;                                                                                \
    grads[a] += MG_CARRIED(to_x);                                                           \
    return;                                                                                 \
  }
    MG_CONSTANT_OPS(CONSTANT)
#undef CONSTANT
#define UNARY(name, symbol, value, to_x, ...) case MG_OP_##name: grads[a] += MG_CARRIED(to_x); return;
    MG_UNARY_OPS(UNARY)
#undef UNARY
  default: break;
  }
  switch ((mg_function)b) {
#define FUNCTION(name, symbol, value, to_x, ...) case MG_FUNCTION_##name: grads[a] += MG_CARRIED(to_x); return;
    MG_FUNCTIONS(FUNCTION)
#undef FUNCTION
  case MG_FUNCTION_COUNT: return;
  }
}

// From the root down to the lowest node reached, which is returned; nodes below `floor` are not visited. The gradients
// hold seeds at the root and perhaps at nodes down to `lowest_root`, and zero at the other interior nodes.
//
// Two things make the loop faster than its dispatch. Where an operand is the node just below, its adjoint is carried
// there in a register, instead of being stored and waited for. And a sum of products, `s + x * y` with the product
// recorded just before the sum, is followed down its chain without dispatching at all.
//
// Nodes are counted from the floor here. Parameters and other nodes below it are then, as unsigned numbers, above all.
// The compiler is not told where the pointers come from, or it would count from the tape's start again, in more steps.
//
// It begins at a cache line, lest its speed, by a tenth, depend on what is linked before it.
__attribute__((noinline, aligned(64))) static int64_t sweep_down(mg_tape *tape, int64_t root, int64_t lowest_root,
                                                                int64_t floor) {
  MG_LABELS(skip, [MG_OP_block] = &&cap);
  double *grads = tape->grads + floor;
  const double *values = tape->values + floor, *const constants = tape->constants;
  const mg_record *records = tape->records + floor;
  __asm__("" : "+r"(grads), "+r"(values), "+r"(records));
  int64_t i = root + 1 - floor, a, b;
  uint64_t low = (uint64_t)(lowest_root - floor);  // the lowest node reached, but for those carried to
  double d;                                        // the adjoint of node i
  mg_record record;

#define REACH(node) low = (uint64_t)(node) < low ? (uint64_t)(node) : low

// The second operand is counted from the floor where it is a node: see SECOND_NODE.
#define DISPATCH()                                                                          \
  do {                                                                                      \
    a = mg_record_a(record) - floor;                                                        \
    b = mg_record_b(record);                                                                \
    goto *op_label[mg_record_op(record)];                                                   \
  } while (0)
#define SECOND_NODE() b -= floor

// Goes on with the node below. Those without an adjoint are passed over first: a network has many.
#define NEXT()                                                                              \
  do {                                                                                      \
    if (--i < (int64_t)low) return i + 1 + floor;                                           \
    if (((const bits64 *)grads)[i] == 0) goto skip;                                         \
    d = grads[i];                                                                           \
    record = records[i];                                                                    \
    if (MG_UNLIKELY(has_special(((const bits64 *)grads)[i]))) goto special;                 \
    DISPATCH();                                                                             \
  } while (0)

// The last contribution of a node, then the node below.
#define LAST(node, contribution)                                                            \
  do {                                                                                      \
    d = grads[node] += contribution;                                                        \
    if ((node) == i - 1) {                                                                  \
      record = records[--i];                                                                \
      if (MG_UNLIKELY(is_special(d))) goto special;                                         \
      DISPATCH();                                                                           \
    }                                                                                       \
    REACH(node);                                                                            \
    NEXT();                                                                                 \
  } while (0)

  NEXT();

special:
  if (d != 0) {
    record = records[i];
    mg_op op = (mg_op)mg_record_op(record);
    if (op == MG_LEAF || op > MG_OP_function) DISPATCH();  // those of many operands see to it themselves
    a = mg_record_a(record) - floor;
    b = mg_op_is_binary(op) ? mg_record_b(record) - floor : a;
    carry(tape, i + floor, d);
    REACH(a);
    REACH(b);
  }
skip:
  NEXT();

// The addition s + x * y, the product recorded just before the sum, and s just before that.
#define IS_SUM_OF_PRODUCT() (b == i - 1 && a == i - 2 && mg_record_op(records[b]) == MG_OP_multiply)

op_add:
  SECOND_NODE();
  if (IS_SUM_OF_PRODUCT()) goto sum_of_products;
  REACH(a);
  grads[a] += d;
  LAST(b, d);

  // Goes round once an addend; the table's add row, d to both, is applied three times here. The record of the sum two nodes
  // further down is known beforehand, where there are two nodes below it.
sum_of_products:
  b = (int64_t)record.bits;
  do {
    int64_t left = mg_record_a(records[i - 1]) - floor, right = mg_record_b(records[i - 1]) - floor;
    double m = grads[i - 1] += d;
    __asm__ volatile("" ::: "memory");  // keeps the compiler from reading both as one vector, which would wait for the store
    double s = grads[i - 2] += d;
    REACH(left);
    REACH(right);
    if (MG_LIKELY(!is_special(m))) {
      double x = values[left], y = values[right], dx = m * y, dy = m * x;
      grads[left] += dx;  // in two statements, as the row of the product has it: neither is contracted
      grads[right] += dy;
    } else if (m != 0) {
      carry(tape, i - 1 + floor, m);
    }
    i -= 2;
    d = MG_UNLIKELY(left == i || right == i) ? grads[i] : s;
    record = records[i];
    if (MG_UNLIKELY(is_special(d))) goto special;
    b -= 2 * (int64_t)mg_record_make(0, 1, 1).bits;
  } while (record.bits == (uint64_t)b && i + floor > 1 && mg_record_op(records[i - 1]) == MG_OP_multiply);
  DISPATCH();

#define BINARY(name, symbol, value, to_x, to_y, ...)                                        \
  op_##name : {                                                                             \
    SECOND_NODE();                                                                          \
    double x = values[a], y = values[b], v = values[i];                                     \
    (void)x, (void)y, (void)v;                                                              \
    double dx = to_x, dy = to_y;                                                            \
    REACH(a);                                                                               \
    grads[a] += dx;                                                                         \
    LAST(b, dy);                                                                            \
  }
  MG_BINARY_OPS_AFTER_ADD(BINARY)

#define ONE_OPERAND(label, c_value, to_x, xx)                                               \
  label : {                                                                                 \
    double x = values[a], v = values[i], c = c_value;                                       \
    (void)x, (void)v, (void)c;                                                              \
    LAST(a, to_x);                                                                          \
  }
  MG_ONE_OPERAND_CODE()

nary:
  low = (uint64_t)(mg_max(mg_nary_backward(tape, i + floor, d, floor + (int64_t)low), floor) - floor);
  NEXT();

cap: {  // of a block: all its nodes at once. The cap of the block below is the next to have an adjoint.
  int64_t position = a + floor;
  const mg_block *block = mg_block_at(tape, position);
  grads[i] = 0;
  if (position > 0) tape->grads[mg_block_cap(block - 1)] = 1;
  low = (uint64_t)(mg_max(mg_block_backward(tape, block, floor + (int64_t)low), floor) - floor);
  i = block->first - floor;
  NEXT();
}
#undef REACH
#undef DISPATCH
#undef SECOND_NODE
#undef IS_SUM_OF_PRODUCT
#undef NEXT
#undef LAST
#undef BINARY
#undef ONE_OPERAND
}

// The cap of the last block that begins at a node or below it. A sweep would pass over caps without an adjoint; it
// hands one on from each to the next below, so that its cost is that of the blocks it meets.
static void set_cap_below(mg_tape *tape, int64_t node, double adjoint) {
  int64_t position = mg_last_block_until(tape, node);
  if (position >= 0) tape->grads[mg_block_cap(mg_block_at(tape, position))] = adjoint;
}

// The node below the floor poses as a leaf for the time of the sweep, so that an adjoint that is carried there stops.
int64_t mg_sweep(mg_tape *tape, int64_t root, int64_t lowest_root, int64_t floor) {
  bool has_blocks = mg_state(tape)->block_count > 0;
  mg_record below = tape->records[floor - 1];
  tape->records[floor - 1] = mg_record_make(MG_LEAF, 0, 0);
  if (has_blocks) {
    const mg_block *block = mg_find_block(tape, root);
    set_cap_below(tape, root, 1);
    if (block) root = mg_block_cap(block);
  }
  int64_t low = sweep_down(tape, root, mg_max(lowest_root, floor), floor);
  if (has_blocks) set_cap_below(tape, low - 1, 0);
  tape->records[floor - 1] = below;
  return mg_max(low, floor);
}

// Sets to zero what the last sweep wrote into interior nodes.
static void clear_span(mg_tape *tape) {
  int64_t count = mg_state(tape)->block_count, k = count ? mg_first_block_from(tape, tape->span_low) : 0;
  for (int64_t i = tape->span_low; i <= tape->span_high; i++) {
    const mg_block *block = k < count ? mg_block_at(tape, k) : NULL;
    int64_t end = block ? mg_min(block->first, tape->span_high + 1) : tape->span_high + 1;
    for (; i < end; i++)
      if (mg_record_op(tape->records[i]) != MG_LEAF) tape->grads[i] = 0;
    if (i > tape->span_high) break;
    if (block->op != MG_LEAF) memset(tape->grads + block->first, 0, (size_t)mg_block_count(block) * sizeof(double));
    i = mg_block_cap(block);
    k++;
  }
  tape->span_low = INT64_MAX;
  tape->span_high = -1;
}

void mg_touch(mg_tape *tape, int64_t first, int64_t last) {
  tape->touched_low = mg_min(tape->touched_low, first);
  tape->touched_high = mg_max(tape->touched_high, last);
}

int64_t mg_tape_backward(mg_tape *tape, mg_node root, double seed) {
  MG_VISIT(tape, -1);
  MG_ASSERT(root < tape->count && root >= -tape->parameter_slots);
  mg_note_sweep(tape);
  if (MG_UNLIKELY(tape->changed_until > 0)) mg_bring_up_to_date(tape, root, root);
  if (tape->span_high >= 0) clear_span(tape);
  tape->grads[root] += seed;
  if (root < 0) return 1;
  if (root < tape->leading_leaves) {
    mg_touch(tape, root, root);
    return 1;
  }
  int64_t low = mg_sweep(tape, root, root, tape->leading_leaves);
  tape->span_low = low;
  tape->span_high = root;
  mg_touch(tape, tape->leading_leaves > 0 ? 0 : low, root);
  return root - low + 1;
}

// MARK: Gradients

void mg_set_gradient(mg_tape *tape, mg_node node, double gradient) {
  mg_note_write(tape);
  tape->grads[node] = gradient;
  if (node < 0) return;
  mg_touch(tape, node, node);
  if (mg_node_op(tape, node) == MG_LEAF) return;
  tape->span_low = mg_min(tape->span_low, node);
  tape->span_high = mg_max(tape->span_high, node);
}

void mg_zero_gradients(mg_tape *tape, mg_node first, int64_t count) {
  mg_note_write(tape);
  for (int64_t i = first; i < first + count; i++) tape->grads[i] = 0;
}

void mg_tape_zero_gradients(mg_tape *tape) {
  mg_zero_gradients(tape, (mg_node)-tape->parameter_slots, tape->parameter_slots);
  if (tape->touched_high < 0) return;
  mg_zero_gradients(tape, (mg_node)tape->touched_low, tape->touched_high + 1 - tape->touched_low);
  tape->span_low = tape->touched_low = INT64_MAX;
  tape->span_high = tape->touched_high = -1;
}

void mg_descend(mg_tape *tape, mg_node first, int64_t count, double rate) {
  mg_note_write(tape);
  mg_note_change(tape);
  mg_kernel_add_scaled(tape->values + first, -rate, tape->grads + first, count);
}
