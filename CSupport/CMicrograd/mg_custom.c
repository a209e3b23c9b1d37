// Functions of the caller's, as blocks of one row whose inputs are listed. What the functions read and write are copies, so
// that they may do whatever they like but with this tape.
#include "mg_custom.h"

#include <string.h>

#include "mg_block.h"
#include "mg_directions.h"
#include "mg_kernels.h"

const mg_custom *mg_node_custom(const mg_tape *tape, mg_node node) {
  const mg_block *block = mg_find_block(tape, node);
  return block ? block->custom : NULL;
}

// The inputs' numbers of a buffer by node, in the k-th part of the scratch space.
static double *gathered(const mg_tape *tape, const mg_block *b, const double *numbers, int64_t k) {
  double *x = (double *)mg_state(tape)->scratch.block + k * b->custom->inputs;
  for (int64_t j = 0; j < b->custom->inputs; j++) x[j] = numbers[tape->operands[b->list + j]];
  return x;
}

static void add_to_inputs(const mg_tape *tape, const mg_block *b, const double *from, double *numbers) {
  for (int64_t j = 0; j < b->custom->inputs; j++) numbers[tape->operands[b->list + j]] += from[j];
}

void mg_custom_values(const mg_tape *tape, const mg_block *b) {
  b->custom->value(b->custom->context, gathered(tape, b, tape->values, 0), tape->values + b->first);
}

void mg_custom_backward(const mg_tape *tape, const mg_block *b) {
  const mg_custom *op = b->custom;
  double *x = gathered(tape, b, tape->values, 0), *dx = x + op->inputs;
  op->pullback(op->context, x, tape->values + b->first, tape->grads + b->first, dx);
  add_to_inputs(tape, b, dx, tape->grads);
}

void mg_custom_tangents(const mg_tape *tape, const mg_block *b, double *t) {
  const mg_custom *op = b->custom;
  double *x = gathered(tape, b, tape->values, 0), *s = gathered(tape, b, t, 1);
  if (mg_kernel_is_zero(s, op->inputs)) memset(t + b->first, 0, (size_t)op->outputs * sizeof *t);
  else op->pushforward(op->context, x, tape->values + b->first, s, t + b->first);
}

void mg_custom_pull(const mg_tape *tape, const mg_block *b, mg_directions all) {
  const mg_custom *op = b->custom;
  const double *v = tape->values + b->first, *d = all.adjoints + b->first, *e = all.adjoint_tangents + b->first;
  double *x = gathered(tape, b, tape->values, 0), *s = gathered(tape, b, all.tangents, 1), *to = s + op->inputs;
  if (!mg_kernel_is_zero(d, op->outputs)) {
    op->pullback(op->context, x, v, d, to);
    add_to_inputs(tape, b, to, all.adjoints);
  }
  // Without tangents of the inputs the rule is linear in d, and the adjoints' tangents pass as adjoints do.
  if (mg_kernel_is_zero(s, op->inputs)) op->pullback(op->context, x, v, e, to);
  else op->pullback_tangent(op->context, x, v, s, d, e, to);
  add_to_inputs(tape, b, to, all.adjoint_tangents);
}
