// What sweeps along a direction ask of ops with many operands and of blocks.
#pragma once

#include <math.h>

#include "mg_block_descriptor.h"
#include "mg_carried.h"

// What a node with the adjoint `from`, whose tangent is `from_tangent`, contributes to those of an operand. `contribution` is
// linear in a d that is never zero; `bend` is d times second derivatives times tangents (MG_BEND). Zeros meet nothing.
#define MG_PULL(from, from_tangent, adjoint, adjoint_tangent, contribution, bend)           \
  do {                                                                                      \
    double d, more = 0;                                                                     \
    if ((d = from_tangent) != 0) more = MG_CARRIED(contribution);                           \
    if ((d = from) != 0) {                                                                  \
      adjoint += MG_CARRIED(contribution);                                                  \
      more += bend;                                                                         \
    }                                                                                       \
    adjoint_tangent += more;                                                                \
  } while (0)
// d times a second derivative times a tangent. What is linear does not bend an infinite tangent into NaN.
static inline double mg_bent(double d, double tangent, double second) { return second == 0 ? 0 : d * tangent * second; }
#define MG_BEND(tangent, second) ((tangent) == 0 ? 0 : mg_bent(d, tangent, second))

// The tangent of a dot product of x and y, whose tangents are tx and ty (mg_nary_directional.c).
double mg_dot_tangent(const double *x, const double *y, const double *tx, const double *ty, int64_t count);

// The tangent of a node of MG_NARY_OPS, t being the tangents by node.
double mg_nary_tangent(const mg_tape *tape, int64_t node, const double *t);
// Adds to the operands' adjoints and their tangents what those of the node contribute.
void mg_nary_pull(const mg_tape *tape, int64_t node, mg_directions all);

// The same for a neuron (mg_layer.c).
double mg_neuron_tangent(const mg_tape *tape, int64_t node, const double *t);
void mg_neuron_pull(const mg_tape *tape, int64_t node, mg_directions all);

// The same for all nodes of a block (mg_block_directional.c).
void mg_block_tangents(const mg_tape *tape, const mg_block *block, double *t);
void mg_block_pull(const mg_tape *tape, const mg_block *block, mg_directions all);

// The same for a function of the caller's (mg_custom.c).
void mg_custom_tangents(const mg_tape *tape, const mg_block *block, double *t);
void mg_custom_pull(const mg_tape *tape, const mg_block *block, mg_directions all);

// The same for ops along rows (mg_rows_directional.c).
void mg_row_tangents(const mg_tape *tape, const mg_block *block, double *t);
void mg_row_pull(const mg_tape *tape, const mg_block *block, mg_directions all);
void mg_cross_entropy_tangents(const mg_tape *tape, const mg_block *block, double *t);
void mg_cross_entropy_pull(const mg_tape *tape, const mg_block *block, mg_directions all);
void mg_norm_tangents(const mg_tape *tape, const mg_block *block, double *t);
void mg_norm_pull(const mg_tape *tape, const mg_block *block, mg_directions all);
