// Find sums: additions, subtractions and multiplications become long sums, and sums over the same values become matrices.
//
// In:     the ir that mg_lowering.c made, with its roots and guards.
// Out:    a new ir with sums and maps (matrices) in their place (mg_linear_emit.c); roots and guards refer to it.
// After:  an addition, a subtraction or a product is a sum or part of one. A sum is as long as possible: a value that is
//         used once, by an addition, is part of that sum. Values that nobody uses are gone.
// Cost:   linear in the terms, expected: rows of one matrix are found through a hash of their inputs.
//
// Terms are added in another order than they were recorded. A sum of zeros is -0 only if all terms are, in any order. But
// -(a + b) is -0 and -a - b is 0 if b = -a. So a sum that is subtracted stays a sum of its own.
//
// Example, two neurons with the parameters v0 … v5 on the inputs v6 and v7, before and after:
//   v8 = v0 * v6; v9 = v1 * v7                v9, v10 = rows 0 and 1 of the matrix
//   v10 = v8 + v9; v11 = v10 + v2                 [v0 v1; v3 v4] · [v6 v7] + [v2 v5]
//   v12 = v3 * v6; v13 = v4 * v7
//   v14 = v12 + v13; v15 = v14 + v5
//   v16 = relu v11; v17 = relu v15            v11 = relu v9; v12 = relu v10
//   v18 = v16 * v17                           v13 = v11 v12, a sum of one product
#include "mg_linear.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mg_arena.h"
#include "mg_ir_visit.h"

// MARK: Which values are part of another's sum

static bool is_multiple(const mg_ir_node *n) {
  if (n->kind != MG_IR_APPLY) return false;
  switch (n->op) {
  case MG_OP_multiply:
  case MG_OP_square:
  case MG_OP_negate: return true;
  case MG_OP_multiply_constant:
  case MG_OP_divide_by_constant: return mg_is_moderate(n->c);
  default: return false;
  }
}

static bool is_sum(const mg_ir_node *n) {
  if (n->kind == MG_IR_SUM) return true;
  if (n->kind != MG_IR_APPLY) return false;
  switch (n->op) {
  case MG_OP_add:
  case MG_OP_subtract:
  case MG_OP_add_constant:
  case MG_OP_subtract_from_constant: return true;
  default: return is_multiple(n);
  }
}

static bool is_part(const mg_finder *f, mg_ref ref) {
  const mg_ir_node *n = &f->old->nodes[ref];
  usage u = f->uses[ref];
  if (u.count != 1 || u.class != n->class) return false;
  return u.position == ADDED ? is_sum(n) : u.position == MULTIPLIED && is_multiple(n);
}

static inline void use(mg_finder *f, mg_ref ref, uint8_t position, uint8_t class) {
  f->uses[ref] = (usage){f->uses[ref].count + 1, position, class};
}

typedef struct {
  mg_finder *owner;
  uint8_t class;
} user;

static inline void use_as_is(void *context, mg_ref *operand) {
  user *u = context;
  use(u->owner, *operand, NOT_ADDED, u->class);
}

static void count_uses(mg_finder *f, const mg_path *path) {
  const mg_ir *old = f->old;
  for (int64_t k = 0; k < path->root_count; k++) f->uses[path->roots[k]].count += 2;
  for (int64_t k = 0; k < path->guard_count; k++) {
    f->uses[path->guards[k].left].count += 2;
    f->uses[path->guards[k].right].count += 2;
  }
  for (int64_t i = old->count - 1; i >= 0; i--) {
    if (f->uses[i].count == 0) continue;
    const mg_ir_node *n = &old->nodes[i];
    if (n->kind == MG_IR_SUM) {
      const mg_ir_sum *sum = &old->sums[n->a];
      for (int64_t k = 0; k < sum->scaled_count; k++) {
        const mg_ir_scaled *scaled = &old->scaled[sum->scaled + k];
        use(f, scaled->x, mg_is_number(old, scaled->factor, 1) ? ADDED : MULTIPLIED, n->class);
      }
      for (int64_t k = 0; k < sum->product_count; k++) {
        use(f, old->products[sum->products + k].left, NOT_ADDED, n->class);
        use(f, old->products[sum->products + k].right, NOT_ADDED, n->class);
      }
      continue;
    }
    // A softmax keeps all of its outputs, which follow it: the gradient asks for them.
    for (int64_t k = i + 1; n->kind == MG_IR_SOFTMAX && k < old->count && old->nodes[k].a == i; k++)
      if (f->uses[k].count == 0) use(f, (mg_ref)k, NOT_ADDED, n->class);
    if (!is_sum(n) || n->op == MG_OP_multiply || n->op == MG_OP_square) {
      user u = {f, n->class};
      mg_ir_visit(old, (mg_ref)i, use_as_is, &u);
      continue;
    }
    bool adds = n->op == MG_OP_add || n->op == MG_OP_subtract || n->op == MG_OP_add_constant;
    use(f, n->a, adds ? ADDED : MULTIPLIED, n->class);
    if (n->op == MG_OP_add || n->op == MG_OP_subtract) use(f, n->b, n->op == MG_OP_add ? ADDED : MULTIPLIED, n->class);
  }
}

// MARK: Collecting terms

static void push_term(mg_finder *f, mg_term t) {
  if (f->term_count == f->term_capacity) {
    int64_t capacity = 2 * f->term_capacity;
    mg_term *longer = mg_arena_grow(f->terms, f->term_capacity, capacity, sizeof *longer);
    if (!longer) {
      f->failed = true;
      f->term_count = 0;
    } else {
      f->terms = longer;
      f->term_capacity = capacity;
    }
  }
  f->terms[f->term_count++] = t;
}

static bool push(mg_finder *f, int64_t *depth, mg_ref ref, double factor) {
  if (*depth == f->stack_capacity) {
    pending *longer = mg_arena_grow(f->stack, f->stack_capacity, 2 * f->stack_capacity, sizeof *longer);
    if (!longer) {
      f->failed = true;
      return false;
    }
    f->stack = longer;
    f->stack_capacity *= 2;
  }
  f->stack[(*depth)++] = (pending){ref, factor};
  return true;
}

static void add_value(mg_finder *f, mg_draft *d, double factor, mg_ref x) {
  if (mg_is_constant(f->old, x)) d->start += factor * f->old->nodes[x].c;
  else push_term(f, (mg_term){factor, MG_NO_REF, x, MG_NO_REF});
}

static void add_product(mg_finder *f, mg_draft *d, double factor, mg_ref x, mg_ref y) {
  const mg_ir *old = f->old;
  if (mg_is_constant(old, x)) add_value(f, d, factor * old->nodes[x].c, y);
  else if (mg_is_constant(old, y)) add_value(f, d, factor * old->nodes[y].c, x);
  else if (mg_is_sample(old, x) == mg_is_sample(old, y)) push_term(f, (mg_term){factor, MG_NO_REF, x, y});
  else if (mg_is_sample(old, y)) push_term(f, (mg_term){factor, x, y, MG_NO_REF});
  else push_term(f, (mg_term){factor, y, x, MG_NO_REF});
}

static void collect_sum(mg_finder *f, mg_draft *d, const mg_ir_sum *sum, double factor, int64_t *depth) {
  const mg_ir *old = f->old;
  if (sum->start != MG_NO_REF) add_value(f, d, factor, sum->start);
  for (int64_t k = 0; k < sum->product_count; k++) {
    const mg_ir_product *product = &old->products[sum->products + k];
    add_product(f, d, factor, product->left, product->right);
  }
  for (int64_t k = sum->scaled_count - 1; k >= 0; k--) {
    const mg_ir_scaled *scaled = &old->scaled[sum->scaled + k];
    push(f, depth, scaled->x, factor * old->nodes[scaled->factor].c);
  }
}

static void collect(mg_finder *f, mg_ref root, mg_draft *d) {
  const mg_ir *old = f->old;
  int64_t depth = 0;
  for (pending p = {root, 1};; p = f->stack[--depth]) {
    // Down along first operands; the others wait.
    for (bool goes_on = true; goes_on;) {
      const mg_ir_node *n = &old->nodes[p.ref];
      if (p.ref != root && f->draft_of[p.ref] != PART) {
        add_value(f, d, p.factor, p.ref);
        break;
      }
      if (n->kind == MG_IR_SUM) {
        collect_sum(f, d, &old->sums[n->a], p.factor, &depth);
        break;
      }
      p.ref = n->a;
      switch (n->op) {
      case MG_OP_add: push(f, &depth, n->b, p.factor); break;
      case MG_OP_subtract: push(f, &depth, n->b, -p.factor); break;
      case MG_OP_negate: p.factor = -p.factor; break;
      case MG_OP_add_constant: d->start += p.factor * n->c; break;
      case MG_OP_subtract_from_constant:
        d->start += p.factor * n->c;
        p.factor = -p.factor;
        break;
      case MG_OP_multiply_constant: p.factor *= n->c; break;
      case MG_OP_divide_by_constant: p.factor /= n->c; break;
      default:
        add_product(f, d, p.factor, n->a, n->op == MG_OP_square ? n->a : n->b);
        goes_on = false;
      }
    }
    if (depth == 0 || f->failed) return;
  }
}

// A row begins with the terms that have weights.
static int32_t weighted_first(mg_finder *f, mg_draft *d) {
  int32_t weighted = 0, others = 0;
  mg_term *terms = f->terms + d->first;
  for (int32_t k = 0; k < d->count; k++) weighted += mg_is_weighted(&terms[k]);
  if (weighted == d->count || weighted == 0) return weighted;
  mg_arena_mark mark = mg_arena_begin();
  mg_term *sorted = mg_arena_take(d->count, sizeof *sorted);
  if (!sorted) {
    f->failed = true;
    return 0;
  }
  for (int32_t k = 0, w = 0; k < d->count; k++)
    if (mg_is_weighted(&terms[k])) sorted[w++] = terms[k];
    else sorted[weighted + others++] = terms[k];
  memcpy(terms, sorted, (size_t)d->count * sizeof *sorted);
  mg_arena_end(mark);
  return weighted;
}

// MARK: Rows of one matrix

static void join_group(mg_finder *f, int32_t index, int32_t inputs) {
  mg_draft *d = &f->drafts[index];
  const mg_term *terms = f->terms + d->first;
  uint64_t h = (uint64_t)inputs;
  for (int32_t k = 0; k < inputs; k++) h = (h ^ (uint64_t)terms[k].x) * 0x9e3779b97f4a7c15ull, h ^= h >> 29;
  uint64_t mask = (uint64_t)f->bucket_count - 1;
  for (h &= mask; f->buckets[h] >= 0; h = (h + 1) & mask) {
    mg_group *g = &f->groups[f->buckets[h]];
    const mg_term *others = f->terms + f->drafts[g->first_draft].first;
    bool is_same = g->inputs == inputs;
    for (int32_t k = 0; k < inputs && is_same; k++) is_same = terms[k].x == others[k].x;
    if (!is_same) continue;
    f->next_draft[g->last_draft] = index;
    g->last_draft = index;
    d->map = f->buckets[h];
    d->row = g->rows++;
    return;
  }
  d->map = f->buckets[h] = (int32_t)f->group_count;
  f->groups[f->group_count++] = (mg_group){inputs, 1, index, index, MG_NO_REF};
}

// Room for as many sums as there are. False: no memory.
static bool make_drafts(mg_finder *f) {
  int64_t count = 0;
  for (mg_ref i = 0; i < f->old->count; i++) {
    const mg_ir_node *n = &f->old->nodes[i];
    if (f->uses[i].count == 0) f->draft_of[i] = UNUSED;
    else if (n->class == MG_CONSTANT_VALUE || !is_sum(n)) f->draft_of[i] = NO_SUM;
    else if (is_part(f, i)) f->draft_of[i] = PART;
    else f->draft_of[i] = (int32_t)count++;
  }
  f->draft_count = count;
  f->bucket_count = 1;
  while (f->bucket_count < 2 * count + 2) f->bucket_count *= 2;
  f->drafts = mg_arena_take(count, sizeof *f->drafts);
  f->next_draft = mg_arena_take(count, sizeof *f->next_draft);
  f->groups = mg_arena_take(count, sizeof *f->groups);
  f->buckets = mg_arena_take(f->bucket_count, sizeof *f->buckets);
  if (!f->drafts || !f->next_draft || !f->groups || !f->buckets) return false;
  memset(f->buckets, 0xff, (size_t)f->bucket_count * sizeof *f->buckets);
  return true;
}

static void draft_sums(mg_finder *f) {
  for (int64_t i = 0; i < f->old->count && !f->failed; i++) {
    if (f->draft_of[i] < 0) continue;
    int32_t index = f->draft_of[i];
    mg_draft *d = &f->drafts[index];
    *d = (mg_draft){.start = -0.0, .first = (int32_t)f->term_count, .map = -1};
    collect(f, (mg_ref)i, d);
    d->count = (int32_t)f->term_count - d->first;
    f->next_draft[index] = -1;
    int32_t inputs = weighted_first(f, d);
    if (inputs >= 2 && !f->failed) join_group(f, index, inputs);
  }
}

// MARK: All

bool mg_path_find_sums(mg_path *path) {
  const mg_ir *old = path->ir;
  int64_t count = old->count;
  mg_finder f = {.old = old, .term_capacity = 2 * count + 64, .stack_capacity = 256};
  f.ir = mg_ir_create(count / 4);
  f.uses = mg_arena_take_zeroed(count, sizeof *f.uses);
  f.draft_of = mg_arena_take(count, sizeof *f.draft_of);
  f.refs = mg_arena_take(count, sizeof *f.refs);
  f.terms = mg_arena_take(f.term_capacity, sizeof *f.terms);
  f.stack = mg_arena_take(f.stack_capacity, sizeof *f.stack);
  bool is_done = f.ir && f.uses && f.draft_of && f.refs && f.terms && f.stack;
  if (is_done) {
    count_uses(&f, path);
    is_done = make_drafts(&f);
  }
  if (is_done) {
    draft_sums(&f);
    int32_t longest = 1;
    for (int64_t k = 0; k < f.draft_count; k++)
      if (f.drafts[k].count > longest) longest = f.drafts[k].count;
    f.scratch = mg_arena_take(longest, sizeof *f.scratch);
    if (!f.scratch) f.failed = true;
    mg_emit_class(&f, false);
    mg_emit_class(&f, true);
    is_done = !f.failed && !f.ir->failed;
  }
  if (is_done) {
    for (int64_t k = 0; k < path->root_count; k++) path->roots[k] = f.refs[path->roots[k]];
    for (int64_t k = 0; k < path->guard_count; k++) {
      path->guards[k].left = f.refs[path->guards[k].left];
      path->guards[k].right = f.refs[path->guards[k].right];
    }
    for (int64_t k = 0; k < old->custom_count; k++) mg_ir_append_custom(f.ir, old->customs[k]);
    mg_ir_free(path->ir);
    path->ir = f.ir;
  } else {
    mg_ir_free(f.ir);
  }
  return is_done;
}
