// The instructions of programs.
#pragma once

#include "mg_base.h"

// X(name): what an instruction does. Rows are named by out, d, x, y, v, or listed.
#define MG_INSTRUCTIONS(X)                                                                                             \
  X(spread)          /* out = uniform `start` for each sample */                                                       \
  X(value)           /* out = the op on x, y */                                                                        \
  X(partial)         /* out = what d contributes to an operand (`flag`) of the op on x, y, whose value is v */         \
  X(combine)         /* out = uniform `start` + scaled terms `list` + product terms `more`; an adjoint: `flag` */      \
  X(affine)          /* rows `more` = weights from uniform `start`, biases from `bias`, on rows `list`; relu: `flag` */ \
  X(columns)         /* rows `more` = weights from `start`, transposed, on rows `list`; masks follow `more` if `flag` */ \
  X(softmax)         /* rows `more` = p, log sum exp, the logarithms of p, of rows `list`; -1: not wanted */           \
  X(softmax_pullback) /* rows `more`, of rows `list`: p, adjoints of p or, where `flag`, of its logarithms; -1: none */ \
  X(norm)            /* out = the root of the sum of the squares of rows `list` */                                     \
  X(select)          /* out = x where `relation` of rows `list` holds, else y */                                       \
  X(select_partial)  /* out = d where the relation of x and y comes out as `flag`, else 0 */                           \
  X(places)          /* out, a row of integers = the places in a table of `count` that x names */                      \
  X(pick_uniform)    /* out = the uniform at `start` + place x */                                                      \
  X(pick_row)        /* out = the row at place x of `list` */                                                          \
  X(pick_partial)    /* out = d where place x is `start`, else 0 */                                                    \
  X(custom)          /* rows `more` = custom op `start` on rows `list` */                                              \
  X(pullback)        /* rows `more` = its pullback; `list`: inputs, adjoints */                                        \
  X(guard)           /* deviates where the relation of x and y does not come out as `flag` */                          \
  X(total)           /* sum `start` += Σ x */                                                                          \
  X(total_product)   /* sum `start` += Σ x * y */                                                                      \
  X(total_uniform)   /* sum `start` += uniform `bias`, a sample */                                                          \
  X(outer)           /* sums from `start` and `bias` += products of rows `list`, adjoints, and `more`, inputs */       \
  X(scatter)         /* the sum at `start` + place x += d, a sample */

typedef enum MG_CLOSED_ENUM MG_SWIFT_NAME(InstructionKind) {
#define MG_CODE(name) MG_INSTRUCTION_##name MG_SWIFT_NAME(name),
  MG_INSTRUCTIONS(MG_CODE)
#undef MG_CODE
} mg_instruction_code;
