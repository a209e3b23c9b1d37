// Gradients of a function that was recorded in a scope, without a trace outside of it.
#include <stdlib.h>

#include "mg_node.h"
#include "mg_operands.h"
#include "mg_sweep.h"
#include "mg_sweep_internal.h"
#include "mg_tape_internal.h"

// A gradient as it was before the sweep: of each node that the function used and did not record, as often as it used it.
typedef struct {
  mg_node node;
  double gradient;
} mg_kept;

typedef struct {
  mg_kept *entries;
  int64_t count, capacity;
} mg_kept_list;

static bool keep_run(void *context, const mg_tape *tape, mg_node first, int64_t length) {
  mg_kept_list *list = context;
  if (list->count + length > list->capacity) {
    int64_t capacity = mg_max(mg_max(64, 2 * list->capacity), list->count + length);
    mg_kept *longer = realloc(list->entries, (size_t)capacity * sizeof *longer);
    if (!longer) return false;
    list->entries = longer;
    list->capacity = capacity;
  }
  for (mg_node k = first; k < first + length; k++) list->entries[list->count++] = (mg_kept){k, tape->grads[k]};
  return true;
}

// Whether a run ends at a node of a function around, which begins at the context.
static bool is_older(void *context, const mg_tape *tape, mg_node first, int64_t length) {
  (void)tape;
  return first + length <= *(int64_t *)context;
}

bool mg_tape_loses_dependence(const mg_tape *tape) {
  const mg_tape_state *state = mg_state(tape);
  if (!state->outer_nodes_used) return false;
  int64_t function = 1, inner = state->scope_count - 1;
  while (function < inner && !state->scopes[function].is_function) function++;
  int64_t start = mg_min(state->scopes[function].start, state->function_start);
  return !mg_visit_older_operands(tape, state->scopes[inner].start, tape->count - 1, is_older, &start);
}

// The function may have swept parts of itself.
static void zero_own_gradients(mg_tape *tape, int64_t first) {
  int64_t low = mg_max(first, tape->touched_low);
  if (low <= tape->touched_high) mg_zero_gradients(tape, (mg_node)low, tape->touched_high + 1 - low);
}

mg_status mg_tape_backward_in_scope(mg_tape *tape, const mg_node *roots, const double *seeds, int64_t count) {
  const mg_tape_state *state = mg_state(tape);
  return mg_tape_backward_from(tape, (mg_node)state->scopes[state->scope_count - 1].start, roots, seeds, count);
}

mg_status mg_tape_backward_from(mg_tape *tape, mg_node first, const mg_node *roots, const double *seeds,
                                int64_t count) {
  MG_VISIT(tape, visit.status);
  const mg_tape_state *state = mg_state(tape);
  if (state->rules > 0) return MG_IN_RULE;
  mg_note_sweep(tape);
  int64_t root = -1, lowest_root = tape->count;
  for (int64_t k = 0; k < count; k++) {
    root = mg_max(root, roots[k]);
    if (roots[k] >= first) lowest_root = mg_min(lowest_root, roots[k]);
  }
  if (root < first) {  // the function is one of the older nodes, or a constant
    zero_own_gradients(tape, first);
    return MG_OK;
  }
  if (MG_UNLIKELY(tape->changed_until > 0)) mg_bring_up_to_date(tape, lowest_root, root);
  mg_kept_list kept = {NULL, 0, 0};
  bool is_innermost = first >= state->scopes[state->scope_count - 1].start;
  bool uses_nodes = !is_innermost || state->outer_nodes_used, is_kept = true;
  // To keep all parameters, where they are not many, takes less than to find those that were used.
  bool keeps_all = tape->parameter_slots <= 1024 + 4 * (root - first);
  if (!uses_nodes && keeps_all) is_kept = keep_run(&kept, tape, (mg_node)-tape->parameter_slots, tape->parameter_slots);
  else if (uses_nodes || state->live_parameters > 0)
    is_kept = mg_visit_older_operands(tape, first, root, keep_run, &kept);
  if (!is_kept) {
    free(kept.entries);
    return MG_OUT_OF_MEMORY;
  }
  zero_own_gradients(tape, first);
  int64_t floor = mg_max(first, tape->leading_leaves);
  for (int64_t k = 0; k < count; k++)
    if (roots[k] >= first) tape->grads[roots[k]] += seeds[k];
  int64_t low = root >= floor ? mg_sweep(tape, root, lowest_root, floor) : lowest_root;
  for (int64_t k = 0; k < kept.count; k++) tape->grads[kept.entries[k].node] = kept.entries[k].gradient;
  free(kept.entries);
  tape->span_low = mg_min(tape->span_low, low);
  tape->span_high = mg_max(tape->span_high, root);
  mg_touch(tape, first, root);
  return MG_OK;
}
