// The words of a program that is run for one sample (mg_single.h), between those who decode and those who execute it.
//
// All numbers lie in one array, the space: constants, uniforms, rows (of one number each), sums, scratch. A word is a code or
// the place of a number there.
#pragma once

#include "mg_instructions.h"
#include "mg_single.h"

// The first numbers of the space.
enum { MG_PLACE_NOTHING, MG_PLACE_ZERO, MG_PLACE_ONE, MG_PLACE_MINUS_ONE, MG_PLACE_CONSTANTS };

// Codes beside the ops of the table, and the words that follow them; x…: a list of as many.
#define MG_SINGLE_CODES(X)                                                                                              \
  X(multiply)         /* out, x, y: an adjoint or tangent times a slope */                                              \
  X(combine_1_0)      /* out, start, factor, x; _adjoint: a sum of derivatives */                                       \
  X(combine_1_0_adjoint)                                                                                                \
  X(combine_2_0)      /* out, start, factor, x, factor, x */                                                            \
  X(combine_2_0_adjoint)                                                                                                \
  X(combine_0_1)      /* out, start, factor, left, right */                                                             \
  X(combine_0_1_adjoint)                                                                                                \
  X(combine_1_1)      /* out, start, factor, x, factor, left, right */                                                  \
  X(combine_1_1_adjoint)                                                                                                \
  X(combine_0_2)      /* out, start, factor, left, right, factor, left, right */                                        \
  X(combine_0_2_adjoint)                                                                                                \
  X(combine)          /* out, start, adjoint, scaled count, product count, factor, x …, factor, left, right … */        \
  X(affine)           /* inputs, outputs, weights, biases or the place of 0 or -0 and 0, relu, x …, out … */            \
  X(columns)          /* outputs, inputs, weights, d …, out …, mask (place or -1) … */                                  \
  X(outer)            /* outputs, inputs, applications, sums, bias sums or -1, d …, x … */                              \
  X(softmax)          /* count, x …, p …, log sum exp, logs … */                                                        \
  X(softmax_pullback) /* of logs, count, p …, d …, out … */                                                             \
  X(norm)             /* out, count, x … */                                                                             \
  X(select)           /* out, relation, left, right, x, y */                                                            \
  X(select_partial)   /* out, relation, taken, x, y, d */                                                               \
  X(places)           /* out, x, count */                                                                               \
  X(pick_uniform)     /* out, place, table */                                                                           \
  X(pick_row)         /* out, place, count, x … */                                                                      \
  X(pick_partial)     /* out, place, which, d */                                                                        \
  X(scatter)          /* sums, place, d */                                                                              \
  X(custom)           /* which, x …, out (place or -1) … */                                                             \
  X(pullback)         /* which, x …, d …, out (place or -1) … */                                                        \
  X(guard)            /* relation, holds, x, y */                                                                       \
  X(total)            /* sum, x */                                                                                      \
  X(total_product)    /* sum, x, y */                                                                                   \
  X(end)

// An op of the table: its value (out, x, y; y, the second operand or the constant; a target op: out, x, t, c), and what an
// adjoint contributes to x or y (out, d, x, y, v; a target op: out, d, x, t, v, c).
enum {
  MG_SINGLE_VALUE = 0,
  MG_SINGLE_TO_X = MG_SINGLE_VALUE + MG_OP_COUNT,
  MG_SINGLE_TO_Y = MG_SINGLE_TO_X + MG_OP_COUNT,
  MG_SINGLE_FUNCTION = MG_SINGLE_TO_Y + MG_OP_COUNT,
  MG_SINGLE_FUNCTION_TO_X = MG_SINGLE_FUNCTION + MG_FUNCTION_COUNT,
  MG_SINGLE_OTHERS = MG_SINGLE_FUNCTION_TO_X + MG_FUNCTION_COUNT - 1,
#define CODE(name) MG_SINGLE_##name,
  MG_SINGLE_CODES(CODE)
#undef CODE
  MG_SINGLE_CODE_COUNT
};

struct mg_single {
  mg_program *program;
  int32_t *words;
  int64_t word_count, word_capacity;
  double *space;
  int64_t constant_count;
  int64_t uniforms, rows, sums, scratch, size;  // where they begin in the space, and how long it is
  int32_t *row_places, *input_places, *output_places, *adjoint_places;
  bool is_ready;  // the uniforms are there, and there are no parameters to change them
  bool failed;
};

// Executes the words in the space, where the sample is already (mg_single_execute.c). Where `careful`, no product of sums of products is NaN
// that a zero keeps from counting (mg_carried.h).
void mg_single_execute(const mg_single *single, double *space, bool careful, mg_single_result *result);

// What an instruction works on.
typedef struct {
  const mg_single *single;
  double *space, *scratch;
  bool careful;
} mg_single_place;

// The numbers at some places, in an array; and back to places, where they are ≥ 0.
static inline const double *mg_gather(const double *space, const int32_t *places, int64_t count, double *to) {
  for (int64_t k = 0; k < count; k++) to[k] = space[places[k]];
  return to;
}
static inline void mg_scatter(double *space, const int32_t *places, int64_t count, const double *from) {
  for (int64_t k = 0; k < count; k++)
    if (places[k] >= 0) space[places[k]] = from[k];
}

// The instructions affine, columns and outer; w: the words after the code (mg_single_layers.c).
void mg_single_affine(const mg_single_place *at, const int32_t *w);
void mg_single_columns(const mg_single_place *at, const int32_t *w);
void mg_single_outer(const mg_single_place *at, const int32_t *w);
