// Reverse: appends the reverse sweep to the ir as values, so that a gradient is a program like any other.
//
// In:     an ir, roots, and by what their gradients are wanted: parameters, inputs, or both.
// Out:    the same ir with adjoints appended; for each root the adjoint of each input; totals, which are additions over all
//         samples to the adjoints of uniform values.
// After:  an adjoint is a sum of what the users of a value contribute. Values whose adjoint nobody needs have none. An
//         adjoint that a choice (relu, select, max) can make zero is marked: zero times infinity must not give NaN there.
// Cost:   linear in the values and operands, for each root. A custom op goes over all values after it to find its outputs.
//
// Example, the gradient of v5 = (v0 v1 - v2)² by the parameter v0 and the inputs v1 and v2:
//   v4 = v0 v1 - v2                           v9 = 2 v4            adjoint of v4 (v6 to v8 are constants)
//   v5 = v4 v4, the root: its adjoint is 1    v10 = -v9            adjoint of v2, an input
//                                             v11 = v0 v9          adjoint of v1, an input
//                                             total v1 * v9 to v0  the gradient of the parameter, if it is wanted
#include <string.h>

#include "mg_arena.h"
#include "mg_ir_visit.h"
#include "mg_lane_ops.h"
#include "mg_op_facts.h"

// What one use adds to an adjoint: factor * row, factor * left * right, or (row MG_NO_REF) the factor alone, which does not
// depend on the sample.
typedef struct {
  int32_t next;
  mg_ref factor, left, right;
} contribution;

typedef struct {
  mg_ir *ir;
  int32_t *heads;  // by value: its last contribution
  uint8_t *needed;
  contribution *all;
  int64_t count, capacity;
  mg_ref *scratch;
  mg_ref one;
  bool failed;
} reversal;

// MARK: Contributions

static void contribute(reversal *r, mg_ref to, mg_ref factor, mg_ref left, mg_ref right) {
  if (r->count == r->capacity) {
    contribution *longer = mg_arena_grow(r->all, r->capacity, 2 * r->capacity, sizeof *longer);
    if (!longer) {
      r->failed = true;
      return;
    }
    r->all = longer;
    r->capacity *= 2;
  }
  r->all[r->count] = (contribution){r->heads[to], factor, left, right};
  r->heads[to] = (int32_t)r->count++;
}

static bool is_wanted(const reversal *r, mg_ref ref) { return r->needed[ref]; }

static mg_ref times(reversal *r, mg_ref u, mg_ref v) { return mg_ir_binary(r->ir, MG_OP_multiply, u, v); }

// The product of a sum's factor with a value that does not depend on the sample.
static mg_ref signed_times(reversal *r, mg_ref factor, mg_ref u) {
  if (factor == MG_PLUS) return u;
  return factor == MG_MINUS ? mg_ir_apply(r->ir, MG_OP_multiply_constant, 0, -1, MG_NO_REF, u) : times(r, factor, u);
}

static mg_ref append_adjoint(reversal *r, mg_ir_sum sum) {
  mg_ref result = mg_ir_append_sum(r->ir, sum, MG_SAMPLE_VALUE);
  r->ir->nodes[result].operand = 1;
  return result;
}

// The adjoint of a value, or MG_NO_REF where nothing contributes.
static mg_ref adjoint_of(reversal *r, mg_ref ref) {
  mg_ir *ir = r->ir;
  int32_t scaled = 0, products = 0, uniform = 0;
  bool vanishes = true;
  for (int32_t k = r->heads[ref]; k >= 0; k = r->all[k].next) {
    const contribution *c = &r->all[k];
    if (c->right != MG_NO_REF) products++;
    else if (c->left != MG_NO_REF) scaled++;
    else uniform++;
    vanishes = vanishes && c->left != MG_NO_REF && c->right == MG_NO_REF && ir->nodes[c->left].may_vanish;
  }
  if (scaled + products + uniform == 0) return MG_NO_REF;
  mg_ref start = MG_NO_REF;
  if (uniform > 0) {
    for (int32_t k = r->heads[ref]; k >= 0; k = r->all[k].next) {
      const contribution *c = &r->all[k];
      if (c->left == MG_NO_REF) start = start == MG_NO_REF ? c->factor : mg_ir_binary(ir, MG_OP_add, start, c->factor);
    }
    if (scaled + products == 0) return start;
  }
  mg_ir_sum sum = {start, (int32_t)ir->scaled_count, scaled, (int32_t)ir->product_count, products};
  const contribution *only = &r->all[r->heads[ref]];
  if (scaled == 1 && products + uniform == 0 && mg_is_number(ir, only->factor, 1)) return only->left;
  for (int32_t k = r->heads[ref]; k >= 0; k = r->all[k].next) {
    const contribution *c = &r->all[k];
    if (c->right != MG_NO_REF) mg_ir_append_product(ir, c->factor, c->left, c->right);
    else if (c->left != MG_NO_REF) mg_ir_append_scaled(ir, c->factor, c->left);
  }
  mg_ref result = append_adjoint(r, sum);
  ir->nodes[result].may_vanish = vanishes;
  return result;
}

// MARK: Rules

static mg_ref append_list(reversal *r, mg_ir_kind kind, const mg_ref *list, int32_t count) {
  mg_ir_node node = {.kind = (uint8_t)kind, .class = MG_SAMPLE_VALUE, .a = mg_ir_append_refs(r->ir, list, count), .b = count};
  return mg_ir_append(r->ir, node);
}

// What d contributes to one operand of an op, by the table.
static mg_ref partial(reversal *r, mg_op op, mg_function function, double c, mg_ref target, int operand, mg_ref d,
                      mg_ref x, mg_ref y, mg_ref v) {
  mg_lane_op lane_op = {op, function, c, 0};
  unsigned reads = mg_lanes_partial_reads(&lane_op, operand);
  mg_ref list[] = {d, reads & 1 ? x : MG_NO_REF, reads & 2 ? y : MG_NO_REF, reads & 4 ? v : MG_NO_REF, target};
  mg_ref result = append_list(r, MG_IR_PARTIAL, list, 5);
  mg_ir_node *n = &r->ir->nodes[result];
  n->op = (uint8_t)op;
  n->function = (uint8_t)function;
  n->operand = (uint8_t)operand;
  n->c = c;
  n->may_vanish = mg_op_chooses(op, function) || r->ir->nodes[d].may_vanish;
  return result;
}

static void total(reversal *r, mg_total_kind kind, mg_ref to, mg_ref left, mg_ref right) {
  mg_ir_append_total(r->ir, (mg_ir_total){kind, to, left, right});
}

// Adds the row, or what does not depend on the sample, to an adjoint.
static void pass(reversal *r, mg_ref to, mg_ref d) {
  if (!is_wanted(r, to)) return;
  if (mg_is_sample(r->ir, to)) {
    if (mg_is_sample(r->ir, d)) contribute(r, to, r->one, d, MG_NO_REF);
    else contribute(r, to, d, MG_NO_REF, MG_NO_REF);
  } else {
    total(r, mg_is_sample(r->ir, d) ? MG_TOTAL_ROW : MG_TOTAL_UNIFORM, to, d, MG_NO_REF);
  }
}

// Adds x * d to the adjoint of a value that does not depend on the sample.
static void total_product(reversal *r, mg_ref to, mg_ref x, mg_ref d) {
  mg_ir *ir = r->ir;
  bool is_row = mg_is_sample(ir, d);
  if (is_row && !ir->nodes[d].may_vanish) {
    total(r, MG_TOTAL_PRODUCT, to, x, d);
  } else if (is_row) {
    total(r, MG_TOTAL_ROW, to, partial(r, MG_OP_multiply, 0, 0, MG_NO_REF, 0, d, MG_NO_REF, x, MG_NO_REF), MG_NO_REF);
  } else {
    mg_ir_sum sum = {MG_NO_REF, mg_ir_append_scaled(ir, d, x), 1, (int32_t)ir->product_count, 0};
    total(r, MG_TOTAL_ROW, to, append_adjoint(r, sum), MG_NO_REF);
  }
}

// Adds factor * d * other, for factors as in a sum's products, to a value of the sample.
static void pass_product(reversal *r, mg_ref to, mg_ref factor, mg_ref d, mg_ref other) {
  if (!is_wanted(r, to)) return;
  mg_ir *ir = r->ir;
  if (!mg_is_sample(ir, d)) {
    contribute(r, to, signed_times(r, factor, d), other, MG_NO_REF);
  } else if (ir->nodes[d].may_vanish) {
    mg_ref product = partial(r, MG_OP_multiply, 0, 0, MG_NO_REF, 0, d, MG_NO_REF, other, MG_NO_REF);
    contribute(r, to, signed_times(r, factor, r->one), product, MG_NO_REF);
  } else {
    contribute(r, to, factor, d, other);
  }
}

// Adds d * slope to a term of a list, which may depend on the sample or not.
static void pass_to_term(reversal *r, mg_ref to, mg_ref d, mg_ref slope) {
  if (mg_is_sample(r->ir, to)) pass_product(r, to, MG_PLUS, d, slope);
  else if (is_wanted(r, to)) total_product(r, to, slope, d);
}

// Adds factor * d to a value of the sample, and x * d to the factor.
static void pass_scaled(reversal *r, mg_ref factor, mg_ref x, mg_ref d) {
  if (is_wanted(r, x)) {
    if (mg_is_sample(r->ir, d)) contribute(r, x, factor, d, MG_NO_REF);
    else contribute(r, x, times(r, factor, d), MG_NO_REF, MG_NO_REF);
  }
  if (is_wanted(r, factor)) total_product(r, factor, x, d);
}

static void reverse_sum(reversal *r, const mg_ir_sum *of, mg_ref d) {
  mg_ir *ir = r->ir;
  mg_ir_sum sum = *of;
  if (sum.start >= 0) pass(r, sum.start, d);
  for (int32_t k = sum.scaled; k < sum.scaled + sum.scaled_count; k++)
    pass_scaled(r, ir->scaled[k].factor, ir->scaled[k].x, d);
  for (int32_t k = sum.products; k < sum.products + sum.product_count; k++) {
    mg_ir_product p = ir->products[k];
    if (p.left == p.right) {
      pass_product(r, p.left, mg_ir_constant(ir, 2 * mg_factor_number(ir, p.factor)), d, p.left);
      continue;
    }
    pass_product(r, p.left, p.factor, d, p.right);
    pass_product(r, p.right, p.factor, d, p.left);
  }
}

static void reverse_apply(reversal *r, mg_ref ref, mg_ref d) {
  mg_ir *ir = r->ir;
  mg_ir_node n = ir->nodes[ref];
  mg_op op = (mg_op)n.op;
  bool vanishes = mg_is_sample(ir, d) && ir->nodes[d].may_vanish;
  if (op == MG_OP_function && n.function == MG_FUNCTION_exponential && !vanishes) {
    pass_product(r, n.a, MG_PLUS, d, ref);
  } else if (mg_op_is_binary(op)) {
    if (is_wanted(r, n.a)) pass(r, n.a, partial(r, op, 0, 0, MG_NO_REF, 0, d, n.a, n.b, ref));
    if (is_wanted(r, n.b)) pass(r, n.b, partial(r, op, 0, 0, MG_NO_REF, 1, d, n.a, n.b, ref));
  } else if (is_wanted(r, n.a)) {
    pass(r, n.a, partial(r, op, (mg_function)n.function, n.c, n.b, 0, d, n.a, MG_NO_REF, ref));
  }
}

// Whether the gradient by a map's weights or biases is wanted.
static bool trains(const reversal *r, const mg_ir_map *map) {
  const mg_ref *weights = r->ir->refs + map->weights, *biases = r->ir->refs + map->biases;
  for (int64_t k = 0; k < (int64_t)map->inputs * map->outputs; k++)
    if (is_wanted(r, weights[k])) return true;
  for (int32_t k = 0; k < map->outputs && map->biases >= 0; k++)
    if (is_wanted(r, biases[k])) return true;
  return false;
}

static void reverse_map(reversal *r, int32_t which) {
  mg_ir *ir = r->ir;
  mg_ir_map map = ir->maps[which];
  bool any = false;
  for (int32_t k = 0; k < map.outputs; k++) {
    mg_ref d = adjoint_of(r, ir->refs[map.rows + k]);
    any = any || d != MG_NO_REF;
    r->scratch[k] = d == MG_NO_REF ? mg_ir_constant(ir, 0) : d;
  }
  if (!any) return;
  bool is_of_another_root = map.adjoints != MG_NO_REF;
  map.adjoints = mg_ir_append_refs(ir, r->scratch, map.outputs);
  if (is_of_another_root) which = mg_ir_append_map(ir, map);
  else ir->maps[which].adjoints = map.adjoints;
  if (trains(r, &map)) total(r, MG_TOTAL_MAP, MG_NO_REF, which, MG_NO_REF);
  for (int32_t k = 0; k < map.inputs; k++) {
    mg_ref x = ir->refs[map.x + k];
    if (!is_wanted(r, x)) continue;
    mg_ref column = mg_ir_append(
      ir, (mg_ir_node){.kind = MG_IR_COLUMN, .class = MG_SAMPLE_VALUE, .a = which, .b = k});
    contribute(r, x, r->one, column, MG_NO_REF);
  }
}

static void reverse_list(reversal *r, mg_ref ref, mg_ref d) {
  mg_ir *ir = r->ir;
  mg_ir_node n = ir->nodes[ref];
  if (n.kind == MG_IR_NORM) {  // x / norm
    mg_ref share = mg_ir_binary(ir, MG_OP_divide, d, ref);
    ir->nodes[share].may_vanish = mg_is_sample(ir, d) && ir->nodes[d].may_vanish;
    for (int32_t k = 0; k < n.b; k++) pass_to_term(r, ir->refs[n.a + k], share, ir->refs[n.a + k]);
    return;
  }
  if (n.kind == MG_IR_SELECT) {
    mg_ref list[] = {ir->refs[n.a], ir->refs[n.a + 1], d};
    for (int32_t k = 2; k < 4; k++) {
      mg_ref to = ir->refs[n.a + k];
      if (!is_wanted(r, to)) continue;
      mg_ref part = append_list(r, MG_IR_SELECT_PARTIAL, list, 3);
      ir->nodes[part].function = n.function;
      ir->nodes[part].operand = k == 2;
      ir->nodes[part].may_vanish = true;
      pass(r, to, part);
    }
    return;
  }
  if (mg_is_pick_of_uniforms(ir, &n)) {
    bool any = false;
    for (int32_t k = 1; k < n.b && !any; k++) any = is_wanted(r, ir->refs[n.a + k]);
    if (any) total(r, MG_TOTAL_PICK, ref, d, MG_NO_REF);
    return;
  }
  mg_ref list[] = {ir->refs[n.a], d, mg_ir_constant(ir, n.b - 1)};
  for (int32_t k = 1; k < n.b; k++) {
    mg_ref to = ir->refs[n.a + k];
    if (!is_wanted(r, to)) continue;
    mg_ref part = append_list(r, MG_IR_PICK_PARTIAL, list, 3);
    ir->nodes[part].c = k - 1;
    ir->nodes[part].may_vanish = true;
    pass(r, to, part);
  }
}

// Adds the results of a pullback to the adjoints of the `count` refs from `list` on.
static void pass_pullback(reversal *r, mg_ref pullback, int32_t list, int32_t count) {
  for (int32_t k = 0; k < count; k++) {
    mg_ref x = r->ir->refs[list + k];
    mg_ir_node result = {.kind = MG_IR_INPUT_ADJOINT, .class = MG_SAMPLE_VALUE, .a = pullback, .b = k};
    if (is_wanted(r, x)) pass(r, x, mg_ir_append(r->ir, result));
  }
}

// What adjoints of the shares, or of their logarithms, contribute to the terms.
static void reverse_shares(reversal *r, mg_ref ref, bool logs) {
  mg_ir *ir = r->ir;
  mg_ir_node n = ir->nodes[ref];
  bool any = false;
  for (int32_t k = 0; k < n.b; k++) {
    mg_ref d = adjoint_of(r, logs ? mg_ir_log_share(ref, n.b, k) : mg_ir_share(ref, k));
    r->scratch[k] = mg_ir_share(ref, k);
    r->scratch[n.b + k] = d;
    any = any || d != MG_NO_REF;
  }
  if (!any) return;
  mg_ref pullback = append_list(r, MG_IR_SOFTMAX_PULLBACK, r->scratch, 2 * n.b);
  ir->nodes[pullback].operand = logs;
  pass_pullback(r, pullback, n.a, n.b);
}

static void reverse_softmax(reversal *r, mg_ref ref) {
  mg_ir_node n = r->ir->nodes[ref];
  reverse_shares(r, ref, true);
  reverse_shares(r, ref, false);
  mg_ref d = adjoint_of(r, mg_ir_log_sum(ref, n.b));
  for (int32_t k = 0; k < n.b && d != MG_NO_REF; k++)
    pass_to_term(r, r->ir->refs[n.a + k], d, mg_ir_share(ref, k));
}

// A function of the caller's: its outputs' adjoints were left in `scratch` by number.
static void reverse_custom(reversal *r, mg_ref ref, int64_t count) {
  mg_ir *ir = r->ir;
  mg_ir_node n = ir->nodes[ref];
  int32_t outputs = ir->customs[(int64_t)n.c]->outputs;
  bool any = false;
  for (int32_t k = 0; k < outputs; k++) r->scratch[n.b + k] = MG_NO_REF;
  for (int64_t i = ref + 1; i < count; i++) {
    if (ir->nodes[i].kind != MG_IR_OUTPUT || ir->nodes[i].a != ref) continue;
    mg_ref d = adjoint_of(r, (mg_ref)i);
    r->scratch[n.b + ir->nodes[i].b] = d;
    any = any || d != MG_NO_REF;
  }
  if (!any) return;
  for (int32_t k = 0; k < outputs; k++)
    if (r->scratch[n.b + k] == MG_NO_REF) r->scratch[n.b + k] = mg_ir_constant(ir, 0);
  memcpy(r->scratch, ir->refs + n.a, (size_t)n.b * sizeof *r->scratch);
  mg_ref pullback = append_list(r, MG_IR_PULLBACK, r->scratch, n.b + outputs);
  ir->nodes[pullback].c = n.c;
  pass_pullback(r, pullback, n.a, n.b);
}

static void reverse_value(reversal *r, mg_ref ref, int64_t count, mg_ref *input_adjoints) {
  mg_ir *ir = r->ir;
  mg_ir_node n = ir->nodes[ref];
  if (n.kind == MG_IR_ROW) {
    if (n.b == ir->maps[n.a].outputs - 1) reverse_map(r, n.a);
    return;
  }
  if (n.kind == MG_IR_OUTPUT) return;
  if (n.kind == MG_IR_CUSTOM) return reverse_custom(r, ref, count);
  if (n.kind == MG_IR_SOFTMAX) return reverse_softmax(r, ref);
  mg_ref d = adjoint_of(r, ref);
  if (d == MG_NO_REF) return;
  switch ((mg_ir_kind)n.kind) {
  case MG_IR_INPUT: input_adjoints[n.a] = d; break;
  case MG_IR_APPLY: reverse_apply(r, ref, d); break;
  case MG_IR_SUM: reverse_sum(r, &ir->sums[n.a], d); break;
  case MG_IR_NORM:
  case MG_IR_SELECT:
  case MG_IR_PICK: reverse_list(r, ref, d); break;
  default: break;
  }
}

// MARK: Which values have adjoints that matter

typedef struct {
  const uint8_t *needed;
  bool any;
} search;

static inline void look(void *context, mg_ref *operand) {
  search *s = context;
  s->any = s->any || s->needed[*operand];
}

static void find_needed(reversal *r, int64_t count, bool parameters, int64_t inputs) {
  for (int64_t i = 0; i < count; i++) {
    const mg_ir_node *n = &r->ir->nodes[i];
    if (n->kind == MG_IR_ROW && n->b > 0) {
      r->needed[i] = r->needed[i - 1];
      continue;
    }
    search s = {r->needed, false};
    if (n->kind != MG_IR_DETACH) mg_ir_visit(r->ir, (mg_ref)i, look, &s);
    if (n->kind == MG_IR_ROW && parameters) s.any = s.any || trains(r, &r->ir->maps[n->a]);
    r->needed[i] = s.any || (n->kind == MG_IR_PARAMETER && parameters) || (n->kind == MG_IR_INPUT && n->a < inputs);
  }
}

static int64_t longest_list(const mg_ir *ir) {
  int64_t most = 1;
  for (int64_t k = 0; k < ir->map_count; k++)
    if (ir->maps[k].outputs > most) most = ir->maps[k].outputs;
  for (int64_t k = 0; k < ir->count; k++)
    if (ir->nodes[k].kind == MG_IR_SOFTMAX && 2 * ir->nodes[k].b > most) most = 2 * ir->nodes[k].b;
  for (int64_t k = 0; k < ir->custom_count; k++)
    if (ir->customs[k]->inputs + ir->customs[k]->outputs > most) most = ir->customs[k]->inputs + ir->customs[k]->outputs;
  return most;
}

// The last value that has to be looked at for a root: of a matrix, all rows are reversed at the last.
static mg_ref last_of(const mg_ir *ir, mg_ref root) {
  const mg_ir_node *n = &ir->nodes[root];
  if (n->kind != MG_IR_ROW) return root;
  const mg_ir_map *map = &ir->maps[n->a];
  return ir->refs[map->rows + map->outputs - 1];
}

bool mg_ir_reverse(mg_ir *ir, const mg_ref *roots, int64_t root_count, bool parameters, mg_ref *input_adjoints,
                   int64_t inputs) {
  int64_t count = ir->count;
  reversal r = {.ir = ir, .capacity = 2 * count + 64, .one = mg_ir_constant(ir, 1)};
  r.heads = mg_arena_take(count, sizeof *r.heads);
  r.needed = mg_arena_take(count, 1);
  r.all = mg_arena_take(r.capacity, sizeof *r.all);
  r.scratch = mg_arena_take(longest_list(ir), sizeof *r.scratch);
  if (!r.heads || !r.needed || !r.all || !r.scratch) return false;
  find_needed(&r, count, parameters, input_adjoints ? inputs : 0);
  for (int64_t k = 0; k < root_count; k++) {
    mg_ref last = last_of(ir, roots[k]);
    memset(r.heads, 0xff, (size_t)count * sizeof *r.heads);  // of later outputs of a softmax, too
    r.count = 0;
    pass(&r, roots[k], r.one);
    for (mg_ref i = last; i >= 0 && !r.failed && !ir->failed; i--)
      if (mg_is_sample(ir, i) && r.needed[i])
        reverse_value(&r, i, count, input_adjoints ? input_adjoints + k * inputs : NULL);
  }
  return !r.failed && !ir->failed;
}
