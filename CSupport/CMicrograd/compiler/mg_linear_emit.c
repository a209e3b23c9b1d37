// The second half of mg_linear.c: appends the sums and matrices that it found to a new ir, as values.
//
// In:     drafts: for each sum its start and its terms, and for each matrix the sums that are its rows.
// Out:    values of the new ir. mg_emit_class is called twice: first for values that do not depend on the sample, then for
//         those that do.
// After:  the part of a sum that does not depend on the sample is a value of its own, the start of the sum or the bias of
//         the row. A sum of one term with the factor 1 is that term. Matrices with equal weights and biases are one family,
//         which shares its place among the uniforms.
// Cost:   linear in the terms; a new matrix is compared with all matrices of the same size.
//
// Example, v2 + v3 with v2 = v0 * v1, v3 = v0², the parameter v0 and the input v1:
//   draft: v0 * v1 + v3                       v0 = parameter 0
//   draft of v3: v0 * v0                      v1 = v0 * v0, computed once a run
//                                             v2 = input 0
//                                             v4 = v1 + v0 * v2, computed for each sample (v3 is the constant 1)
#include "mg_linear.h"

#include <string.h>

#include "mg_arena.h"
#include "mg_lane_products.h"

static mg_ref uniform_multiple(mg_finder *f, double factor, mg_ref u) {
  return factor == 1 ? u : mg_ir_apply(f->ir, MG_OP_multiply_constant, 0, factor, MG_NO_REF, u);
}

// The part of a sum that does not depend on the sample; MG_NO_REF where there is none.
static mg_ref uniform_part(mg_finder *f, const mg_draft *d, int32_t first) {
  mg_ir *ir = f->ir;
  const mg_term *terms = f->terms + d->first;
  mg_ir_sum sum = {MG_NO_REF, (int32_t)ir->scaled_count, 0, (int32_t)ir->product_count, 0};
  mg_ref only = MG_NO_REF;
  for (int32_t k = first; k < d->count; k++) {
    if (mg_is_sample(f->old, terms[k].x)) continue;
    mg_ref x = f->refs[terms[k].x];
    if (terms[k].y != MG_NO_REF) {
      mg_ir_append_product(ir, mg_ir_factor(ir, terms[k].factor), x, f->refs[terms[k].y]);
      sum.product_count++;
      continue;
    }
    if (terms[k].factor == 1) only = x;
    mg_ir_append_scaled(ir, mg_ir_constant(ir, terms[k].factor), x);
    sum.scaled_count++;
  }
  if (sum.scaled_count + sum.product_count == 0) return mg_has_start(d) ? mg_ir_constant(ir, d->start) : MG_NO_REF;
  if (sum.scaled_count == 1 && sum.product_count == 0 && !mg_has_start(d) && only != MG_NO_REF) {
    ir->scaled_count--;
    return only;
  }
  if (mg_has_start(d)) sum.start = mg_ir_constant(ir, d->start);
  return mg_ir_append_sum(ir, sum, MG_UNIFORM_VALUE);
}

static void emit_map(mg_finder *f, mg_group *g) {
  mg_ir *ir = f->ir;
  int64_t weights = (int64_t)g->inputs * g->rows;
  mg_ref *refs = mg_arena_take(weights + g->inputs + g->rows, sizeof *refs);
  if (!refs) {
    f->failed = true;
    return;
  }
  mg_ref *x = refs + weights, *biases = x + g->inputs;
  for (int32_t k = 0; k < g->inputs; k++) x[k] = f->refs[f->terms[f->drafts[g->first_draft].first + k].x];
  bool has_biases = false, from_zero = true;
  int32_t row = 0;
  for (int32_t index = g->first_draft; index >= 0; index = f->next_draft[index], row++) {
    const mg_draft *d = &f->drafts[index];
    const mg_term *terms = f->terms + d->first;
    for (int32_t k = 0; k < g->inputs; k++)
      refs[row * g->inputs + k] = uniform_multiple(f, terms[k].factor, f->refs[terms[k].u]);
    biases[row] = uniform_part(f, d, g->inputs);
    bool is_none = biases[row] == MG_NO_REF, is_zero = !is_none && mg_is_number(ir, biases[row], 0);
    has_biases = has_biases || (!is_none && !is_zero) || (row > 0 && is_zero != from_zero);
    from_zero = is_zero;
  }
  for (int32_t k = 0; k < g->rows; k++)
    if (has_biases && biases[k] == MG_NO_REF) biases[k] = mg_ir_constant(ir, -0.0);
  mg_ir_map map = {.inputs = g->inputs, .outputs = g->rows, .biases = from_zero ? MG_FROM_ZERO : MG_NO_REF, .adjoints = MG_NO_REF};
  map.weights = mg_ir_append_refs(ir, refs, weights);
  map.x = mg_ir_append_refs(ir, x, g->inputs);
  if (has_biases) map.biases = mg_ir_append_refs(ir, biases, g->rows);
  map.family = (int32_t)ir->map_count;
  for (int64_t k = 0; k < ir->map_count; k++) {
    const mg_ir_map *other = &ir->maps[k];
    if (other->inputs != map.inputs || other->outputs != map.outputs) continue;
    if (has_biases ? other->biases < 0 : other->biases != map.biases) continue;
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

static mg_ref emit_sum(mg_finder *f, const mg_draft *d, mg_ir_class class) {
  mg_ir *ir = f->ir;
  const mg_term *terms = f->terms + d->first;
  bool in_map = class == MG_SAMPLE_VALUE && mg_is_map(f, d);
  mg_ref row = MG_NO_REF, start = MG_NO_REF;
  int32_t first = 0;
  if (in_map) {
    mg_group *g = &f->groups[d->map];
    if (g->emitted == MG_NO_REF) emit_map(f, g);
    if (f->failed) return 0;
    row = g->emitted + d->row;
    first = g->inputs;
  } else if (class == MG_SAMPLE_VALUE) {
    start = uniform_part(f, d, 0);
  } else if (mg_has_start(d)) {
    start = mg_ir_constant(ir, d->start);
  }
  // Uniform multiples first: they are values of their own, while a sum's terms must follow one another.
  for (int32_t k = first; k < d->count; k++)
    if (mg_is_weighted(&terms[k])) f->scratch[k - first] = uniform_multiple(f, terms[k].factor, f->refs[terms[k].u]);
  mg_ir_sum sum = {start, (int32_t)ir->scaled_count, 0, (int32_t)ir->product_count, 0};
  if (row != MG_NO_REF) {
    mg_ir_append_scaled(ir, mg_ir_constant(ir, 1), row);
    sum.scaled_count++;
  }
  for (int32_t k = first; k < d->count; k++) {
    const mg_term *t = &terms[k];
    mg_ref x = f->refs[t->x];
    if (class == MG_SAMPLE_VALUE && !mg_is_sample(f->old, t->x)) continue;  // in the start, or the map's biases
    if (t->y != MG_NO_REF) {
      mg_ir_append_product(ir, mg_ir_factor(ir, t->factor), x, f->refs[t->y]);
      sum.product_count++;
    } else if (mg_is_weighted(t)) {
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

static mg_ref emit(mg_finder *f, mg_ref old_ref) {
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

void mg_emit_class(mg_finder *f, bool samples) {
  const mg_ir *old = f->old;
  for (int64_t i = 0; i < old->count && !f->failed && !f->ir->failed; i++) {
    if (f->draft_of[i] <= PART || (old->nodes[i].class == MG_SAMPLE_VALUE) != samples) continue;
    f->refs[i] = f->draft_of[i] >= 0 ? emit_sum(f, &f->drafts[f->draft_of[i]], mg_class_of(old, (mg_ref)i))
                                     : emit(f, (mg_ref)i);
  }
}
