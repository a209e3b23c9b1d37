// What a recording becomes on its way to a program: values in an order in which each is computed from earlier ones, equal
// ones once, each marked by what it depends on.
#pragma once

#include <math.h>
#include <string.h>

#include "mg_custom.h"
#include "mg_node.h"
#include "mg_ops.h"
#include "mg_record.h"
#include "mg_path.h"

// A value: an index, from 0 up. MG_NO_REF: none.
typedef int32_t mg_ref;
#define MG_NO_REF (-1)

typedef enum {
  MG_IR_CONSTANT,    // c
  MG_IR_PARAMETER,   // a: which of the parameters
  MG_IR_INPUT,       // a: which of the sample's numbers
  MG_IR_APPLY,       // an op of the table on a, and b where it is binary; of a target op, b is the constant that is its target
  MG_IR_SUM,         // a: which of the sums
  MG_IR_ROW,         // row b of map a
  MG_IR_SOFTMAX,     // a list of n; its outputs follow it, all of them: p, log Σ exp, and the logarithms of p
  MG_IR_NORM,        // a list: the root of the sum of squares
  MG_IR_SELECT,      // a list: left, right, then, else; function: the relation
  MG_IR_PICK,        // a list: the index, the table
  MG_IR_CUSTOM,      // a list: the inputs, as many as the op says; c: which of the custom ops
  MG_IR_OUTPUT,      // output b of the custom op, or the softmax, a
  MG_IR_DETACH,      // a, past which no derivative flows
  // In gradients only:
  MG_IR_PARTIAL,          // a list: d, x, y, v (MG_NO_REF where it is not read), the target of a target op; op,
                          // function and c as the op has them; which operand in `operand`
  MG_IR_SOFTMAX_PULLBACK, // a list: p, and adjoints of p or (operand 1) its logarithms, MG_NO_REF where there is none
  MG_IR_SELECT_PARTIAL,   // a list: left, right, d; function: the relation; operand: 1 where it is to hold
  MG_IR_PICK_PARTIAL,     // a list: the index, d, how long the table is; c: the place in it
  MG_IR_COLUMN,           // column b of the product of map a's weights, transposed, with the adjoints of its rows
  MG_IR_PULLBACK,         // a list: the inputs, the outputs' adjoints; c: which of the custom ops
  MG_IR_INPUT_ADJOINT,    // b-th number of a pullback a
} mg_ir_kind;

// What a value depends on: each includes those before it.
typedef enum { MG_CONSTANT_VALUE, MG_UNIFORM_VALUE, MG_SAMPLE_VALUE } mg_ir_class;

typedef struct {
  uint8_t kind, class, op, function;
  uint8_t operand;  // of a sum: 1 where it adds up an adjoint
  bool may_vanish;  // an adjoint that is zero where a choice fell on another operand
  int32_t a, b;     // of a list: where it begins, and its length
  mg_ref users[2];  // applications that it is an operand of, MG_NO_REF where there are fewer; MG_MANY: there are more
  double c;
} mg_ir_node;
enum { MG_MANY = -2 };

typedef struct {
  mg_ref factor, x;  // factor * x, the factor independent of the sample
} mg_ir_scaled;

typedef struct {
  mg_ref factor, left, right;  // MG_PLUS, MG_MINUS or a value independent of the sample, times both
} mg_ir_product;
enum { MG_PLUS = -1, MG_MINUS = -2 };

// start + the scaled + the products. The start does not depend on the sample; MG_NO_REF for none.
typedef struct {
  mg_ref start;
  int32_t scaled, scaled_count, products, product_count;
} mg_ir_sum;

// Sums of products of one list of values with numbers that do not depend on the sample: a matrix.
typedef struct {
  int32_t inputs, outputs;
  int32_t x, weights, biases;  // offsets into the refs; the biases MG_NO_REF or MG_FROM_ZERO where there are none
  int32_t rows;                // offset of the MG_IR_ROW values
  int32_t adjoints;            // offset of the rows' adjoints, in a gradient; else MG_NO_REF
  int32_t family;              // maps of one family have the same weights
} mg_ir_map;

// An addition, over all samples, to the adjoint of a value that does not depend on them.
typedef enum { MG_TOTAL_ROW, MG_TOTAL_PRODUCT, MG_TOTAL_UNIFORM, MG_TOTAL_MAP, MG_TOTAL_PICK } mg_total_kind;
typedef struct {
  mg_total_kind kind;
  mg_ref to;           // of a map: none, its weights and biases; of a pick, the pick
  mg_ref left, right;  // rows, or the value that counts once a sample; of a map: which
} mg_ir_total;

typedef struct {
  uint32_t hash;
  int32_t ref_and_one;  // 0: none
} mg_ir_bucket;

// Its lists are the arena's (mg_arena.h).
typedef struct {
  mg_ir_node *nodes;
  mg_ref *refs;  // lists
  mg_ir_sum *sums;
  mg_ir_scaled *scaled;
  mg_ir_product *products;
  mg_ir_map *maps;
  mg_ir_total *totals;
  const mg_custom **customs;
  mg_ir_bucket *buckets;  // of constants, inputs, and applications whose operands all have many users
  int64_t count, capacity, ref_count, ref_capacity, sum_count, sum_capacity, scaled_count, scaled_capacity;
  int64_t product_count, product_capacity, map_count, map_capacity, total_count, total_capacity;
  int64_t custom_count, custom_capacity, bucket_count, bucket_used;
  bool failed;   // there was no memory; what was appended since is lost
  bool is_kept;  // in memory of its own
} mg_ir;

mg_ir *mg_ir_create(int64_t expected);
void mg_ir_free(mg_ir *ir);
mg_ir *mg_ir_copy(const mg_ir *ir);
// A copy that outlives the arena, to which nothing can be appended.
mg_ir *mg_ir_keep(const mg_ir *ir);

static inline mg_ir_class mg_class_of(const mg_ir *ir, mg_ref ref) { return (mg_ir_class)ir->nodes[ref].class; }
static inline bool mg_is_sample(const mg_ir *ir, mg_ref ref) { return ir->nodes[ref].class == MG_SAMPLE_VALUE; }
static inline bool mg_is_constant(const mg_ir *ir, mg_ref ref) { return ir->nodes[ref].class == MG_CONSTANT_VALUE; }
// Whether two values are rows of one map, or columns of one: they are computed at once.
static inline bool mg_is_same_map(const mg_ir_node *n, const mg_ir_node *m) {
  return (n->kind == MG_IR_ROW || n->kind == MG_IR_COLUMN) && n->kind == m->kind && n->a == m->a;
}
// Whether a pick is from numbers that do not depend on the sample.
static inline bool mg_is_pick_of_uniforms(const mg_ir *ir, const mg_ir_node *pick) {
  for (int32_t k = 1; k < pick->b; k++)
    if (mg_is_sample(ir, ir->refs[pick->a + k])) return false;
  return true;
}
static inline bool mg_is_number(const mg_ir *ir, mg_ref ref, double c) {
  return ir->nodes[ref].kind == MG_IR_CONSTANT && ir->nodes[ref].c == c;
}

// A number to the bit, by which NaN is like itself and -0 is not 0.
static inline uint64_t mg_bits_of(double c) {
  uint64_t bits;
  memcpy(&bits, &c, sizeof bits);
  return bits;
}
// Whether products of a few such factors are far from the ends of the range.
static inline bool mg_is_moderate(double factor) { return fabs(factor) >= 0x1p-64 && fabs(factor) <= 0x1p64; }

// Each appends a value, unless an equal one is there or it is a constant.
mg_ref mg_ir_constant(mg_ir *ir, double c);
mg_ref mg_ir_leaf(mg_ir *ir, mg_ir_kind kind, int32_t which);
mg_ref mg_ir_binary(mg_ir *ir, mg_op op, mg_ref a, mg_ref b);
// A constant op, a unary op, a function or a target op.
mg_ref mg_ir_apply(mg_ir *ir, mg_op op, mg_function function, double c, mg_ref target, mg_ref a);

// The factor of a product in a sum, and its number, which that of any other constant is too.
static inline mg_ref mg_ir_factor(mg_ir *ir, double number) {
  return number == 1 ? MG_PLUS : number == -1 ? MG_MINUS : mg_ir_constant(ir, number);
}
static inline double mg_factor_number(const mg_ir *ir, mg_ref factor) {
  return factor == MG_PLUS ? 1 : factor == MG_MINUS ? -1 : ir->nodes[factor].c;
}

// The softmax of a list of `count` refs, and its outputs: p[k], log Σ exp, log p[k].
mg_ref mg_ir_append_softmax(mg_ir *ir, mg_ir_class class, int32_t list, int32_t count);
static inline mg_ref mg_ir_share(mg_ref softmax, int64_t k) { return softmax + 1 + (mg_ref)k; }
static inline mg_ref mg_ir_log_sum(mg_ref softmax, int64_t count) { return softmax + 1 + (mg_ref)count; }
static inline mg_ref mg_ir_log_share(mg_ref softmax, int64_t count, int64_t k) {
  return softmax + 2 + (mg_ref)(count + k);
}

// Each appends, whatever is there.
void mg_ir_lengthen(mg_ir *ir);  // room for one more value
static inline mg_ref mg_ir_append(mg_ir *ir, mg_ir_node node) {
  if (MG_UNLIKELY(ir->count == ir->capacity)) mg_ir_lengthen(ir);
  node.users[0] = node.users[1] = MG_NO_REF;
  ir->nodes[ir->count] = node;
  return (mg_ref)ir->count++;
}
int32_t mg_ir_append_refs(mg_ir *ir, const mg_ref *refs, int64_t count);
int32_t mg_ir_append_scaled(mg_ir *ir, mg_ref factor, mg_ref x);
int32_t mg_ir_append_product(mg_ir *ir, mg_ref factor, mg_ref left, mg_ref right);
int32_t mg_ir_append_map(mg_ir *ir, mg_ir_map map);
void mg_ir_append_total(mg_ir *ir, mg_ir_total total);
int32_t mg_ir_append_custom(mg_ir *ir, const mg_custom *custom);
mg_ref mg_ir_append_sum(mg_ir *ir, mg_ir_sum sum, mg_ir_class class);

// MARK: The steps to a program

typedef struct {
  mg_ref left, right;
  mg_relation relation;
  bool holds;
  int32_t comparison;  // which of those made while recording
} mg_ir_guard;

// A recording as values. Roots and guards are kept, whatever depends on them not.
struct mg_path {
  mg_ir *ir;
  mg_ref *roots;
  int64_t root_count;
  mg_ir_guard *guards;
  int64_t guard_count;
  int64_t input_count, gradient_count, jacobian_count;
  bool is_symmetric, records_custom;
  mg_node *parameters;  // by the a of an MG_IR_PARAMETER
  double *numbers;      // what they were when this was recorded
  int64_t parameter_count;
  int64_t node_count;  // of the recording, and what became of its nodes:
  int64_t unused_count, merged_count, constant_count;
};

// Sums and maps instead of additions and multiplications, into a new ir (mg_linear.c); `path` gets it. False: no memory.
bool mg_path_find_sums(mg_path *path);

// Appends what computes, for each root, the adjoints of what it depends on, its own being 1 for each sample: totals for
// parameters, where they are wanted, and for inputs, where `input_adjoints` is not NULL, their adjoints there, `inputs` a root;
// what an input contributes nothing to is left as it was (mg_reverse.c). False: no memory.
bool mg_ir_reverse(mg_ir *ir, const mg_ref *roots, int64_t root_count, bool parameters, mg_ref *input_adjoints,
                   int64_t inputs);

// Lets sums take in the terms of sums that only they use, and multiples of single values (mg_inline.c). `uses`: by value, how
// often it is used. Whether one did.
bool mg_ir_inline_sums(mg_ir *ir, const int32_t *uses);

// The order in which the samples' values are computed (mg_schedule.c), and how many they are; -1: no memory. Those used come
// after what they are computed from.
int64_t mg_ir_schedule(const mg_ir *ir, const int32_t *uses, mg_ref *order);
