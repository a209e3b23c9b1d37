// Inline sums: a sum takes in the terms of sums that only it uses, multiples of one value, and like terms.
//
// In:     the ir after mg_reverse.c, and how often each value is used. Adjoints are sums that were not recorded, so
//         mg_linear.c has not joined them.
// Out:    the same ir; sums are replaced in place. Returns true if any sum changed. Uses must then be counted again.
// After:  no product has a factor that is a constant multiple of another value. Like terms of short sums (32 terms) are one
//         term. Signs of zeros and NaN come out as recorded: see stays().
// Cost:   linear in the terms; quadratic in the terms of a short sum, to find like ones.
//
// Example, the gradient of exp(v2 + v2) with v2 = v0 * v1, before and after:
//   v4 = v2 + v2                              v4 = 2 v2
//   v7 = v5 + v5                              v7 = 2 v5, which nobody uses any more
//   v8 = v7 * v0                              v8 = 2 v5 v0
//   v9 = v7 * v1                              v9 = 2 v5 v1
#include <math.h>

#include "mg_ir.h"

typedef struct {
  mg_ir *ir;
  const int32_t *uses;
  int64_t count;  // of values when this began
} inliner;

static const mg_ir_sum *sum_at(const inliner *l, mg_ref ref) {
  const mg_ir_node *n = &l->ir->nodes[ref];
  return n->kind == MG_IR_SUM && n->class == MG_SAMPLE_VALUE && ref < l->count ? &l->ir->sums[n->a] : NULL;
}

// A multiple of one value by a number.
static bool is_multiple(const inliner *l, mg_ref ref, mg_ir_scaled *term) {
  const mg_ir_sum *sum = sum_at(l, ref);
  if (!sum || sum->start != MG_NO_REF || sum->scaled_count != 1 || sum->product_count != 0) return false;
  *term = l->ir->scaled[sum->scaled];
  return mg_is_constant(l->ir, term->factor) && mg_is_moderate(l->ir->nodes[term->factor].c);
}

static bool takes_in(const inliner *l, mg_ref into, const mg_ir_scaled *term) {
  mg_ir_scaled multiple;
  if (l->ir->nodes[term->x].operand != l->ir->nodes[into].operand) return false;  // an adjoint, and what is none
  if (!mg_is_constant(l->ir, term->factor)) return false;
  if (is_multiple(l, term->x, &multiple)) return true;
  return l->ir->nodes[term->factor].c > 0 && l->uses[term->x] == 1 && sum_at(l, term->x);
}

// The product of a value that does not depend on the sample and a number.
static mg_ref multiple_of(inliner *l, mg_ref uniform, double number) {
  return mg_ir_apply(l->ir, MG_OP_multiply_constant, 0, number, MG_NO_REF, uniform);
}

// The product with factors that are multiples taken out of its two values.
static mg_ir_product simplified(inliner *l, mg_ir_product p) {
  mg_ir_scaled term;
  double number = mg_factor_number(l->ir, p.factor);
  if (is_multiple(l, p.left, &term)) {
    number *= l->ir->nodes[term.factor].c;
    p.left = term.x;
  }
  if (is_multiple(l, p.right, &term)) {
    number *= l->ir->nodes[term.factor].c;
    p.right = term.x;
  }
  p.factor = mg_ir_factor(l->ir, number);
  return p;
}

static bool changes(const inliner *l, mg_ref ref) {
  const mg_ir_sum *sum = &l->ir->sums[l->ir->nodes[ref].a];
  mg_ir_scaled multiple;
  for (int32_t k = 0; k < sum->scaled_count; k++)
    if (takes_in(l, ref, &l->ir->scaled[sum->scaled + k])) return true;
  for (int32_t k = 0; k < sum->product_count; k++) {
    const mg_ir_product *p = &l->ir->products[sum->products + k];
    if (is_multiple(l, p->left, &multiple) || is_multiple(l, p->right, &multiple)) return true;
  }
  return false;
}

static mg_ref added(inliner *l, mg_ref a, mg_ref b) {
  return a == MG_NO_REF ? b : b == MG_NO_REF ? a : mg_ir_binary(l->ir, MG_OP_add, a, b);
}

// The products of a sum, times a number.
static int32_t append_products(inliner *l, mg_ir_sum of, double number) {
  for (int32_t k = 0; k < of.product_count; k++) {
    mg_ir_product p = simplified(l, l->ir->products[of.products + k]);
    mg_ir_append_product(l->ir, mg_ir_factor(l->ir, number * mg_factor_number(l->ir, p.factor)), p.left, p.right);
  }
  return of.product_count;
}

static void inline_into(inliner *l, mg_ref ref) {
  mg_ir *ir = l->ir;
  int32_t which = ir->nodes[ref].a;
  mg_ir_sum old = ir->sums[which], sum = {old.start, (int32_t)ir->scaled_count, 0, (int32_t)ir->product_count, 0};
  for (int32_t k = 0; k < old.scaled_count && !ir->failed; k++) {
    mg_ir_scaled term = ir->scaled[old.scaled + k];
    if (!takes_in(l, ref, &term)) {
      mg_ir_append_scaled(ir, term.factor, term.x);
      sum.scaled_count++;
      continue;
    }
    double number = ir->nodes[term.factor].c;
    mg_ir_sum inner = *sum_at(l, term.x);
    if (inner.start != MG_NO_REF) sum.start = added(l, sum.start, multiple_of(l, inner.start, number));
    for (int32_t j = 0; j < inner.scaled_count; j++) {
      mg_ir_scaled part = ir->scaled[inner.scaled + j];
      mg_ref factor = multiple_of(l, part.factor, number);
      mg_ir_append_scaled(ir, factor, part.x);
      sum.scaled_count++;
    }
    sum.product_count += append_products(l, inner, number);
  }
  sum.product_count += append_products(l, old, 1);
  ir->sums[which] = sum;
}

// Longer sums are not searched.
enum { MOST_TERMS = 32 };

typedef struct {
  mg_ir *ir;
  bool adjoint;  // the sum adds up an adjoint
  bool any;      // terms were joined,
  bool cancels;  // some of both signs
} joiner;

// Adds the factor of a term to that of another of the same value or product, unless the sum would not come out as recorded:
// an infinite value times zero is NaN; infinite adjoints of both signs make NaN; and x + y - x loses a small y, as recorded.
// Returns whether the term stays, perhaps as 0 * x, which is NaN where x is infinite.
static bool stays(joiner *j, bool product, mg_ref *into, mg_ref *factor) {
  double a = mg_factor_number(j->ir, *into), b = mg_factor_number(j->ir, *factor);
  bool opposite = (a < 0) != (b < 0), exact = !product && fabs(a) == 1 && fabs(b) == 1;
  if (a == 0 || b == 0 || (opposite && (j->adjoint || exact))) return true;
  j->any = true;
  j->cancels = j->cancels || opposite;
  *into = product ? mg_ir_factor(j->ir, a + b) : mg_ir_constant(j->ir, a + b);
  if (!opposite || a + b == 0) return false;
  *factor = mg_ir_constant(j->ir, 0);
  return true;
}

// Multiples of one value, and of one product, as one. Whether there were any.
static bool join_like_terms(inliner *l, mg_ref ref) {
  mg_ir *ir = l->ir;
  mg_ir_sum *sum = &ir->sums[ir->nodes[ref].a];
  joiner joined = {.ir = ir, .adjoint = ir->nodes[ref].operand};
  int32_t kept = 0;
  if (sum->scaled_count + sum->product_count > MOST_TERMS) return false;
  mg_ir_scaled *scaled = ir->scaled + sum->scaled;
  for (int32_t k = 0; k < sum->scaled_count; k++) {
    mg_ir_scaled term = scaled[k];
    bool is_number = mg_is_constant(ir, term.factor);
    int32_t j = 0;
    while (j < kept && !(is_number && scaled[j].x == term.x && mg_is_constant(ir, scaled[j].factor))) j++;
    if (j == kept || stays(&joined, false, &scaled[j].factor, &term.factor)) scaled[kept++] = term;
  }
  sum->scaled_count = kept;
  kept = 0;
  mg_ir_product *products = ir->products + sum->products;
  for (int32_t k = 0; k < sum->product_count; k++) {
    mg_ir_product term = products[k];
    int32_t j = 0;
    while (j < kept && !(products[j].left == term.left && products[j].right == term.right) &&
           !(products[j].left == term.right && products[j].right == term.left))
      j++;
    if (j == kept || stays(&joined, true, &products[j].factor, &term.factor)) products[kept++] = term;
  }
  sum->product_count = kept;
  // x - x is 0, and not -0, whatever the sign of x is.
  if (joined.cancels) sum->start = added(l, sum->start, mg_ir_constant(ir, 0));
  return joined.any;
}

bool mg_ir_inline_sums(mg_ir *ir, const int32_t *uses) {
  inliner l = {ir, uses, ir->count};
  bool any = false;
  for (mg_ref i = 0; i < l.count && !ir->failed; i++) {
    const mg_ir_sum *sum = uses[i] > 0 ? sum_at(&l, i) : NULL;
    if (!sum) continue;
    if (changes(&l, i)) {
      inline_into(&l, i);
      any = true;
    }
    if (!ir->failed && join_like_terms(&l, i)) any = true;
  }
  return any;
}
