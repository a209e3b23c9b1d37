// One loop over the words of a program for one sample.
#include <string.h>

// Whatever the processor has: native code and C source give the same bits.
#pragma clang fp contract(off)

#include "mg_carried.h"
#include "mg_root_of_squares.h"
#include "mg_single_internal.h"
#include "mg_softmax.h"

// MARK: Sums of products

// start + Σ factor * x + Σ factor * left * right of so many terms.
static double sum_of_terms(const double *space, double start, const int32_t *term, int32_t scaled, int32_t products) {
  double sum = start;
  for (int32_t k = 0; k < scaled; k++, term += 2) sum += space[term[0]] * space[term[1]];
  for (int32_t k = 0; k < products; k++, term += 3) sum += space[term[0]] * space[term[1]] * space[term[2]];
  return sum;
}

// The same of derivatives: a zero meets nothing.
static double carried_sum(const double *space, double start, const int32_t *term, int32_t scaled, int32_t products) {
  double sum = start;
  for (int32_t k = 0; k < scaled; k++, term += 2) sum += mg_carried(space[term[0]], space[term[1]]);
  for (int32_t k = 0; k < products; k++, term += 3)
    sum += mg_carried(space[term[1]], mg_carried(space[term[0]], space[term[2]]));
  return sum;
}

// MARK: Rows of terms

static void softmax(const mg_single_place *at, const int32_t *w) {
  int64_t count = w[0];
  const int32_t *p_places = w + 1 + count, *sum = p_places + count, *logs = sum + 1;
  const double *x = mg_gather(at->space, w + 1, count, at->scratch);
  double *p = at->scratch + count;
  mg_exponentials e = mg_softmax(x, p, count);
  mg_scatter(at->space, p_places, count, p);
  if (*sum >= 0) at->space[*sum] = mg_log_sum_exp_of(e);
  for (int64_t k = 0; k < count; k++)
    if (logs[k] >= 0) at->space[logs[k]] = 0 - mg_log_sum_exp_less(e, x[k]);
}

static void softmax_pullback(const mg_single_place *at, const int32_t *w) {
  int64_t count = w[1];
  const int32_t *to = w + 2 + 2 * count;
  const double *p = mg_gather(at->space, w + 2, count, at->scratch);
  const double *d = mg_gather(at->space, w + 2 + count, count, at->scratch + count);
  int64_t top = mg_softmax_top(p, count);
  if (w[0]) {
    mg_less_share less = mg_softmax_less_share(p, top, d, count);
    for (int64_t k = 0; k < count; k++)
      if (to[k] >= 0) at->space[to[k]] = mg_less_share_at(less, top, p, d, k);
  } else {
    mg_centered centered = mg_softmax_centered(p, top, d, count);
    for (int64_t k = 0; k < count; k++)
      if (to[k] >= 0) at->space[to[k]] = mg_carried(mg_centered_at(centered, d[k]), p[k]);
  }
}

// MARK: The caller's ops

static void call_custom(const mg_single_place *at, const int32_t *w, bool back) {
  const mg_custom *op = at->single->program->customs[w[0]];
  double *x = at->scratch, *v = x + op->inputs, *d = v + op->outputs, *dx = d + op->outputs;
  mg_gather(at->space, w + 1, op->inputs, x);
  op->value(op->context, x, v);
  const int32_t *out = w + 1 + op->inputs;
  if (!back) {
    mg_scatter(at->space, out, op->outputs, v);
    return;
  }
  mg_gather(at->space, out, op->outputs, d);
  bool is_zero = true;
  for (int32_t k = 0; k < op->outputs; k++) is_zero = is_zero && d[k] == 0;
  memset(dx, 0, (size_t)op->inputs * sizeof *dx);
  if (!is_zero) op->pullback(op->context, x, v, d, dx);
  mg_scatter(at->space, out + op->outputs, op->inputs, dx);
}

// The place that a number names in a table, or -1.
static int64_t place_named(double index, int32_t count) {
  if (!(index >= 0 && index < (double)count)) return -1;
  int64_t place = (int64_t)index;
  return (double)place == index ? place : -1;
}

// MARK: The loop

#define VALUE_LABEL(name, ...) [MG_SINGLE_VALUE + MG_OP_##name] = &&value_##name,
#define TO_X_LABEL(name, ...) [MG_SINGLE_TO_X + MG_OP_##name] = &&to_x_##name,
#define TO_Y_LABEL(name, ...) [MG_SINGLE_TO_Y + MG_OP_##name] = &&to_y_##name,
#define FUNCTION_LABEL(name, ...) [MG_SINGLE_FUNCTION + MG_FUNCTION_##name] = &&function_##name,
#define FUNCTION_TO_X_LABEL(name, ...) [MG_SINGLE_FUNCTION_TO_X + MG_FUNCTION_##name] = &&function_to_x_##name,
#define OTHER_LABEL(name) [MG_SINGLE_##name] = &&do_##name,

#define NEXT(count)    \
  do {                 \
    w += (count);      \
    goto *label[w[0]]; \
  } while (0)
#define AT(k) space[w[k]]

#define VALUE(label_of, value)                                                              \
  label_of : {                                                                              \
    double x = AT(2), y = AT(3), c = y;                                                     \
    (void)x, (void)y, (void)c;                                                              \
    AT(1) = value;                                                                          \
    NEXT(4);                                                                                \
  }
#define VALUE_CASE(name, symbol, value, ...) VALUE(value_##name, value)
#define FUNCTION_CASE(name, symbol, value, ...) VALUE(function_##name, value)
#define TARGET_CASE(name, symbol, value, ...)                                               \
  value_##name : {                                                                          \
    double x = AT(2), t = AT(3), c = AT(4);                                                 \
    (void)x, (void)t, (void)c;                                                              \
    AT(1) = value;                                                                          \
    NEXT(5);                                                                                \
  }

#define PARTIAL(label_of, contribution)                                                     \
  label_of : {                                                                              \
    double d = AT(2), to = 0;                                                               \
    if (d != 0) {                                                                           \
      double x = AT(3), y = AT(4), c = y, v = AT(5);                                        \
      (void)x, (void)y, (void)c, (void)v;                                                   \
      to = MG_CARRIED(contribution);                                                        \
    }                                                                                       \
    AT(1) = to;                                                                             \
    NEXT(6);                                                                                \
  }
#define TO_X_CASE(name, symbol, value, to_x, ...) PARTIAL(to_x_##name, to_x)
#define TO_Y_CASE(name, symbol, value, to_x, to_y, ...) PARTIAL(to_y_##name, to_y)
#define FUNCTION_TO_X_CASE(name, symbol, value, to_x, ...) PARTIAL(function_to_x_##name, to_x)
#define TARGET_TO_X_CASE(name, symbol, value, to_x, ...)                                    \
  to_x_##name : {                                                                           \
    double d = AT(2), to = 0;                                                               \
    if (d != 0) {                                                                           \
      double x = AT(3), t = AT(4), v = AT(5), c = AT(6);                                    \
      (void)x, (void)t, (void)v, (void)c;                                                   \
      to = MG_CARRIED(to_x);                                                                \
    }                                                                                       \
    AT(1) = to;                                                                             \
    NEXT(7);                                                                                \
  }

// A sum of few terms, and one of derivatives.
#define COMBINE(scaled, products, sum_of)                                                   \
  do_combine_##scaled##_##products : {                                                      \
    AT(1) = AT(2) + sum_of;                                                                 \
    NEXT(3 + 2 * scaled + 3 * products);                                                    \
  }                                                                                         \
  do_combine_##scaled##_##products##_adjoint : {                                            \
    double sum = AT(2) + sum_of;                                                            \
    if (MG_UNLIKELY(sum != sum)) sum = carried_sum(space, AT(2), w + 3, scaled, products);  \
    AT(1) = sum;                                                                            \
    NEXT(3 + 2 * scaled + 3 * products);                                                    \
  }

void mg_single_execute(const mg_single *single, double *space, bool careful, mg_single_result *result) {
  static void *const label[] = {
    MG_BINARY_OPS(VALUE_LABEL)
    MG_CONSTANT_OPS(VALUE_LABEL)
    MG_UNARY_OPS(VALUE_LABEL)
    MG_TARGET_OPS(VALUE_LABEL)
    MG_BINARY_OPS(TO_X_LABEL)
    MG_CONSTANT_OPS(TO_X_LABEL)
    MG_UNARY_OPS(TO_X_LABEL)
    MG_TARGET_OPS(TO_X_LABEL)
    MG_BINARY_OPS(TO_Y_LABEL)
    MG_FUNCTIONS(FUNCTION_LABEL)
    MG_FUNCTIONS(FUNCTION_TO_X_LABEL)
    MG_SINGLE_CODES(OTHER_LABEL)
  };
  const int32_t *w = single->words;
  const mg_single_place at = {single, space, space + single->scratch, careful};
  NEXT(0);

  MG_BINARY_OPS(VALUE_CASE)
  MG_CONSTANT_OPS(VALUE_CASE)
  MG_UNARY_OPS(VALUE_CASE)
  MG_TARGET_OPS(TARGET_CASE)
  MG_BINARY_OPS(TO_X_CASE)
  MG_CONSTANT_OPS(TO_X_CASE)
  MG_UNARY_OPS(TO_X_CASE)
  MG_TARGET_OPS(TARGET_TO_X_CASE)
  MG_BINARY_OPS(TO_Y_CASE)
  MG_FUNCTIONS(FUNCTION_CASE)
  MG_FUNCTIONS(FUNCTION_TO_X_CASE)

do_multiply: {
  double product = AT(2) * AT(3);
  AT(1) = MG_UNLIKELY(product != product) ? mg_carried(AT(2), AT(3)) : product;
  NEXT(4);
}
  COMBINE(1, 0, AT(3) * AT(4))
  COMBINE(2, 0, AT(3) * AT(4) + AT(5) * AT(6))
  COMBINE(0, 1, AT(3) * AT(4) * AT(5))
  COMBINE(1, 1, AT(3) * AT(4) + AT(5) * AT(6) * AT(7))
  COMBINE(0, 2, AT(3) * AT(4) * AT(5) + AT(6) * AT(7) * AT(8))
do_combine: {
  double sum = sum_of_terms(space, AT(2), w + 6, w[4], w[5]);
  if (MG_UNLIKELY(sum != sum) && w[3]) sum = carried_sum(space, AT(2), w + 6, w[4], w[5]);
  AT(1) = sum;
  NEXT(6 + 2 * w[4] + 3 * w[5]);
}

do_affine:
  mg_single_affine(&at, w + 1);
  NEXT(6 + w[1] + w[2]);
do_columns:
  mg_single_columns(&at, w + 1);
  NEXT(4 + w[1] + 2 * w[2]);
do_outer:
  mg_single_outer(&at, w + 1);
  NEXT(6 + w[3] * (w[1] + w[2]));
do_softmax:
  softmax(&at, w + 1);
  NEXT(3 + 3 * w[1]);
do_softmax_pullback:
  softmax_pullback(&at, w + 1);
  NEXT(3 + 3 * w[2]);
do_norm:
  AT(1) = mg_root_of_squares(mg_gather(space, w + 3, w[2], at.scratch), w[2]);
  NEXT(3 + w[2]);

do_select:
  AT(1) = mg_relation_holds((mg_relation)w[2], AT(3), AT(4)) ? AT(5) : AT(6);
  NEXT(7);
do_select_partial:
  AT(1) = mg_relation_holds((mg_relation)w[2], AT(4), AT(5)) == w[3] ? AT(6) : 0;
  NEXT(7);
do_places: {
  int64_t place = place_named(AT(2), w[3]);
  if (place < 0 && result->table_count == 0) {
    result->bad_index = AT(2);
    result->table_count = w[3];
  }
  AT(1) = place < 0 ? 0 : (double)place;
  NEXT(4);
}
do_pick_uniform:
  AT(1) = space[w[3] + (int64_t)AT(2)];
  NEXT(4);
do_pick_row:
  AT(1) = AT(4 + (int64_t)AT(2));
  NEXT(4 + w[3]);
do_pick_partial:
  AT(1) = AT(2) == w[3] ? AT(4) : 0;
  NEXT(5);
do_scatter:
  space[w[1] + (int64_t)AT(2)] += AT(3);
  NEXT(4);

do_custom: {
  const mg_custom *op = single->program->customs[w[1]];
  call_custom(&at, w + 1, false);
  NEXT(2 + op->inputs + op->outputs);
}
do_pullback: {
  const mg_custom *op = single->program->customs[w[1]];
  call_custom(&at, w + 1, true);
  NEXT(2 + 2 * op->inputs + op->outputs);
}

do_guard:
  if (mg_relation_holds((mg_relation)w[1], AT(3), AT(4)) != w[2]) {
    result->deviates = true;
    return;
  }
  NEXT(5);
do_total:
  AT(1) += AT(2);
  NEXT(3);
do_total_product: {
  double product = AT(2) * AT(3);
  AT(1) += MG_UNLIKELY(product != product) ? mg_carried(AT(2), AT(3)) : product;
  NEXT(4);
}
do_end:
  return;
}
