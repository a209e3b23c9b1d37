// Values forwards, from the table in mg_ops.h.
#include <math.h>

#include "mg_block_descriptor.h"
#include "mg_nary_sweep.h"
#include "mg_ops.h"
#include "mg_sweep.h"
#include "mg_sweep_internal.h"
#include "mg_tape_internal.h"

// The scalar nodes from `first` to `end` - 1.
static void forward_nodes(mg_tape *tape, int64_t first, int64_t end) {
  double *const values = tape->values;
  const double *const constants = tape->constants;
  for (int64_t i = first; i < end; i++) {
    mg_record record = tape->records[i];
    int64_t a = mg_record_a(record), b = mg_record_b(record);
    switch ((mg_op)mg_record_op(record)) {
    case MG_LEAF: break;
#define VALUE(name, symbol, value, ...)                                                     \
    case MG_OP_##name: {                                                                    \
      double x = values[a], y = values[b];                                                  \
      values[i] = value;                                                                    \
      break;                                                                                \
    }
      MG_BINARY_OPS(VALUE)
#undef VALUE
#define VALUE(name, symbol, value, ...)                                                     \
    case MG_OP_##name: {                                                                    \
      double x = values[a], c = constants[b];                                               \
      values[i] = value;                                                                    \
      break;                                                                                \
    }
      MG_CONSTANT_OPS(VALUE)
#undef VALUE
#define VALUE(name, symbol, value, ...)                                                     \
    case MG_OP_##name: {                                                                    \
      double x = values[a];                                                                 \
      values[i] = value;                                                                    \
      break;                                                                                \
    }
      MG_UNARY_OPS(VALUE)
#undef VALUE
    case MG_OP_function:
      switch ((mg_function)b) {
#define VALUE(name, symbol, value, ...)                                                     \
      case MG_FUNCTION_##name: {                                                            \
        double x = values[a];                                                               \
        values[i] = value;                                                                  \
        break;                                                                              \
      }
        MG_FUNCTIONS(VALUE)
#undef VALUE
      case MG_FUNCTION_COUNT: break;
      }
      break;
#define VALUE(name, ...) case MG_OP_##name:
      MG_NARY_OPS(VALUE)
#undef VALUE
      values[i] = mg_nary_value(tape, i);
      break;
    default: break;
    }
  }
}

void mg_forward(mg_tape *tape, int64_t first, int64_t end) {
  int64_t count = mg_state(tape)->block_count, next = first;
  for (int64_t k = count ? mg_first_block_from(tape, next) : 0; k < count; k++) {
    const mg_block *block = mg_block_at(tape, k);
    if (block->first >= end) break;
    forward_nodes(tape, next, block->first);
    mg_block_forward(tape, block);
    next = mg_block_cap(block) + 1;
  }
  forward_nodes(tape, next, end);
}

mg_status mg_tape_forward(mg_tape *tape, mg_node first) {
  MG_VISIT(tape, visit.status);
  mg_forward(tape, mg_max(first, 0), tape->count);
  if (first <= 0) tape->changed_until = 0;
  return MG_OK;
}

mg_node mg_tape_first_non_finite(const mg_tape *tape, mg_node first) {
  for (int64_t i = first; i < tape->count; i++)
    if (!isfinite(tape->values[i])) return (mg_node)i;
  return MG_NO_NODE;
}
