// Functions of the caller's, as blocks of one row whose inputs are listed. The functions are given pointers into the tape's
// buffers, which stay where they are: the tape is closed while a function runs.
#include "mg_custom.h"

#include <string.h>

#include "mg_block_descriptor.h"
#include "mg_kernels.h"
#include "mg_node_directional.h"

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

static void begin_rule(const mg_tape *tape) { mg_tape_begin_rule(&mg_state(tape)->tape); }
static void end_rule(const mg_tape *tape) { mg_tape_end_rule(&mg_state(tape)->tape); }

void mg_custom_values(const mg_tape *tape, const mg_block *b) {
  begin_rule(tape);
  b->custom->value(b->custom->context, gathered(tape, b, tape->values, 0), tape->values + b->first);
  end_rule(tape);
}

void mg_custom_backward(const mg_tape *tape, const mg_block *b) {
  const mg_custom *op = b->custom;
  double *x = gathered(tape, b, tape->values, 0), *dx = x + op->inputs;
  begin_rule(tape);
  op->pullback(op->context, x, tape->values + b->first, tape->grads + b->first, dx);
  end_rule(tape);
  add_to_inputs(tape, b, dx, tape->grads);
}

const double *mg_custom_contributions(const mg_tape *tape, mg_node node) {
  return (double *)mg_state(tape)->scratch.block + mg_find_block(tape, node)->custom->inputs;
}

void mg_custom_tangents(const mg_tape *tape, const mg_block *b, double *t) {
  const mg_custom *op = b->custom;
  double *x = gathered(tape, b, tape->values, 0), *s = gathered(tape, b, t, 1);
  if (mg_kernel_is_zero(s, op->inputs)) {
    memset(t + b->first, 0, (size_t)op->outputs * sizeof *t);
    return;
  }
  begin_rule(tape);
  op->pushforward(op->context, x, tape->values + b->first, s, t + b->first);
  end_rule(tape);
}

void mg_custom_pull(const mg_tape *tape, const mg_block *b, mg_directions all) {
  const mg_custom *op = b->custom;
  const double *v = tape->values + b->first, *d = all.adjoints + b->first, *e = all.adjoint_tangents + b->first;
  double *x = gathered(tape, b, tape->values, 0), *s = gathered(tape, b, all.tangents, 1), *to = s + op->inputs;
  begin_rule(tape);
  if (!mg_kernel_is_zero(d, op->outputs)) {
    op->pullback(op->context, x, v, d, to);
    add_to_inputs(tape, b, to, all.adjoints);
  }
  // Without tangents of the inputs the rule is linear in d, and the adjoints' tangents pass as adjoints do.
  if (mg_kernel_is_zero(s, op->inputs)) op->pullback(op->context, x, v, e, to);
  else op->pullback_tangent(op->context, x, v, s, d, e, to);
  end_rule(tape);
  add_to_inputs(tape, b, to, all.adjoint_tangents);
}
