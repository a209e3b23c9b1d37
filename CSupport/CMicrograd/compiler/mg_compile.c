// The compiler: from the ir of a path to a program, step by step.
//
// In:     a path (its ir, roots, guards) and what is wanted of it: values, gradients, guards.
// Out:    a program, or NULL if there is no memory. The path is not changed.
// After:  the program can be run any number of times. It does not refer to the path.
// Cost:   linear in the values and their operands, but for a few searches that mg_linear_emit.c and mg_emit.c name.
//
// Steps, with the values of exp(x0 * x1 + x0 * x1) by way of an example:
//   copy the ir      v2 = v0 * v1; v4 = v2 + v2; v5 = exp v4
//   reverse          v7 = v5 + v5; v8 = v7 * v0; v9 = v7 * v1        (mg_reverse.c; only for gradients)
//   inline sums      v4 = 2 v2; v7 = 2 v5; v8 = 2 v5 v0; v9 = 2 v5 v1 (mg_inline.c)
//   schedule         v0 v1 v7 v2 v4 v5 v8 v9; v7 is not used any more (mg_schedule.c)
//   lifetimes        v2 is used last by v4, v5 by v9, …              (mg_lifetimes.c)
//   prologue         nothing: all values depend on the sample        (mg_prologue.c)
//   emit             r2 = r0 r1; r2 = 2 r2; r2 = exp r2; r0 = 2 r2 r0; r1 = 2 r2 r1 (mg_emit.c)
//   plan             the last two instructions are one step          (mg_plan.c)
#include "mg_program.h"

#include <stdlib.h>
#include <string.h>

#include "mg_arena.h"
#include "mg_builder.h"
#include "mg_tape_internal.h"

// MARK: What goes in and comes out

static int32_t *rows_of(mg_builder *b, int64_t count) {
  int32_t *rows = malloc((size_t)(count + 1) * sizeof *rows);
  if (!rows) b->failed = true;
  return rows;
}

static void emit_inputs(mg_builder *b) {
  mg_program *p = b->program;
  int64_t count = b->path->input_count;
  p->input_rows = rows_of(b, count);
  int32_t spare = -1;
  for (int64_t k = 0; k < count && !b->failed; k++) p->input_rows[k] = -1;
  for (mg_ref i = 0; i < b->ir->count && !b->failed; i++) {
    const mg_ir_node *n = &b->ir->nodes[i];
    if (n->kind != MG_IR_INPUT || b->uses[i] == 0) continue;
    mg_give_row(b, i);
    p->input_rows[n->a] = b->row[i];
    p->uses_inputs = true;
  }
  for (int64_t k = 0; k < count && !b->failed; k++) {
    if (p->input_rows[k] >= 0) continue;
    if (spare < 0) spare = mg_take_row(b);
    p->input_rows[k] = spare;
  }
  if (spare >= 0) b->free_rows[b->free_count++] = spare;
}

static void emit_ends(mg_builder *b) {
  mg_program *p = b->program;
  const mg_path *path = b->path;
  if (p->wants & MG_WANT_PARAMETERS) {
    mg_instruction i = mg_blank_instruction(MG_INSTRUCTION_total);
    i.start = 0;
    i.x = mg_row_of(b, path->roots[0]);
    mg_append_instruction(b, i);
  }
  if (p->wants & MG_WANT_VALUES) {
    p->output_rows = rows_of(b, path->root_count);
    for (int64_t k = 0; k < path->root_count && !b->failed; k++) p->output_rows[k] = mg_row_of(b, path->roots[k]);
  }
  if (p->wants & (MG_WANT_INPUTS | MG_WANT_JACOBIAN)) {
    p->adjoint_rows = rows_of(b, p->gradient_count);
    mg_ref zero = b->zero;
    for (int64_t k = 0; k < p->gradient_count && !b->failed; k++)
      p->adjoint_rows[k] = mg_row_of(b, b->adjoints[k] == MG_NO_REF ? zero : b->adjoints[k]);
  }
  if (p->wants & MG_WANT_GUARDS)
    for (int64_t k = 0; k < path->guard_count; k++) {
      const mg_ir_guard *guard = &path->guards[k];
      mg_instruction i = mg_blank_instruction(MG_INSTRUCTION_guard);
      i.relation = (uint8_t)guard->relation;
      i.flag = guard->holds;
      i.x = mg_row_of(b, guard->left);
      i.y = mg_row_of(b, guard->right);
      mg_append_instruction(b, i);
    }
}

// MARK: Building

// What is known of values, as yet nothing.
static bool make_lists(mg_builder *b) {
  const mg_ir *ir = b->ir;
  int64_t count = ir->count + 2, totals = ir->total_count + 1, maps = ir->map_count + 1;
  int32_t **lists[] = {&b->order, &b->alias, &b->position, &b->last, &b->row, &b->spread, &b->uniform,
                       &b->sum_of, &b->expiring, &b->next_expiring, &b->totals_at, &b->free_rows};
  for (size_t k = 0; k < sizeof lists / sizeof *lists; k++) {
    *lists[k] = mg_arena_take(count, sizeof **lists[k]);
    if (!*lists[k]) return false;
    memset(*lists[k], 0xff, (size_t)count * sizeof **lists[k]);
  }
  b->next_total = mg_arena_take(totals, sizeof *b->next_total);
  b->map_weights = mg_arena_take(maps, sizeof *b->map_weights);
  if (!b->next_total || !b->map_weights) return false;
  memset(b->map_weights, 0xff, (size_t)maps * sizeof *b->map_weights);
  return true;
}

static bool begin(mg_builder *b) {
  mg_ir *ir = b->ir;
  mg_program *p = b->program;
  bool by_parameters = p->wants & MG_WANT_PARAMETERS, by_inputs = p->wants & (MG_WANT_INPUTS | MG_WANT_JACOBIAN);
  int64_t inputs = b->path->gradient_count, roots = p->wants & MG_WANT_JACOBIAN ? b->path->jacobian_count : 1;
  p->gradient_count = roots * inputs;
  b->adjoints = mg_arena_take(p->gradient_count, sizeof *b->adjoints);
  if (!b->adjoints) return false;
  for (int64_t k = 0; k < p->gradient_count; k++) b->adjoints[k] = MG_NO_REF;
  b->zero = mg_ir_constant(ir, 0);
  if (by_parameters || by_inputs)
    if (!mg_ir_reverse(ir, b->path->roots, roots, by_parameters, by_inputs ? b->adjoints : NULL, inputs)) return false;
  if (p->wants & MG_WANT_JACOBIAN && b->path->is_symmetric)
    for (int64_t row = 0; row < roots; row++)
      for (int64_t k = row + 1; k < inputs; k++) b->adjoints[row * inputs + k] = b->adjoints[k * inputs + row];
  return mg_mark_used(b);
}

// Lists that nothing may be appended to: there is a place in each, so that where a part of it begins is a place too.
static bool begin_lists(mg_builder *b) {
  mg_program *p = b->program;
  return MG_GROW(list, 1) && MG_GROW(instruction, 1) && MG_GROW(product, 1) &&
         mg_grow(b, (void **)&p->scaled, 0, &p->scaled_capacity, sizeof *p->scaled, 1) &&
         mg_grow(b, (void **)&p->uniforms, 0, &p->uniform_capacity, sizeof *p->uniforms, 1);
}

static bool build(mg_builder *b) {
  if (!begin(b) || !begin_lists(b)) return false;
  mg_program *p = b->program;
  if (mg_ir_inline_sums(b->ir, b->uses) && !mg_mark_used(b)) return false;
  if (b->ir->failed || !make_lists(b)) return false;
  mg_find_aliases(b);
  b->order_count = mg_ir_schedule(b->ir, b->uses, b->order);
  if (b->order_count < 0) return false;
  mg_find_positions(b);
  mg_find_lifetimes(b);
  if (!mg_prologue_create(&p->prologue, b->ir, b->uses, b->path->numbers, p->parameter_count)) return false;
  if (p->wants & MG_WANT_PARAMETERS) mg_append_sums(b, NULL, 1);
  emit_inputs(b);
  mg_emit_rows(b);
  emit_ends(b);
  if (b->failed) return false;
  mg_place_spread_rows(b);
  mg_plan_steps(b);
  mg_plan_copies(b);
  mg_plan_parameters(b);
  mg_plan_sums(b);
  mg_measure(b);
  p->customs = malloc((size_t)(b->ir->custom_count + 1) * sizeof *p->customs);
  if (!p->customs) return false;
  for (int64_t k = 0; k < b->ir->custom_count; k++) {
    b->ir->customs[k]->retain(b->ir->customs[k]->context);
    p->customs[p->custom_count++] = b->ir->customs[k];
  }
  return mg_make_scratch(b) && !b->failed;
}

mg_program *mg_program_create(const mg_path *path, int32_t wants) {
  mg_arena_mark mark = mg_arena_begin();
  mg_builder b = {.program = calloc(1, sizeof *b.program), .ir = mg_ir_copy(path->ir), .path = path};
  mg_program *p = b.program;
  bool is_done = p && b.ir;
  if (is_done) {
    p->wants = wants;
    p->input_count = path->input_count;
    p->output_count = path->root_count;
    p->parameter_count = path->parameter_count;
    is_done = build(&b);
  }
  free(b.places);
  free(b.uniform_refs);
  mg_ir_free(b.ir);
  mg_arena_end(mark);
  if (is_done) return p;
  if (p) mg_program_free(p);
  return NULL;
}

void mg_program_free(mg_program *p) {
  for (int64_t k = 0; k < p->custom_count; k++) p->customs[k]->release(p->customs[k]->context);
  mg_prologue_free(&p->prologue);
  void *lists[] = {p->runs, p->steps, p->preamble, p->instructions, p->lists, p->scaled, p->products, p->zeros, p->customs,
                   p->uniforms, p->copies, p->sum_targets, p->sum_runs, p->tables, p->input_rows, p->output_rows, p->adjoint_rows,
                   p->workspace, p->gradients, p->seeds, p->roots};
  for (size_t k = 0; k < sizeof lists / sizeof *lists; k++) free(lists[k]);
  free(p);
}
