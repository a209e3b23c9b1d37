// Sums of products: additions, subtractions and multiplications, as they were recorded one by one or many at once, become
// sums; sums over one list of values with weights that do not depend on the sample become the rows of a matrix.
//
// Whatever is used once, by an addition, is part of the sum that the addition belongs to; so a sum is as long as can be.
// Its terms are added in another order than they were recorded.
#include <math.h>
#include <string.h>

#include "mg_arena.h"
#include "mg_ir_visit.h"

// What a term stands for: factor * u * x, where x depends on the sample and u does not, or factor * x * y for two values
// that both do, or neither.
typedef struct {
  double factor;
  mg_ref u, x, y;
} term;

// A sum: its terms are those from `first` on.
typedef struct {
  double start;
  int32_t first, count;
  int32_t map;  // of which its first terms, those with a u, are a row; -1 for none
  int32_t row;
} draft;

// Rows of one map, in the order in which their sums were met.
typedef struct {
  int32_t inputs, rows, first_draft, last_draft;
  mg_ref emitted;  // the first of the new ir's rows, once they are there
} group;

typedef struct {
  mg_ref ref;
  double factor;
} pending;

enum { NOT_ADDED, ADDED, MULTIPLIED };
enum { NO_SUM = -1, PART = -2, UNUSED = -3 };  // a value of another kind; part of another's sum; nobody wants it

// How a value is used, and the last use.
typedef struct {
  int32_t count;
  uint8_t position, class;  // the latter of the user
} usage;

typedef struct {
  const mg_ir *old;
  mg_ir *ir;
  usage *uses;        // by old value
  int32_t *draft_of;  // by old value: its sum, or one of the below
  mg_ref *refs;       // the new of each old value
  term *terms;
  draft *drafts;
  int32_t *next_draft;  // of the same group
  group *groups;
  int32_t *buckets;
  pending *stack;
  mg_ref *scratch;
  int64_t term_count, term_capacity, draft_count, group_count, bucket_count, stack_capacity;
  bool failed;
} finder;

// MARK: Which values are part of another's sum

static bool is_multiple(const mg_ir_node *n) {
  if (n->kind != MG_IR_APPLY) return false;
  switch (n->op) {
  case MG_OP_multiply:
  case MG_OP_square:
  case MG_OP_negate: return true;
  case MG_OP_multiply_constant:
  case MG_OP_divide_by_constant: return fabs(n->c) >= 0x1p-64 && fabs(n->c) <= 0x1p64;  // lest their products overflow
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

static bool is_part(const finder *f, mg_ref ref) {
  const mg_ir_node *n = &f->old->nodes[ref];
  usage u = f->uses[ref];
  if (u.count != 1 || u.class != n->class) return false;
  return u.position == ADDED ? is_sum(n) : u.position == MULTIPLIED && is_multiple(n);
}

static inline void use(finder *f, mg_ref ref, uint8_t position, uint8_t class) {
  f->uses[ref] = (usage){f->uses[ref].count + 1, position, class};
}

typedef struct {
  finder *finder;
  uint8_t class;
} user;

static inline void use_as_is(void *context, mg_ref *operand) {
  user *u = context;
  use(u->finder, *operand, NOT_ADDED, u->class);
}

static void count_uses(finder *f, const mg_trace *trace) {
  const mg_ir *old = f->old;
  for (int64_t k = 0; k < trace->root_count; k++) f->uses[trace->roots[k]].count += 2;
  for (int64_t k = 0; k < trace->guard_count; k++) {
    f->uses[trace->guards[k].left].count += 2;
    f->uses[trace->guards[k].right].count += 2;
  }
  for (int64_t i = old->count - 1; i >= 0; i--) {
    if (f->uses[i].count == 0) continue;
    const mg_ir_node *n = &old->nodes[i];
    if (n->kind == MG_IR_SUM) {
      const mg_ir_sum *sum = &old->sums[n->a];
      for (int64_t k = 0; k < sum->scaled_count; k++) {
        const mg_ir_scaled *scaled = &old->scaled[sum->scaled + k];
        double factor = old->nodes[scaled->factor].c;
        use(f, scaled->x, factor == 1 || factor == -1 ? ADDED : MULTIPLIED, n->class);
      }
      for (int64_t k = 0; k < sum->product_count; k++) {
        use(f, old->products[sum->products + k].left, NOT_ADDED, n->class);
        use(f, old->products[sum->products + k].right, NOT_ADDED, n->class);
      }
      continue;
    }
    if (!is_sum(n) || n->op == MG_OP_multiply || n->op == MG_OP_square) {
      user u = {f, n->class};
      mg_ir_visit(old, (mg_ref)i, use_as_is, &u);
      continue;
    }
    bool multiplies = n->op == MG_OP_multiply_constant || n->op == MG_OP_divide_by_constant;
    use(f, n->a, multiplies ? MULTIPLIED : ADDED, n->class);
    if (n->op == MG_OP_add || n->op == MG_OP_subtract) use(f, n->b, ADDED, n->class);
  }
}

// MARK: Collecting terms

static void push_term(finder *f, term t) {
  if (f->term_count == f->term_capacity) {
    int64_t capacity = 2 * f->term_capacity;
    term *longer = mg_arena_grow(f->terms, f->term_capacity, capacity, sizeof *longer);
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

static bool push(finder *f, int64_t *depth, mg_ref ref, double factor) {
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

static void add_value(finder *f, draft *d, double factor, mg_ref x) {
  if (mg_is_constant(f->old, x)) d->start += factor * f->old->nodes[x].c;
  else push_term(f, (term){factor, MG_NO_REF, x, MG_NO_REF});
}

static void add_product(finder *f, draft *d, double factor, mg_ref x, mg_ref y) {
  const mg_ir *old = f->old;
  if (mg_is_constant(old, x)) add_value(f, d, factor * old->nodes[x].c, y);
  else if (mg_is_constant(old, y)) add_value(f, d, factor * old->nodes[y].c, x);
  else if (mg_is_sample(old, x) == mg_is_sample(old, y)) push_term(f, (term){factor, MG_NO_REF, x, y});
  else if (mg_is_sample(old, y)) push_term(f, (term){factor, x, y, MG_NO_REF});
  else push_term(f, (term){factor, y, x, MG_NO_REF});
}

static void collect_sum(finder *f, draft *d, const mg_ir_sum *sum, double factor, int64_t *depth) {
  const mg_ir *old = f->old;
  for (int64_t k = 0; k < sum->product_count; k++) {
    const mg_ir_product *product = &old->products[sum->products + k];
    add_product(f, d, factor, product->left, product->right);
  }
  for (int64_t k = sum->scaled_count - 1; k >= 0; k--) {
    const mg_ir_scaled *scaled = &old->scaled[sum->scaled + k];
    push(f, depth, scaled->x, factor * old->nodes[scaled->factor].c);
  }
}

static void collect(finder *f, mg_ref root, draft *d) {
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

static bool is_weighted(const term *t) { return t->u != MG_NO_REF; }

// A row begins with the terms that have weights.
static int32_t weighted_first(finder *f, draft *d) {
  int32_t weighted = 0, others = 0;
  term *terms = f->terms + d->first;
  for (int32_t k = 0; k < d->count; k++) weighted += is_weighted(&terms[k]);
  if (weighted == d->count || weighted == 0) return weighted;
  mg_arena_mark mark = mg_arena_begin();
  term *sorted = mg_arena_take(d->count, sizeof *sorted);
  if (!sorted) {
    f->failed = true;
    return 0;
  }
  for (int32_t k = 0, w = 0; k < d->count; k++)
    if (is_weighted(&terms[k])) sorted[w++] = terms[k];
    else sorted[weighted + others++] = terms[k];
  memcpy(terms, sorted, (size_t)d->count * sizeof *sorted);
  mg_arena_end(mark);
  return weighted;
}

// MARK: Rows of one matrix

static void join_group(finder *f, int32_t index, int32_t inputs) {
  draft *d = &f->drafts[index];
  const term *terms = f->terms + d->first;
  uint64_t h = (uint64_t)inputs;
  for (int32_t k = 0; k < inputs; k++) h = (h ^ (uint64_t)terms[k].x) * 0x9e3779b97f4a7c15ull, h ^= h >> 29;
  uint64_t mask = (uint64_t)f->bucket_count - 1;
  for (h &= mask; f->buckets[h] >= 0; h = (h + 1) & mask) {
    group *g = &f->groups[f->buckets[h]];
    const term *others = f->terms + f->drafts[g->first_draft].first;
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
  f->groups[f->group_count++] = (group){inputs, 1, index, index, MG_NO_REF};
}

// A matrix is worth its instruction from two rows of two weights on, or one of four.
static bool is_map(const finder *f, const draft *d) {
  if (d->map < 0) return false;
  const group *g = &f->groups[d->map];
  return g->inputs >= 4 || g->rows >= 2;
}

// Room for as many sums as there are. False: no memory.
static bool make_drafts(finder *f) {
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

static void draft_sums(finder *f) {
  for (int64_t i = 0; i < f->old->count && !f->failed; i++) {
    if (f->draft_of[i] < 0) continue;
    int32_t index = f->draft_of[i];
    draft *d = &f->drafts[index];
    *d = (draft){.start = 0, .first = (int32_t)f->term_count, .map = -1};
    collect(f, (mg_ref)i, d);
    d->count = (int32_t)f->term_count - d->first;
    f->next_draft[index] = -1;
    int32_t inputs = weighted_first(f, d);
    if (inputs >= 2 && !f->failed) join_group(f, index, inputs);
  }
}

// MARK: The new values

static mg_ref uniform_multiple(finder *f, double factor, mg_ref u) {
  return factor == 1 ? u : mg_ir_apply(f->ir, MG_OP_multiply_constant, 0, factor, MG_NO_REF, u);
}

static mg_ref product_factor(finder *f, double factor) {
  return factor == 1 ? MG_PLUS : factor == -1 ? MG_MINUS : mg_ir_constant(f->ir, factor);
}

// The part of a sum that does not depend on the sample; MG_NO_REF where there is none.
static mg_ref uniform_part(finder *f, const draft *d, int32_t first) {
  mg_ir *ir = f->ir;
  const term *terms = f->terms + d->first;
  mg_ir_sum sum = {MG_NO_REF, (int32_t)ir->scaled_count, 0, (int32_t)ir->product_count, 0};
  mg_ref only = MG_NO_REF;
  for (int32_t k = first; k < d->count; k++) {
    if (mg_is_sample(f->old, terms[k].x)) continue;
    mg_ref x = f->refs[terms[k].x];
    if (terms[k].y != MG_NO_REF) {
      mg_ir_append_product(ir, product_factor(f, terms[k].factor), x, f->refs[terms[k].y]);
      sum.product_count++;
      continue;
    }
    if (terms[k].factor == 1) only = x;
    mg_ir_append_scaled(ir, mg_ir_constant(ir, terms[k].factor), x);
    sum.scaled_count++;
  }
  if (sum.scaled_count + sum.product_count == 0) return d->start == 0 ? MG_NO_REF : mg_ir_constant(ir, d->start);
  if (sum.scaled_count == 1 && sum.product_count == 0 && d->start == 0 && only != MG_NO_REF) {
    ir->scaled_count--;
    return only;
  }
  if (d->start != 0) sum.start = mg_ir_constant(ir, d->start);
  return mg_ir_append_sum(ir, sum, MG_UNIFORM_VALUE);
}

static void emit_map(finder *f, group *g) {
  mg_ir *ir = f->ir;
  int64_t weights = (int64_t)g->inputs * g->rows;
  mg_ref *refs = mg_arena_take(weights + g->inputs + g->rows, sizeof *refs);
  if (!refs) {
    f->failed = true;
    return;
  }
  mg_ref *x = refs + weights, *biases = x + g->inputs;
  for (int32_t k = 0; k < g->inputs; k++) x[k] = f->refs[f->terms[f->drafts[g->first_draft].first + k].x];
  bool has_biases = false;
  int32_t row = 0;
  for (int32_t index = g->first_draft; index >= 0; index = f->next_draft[index], row++) {
    const draft *d = &f->drafts[index];
    const term *terms = f->terms + d->first;
    for (int32_t k = 0; k < g->inputs; k++)
      refs[row * g->inputs + k] = uniform_multiple(f, terms[k].factor, f->refs[terms[k].u]);
    biases[row] = uniform_part(f, d, g->inputs);
    has_biases = has_biases || biases[row] != MG_NO_REF;
  }
  for (int32_t k = 0; k < g->rows; k++)
    if (has_biases && biases[k] == MG_NO_REF) biases[k] = mg_ir_constant(ir, 0);
  mg_ir_map map = {.inputs = g->inputs, .outputs = g->rows, .biases = MG_NO_REF, .adjoints = MG_NO_REF};
  map.weights = mg_ir_append_refs(ir, refs, weights);
  map.x = mg_ir_append_refs(ir, x, g->inputs);
  if (has_biases) map.biases = mg_ir_append_refs(ir, biases, g->rows);
  map.family = (int32_t)ir->map_count;
  for (int64_t k = 0; k < ir->map_count; k++) {
    const mg_ir_map *other = &ir->maps[k];
    if (other->inputs != map.inputs || other->outputs != map.outputs || (other->biases < 0) != !has_biases) continue;
    if (memcmp(refs, ir->refs + other->weights, (size_t)weights * sizeof *refs)) continue;
    if (has_biases && memcmp(biases, ir->refs + other->biases, (size_t)g->rows * sizeof *refs)) continue;
    map.family = other->family;
    break;
  }
  int32_t which = mg_ir_append_map(ir, map);
  for (int32_t k = 0; k < g->rows; k++) {
    mg_ir_node node = {.kind = MG_IR_ROW, .class = MG_SAMPLE_VALUE, .a = which, .b = k};
    refs[k] = mg_ir_append(ir, node);
  }
  g->emitted = refs[0];
  ir->maps[which].rows = mg_ir_append_refs(ir, refs, g->rows);
}

static mg_ref emit_sum(finder *f, const draft *d, mg_ir_class class) {
  mg_ir *ir = f->ir;
  const term *terms = f->terms + d->first;
  bool in_map = class == MG_SAMPLE_VALUE && is_map(f, d);
  mg_ref row = MG_NO_REF, start = MG_NO_REF;
  int32_t first = 0;
  if (in_map) {
    group *g = &f->groups[d->map];
    if (g->emitted == MG_NO_REF) emit_map(f, g);
    if (f->failed) return 0;
    row = g->emitted + d->row;
    first = g->inputs;
  } else if (class == MG_SAMPLE_VALUE) {
    start = uniform_part(f, d, 0);
  } else if (d->start != 0) {
    start = mg_ir_constant(ir, d->start);
  }
  // Uniform multiples first: they are values of their own, while a sum's terms must follow one another.
  for (int32_t k = first; k < d->count; k++)
    if (is_weighted(&terms[k])) f->scratch[k - first] = uniform_multiple(f, terms[k].factor, f->refs[terms[k].u]);
  mg_ir_sum sum = {start, (int32_t)ir->scaled_count, 0, (int32_t)ir->product_count, 0};
  if (row != MG_NO_REF) {
    mg_ir_append_scaled(ir, mg_ir_constant(ir, 1), row);
    sum.scaled_count++;
  }
  for (int32_t k = first; k < d->count; k++) {
    const term *t = &terms[k];
    mg_ref x = f->refs[t->x];
    if (class == MG_SAMPLE_VALUE && !mg_is_sample(f->old, t->x)) continue;  // in the start, or the map's biases
    if (t->y != MG_NO_REF) {
      mg_ir_append_product(ir, product_factor(f, t->factor), x, f->refs[t->y]);
      sum.product_count++;
    } else if (is_weighted(t)) {
      mg_ir_append_scaled(ir, f->scratch[k - first], x);
      sum.scaled_count++;
    } else {
      mg_ir_append_scaled(ir, mg_ir_constant(ir, t->factor), x);
      sum.scaled_count++;
    }
  }
  bool is_single = sum.scaled_count == 1 && sum.product_count == 0 && sum.start == MG_NO_REF;
  if (is_single && mg_is_number(ir, ir->scaled[sum.scaled].factor, 1)) {
    mg_ref only = ir->scaled[sum.scaled].x;
    ir->scaled_count--;
    return only;
  }
  if (sum.scaled_count == 0 && sum.product_count == 0) return mg_ir_constant(ir, d->start);
  return mg_ir_append_sum(ir, sum, class);
}

static mg_ref emit(finder *f, mg_ref old_ref) {
  mg_ir *ir = f->ir;
  mg_ir_node n = f->old->nodes[old_ref];
  switch ((mg_ir_kind)n.kind) {
  case MG_IR_CONSTANT: return mg_ir_constant(ir, n.c);
  case MG_IR_PARAMETER: return mg_ir_append(ir, n);  // each is there once
  case MG_IR_INPUT: return mg_ir_leaf(ir, MG_IR_INPUT, n.a);
  case MG_IR_APPLY:
    if (mg_op_is_binary((mg_op)n.op)) return mg_ir_binary(ir, (mg_op)n.op, f->refs[n.a], f->refs[n.b]);
    return mg_ir_apply(
      ir, (mg_op)n.op, (mg_function)n.function, n.c, n.b < 0 ? MG_NO_REF : f->refs[n.b], f->refs[n.a]);
  case MG_IR_OUTPUT:
  case MG_IR_DETACH: n.a = f->refs[n.a]; return mg_ir_append(ir, n);
  default: break;
  }
  const mg_ref *list = f->old->refs + n.a;
  int32_t start = (int32_t)ir->ref_count;
  for (int32_t k = 0; k < n.b; k++) mg_ir_append_refs(ir, &f->refs[list[k]], 1);
  n.a = start;
  return mg_ir_append(ir, n);
}

static void emit_class(finder *f, bool samples) {
  const mg_ir *old = f->old;
  for (int64_t i = 0; i < old->count && !f->failed && !f->ir->failed; i++) {
    if (f->draft_of[i] <= PART || (old->nodes[i].class == MG_SAMPLE_VALUE) != samples) continue;
    f->refs[i] = f->draft_of[i] >= 0 ? emit_sum(f, &f->drafts[f->draft_of[i]], mg_class_of(old, (mg_ref)i))
                                     : emit(f, (mg_ref)i);
  }
}

bool mg_trace_find_sums(mg_trace *trace) {
  const mg_ir *old = trace->ir;
  int64_t count = old->count;
  finder f = {.old = old, .term_capacity = 2 * count + 64, .stack_capacity = 256};
  f.ir = mg_ir_create(count / 4);
  f.uses = mg_arena_take_zeroed(count, sizeof *f.uses);
  f.draft_of = mg_arena_take(count, sizeof *f.draft_of);
  f.refs = mg_arena_take(count, sizeof *f.refs);
  f.terms = mg_arena_take(f.term_capacity, sizeof *f.terms);
  f.stack = mg_arena_take(f.stack_capacity, sizeof *f.stack);
  bool is_done = f.ir && f.uses && f.draft_of && f.refs && f.terms && f.stack;
  if (is_done) {
    count_uses(&f, trace);
    is_done = make_drafts(&f);
  }
  if (is_done) {
    draft_sums(&f);
    int32_t longest = 1;
    for (int64_t k = 0; k < f.draft_count; k++)
      if (f.drafts[k].count > longest) longest = f.drafts[k].count;
    f.scratch = mg_arena_take(longest, sizeof *f.scratch);
    if (!f.scratch) f.failed = true;
    emit_class(&f, false);
    emit_class(&f, true);
    is_done = !f.failed && !f.ir->failed;
  }
  if (is_done) {
    for (int64_t k = 0; k < trace->root_count; k++) trace->roots[k] = f.refs[trace->roots[k]];
    for (int64_t k = 0; k < trace->guard_count; k++) {
      trace->guards[k].left = f.refs[trace->guards[k].left];
      trace->guards[k].right = f.refs[trace->guards[k].right];
    }
    for (int64_t k = 0; k < old->custom_count; k++) mg_ir_append_custom(f.ir, old->customs[k]);
    mg_ir_free(trace->ir);
    trace->ir = f.ir;
  } else {
    mg_ir_free(f.ir);
  }
  return is_done;
}
