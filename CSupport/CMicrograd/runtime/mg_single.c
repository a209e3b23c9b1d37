// From a program to words for one sample, and their runs.
#include "mg_single.h"

#include <stdlib.h>
#include <string.h>

#include "mg_single_internal.h"
#include "mg_tape_internal.h"
#include "mg_uniforms.h"

// MARK: Places

// Makes room for `count` more words, whose first is returned, or NULL.
static int32_t *add_words(mg_single *s, int64_t count) {
  if (s->word_count + count > s->word_capacity) {
    int64_t capacity = 2 * s->word_capacity + count;
    int32_t *words = realloc(s->words, (size_t)capacity * sizeof *words);
    s->failed = s->failed || !words;
    if (!words) return NULL;
    s->words = words;
    s->word_capacity = capacity;
  }
  s->word_count += count;
  return s->words + s->word_count - count;
}

static void add(mg_single *s, const int32_t *words, int64_t count) {
  int32_t *to = add_words(s, count);
  if (to) memcpy(to, words, (size_t)count * sizeof *to);
}
#define ADD(...) add(s, (int32_t[]){__VA_ARGS__}, sizeof((int32_t[]){__VA_ARGS__}) / sizeof(int32_t))

static int32_t place_of_row(const mg_single *s, int32_t row) { return row < 0 ? MG_PLACE_ZERO : s->row_places[row]; }

static int32_t place_of_factor(const mg_single *s, int32_t factor) {
  if (factor == MG_FACTOR_ONE) return MG_PLACE_ONE;
  return factor == MG_FACTOR_MINUS_ONE ? MG_PLACE_MINUS_ONE : (int32_t)(s->uniforms + factor);
}

// Among how many constants an equal one is looked for.
enum { MOST_COMPARED = 16 };

static int32_t place_of_constant(mg_single *s, double c) {
  for (int64_t k = mg_max(0, s->constant_count - MOST_COMPARED); k < s->constant_count; k++)
    if (mg_bits_of(s->space[k]) == mg_bits_of(c)) return (int32_t)k;
  s->space[s->constant_count] = c;
  return (int32_t)s->constant_count++;
}

static void add_rows(mg_single *s, const int32_t *rows, int64_t count, int32_t none) {
  int32_t *to = add_words(s, count);
  for (int64_t k = 0; to && k < count; k++) to[k] = rows[k] < 0 ? none : place_of_row(s, rows[k]);
}

// MARK: Instructions

// The second operand or the constant, of an op that is no target op.
static int32_t second(mg_single *s, const mg_instruction *i) {
  return mg_op_has_constant(i->op.op) ? place_of_constant(s, i->op.c) : place_of_row(s, i->y);
}

static void add_value(mg_single *s, const mg_instruction *i) {
  int32_t x = place_of_row(s, i->x), out = place_of_row(s, i->out);
  if (mg_op_has_target(i->op.op))
    ADD(MG_SINGLE_VALUE + i->op.op, out, x, place_of_constant(s, i->op.t), place_of_constant(s, i->op.c));
  else if (i->op.op == MG_OP_function) ADD(MG_SINGLE_FUNCTION + i->op.function, out, x, MG_PLACE_ZERO);
  else ADD(MG_SINGLE_VALUE + i->op.op, out, x, second(s, i));
}

static void add_partial(mg_single *s, const mg_instruction *i) {
  int32_t d = place_of_row(s, i->d), x = place_of_row(s, i->x), v = place_of_row(s, i->v), out = place_of_row(s, i->out);
  if (mg_op_has_target(i->op.op))
    ADD(MG_SINGLE_TO_X + i->op.op, out, d, x, place_of_constant(s, i->op.t), v, place_of_constant(s, i->op.c));
  else if (i->op.op == MG_OP_function) ADD(MG_SINGLE_FUNCTION_TO_X + i->op.function, out, d, x, MG_PLACE_ZERO, v);
  else ADD((i->flag ? MG_SINGLE_TO_Y : MG_SINGLE_TO_X) + i->op.op, out, d, x, second(s, i), v);
}

// The numbers of scaled terms and of products, few, as one.
#define TERMS(scaled, products) (8 * (scaled) + (products))
static int32_t terms_of(const mg_instruction *i) {
  return i->count + i->more_count <= MG_FEW_TERMS ? TERMS(i->count, i->more_count) : -1;
}

// The combinations that one op computes. False: it is none of these.
static bool add_simple(mg_single *s, const mg_instruction *i, int32_t out) {
  const mg_scaled_term *x = s->program->scaled + i->list;
  const mg_product_term *p = s->program->products + i->more;
  int32_t terms = terms_of(i);
  if (terms == TERMS(0, 0)) {
    ADD(MG_SINGLE_VALUE + MG_OP_add, out, i->start < 0 ? MG_PLACE_ZERO : (int32_t)s->uniforms + i->start, MG_PLACE_NOTHING);
  } else if (i->start >= 0) {
    return false;
  } else if (terms == TERMS(0, 1) && p->factor == MG_FACTOR_ONE) {
    ADD(i->flag ? MG_SINGLE_multiply : MG_SINGLE_VALUE + (int32_t)MG_OP_multiply, out, place_of_row(s, p->left),
        place_of_row(s, p->right));
  } else if (terms == TERMS(1, 0)) {
    ADD(i->flag ? MG_SINGLE_multiply : MG_SINGLE_VALUE + (int32_t)MG_OP_multiply, out, place_of_factor(s, x->factor),
        place_of_row(s, x->row));
  } else if (terms == TERMS(2, 0) && x[0].factor == MG_FACTOR_ONE && x[1].factor == MG_FACTOR_ONE) {
    ADD(MG_SINGLE_VALUE + MG_OP_add, out, place_of_row(s, x[0].row), place_of_row(s, x[1].row));
  } else if (terms == TERMS(2, 0) && x[0].factor == MG_FACTOR_ONE && x[1].factor == MG_FACTOR_MINUS_ONE) {
    ADD(MG_SINGLE_VALUE + MG_OP_subtract, out, place_of_row(s, x[0].row), place_of_row(s, x[1].row));
  } else {
    return false;
  }
  return true;
}

static void add_combination(mg_single *s, const mg_instruction *i) {
  int32_t out = place_of_row(s, i->out), start = i->start < 0 ? MG_PLACE_NOTHING : (int32_t)s->uniforms + i->start;
  if (add_simple(s, i, out)) return;
  switch (terms_of(i)) {
  case TERMS(1, 0): ADD(MG_SINGLE_combine_1_0 + i->flag, out, start); break;
  case TERMS(2, 0): ADD(MG_SINGLE_combine_2_0 + i->flag, out, start); break;
  case TERMS(0, 1): ADD(MG_SINGLE_combine_0_1 + i->flag, out, start); break;
  case TERMS(1, 1): ADD(MG_SINGLE_combine_1_1 + i->flag, out, start); break;
  case TERMS(0, 2): ADD(MG_SINGLE_combine_0_2 + i->flag, out, start); break;
  default: ADD(MG_SINGLE_combine, out, start, i->flag, i->count, i->more_count);
  }
  for (int32_t k = 0; k < i->count; k++) {
    mg_scaled_term t = s->program->scaled[i->list + k];
    ADD(place_of_factor(s, t.factor), place_of_row(s, t.row));
  }
  for (int32_t k = 0; k < i->more_count; k++) {
    mg_product_term t = s->program->products[i->more + k];
    ADD(place_of_factor(s, t.factor), place_of_row(s, t.left), place_of_row(s, t.right));
  }
}

static void add_custom(mg_single *s, const mg_instruction *i) {
  ADD(i->code == MG_INSTRUCTION_custom ? MG_SINGLE_custom : MG_SINGLE_pullback, i->start);
  add_rows(s, s->program->lists + i->list, i->count, MG_PLACE_ZERO);
  add_rows(s, s->program->lists + i->more, i->more_count, -1);
}

static void add_instruction(mg_single *s, const mg_instruction *i) {
  const mg_program *p = s->program;
  const int32_t *list = p->lists + i->list, *more = p->lists + i->more;
  int32_t x = place_of_row(s, i->x), y = place_of_row(s, i->y), d = place_of_row(s, i->d), out = place_of_row(s, i->out);
  int32_t uniform = (int32_t)s->uniforms + i->start, sum = (int32_t)s->sums + i->start;
  switch ((mg_instruction_code)i->code) {
  case MG_INSTRUCTION_spread: break;  // its row is the uniform
  case MG_INSTRUCTION_value: add_value(s, i); break;
  case MG_INSTRUCTION_partial: add_partial(s, i); break;
  case MG_INSTRUCTION_combine: add_combination(s, i); break;
  case MG_INSTRUCTION_affine:
    ADD(MG_SINGLE_affine, i->count, i->more_count, uniform,
        i->bias >= 0 ? (int32_t)s->uniforms + i->bias : i->bias == MG_FROM_ZERO ? MG_PLACE_ZERO : MG_PLACE_NOTHING, i->flag);
    add_rows(s, list, i->count, MG_PLACE_ZERO);
    add_rows(s, more, i->more_count, -1);
    break;
  case MG_INSTRUCTION_columns:
    ADD(MG_SINGLE_columns, i->count, i->more_count, uniform);
    add_rows(s, list, i->count, MG_PLACE_ZERO);
    add_rows(s, more, 2 * i->more_count, -1);
    break;
  case MG_INSTRUCTION_outer:
    ADD(MG_SINGLE_outer, i->count, i->more_count, i->applications, sum, i->bias < 0 ? -1 : (int32_t)s->sums + i->bias);
    add_rows(s, list, (int64_t)i->applications * i->count, MG_PLACE_ZERO);
    add_rows(s, more, (int64_t)i->applications * i->more_count, MG_PLACE_ZERO);
    break;
  case MG_INSTRUCTION_softmax:
    ADD(MG_SINGLE_softmax, i->count);
    add_rows(s, list, i->count, MG_PLACE_ZERO);
    add_rows(s, more, i->more_count, -1);
    break;
  case MG_INSTRUCTION_softmax_pullback:
    ADD(MG_SINGLE_softmax_pullback, i->flag, i->more_count);
    add_rows(s, list, i->count, MG_PLACE_ZERO);
    add_rows(s, more, i->more_count, -1);
    break;
  case MG_INSTRUCTION_norm:
    ADD(MG_SINGLE_norm, out, i->count);
    add_rows(s, list, i->count, MG_PLACE_ZERO);
    break;
  case MG_INSTRUCTION_select:
    ADD(MG_SINGLE_select, out, i->relation, place_of_row(s, list[0]), place_of_row(s, list[1]), x, y);
    break;
  case MG_INSTRUCTION_select_partial: ADD(MG_SINGLE_select_partial, out, i->relation, i->flag, x, y, d); break;
  case MG_INSTRUCTION_places: ADD(MG_SINGLE_places, out, x, i->count); break;
  case MG_INSTRUCTION_pick_uniform: ADD(MG_SINGLE_pick_uniform, out, x, uniform); break;
  case MG_INSTRUCTION_pick_row:
    ADD(MG_SINGLE_pick_row, out, x, i->count);
    add_rows(s, list, i->count, MG_PLACE_ZERO);
    break;
  case MG_INSTRUCTION_pick_partial: ADD(MG_SINGLE_pick_partial, out, x, i->start, d); break;
  case MG_INSTRUCTION_custom:
  case MG_INSTRUCTION_pullback: add_custom(s, i); break;
  case MG_INSTRUCTION_guard: ADD(MG_SINGLE_guard, i->relation, i->flag, x, y); break;
  case MG_INSTRUCTION_total: ADD(MG_SINGLE_total, sum, x); break;
  case MG_INSTRUCTION_total_product: ADD(MG_SINGLE_total_product, sum, x, y); break;
  case MG_INSTRUCTION_total_uniform: ADD(MG_SINGLE_total, sum, (int32_t)s->uniforms + i->bias); break;
  case MG_INSTRUCTION_scatter: ADD(MG_SINGLE_scatter, sum, x, d); break;
  }
}

// MARK: Making

// How many numbers an instruction needs beside the space's.
static int64_t scratch_of(const mg_program *p, const mg_instruction *i) {
  switch ((mg_instruction_code)i->code) {
  case MG_INSTRUCTION_affine:
  case MG_INSTRUCTION_columns: return (int64_t)i->count + i->more_count;
  case MG_INSTRUCTION_outer: return (int64_t)i->applications * i->more_count;
  case MG_INSTRUCTION_softmax:
  case MG_INSTRUCTION_softmax_pullback:
  case MG_INSTRUCTION_norm: return 2 * (int64_t)i->count;
  case MG_INSTRUCTION_custom:
  case MG_INSTRUCTION_pullback: return 2 * ((int64_t)p->customs[i->start]->inputs + p->customs[i->start]->outputs);
  default: return 0;
  }
}

// Lays out the space. Every op has two constants at most.
static bool make_space(mg_single *s) {
  const mg_program *p = s->program;
  int64_t constants = MG_PLACE_CONSTANTS, scratch = 0;
  for (int64_t k = 0; k < p->instruction_count; k++) {
    const mg_instruction *i = &p->instructions[k];
    bool is_op = i->code == MG_INSTRUCTION_value || i->code == MG_INSTRUCTION_partial;
    if (is_op && mg_op_has_constant(i->op.op)) constants += 2;
    scratch = mg_max(scratch, scratch_of(p, i));
  }
  s->uniforms = constants;
  s->rows = s->uniforms + p->uniform_count;
  s->sums = s->rows + p->row_count;
  s->scratch = s->sums + p->sum_count;
  s->size = s->scratch + scratch;
  if (s->size > INT32_MAX) return false;
  s->space = calloc((size_t)s->size, sizeof *s->space);
  s->row_places = malloc((size_t)(p->row_count + 1) * sizeof *s->row_places);
  if (!s->space || !s->row_places) return false;
  for (int64_t k = 0; k < p->row_count; k++) s->row_places[k] = (int32_t)(s->rows + k);
  // Rows that hold a uniform are that uniform.
  for (int64_t k = 0; k < p->preamble_count; k++)
    if (p->preamble[k].code == MG_INSTRUCTION_spread)
      s->row_places[p->preamble[k].out] = (int32_t)s->uniforms + p->preamble[k].start;
  double known[] = {-0.0, 0, 1, -1};
  memcpy(s->space, known, sizeof known);
  memcpy(s->space + s->uniforms, p->uniforms, (size_t)p->uniform_count * sizeof *s->space);  // those that are constants
  s->constant_count = MG_PLACE_CONSTANTS;
  return true;
}

static int32_t *places_of(mg_single *s, const int32_t *rows, int64_t count) {
  int32_t *places = malloc((size_t)(count + 1) * sizeof *places);
  s->failed = s->failed || !places;
  for (int64_t k = 0; places && k < count; k++) places[k] = place_of_row(s, rows[k]);
  return places;
}

mg_single *mg_single_create(mg_program *p) {
  mg_single *s = calloc(1, sizeof *s);
  if (!s) return NULL;
  s->program = p;
  s->failed = !make_space(s);
  for (int64_t k = 0; k < p->preamble_count && !s->failed; k++) add_instruction(s, &p->preamble[k]);
  for (int64_t k = 0; k < p->instruction_count && !s->failed; k++) add_instruction(s, &p->instructions[k]);
  ADD(MG_SINGLE_end);
  if (!s->failed && p->uses_inputs) s->input_places = places_of(s, p->input_rows, p->input_count);
  if (!s->failed && p->output_rows) s->output_places = places_of(s, p->output_rows, p->output_count);
  if (!s->failed && p->adjoint_rows) s->adjoint_places = places_of(s, p->adjoint_rows, p->gradient_count);
  if (!s->failed) return s;
  mg_single_free(s);
  return NULL;
}

void mg_single_free(mg_single *s) {
  free(s->words);
  free(s->space);
  free(s->row_places);
  free(s->input_places);
  free(s->output_places);
  free(s->adjoint_places);
  free(s);
}

// MARK: Running

mg_status mg_single_read_parameters(mg_single *s, const mg_tape *tape) {
  if (s->is_ready) return MG_OK;
  mg_status status = mg_read_uniforms(s->program, tape, s->space + s->uniforms);
  s->is_ready = status == MG_OK && s->program->parameter_count == 0;
  return status;
}

int64_t mg_single_space(const mg_single *s) { return s->size; }

// Whether a derivative is not finite.
static bool is_any_special(const mg_single *s, const double *space) {
  const mg_program *p = s->program;
  double sum = 0;
  for (int64_t k = 0; s->adjoint_places && k < p->gradient_count; k++) {
    double d = space[s->adjoint_places[k]];
    sum += d - d;
  }
  for (int64_t k = 0; k < p->sum_count; k++) sum += space[s->sums + k] - space[s->sums + k];
  return sum != 0;
}

static void run_once(const mg_single *s, double *space, const double *sample, bool careful, mg_single_result *result) {
  const mg_program *p = s->program;
  *result = (mg_single_result){0};
  memset(space + s->sums, 0, (size_t)p->sum_count * sizeof *space);
  for (int64_t k = 0; s->input_places && k < p->input_count; k++) space[s->input_places[k]] = sample[k];
  mg_single_execute(s, space, careful, result);
}

static void run(const mg_single *s, double *space, const double *sample, double *values, double *gradient,
                mg_single_result *result) {
  const mg_program *p = s->program;
  run_once(s, space, sample, false, result);
  if (MG_UNLIKELY(is_any_special(s, space))) run_once(s, space, sample, true, result);
  if (result->deviates || result->table_count > 0) return;
  if (p->sum_count > 0) result->total = space[s->sums];
  for (int64_t k = 0; values && s->output_places && k < p->output_count; k++) values[k] = space[s->output_places[k]];
  for (int64_t k = 0; gradient && s->adjoint_places && k < p->gradient_count; k++)
    gradient[k] = space[s->adjoint_places[k]] + 0.0;  // -0 becomes 0
}

mg_status mg_single_run(mg_single *s, mg_tape *tape, const double *sample, double *values, double *gradient,
                        mg_single_result *result) {
  mg_status status = mg_single_read_parameters(s, tape);
  if (status != MG_OK) return status;
  run(s, s->space, sample, values, gradient, result);
  bool is_done = !result->deviates && result->table_count == 0;
  if (!is_done || !(s->program->wants & MG_WANT_PARAMETERS)) return MG_OK;
  return mg_program_add_gradients(s->program, tape, s->space + s->sums, 1);
}

void mg_single_run_with(const mg_single *s, double *space, const double *sample, double *values, double *gradient,
                        mg_single_result *result) {
  memcpy(space, s->space, (size_t)s->rows * sizeof *space);
  run(s, space, sample, values, gradient, result);
}
