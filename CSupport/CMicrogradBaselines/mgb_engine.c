#include "mgb_engine.h"

#include "CMicrograd.h"

// Out of line, with the tape's fields in memory between nodes, as in a caller who does not know the graph beforehand.
__attribute__((noinline)) static mg_node record(mg_tape *tape, mg_node a, mg_node b) {
  mg_node c = mg_add(tape, a, b);
  mg_node d = mg_add(tape, mg_multiply(tape, a, b), mg_cube(tape, b));
  c = mg_add(tape, c, mg_add_constant(tape, c, 1));
  c = mg_add(tape, c, mg_add(tape, mg_add_constant(tape, c, 1), mg_negate(tape, a)));
  d = mg_add(tape, d, mg_add(tape, mg_multiply_constant(tape, d, 2), mg_relu(tape, mg_add(tape, b, a))));
  d = mg_add(tape, d, mg_add(tape, mg_multiply_constant(tape, d, 3), mg_relu(tape, mg_subtract(tape, b, a))));
  mg_node e = mg_subtract(tape, c, d);
  mg_node f = mg_square(tape, e);
  mg_node g = mg_divide_by_constant(tape, f, 2);
  return mg_add(tape, g, mg_divide_constant(tape, f, 10));
}

int64_t mgb_engine_readme(int64_t iterations, double a, double b, double *result) {
  mg_tape *tape = mg_tape_create(NULL), *previous;
  if (!tape || mg_tape_enter(tape, &previous) != MG_OK) return 0;
  int64_t nodes = 0;
  bool has_room = mg_tape_reserve(tape, 64) == MG_OK;
  for (int64_t k = 0; has_room && k < iterations; k++) {
    if (mg_tape_begin_scope(tape) != MG_OK) break;
    mg_node left = mg_leaf(tape, a), right = mg_leaf(tape, b), g = record(tape, left, right);
    mg_tape_backward(tape, g, 1);
    result[0] = tape->values[g];
    result[1] = tape->grads[left];
    result[2] = tape->grads[right];
    nodes = tape->count;
    mg_tape_end_scope(tape);
  }
  mg_tape_leave(tape, previous);
  mg_tape_release(tape);
  return nodes;
}
