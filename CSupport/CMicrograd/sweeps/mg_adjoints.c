#include "mg_adjoints.h"

#include "mg_block_descriptor.h"
#include "mg_sweep.h"
#include "mg_sweep_internal.h"

// The sweep writes gradients, and what it notes about them, nowhere but where the tape says they are.
void mg_tape_adjoints(mg_tape *tape, mg_node root, double *adjoints) {
  mg_tape before = *tape;
  tape->grads = adjoints;
  tape->watch = NULL;
  tape->span_low = tape->touched_low = INT64_MAX;
  tape->span_high = tape->touched_high = -1;
  mg_tape_backward(tape, root, 1);
  tape->grads = before.grads;
  tape->watch = before.watch;
  tape->span_low = before.span_low;
  tape->span_high = before.span_high;
  tape->touched_low = before.touched_low;
  tape->touched_high = before.touched_high;
}

void mg_tape_begin_steps(mg_tape *tape, mg_node root) {
  mg_note_sweep(tape);
  if (tape->changed_until > 0) mg_bring_up_to_date(tape, root, root);
}

// The sweep itself, between a node and a floor just below it, or below its block.
void mg_tape_step(mg_tape *tape, mg_node node, double *adjoints) {
  double *grads = tape->grads;
  const mg_block *block = mg_find_block(tape, node);
  int64_t floor = block ? block->first : node;
  tape->grads = adjoints;
  mg_sweep(tape, node, floor, floor);
  tape->grads = grads;
}
