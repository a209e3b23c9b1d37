// Sweeps along a direction over scalar nodes. Derivatives come from the table in mg_ops.h; here is only the order in which
// they are applied.
#include "mg_directional.h"

#include <string.h>

#include "mg_block_descriptor.h"
#include "mg_dispatch.h"
#include "mg_nary_sweep.h"
#include "mg_node.h"
#include "mg_node_directional.h"
#include "mg_operands.h"
#include "mg_ops.h"
#include "mg_sweep_internal.h"
#include "mg_tape_internal.h"

// As those of mg_tape.c: against the buffers of values, gradients, records and constants, and against each other.
enum { STAGGER_TANGENTS = 544, STAGGER_ADJOINTS = 1632, STAGGER_ADJOINT_TANGENTS = 2720 };

mg_status mg_tape_directions(mg_tape *tape, mg_node first, mg_directions *directions) {
  MG_VISIT(tape, visit.status);
  mg_note_sweep(tape);
  mg_tape_state *state = mg_state(tape);
  if (state->rules > 0) return MG_IN_RULE;
  if (MG_UNLIKELY(tape->changed_until > 0)) mg_bring_up_to_date(tape, first, tape->count - 1);
  struct {
    mg_buffer *buffer;
    double **element_0;
    size_t stagger;
  } all[] = {
    {&state->tangents, &state->directions.tangents, STAGGER_TANGENTS},
    {&state->adjoints, &state->directions.adjoints, STAGGER_ADJOINTS},
    {&state->adjoint_tangents, &state->directions.adjoint_tangents, STAGGER_ADJOINT_TANGENTS},
  };
  for (int k = 0; k < 3; k++) {
    // Zero as they are at rest, there is nothing in them to keep; and there may be more nodes by now than they have room for.
    double *start = mg_buffer_resize(all[k].buffer, &state->memory, sizeof(double), all[k].stagger,
                                     state->parameter_capacity, 0, state->capacity);
    if (!start) return MG_OUT_OF_MEMORY;
    *all[k].element_0 = start;
  }
  *directions = state->directions;
  return MG_OK;
}

// MARK: Upwards

// The tangent of x * y for tangents s of x and t of y. A zero meets an infinity only where the result is NaN.
static inline double product_tangent(double x, double y, double s, double t) {
  double tangent = s * y + t * x;
  return MG_LIKELY(tangent == tangent) ? tangent : mg_carried(s, y) + mg_carried(t, x);
}

// The tangents of the scalar nodes from `first` to `end` - 1.
__attribute__((noinline)) static void push_nodes(const mg_tape *tape, double *t, int64_t first, int64_t end) {
  MG_LABELS(leaf, );
  const double *const values = tape->values, *const constants = tape->constants;
  const mg_record *const records = tape->records;
  int64_t i = first - 1, a, b;

#define NEXT()                                                                              \
  do {                                                                                      \
    if (++i >= end) return;                                                                 \
    mg_record record = records[i];                                                          \
    a = mg_record_a(record);                                                                \
    b = mg_record_b(record);                                                                \
    goto *op_label[mg_record_op(record)];                                                   \
  } while (0)

leaf:
  NEXT();

  // A product, and where a sum s + x * y follows, that too, and the product after it, without dispatching: the running sum
  // stays in a register, where it would else be stored and waited for.
op_multiply: {
  double sum = 0;
  int64_t last = -1;  // the node whose tangent is `sum`
  for (;;) {
    double product = product_tangent(values[a], values[b], t[a], t[b]);
    t[i] = product;
    if (i + 1 >= end || mg_record_op(records[i + 1]) != MG_OP_add || mg_record_b(records[i + 1]) != i) break;
    a = mg_record_a(records[++i]);
    sum = (a == last ? sum : t[a]) + product;
    last = i;
    t[i] = sum;
    if (i + 1 >= end || mg_record_op(records[i + 1]) != MG_OP_multiply) break;
    a = mg_record_a(records[++i]);
    b = mg_record_b(records[i]);
  }
  NEXT();
}

#define BINARY(name, symbol, value, to_x, to_y, ...)                                        \
  op_##name : {                                                                             \
    double x = values[a], y = values[b], v = values[i], sum = 0, d;                         \
    (void)x, (void)y, (void)v;                                                              \
    if ((d = t[a]) != 0) sum = MG_CARRIED(to_x);                                            \
    if ((d = t[b]) != 0) sum += MG_CARRIED(to_y);                                           \
    t[i] = sum;                                                                             \
    NEXT();                                                                                 \
  }
  op_add:
    t[i] = t[a] + t[b];
    NEXT();
  MG_BINARY_OPS_AFTER_MULTIPLY(BINARY)

#define ONE_OPERAND(label, c_value, to_x, xx)                                               \
  label : {                                                                                 \
    double x = values[a], v = values[i], c = c_value, d = t[a];                             \
    (void)x, (void)v, (void)c;                                                              \
    t[i] = d == 0 ? 0 : MG_CARRIED(to_x);                                                   \
    NEXT();                                                                                 \
  }
  MG_ONE_OPERAND_CODE()

nary:
  t[i] = mg_nary_tangent(tape, i, t);
  NEXT();
#undef NEXT
#undef BINARY
#undef ONE_OPERAND
}

void mg_tape_push_tangents(mg_tape *tape, mg_node first, mg_node last) {
  int64_t count = mg_state(tape)->block_count, next = mg_max(first, 0);
  double *t = mg_state(tape)->directions.tangents;
  for (int64_t k = count ? mg_first_block_from(tape, next) : 0; k < count; k++) {
    const mg_block *block = mg_block_at(tape, k);
    if (block->first > last) break;
    push_nodes(tape, t, next, block->first);
    mg_block_tangents(tape, block, t);
    next = mg_block_cap(block) + 1;
  }
  push_nodes(tape, t, next, last + 1);
}

// MARK: Downwards

// Carries the adjoints d and their tangents e of the scalar nodes from `end` - 1 down to `first`. With s for the tangent of
// an operand and f' for the derivative by it, d contributes d f' to the operand's adjoint, and e f' + d f'' s to its tangent.
__attribute__((noinline)) static void pull_nodes(const mg_tape *tape, mg_directions all, int64_t first, int64_t end) {
  MG_LABELS(leaf, );
  const double *const values = tape->values, *const constants = tape->constants, *const t = all.tangents;
  double *const adjoints = all.adjoints, *const adjoint_tangents = all.adjoint_tangents;
  const mg_record *const records = tape->records;
  int64_t i = end, a, b;
  double adjoint, adjoint_tangent;

#define NEXT()                                                                              \
  do {                                                                                      \
    if (--i < first) return;                                                                \
    adjoint = adjoints[i];                                                                  \
    adjoint_tangent = adjoint_tangents[i];                                                  \
    if (adjoint == 0 && adjoint_tangent == 0) goto leaf;                                    \
    mg_record record = records[i];                                                          \
    a = mg_record_a(record);                                                                \
    b = mg_record_b(record);                                                                \
    goto *op_label[mg_record_op(record)];                                                   \
  } while (0)

#define TO(operand, contribution, bend)                                                     \
  MG_PULL(adjoint, adjoint_tangent, adjoints[operand], adjoint_tangents[operand], contribution, bend)

leaf:
  NEXT();

  // A sum s + x * y of the product recorded just before it, and s just before that, is followed down its chain without
  // dispatching, as in mg_sweep.c.
  while (b == i - 1 && a == i - 2 && a >= first && mg_record_op(records[b]) == MG_OP_multiply) {
    double product = adjoints[b] += adjoint, product_tangent = adjoint_tangents[b] += adjoint_tangent;
    int64_t left = mg_record_a(records[b]), right = mg_record_b(records[b]);
    adjoints[a] += adjoint;
    adjoint_tangents[a] += adjoint_tangent;
    double x = values[left], y = values[right];
    MG_PULL(product, product_tangent, adjoints[left], adjoint_tangents[left], d * y, MG_BEND(t[right], 1));
    MG_PULL(product, product_tangent, adjoints[right], adjoint_tangents[right], d * x, MG_BEND(t[left], 1));
    i = a;
    adjoint = adjoints[i];
    adjoint_tangent = adjoint_tangents[i];
    if (adjoint == 0 && adjoint_tangent == 0) goto leaf;
    mg_record record = records[i];
    a = mg_record_a(record);
    b = mg_record_b(record);
    if (mg_record_op(record) != MG_OP_add) goto *op_label[mg_record_op(record)];
  op_add:;
  }
  TO(a, d, 0);
  TO(b, d, 0);
  NEXT();

#define BINARY(name, symbol, value, to_x, to_y, xx, xy, yy, ...)                               \
  op_##name : {                                                                             \
    double x = values[a], y = values[b], v = values[i];                                     \
    (void)x, (void)y, (void)v;                                                              \
    TO(a, to_x, MG_BEND(t[a], xx) + MG_BEND(t[b], xy));                                           \
    TO(b, to_y, MG_BEND(t[a], xy) + MG_BEND(t[b], yy));                                           \
    NEXT();                                                                                 \
  }
  MG_BINARY_OPS_AFTER_ADD(BINARY)

#define ONE_OPERAND(label, c_value, to_x, xx)                                               \
  label : {                                                                                 \
    double x = values[a], v = values[i], c = c_value;                                       \
    (void)x, (void)v, (void)c;                                                              \
    TO(a, to_x, MG_BEND(t[a], xx));                                                            \
    NEXT();                                                                                 \
  }
  MG_ONE_OPERAND_CODE()

nary:
  mg_nary_pull(tape, i, all);
  NEXT();
#undef NEXT
#undef TO
#undef BINARY
#undef ONE_OPERAND
}

void mg_tape_pull_adjoints(mg_tape *tape, mg_node first, mg_node last) {
  mg_directions all = mg_state(tape)->directions;
  int64_t end = (int64_t)last + 1;
  for (int64_t k = mg_last_block_until(tape, last); k >= 0; k--) {
    const mg_block *block = mg_block_at(tape, k);
    if (mg_block_cap(block) < first) break;
    pull_nodes(tape, all, mg_max(first, mg_block_cap(block) + 1), end);
    mg_block_pull(tape, block, all);
    end = block->first;
  }
  pull_nodes(tape, all, mg_max(first, 0), end);
}

// MARK: Clearing

static void clear(mg_directions all, int64_t first, int64_t count) {
  if (count <= 0) return;
  memset(all.tangents + first, 0, (size_t)count * sizeof(double));
  memset(all.adjoints + first, 0, (size_t)count * sizeof(double));
  memset(all.adjoint_tangents + first, 0, (size_t)count * sizeof(double));
}

static bool clear_run(void *context, const mg_tape *tape, mg_node first, int64_t count) {
  (void)tape;
  clear(*(mg_directions *)context, first, count);
  return true;
}

void mg_tape_clear_directions(mg_tape *tape, mg_node first, mg_node last) {
  mg_directions all = mg_state(tape)->directions;
  const mg_block *highest = last >= 0 ? mg_find_block(tape, last) : NULL;
  if (highest) last = (mg_node)mg_block_cap(highest);  // of which the sweeps took all nodes
  int64_t nodes = (int64_t)last + 1 - first;
  clear(all, first, nodes);
  // What the nodes use of older ones is looked for, unless it is known that there is nothing; and so is what they use of
  // parameters, where it would take longer to clear all of those.
  const mg_tape_state *state = mg_state(tape);
  const mg_scope *scope = state->scopes + state->scope_count - 1;
  bool finds_nodes = first > 0 && !(scope->is_function && scope->start == first && !state->outer_nodes_used);
  bool finds_parameters = tape->parameter_slots > mg_max(4096, 64 * nodes);
  if (!finds_parameters) clear(all, -tape->parameter_slots, tape->parameter_slots);
  if (finds_nodes || finds_parameters) mg_visit_older_operands(tape, first, last, clear_run, &all);
}
