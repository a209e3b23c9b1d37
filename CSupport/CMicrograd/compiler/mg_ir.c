// The ir: a list of values, each computed from earlier ones. Equal values are one.
//
// In:     an op and its operands, or a constant.
// Out:    the value (mg_ref): an equal one that is there, a constant if all operands are constants, or a new one.
// After:  operands come before the values that use them. An op with a constant operand is the op with that constant:
//         v0 + 1 is add_constant. A product has its operands in order, and x * x is square. mg_ir_append_… skips the search.
// Cost:   O(1) expected. A value with one or two users is found through its operand, others through a hash table.
//
// Example, what is asked for and what is there:
//   mg_ir_binary(multiply, v0, v1)            v2 = v0 * v1
//   mg_ir_binary(multiply, v1, v0)            v2 again
//   mg_ir_binary(add, v2, 1)                  v4 = v2 + 1, by add_constant; v3 is the constant 1
//   mg_ir_binary(multiply, v2, v2)            v5 = square of v2
//   mg_ir_binary(add, 1, 2)                   v7 = 3, a constant; v6 is the constant 2
#include "mg_ir.h"

#include <stdlib.h>
#include <string.h>

#include "mg_arena.h"
#include "mg_node.h"

// MARK: Lists that grow

// Besides the nodes: X(list, whose count and capacity begin with).
#define LISTS(X)                                                                                                  \
  X(refs, ref) X(sums, sum) X(scaled, scaled) X(products, product) X(maps, map) X(totals, total) X(customs, custom)

// Room for `extra` more in a list; where there is no memory, `failed` is set and the list starts over, so that what is
// appended lands somewhere.
static void lengthen(mg_ir *ir, void **list, int64_t *count, int64_t *capacity, size_t element, int64_t extra) {
  int64_t wanted = 2 * *capacity > *count + extra ? 2 * *capacity : *count + extra;
  void *longer = wanted < INT32_MAX ? mg_arena_grow(*list, *capacity, wanted, element) : NULL;
  if (longer) {
    *list = longer;
    *capacity = wanted;
    return;
  }
  ir->failed = true;
  *count = 0;
}

static inline void make_room(mg_ir *ir, void **list, int64_t *count, int64_t *capacity, size_t element, int64_t extra) {
  if (MG_UNLIKELY(*count + extra > *capacity)) lengthen(ir, list, count, capacity, element, extra);
}

#define ROOM(list, name, extra) \
  make_room(ir, (void **)&ir->list, &ir->name##_count, &ir->name##_capacity, sizeof *ir->list, extra)

enum { LEAST = 64 };

mg_ir *mg_ir_create(int64_t expected) {
  mg_ir *ir = mg_arena_take_zeroed(1, sizeof *ir);
  if (!ir) return NULL;
  ir->capacity = expected > LEAST ? expected : LEAST;
  ir->bucket_count = LEAST;
  while (ir->bucket_count < ir->capacity / 4) ir->bucket_count *= 2;
  bool is_done = (ir->nodes = mg_arena_take(ir->capacity, sizeof *ir->nodes)) != NULL;
  is_done = (ir->buckets = mg_arena_take_zeroed(ir->bucket_count, sizeof *ir->buckets)) != NULL && is_done;
#define TAKE(list, name)       \
  ir->name##_capacity = LEAST; \
  is_done = (ir->list = mg_arena_take(LEAST, sizeof *ir->list)) != NULL && is_done;
  LISTS(TAKE)
#undef TAKE
  return is_done ? ir : NULL;
}

void mg_ir_free(mg_ir *ir) {
  if (!ir) return;
  for (int64_t k = 0; k < ir->custom_count; k++) ir->customs[k]->release(ir->customs[k]->context);
  if (ir->is_kept) free(ir);
}

static void retain_customs(const mg_ir *ir) {
  for (int64_t k = 0; k < ir->custom_count; k++) ir->customs[k]->retain(ir->customs[k]->context);
}

mg_ir *mg_ir_copy(const mg_ir *ir) {
  mg_ir *copy = mg_arena_take(1, sizeof *copy);
  if (!copy) return NULL;
  *copy = *ir;
  copy->is_kept = false;
  bool is_done = true;
#define COPY(list, number, size)                                                       \
  copy->list = mg_arena_take(size, sizeof *ir->list);                                  \
  if (copy->list) memcpy(copy->list, ir->list, (size_t)ir->number * sizeof *ir->list); \
  else is_done = false;
#define COPY_LIST(list, name)                           \
  copy->name##_capacity = 2 * ir->name##_count + LEAST; \
  COPY(list, name##_count, copy->name##_capacity)
  copy->capacity = 2 * ir->count + LEAST;
  COPY(nodes, count, copy->capacity)
  COPY(buckets, bucket_count, ir->bucket_count)
  LISTS(COPY_LIST)
#undef COPY_LIST
#undef COPY
  if (!is_done) return NULL;
  retain_customs(copy);
  return copy;
}

mg_ir *mg_ir_keep(const mg_ir *ir) {
  // Each list begins at a multiple of 8 bytes.
#define SPACE(list, number) (((size_t)ir->number * sizeof *ir->list + 7) & ~(size_t)7)
#define ADD(list, name) bytes += SPACE(list, name##_count);
#define KEEP(list, number)                                                     \
  kept->list = memcpy(place, ir->list, (size_t)ir->number * sizeof *ir->list); \
  place += SPACE(list, number);
#define KEEP_LIST(list, name) KEEP(list, name##_count)
  size_t bytes = sizeof *ir + SPACE(nodes, count) + SPACE(buckets, bucket_count);
  LISTS(ADD)
  mg_ir *kept = malloc(bytes);
  if (!kept) return NULL;
  *kept = *ir;
  kept->is_kept = true;
  char *place = (char *)(kept + 1);
  KEEP(nodes, count)
  KEEP(buckets, bucket_count)
  LISTS(KEEP_LIST)
#undef KEEP_LIST
#undef KEEP
#undef ADD
#undef SPACE
  retain_customs(kept);
  return kept;
}

void mg_ir_lengthen(mg_ir *ir) {
  lengthen(ir, (void **)&ir->nodes, &ir->count, &ir->capacity, sizeof *ir->nodes, 1);
}

int32_t mg_ir_append_refs(mg_ir *ir, const mg_ref *refs, int64_t count) {
  int32_t start = (int32_t)ir->ref_count;
  for (int64_t done = 0; done < count;) {  // by pieces, lest a list that starts over be too short for them
    int64_t piece = count - done < LEAST ? count - done : LEAST;
    ROOM(refs, ref, piece);
    memcpy(ir->refs + ir->ref_count, refs + done, (size_t)piece * sizeof *refs);
    ir->ref_count += piece;
    done += piece;
  }
  return start;
}

int32_t mg_ir_append_scaled(mg_ir *ir, mg_ref factor, mg_ref x) {
  ROOM(scaled, scaled, 1);
  ir->scaled[ir->scaled_count] = (mg_ir_scaled){factor, x};
  return (int32_t)ir->scaled_count++;
}

int32_t mg_ir_append_product(mg_ir *ir, mg_ref factor, mg_ref left, mg_ref right) {
  ROOM(products, product, 1);
  ir->products[ir->product_count] = (mg_ir_product){factor, left, right};
  return (int32_t)ir->product_count++;
}

int32_t mg_ir_append_map(mg_ir *ir, mg_ir_map map) {
  ROOM(maps, map, 1);
  ir->maps[ir->map_count] = map;
  return (int32_t)ir->map_count++;
}

void mg_ir_append_total(mg_ir *ir, mg_ir_total total) {
  ROOM(totals, total, 1);
  ir->totals[ir->total_count++] = total;
}

int32_t mg_ir_append_custom(mg_ir *ir, const mg_custom *custom) {
  for (int64_t k = 0; k < ir->custom_count; k++)
    if (ir->customs[k] == custom) return (int32_t)k;
  ROOM(customs, custom, 1);
  if (ir->failed) return 0;
  custom->retain(custom->context);
  ir->customs[ir->custom_count] = custom;
  return (int32_t)ir->custom_count++;
}

mg_ref mg_ir_append_sum(mg_ir *ir, mg_ir_sum sum, mg_ir_class class) {
  ROOM(sums, sum, 1);
  ir->sums[ir->sum_count] = sum;
  int32_t which = (int32_t)ir->sum_count++;
  return mg_ir_append(ir, (mg_ir_node){.kind = MG_IR_SUM, .class = (uint8_t)class, .a = which, .b = MG_NO_REF});
}

mg_ref mg_ir_append_softmax(mg_ir *ir, mg_ir_class class, int32_t list, int32_t count) {
  mg_ir_node node = {.kind = MG_IR_SOFTMAX, .class = (uint8_t)class, .a = list, .b = count};
  mg_ref softmax = mg_ir_append(ir, node);
  for (int32_t k = 0; k < 2 * count + 1; k++)
    mg_ir_append(ir, (mg_ir_node){.kind = MG_IR_OUTPUT, .class = (uint8_t)class, .a = softmax, .b = k});
  return softmax;
}

// MARK: Equal values once

static inline bool is_equal(const mg_ir_node *n, const mg_ir_node *m) {
  return n->kind == m->kind && n->class == m->class && n->op == m->op && n->function == m->function && n->a == m->a &&
         n->b == m->b && mg_bits_of(n->c) == mg_bits_of(m->c);
}

static inline uint32_t hash_of(const mg_ir_node *n) {
  uint64_t h = (uint64_t)(uint32_t)n->a << 32 | (uint32_t)n->b;
  h = (h ^ ((uint64_t)n->kind << 16 | (uint64_t)n->op << 8 | n->function)) * 0x9e3779b97f4a7c15ull;
  h = (h ^ (h >> 29) ^ mg_bits_of(n->c)) * 0xbf58476d1ce4e5b9ull;
  return (uint32_t)(h >> 32);
}

static void put(mg_ir_bucket *buckets, int64_t count, mg_ir_bucket bucket) {
  uint64_t mask = (uint64_t)count - 1, at = bucket.hash & mask;
  while (buckets[at].ref_and_one) at = (at + 1) & mask;
  buckets[at] = bucket;
}

static void enlarge_buckets(mg_ir *ir) {
  int64_t count = 4 * ir->bucket_count;
  mg_ir_bucket *buckets = mg_arena_take_zeroed(count, sizeof *buckets);
  if (!buckets) {
    ir->failed = true;
    return;
  }
  for (int64_t k = 0; k < ir->bucket_count; k++)
    if (ir->buckets[k].ref_and_one) put(buckets, count, ir->buckets[k]);
  ir->buckets = buckets;
  ir->bucket_count = count;
}

static void insert(mg_ir *ir, uint32_t hash, mg_ref ref) {
  if (ir->bucket_used * 2 >= ir->bucket_count) enlarge_buckets(ir);
  if (ir->failed) return;
  ir->bucket_used++;
  put(ir->buckets, ir->bucket_count, (mg_ir_bucket){hash, ref + 1});
}

static mg_ref find(const mg_ir *ir, uint32_t hash, const mg_ir_node *node) {
  uint64_t mask = (uint64_t)ir->bucket_count - 1;
  for (uint64_t at = hash & mask; ir->buckets[at].ref_and_one; at = (at + 1) & mask) {
    mg_ref ref = ir->buckets[at].ref_and_one - 1;
    if (ir->buckets[at].hash == hash && is_equal(&ir->nodes[ref], node)) return ref;
  }
  return MG_NO_REF;
}

static mg_ref find_or_append(mg_ir *ir, const mg_ir_node *node) {
  uint32_t hash = hash_of(node);
  mg_ref found = find(ir, hash, node);
  if (found != MG_NO_REF) return found;
  mg_ref ref = mg_ir_append(ir, *node);
  insert(ir, hash, ref);
  return ref;
}

// Most values are an operand of one or two applications, which know of each other without a search. So an application is
// among the buckets only once each of its operands has more.
static mg_ref second_operand(const mg_ir_node *n) { return mg_op_is_binary((mg_op)n->op) ? n->b : n->a; }

static inline bool has_many_users(const mg_ir *ir, mg_ref ref) { return ir->nodes[ref].users[0] == MG_MANY; }

static inline bool is_in_buckets(const mg_ir *ir, const mg_ir_node *n) {
  return has_many_users(ir, n->a) && has_many_users(ir, second_operand(n));
}

static void put_users_into_buckets(mg_ir *ir, mg_ir_node *n) {
  mg_ref before[] = {n->users[0], n->users[1]};
  n->users[0] = MG_MANY;
  for (int k = 0; k < 2; k++)
    if (is_in_buckets(ir, &ir->nodes[before[k]])) insert(ir, hash_of(&ir->nodes[before[k]]), before[k]);
}

static inline void note_user(mg_ir *ir, mg_ref operand, mg_ref user) {
  mg_ir_node *n = &ir->nodes[operand];
  if (n->users[0] == MG_NO_REF) n->users[0] = user;
  else if (n->users[0] == MG_MANY) return;
  else if (n->users[1] == MG_NO_REF) n->users[1] = user;
  else put_users_into_buckets(ir, n);
}

// The parts of a value, not a node: they stay in registers.
static mg_ref application(mg_ir *ir, uint8_t class, mg_op op, mg_function function, mg_ref a, mg_ref b, double c) {
  mg_ref second = mg_op_is_binary(op) ? b : a;
  bool many_of_a = has_many_users(ir, a), many = many_of_a && has_many_users(ir, second);
  if (many) {
    mg_ir_node node = {MG_IR_APPLY, class, (uint8_t)op, (uint8_t)function, .a = a, .b = b, .c = c};
    return find_or_append(ir, &node);
  }
  const mg_ref *users = ir->nodes[many_of_a ? second : a].users;
  for (int k = 0; k < 2 && users[k] >= 0; k++) {
    const mg_ir_node *n = &ir->nodes[users[k]];
    if (n->op == op && n->a == a && n->b == b && n->function == function && mg_bits_of(n->c) == mg_bits_of(c)) return users[k];
  }
  mg_ref ref = mg_ir_append(ir, (mg_ir_node){MG_IR_APPLY, class, (uint8_t)op, (uint8_t)function, .a = a, .b = b, .c = c});
  if (ir->failed) return 0;
  note_user(ir, a, ref);
  if (second != a) note_user(ir, second, ref);
  if (MG_UNLIKELY(has_many_users(ir, a) && has_many_users(ir, second))) insert(ir, hash_of(&ir->nodes[ref]), ref);
  return ref;
}

mg_ref mg_ir_constant(mg_ir *ir, double c) {
  mg_ir_node node = {.kind = MG_IR_CONSTANT, .class = MG_CONSTANT_VALUE, .a = MG_NO_REF, .b = MG_NO_REF, .c = c};
  return find_or_append(ir, &node);
}

mg_ref mg_ir_leaf(mg_ir *ir, mg_ir_kind kind, int32_t which) {
  mg_ir_class class = kind == MG_IR_INPUT ? MG_SAMPLE_VALUE : MG_UNIFORM_VALUE;
  mg_ir_node node = {.kind = (uint8_t)kind, .class = (uint8_t)class, .a = which, .b = MG_NO_REF};
  return find_or_append(ir, &node);
}

mg_ref mg_ir_apply(mg_ir *ir, mg_op op, mg_function function, double c, mg_ref target, mg_ref a) {
  const mg_ir_node *x = &ir->nodes[a];
  if (x->class == MG_CONSTANT_VALUE && target == MG_NO_REF)
    return mg_ir_constant(ir, op == MG_OP_function ? mg_function_value(function, x->c) : mg_op_value(op, x->c, c));
  switch (op) {
  case MG_OP_multiply_constant:
  case MG_OP_divide_by_constant:
    if (c == 1) return a;
    break;
  case MG_OP_power_constant:
    if (c == 2) return mg_ir_apply(ir, MG_OP_square, 0, 0, target, a);
    if (c == 3) return mg_ir_apply(ir, MG_OP_cube, 0, 0, target, a);
    if (c == 1) return a;
    break;
  default: break;
  }
  return application(ir, x->class, op, function, a, target, c);
}

mg_ref mg_ir_binary(mg_ir *ir, mg_op op, mg_ref a, mg_ref b) {
  const mg_ir_node *x = &ir->nodes[a], *y = &ir->nodes[b];
  if (x->class == MG_CONSTANT_VALUE && y->class == MG_CONSTANT_VALUE)
    return mg_ir_constant(ir, mg_op_value(op, x->c, y->c));
  if (y->class == MG_CONSTANT_VALUE) {
    switch (op) {
    case MG_OP_add: return mg_ir_apply(ir, MG_OP_add_constant, 0, y->c, MG_NO_REF, a);
    case MG_OP_subtract: return mg_ir_apply(ir, MG_OP_add_constant, 0, -y->c, MG_NO_REF, a);
    case MG_OP_multiply: return mg_ir_apply(ir, MG_OP_multiply_constant, 0, y->c, MG_NO_REF, a);
    case MG_OP_divide: return mg_ir_apply(ir, MG_OP_divide_by_constant, 0, y->c, MG_NO_REF, a);
    case MG_OP_power: return mg_ir_apply(ir, MG_OP_power_constant, 0, y->c, MG_NO_REF, a);
    default: break;
    }
  } else if (x->class == MG_CONSTANT_VALUE) {
    switch (op) {
    case MG_OP_add: return mg_ir_apply(ir, MG_OP_add_constant, 0, x->c, MG_NO_REF, b);
    case MG_OP_subtract: return mg_ir_apply(ir, MG_OP_subtract_from_constant, 0, x->c, MG_NO_REF, b);
    case MG_OP_multiply: return mg_ir_apply(ir, MG_OP_multiply_constant, 0, x->c, MG_NO_REF, b);
    case MG_OP_divide: return mg_ir_apply(ir, MG_OP_divide_constant, 0, x->c, MG_NO_REF, b);
    case MG_OP_power: return mg_ir_apply(ir, MG_OP_constant_power, 0, x->c, MG_NO_REF, b);
    default: break;
    }
  }
  // Additions keep their order, in which their terms are added up.
  if (op == MG_OP_multiply && a > b) {
    mg_ref other = a;
    a = b;
    b = other;
  }
  if (op == MG_OP_multiply && a == b) return mg_ir_apply(ir, MG_OP_square, 0, 0, MG_NO_REF, a);
  return application(ir, x->class > y->class ? x->class : y->class, op, 0, a, b, 0);
}
