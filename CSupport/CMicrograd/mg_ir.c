// Values in order, equal ones once.
#include "mg_ir.h"

#include <stdlib.h>
#include <string.h>

#include "mg_node.h"

// MARK: Lists that grow

// Room for `extra` more in a list; where there is no memory, `failed` is set and the list starts over, so that what is
// appended lands somewhere.
static void make_room(mg_ir *ir, void **list, int64_t *count, int64_t *capacity, size_t element, int64_t extra) {
  if (*count + extra <= *capacity) return;
  int64_t wanted = 2 * *capacity > *count + extra ? 2 * *capacity : *count + extra;
  void *longer = wanted < INT32_MAX ? realloc(*list, (size_t)wanted * element) : NULL;
  if (longer) {
    *list = longer;
    *capacity = wanted;
    return;
  }
  ir->failed = true;
  *count = 0;
}

#define ROOM(list, extra)                                                                   \
  make_room(ir, (void **)&ir->list##s, &ir->list##_count, &ir->list##_capacity, sizeof *ir->list##s, extra)

enum { LEAST = 64, LONGEST_LIST = 1 << 16 };

mg_ir *mg_ir_create(int64_t expected) {
  mg_ir *ir = calloc(1, sizeof *ir);
  if (!ir) return NULL;
  if (expected < LEAST) expected = LEAST;
  ir->bucket_count = 1;
  while (ir->bucket_count < 2 * expected) ir->bucket_count *= 2;
  ir->capacity = expected;
  ir->ref_capacity = ir->sum_capacity = ir->scaled_capacity = ir->product_capacity = LEAST;
  ir->map_capacity = ir->total_capacity = ir->custom_capacity = LEAST;
  ir->nodes = malloc((size_t)ir->capacity * sizeof *ir->nodes);
  ir->refs = malloc(LEAST * sizeof *ir->refs);
  ir->sums = malloc(LEAST * sizeof *ir->sums);
  ir->scaled = malloc(LEAST * sizeof *ir->scaled);
  ir->products = malloc(LEAST * sizeof *ir->products);
  ir->maps = malloc(LEAST * sizeof *ir->maps);
  ir->totals = malloc(LEAST * sizeof *ir->totals);
  ir->customs = malloc(LEAST * sizeof *ir->customs);
  ir->buckets = malloc((size_t)ir->bucket_count * sizeof *ir->buckets);
  if (!ir->nodes || !ir->refs || !ir->sums || !ir->scaled || !ir->products || !ir->maps || !ir->totals || !ir->customs ||
      !ir->buckets) {
    mg_ir_free(ir);
    return NULL;
  }
  memset(ir->buckets, 0xff, (size_t)ir->bucket_count * sizeof *ir->buckets);
  return ir;
}

void mg_ir_free(mg_ir *ir) {
  if (!ir) return;
  for (int64_t k = 0; k < ir->custom_count; k++) ir->customs[k]->release(ir->customs[k]->context);
  free(ir->nodes);
  free(ir->refs);
  free(ir->sums);
  free(ir->scaled);
  free(ir->products);
  free(ir->maps);
  free(ir->totals);
  free(ir->customs);
  free(ir->buckets);
  free(ir);
}

static void *copied(const void *list, int64_t count, size_t element) {
  void *copy = malloc((size_t)(count + LEAST) * element);
  return copy ? memcpy(copy, list, (size_t)count * element) : NULL;
}

mg_ir *mg_ir_copy(const mg_ir *ir) {
  mg_ir *copy = malloc(sizeof *copy);
  if (!copy) return NULL;
  *copy = *ir;
  copy->custom_count = 0;
  copy->capacity = ir->count + LEAST;
  copy->ref_capacity = ir->ref_count + LEAST;
  copy->sum_capacity = ir->sum_count + LEAST;
  copy->scaled_capacity = ir->scaled_count + LEAST;
  copy->product_capacity = ir->product_count + LEAST;
  copy->map_capacity = ir->map_count + LEAST;
  copy->total_capacity = ir->total_count + LEAST;
  copy->custom_capacity = ir->custom_count + LEAST;
  copy->nodes = copied(ir->nodes, ir->count, sizeof *ir->nodes);
  copy->refs = copied(ir->refs, ir->ref_count, sizeof *ir->refs);
  copy->sums = copied(ir->sums, ir->sum_count, sizeof *ir->sums);
  copy->scaled = copied(ir->scaled, ir->scaled_count, sizeof *ir->scaled);
  copy->products = copied(ir->products, ir->product_count, sizeof *ir->products);
  copy->maps = copied(ir->maps, ir->map_count, sizeof *ir->maps);
  copy->totals = copied(ir->totals, ir->total_count, sizeof *ir->totals);
  copy->customs = copied(ir->customs, ir->custom_count, sizeof *ir->customs);
  copy->buckets = copied(ir->buckets, ir->bucket_count, sizeof *ir->buckets);
  if (!copy->nodes || !copy->refs || !copy->sums || !copy->scaled || !copy->products || !copy->maps || !copy->totals ||
      !copy->customs || !copy->buckets) {
    mg_ir_free(copy);
    return NULL;
  }
  copy->custom_count = ir->custom_count;
  for (int64_t k = 0; k < ir->custom_count; k++) ir->customs[k]->retain(ir->customs[k]->context);
  return copy;
}

mg_ref mg_ir_append(mg_ir *ir, mg_ir_node node) {
  make_room(ir, (void **)&ir->nodes, &ir->count, &ir->capacity, sizeof *ir->nodes, 1);
  ir->nodes[ir->count] = node;
  return (mg_ref)ir->count++;
}

int32_t mg_ir_append_refs(mg_ir *ir, const mg_ref *refs, int64_t count) {
  int32_t start = (int32_t)ir->ref_count;
  for (int64_t done = 0; done < count;) {  // by pieces, lest a list that starts over be too short for them
    int64_t piece = count - done < LEAST ? count - done : LEAST;
    ROOM(ref, piece);
    memcpy(ir->refs + ir->ref_count, refs + done, (size_t)piece * sizeof *refs);
    ir->ref_count += piece;
    done += piece;
  }
  return start;
}

int32_t mg_ir_append_scaled(mg_ir *ir, mg_ref factor, mg_ref x) {
  make_room(ir, (void **)&ir->scaled, &ir->scaled_count, &ir->scaled_capacity, sizeof *ir->scaled, 1);
  ir->scaled[ir->scaled_count] = (mg_ir_scaled){factor, x};
  return (int32_t)ir->scaled_count++;
}

int32_t mg_ir_append_product(mg_ir *ir, mg_ref factor, mg_ref left, mg_ref right) {
  ROOM(product, 1);
  ir->products[ir->product_count] = (mg_ir_product){factor, left, right};
  return (int32_t)ir->product_count++;
}

int32_t mg_ir_append_map(mg_ir *ir, mg_ir_map map) {
  ROOM(map, 1);
  ir->maps[ir->map_count] = map;
  return (int32_t)ir->map_count++;
}

void mg_ir_append_total(mg_ir *ir, mg_ir_total total) {
  ROOM(total, 1);
  ir->totals[ir->total_count++] = total;
}

int32_t mg_ir_append_custom(mg_ir *ir, const mg_custom *custom) {
  for (int64_t k = 0; k < ir->custom_count; k++)
    if (ir->customs[k] == custom) return (int32_t)k;
  ROOM(custom, 1);
  if (ir->failed) return 0;
  custom->retain(custom->context);
  ir->customs[ir->custom_count] = custom;
  return (int32_t)ir->custom_count++;
}

mg_ref mg_ir_append_sum(mg_ir *ir, mg_ir_sum sum, mg_ir_class class) {
  ROOM(sum, 1);
  ir->sums[ir->sum_count] = sum;
  return mg_ir_append(ir, (mg_ir_node){.kind = MG_IR_SUM, .class = (uint8_t)class, .a = (int32_t)ir->sum_count++, .b = MG_NO_REF});
}

// MARK: Equal values once

static uint64_t bits_of(double c) {
  uint64_t bits;
  memcpy(&bits, &c, sizeof bits);
  return bits;
}

static bool is_equal(const mg_ir_node *n, const mg_ir_node *m) {
  return n->a == m->a && n->b == m->b && n->kind == m->kind && n->op == m->op && n->function == m->function &&
         bits_of(n->c) == bits_of(m->c);
}

static uint64_t hash_of(const mg_ir_node *n) {
  uint64_t h = (uint64_t)(uint32_t)n->a << 32 | (uint32_t)n->b;
  h = (h ^ ((uint64_t)n->kind << 16 | (uint64_t)n->op << 8 | n->function)) * 0x9e3779b97f4a7c15ull;
  h = (h ^ (h >> 29) ^ bits_of(n->c)) * 0xbf58476d1ce4e5b9ull;
  return h ^ (h >> 32);
}

static void enlarge_buckets(mg_ir *ir) {
  int64_t count = 4 * ir->bucket_count;
  int32_t *buckets = malloc((size_t)count * sizeof *buckets);
  if (!buckets) {
    ir->failed = true;
    return;
  }
  memset(buckets, 0xff, (size_t)count * sizeof *buckets);
  for (int64_t k = 0; k < ir->bucket_count; k++) {
    if (ir->buckets[k] < 0) continue;
    uint64_t h = hash_of(&ir->nodes[ir->buckets[k]]) & (uint64_t)(count - 1);
    while (buckets[h] >= 0) h = (h + 1) & (uint64_t)(count - 1);
    buckets[h] = ir->buckets[k];
  }
  free(ir->buckets);
  ir->buckets = buckets;
  ir->bucket_count = count;
}

static mg_ref find_or_append(mg_ir *ir, mg_ir_node node) {
  if (ir->count * 4 > ir->bucket_count * 3) enlarge_buckets(ir);
  if (ir->failed) return 0;
  uint64_t mask = (uint64_t)ir->bucket_count - 1, h = hash_of(&node) & mask;
  for (; ir->buckets[h] >= 0; h = (h + 1) & mask)
    if (is_equal(&ir->nodes[ir->buckets[h]], &node)) return ir->buckets[h];
  return ir->buckets[h] = mg_ir_append(ir, node);
}

mg_ref mg_ir_constant(mg_ir *ir, double c) {
  return find_or_append(
    ir, (mg_ir_node){.kind = MG_IR_CONSTANT, .class = MG_CONSTANT_VALUE, .a = MG_NO_REF, .b = MG_NO_REF, .c = c});
}

mg_ref mg_ir_leaf(mg_ir *ir, mg_ir_kind kind, int32_t which) {
  mg_ir_class class = kind == MG_IR_INPUT ? MG_SAMPLE_VALUE : MG_UNIFORM_VALUE;
  return find_or_append(ir, (mg_ir_node){.kind = (uint8_t)kind, .class = (uint8_t)class, .a = which, .b = MG_NO_REF});
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
  return find_or_append(ir, (mg_ir_node){.kind = MG_IR_APPLY, .class = x->class, .op = (uint8_t)op,
                                         .function = (uint8_t)function, .a = a, .b = target, .c = c});
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
  if ((op == MG_OP_add || op == MG_OP_multiply) && a > b) {
    mg_ref other = a;
    a = b;
    b = other;
  }
  if (op == MG_OP_multiply && a == b) return mg_ir_apply(ir, MG_OP_square, 0, 0, MG_NO_REF, a);
  uint8_t class = x->class > y->class ? x->class : y->class;
  return find_or_append(ir, (mg_ir_node){.kind = MG_IR_APPLY, .class = class, .op = (uint8_t)op, .a = a, .b = b});
}

// MARK: Visiting

static void visit_list(const mg_ir *ir, int32_t first, int64_t count, mg_ref_visitor visit, void *context) {
  for (int64_t k = 0; k < count; k++)
    if (ir->refs[first + k] >= 0) visit(context, &ir->refs[first + k]);
}

void mg_ir_visit(const mg_ir *ir, mg_ref ref, mg_ref_visitor visit, void *context) {
  mg_ir_node *n = &ir->nodes[ref];
  switch ((mg_ir_kind)n->kind) {
  case MG_IR_CONSTANT:
  case MG_IR_PARAMETER:
  case MG_IR_INPUT: return;
  case MG_IR_APPLY:
    visit(context, &n->a);
    if (n->b >= 0) visit(context, &n->b);
    return;
  case MG_IR_DETACH:
  case MG_IR_OUTPUT:
  case MG_IR_INPUT_ADJOINT: visit(context, &n->a); return;
  case MG_IR_SUM: {
    mg_ir_sum *sum = &ir->sums[n->a];
    if (sum->start >= 0) visit(context, &sum->start);
    for (int64_t k = 0; k < sum->scaled_count; k++) {
      visit(context, &ir->scaled[sum->scaled + k].factor);
      visit(context, &ir->scaled[sum->scaled + k].x);
    }
    for (int64_t k = 0; k < sum->product_count; k++) {
      mg_ir_product *product = &ir->products[sum->products + k];
      if (product->factor >= 0) visit(context, &product->factor);
      visit(context, &product->left);
      visit(context, &product->right);
    }
    return;
  }
  case MG_IR_ROW: {
    const mg_ir_map *map = &ir->maps[n->a];
    visit_list(ir, map->x, map->inputs, visit, context);
    visit_list(ir, map->weights, (int64_t)map->inputs * map->outputs, visit, context);
    if (map->biases >= 0) visit_list(ir, map->biases, map->outputs, visit, context);
    return;
  }
  case MG_IR_COLUMN: {
    const mg_ir_map *map = &ir->maps[n->a];
    visit_list(ir, map->adjoints, map->outputs, visit, context);
    visit_list(ir, map->weights, (int64_t)map->inputs * map->outputs, visit, context);
    return;
  }
  case MG_IR_LOG_SUM_EXP:
  case MG_IR_SELECT:
  case MG_IR_PICK:
  case MG_IR_CUSTOM:
  case MG_IR_PARTIAL:
  case MG_IR_EXP_PARTIAL:
  case MG_IR_SELECT_PARTIAL:
  case MG_IR_PICK_PARTIAL:
  case MG_IR_PULLBACK: visit_list(ir, n->a, n->b, visit, context); return;
  }
}
