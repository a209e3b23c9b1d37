// Plan: what the runtime needs besides instructions.
//
// In:     the instructions, uniforms and sums of a program.
// Out:    steps (instructions that do the same on other rows are one), runs of nodes to copy before a run, runs of sums to
//         add to gradients after it, the number of samples in a block, scratch memory.
// After:  rows with one number for all samples come after the others. A block has as many samples as keep its rows within
//         24 KiB, but at least 16 and at most 128; in float within 48 KiB, 32 and 512. The program can be run.
// Cost:   linear in the instructions, uniforms and sums.
//
// Example, the two neurons of mg_linear.c by their parameters:
//   instructions affine, combine,             steps: affine; combine; both partials at once; outer; total
//     partial, partial, outer, total
//   uniforms v0 v1 v3 v4 v2 v5                copies (node, place, count): (0, 0, 2) (3, 2, 2) (2, 4, 1) (5, 5, 1)
//   sums: total, then those of the same       sum runs: (0, 1, 2) (3, 3, 2) (2, 5, 1) (5, 6, 1)
//   6 rows                                    blocks of 128 samples
#include "mg_builder.h"

#include <stdlib.h>
#include <string.h>

#include "mg_float_lanes.h"
#include "mg_tape_internal.h"

// Rows that were numbered from -2 down come after the others.
static void place(const mg_builder *b, int32_t *row) {
  if (*row <= -2) *row = (int32_t)(b->rows - 2 - *row);
}

static void place_list(const mg_builder *b, int32_t *rows, int64_t count) {
  for (int64_t k = 0; rows && k < count; k++) place(b, &rows[k]);
}

void mg_place_spread_rows(mg_builder *b) {
  mg_program *p = b->program;
  for (int64_t k = 0; k < p->preamble_count; k++) place(b, &p->preamble[k].out);
  for (int64_t k = 0; k < p->instruction_count; k++) {
    mg_instruction *i = &p->instructions[k];
    int32_t *rows[] = {&i->out, &i->d, &i->x, &i->y, &i->v};
    for (int r = 0; r < 5; r++) place(b, rows[r]);
  }
  place_list(b, p->lists, p->list_count);
  for (int64_t k = 0; k < p->scaled_count; k++) place(b, &p->scaled[k].row);
  for (int64_t k = 0; k < p->product_count; k++) {
    place(b, &p->products[k].left);
    place(b, &p->products[k].right);
  }
  place_list(b, p->output_rows, p->output_count);
  place_list(b, p->adjoint_rows, p->gradient_count);
  p->row_count = b->rows + b->spreads;
}

// Whether two instructions are the same but for their rows, and can be told at once.
static bool is_like(const mg_instruction *a, const mg_instruction *b) {
  if (a->code != b->code || a->flag != b->flag) return false;
  switch (a->code) {
  case MG_INSTRUCTION_value:
  case MG_INSTRUCTION_partial:
    return a->op.op == b->op.op && a->op.function == b->op.function && mg_bits_of(a->op.c) == mg_bits_of(b->op.c) &&
           mg_bits_of(a->op.t) == mg_bits_of(b->op.t);
  case MG_INSTRUCTION_combine:
    return a->count == b->count && a->more_count == b->more_count && a->count + a->more_count <= MG_FEW_TERMS &&
           a->count + a->more_count > 0;
  default: return false;
  }
}

static int32_t or_other(int32_t row, int32_t other) { return row >= 0 ? row : other; }

static void list_step(mg_builder *b, mg_step *step) {
  const mg_instruction *first = b->program->instructions + step->first;
  step->list = (int32_t)b->program->list_count;
  for (int32_t k = 0; k < step->count; k++) {
    const mg_instruction *i = first + k;
    if (i->code == MG_INSTRUCTION_partial) mg_list_int(b, i->d);
    if (i->code != MG_INSTRUCTION_combine) mg_list_int(b, or_other(i->x, or_other(i->d, i->out)));
    if (i->code != MG_INSTRUCTION_combine) mg_list_int(b, or_other(i->y, or_other(i->x, i->d)));
    if (i->code == MG_INSTRUCTION_partial) mg_list_int(b, or_other(i->v, i->d));
    mg_list_int(b, i->out);
  }
  step->starts = (int32_t)b->program->list_count;
  for (int32_t k = 0; first->code == MG_INSTRUCTION_combine && k < step->count; k++) mg_list_int(b, first[k].start);
}

void mg_plan_steps(mg_builder *b) {
  mg_program *p = b->program;
  p->steps = malloc((size_t)(p->instruction_count + 1) * sizeof *p->steps);
  if (!p->steps) {
    b->failed = true;
    return;
  }
  for (int32_t k = 0; k < p->instruction_count; k++) {
    mg_step *last = &p->steps[p->step_count - 1];
    if (p->step_count > 0 && is_like(&p->instructions[last->first], &p->instructions[k])) last->count++;
    else p->steps[p->step_count++] = (mg_step){k, 1, -1, -1};
  }
  for (int64_t k = 0; k < p->step_count; k++)
    if (is_like(&p->instructions[p->steps[k].first], &p->instructions[p->steps[k].first])) list_step(b, &p->steps[k]);
}

// Room for as many runs as there can be. False: no memory.
static bool take_runs(mg_builder *b, mg_copy **runs, int64_t most) {
  *runs = malloc((size_t)(most + 1) * sizeof **runs);
  if (!*runs) b->failed = true;
  return *runs != NULL;
}

// Adds a node and its place to the last run, where both go on from there, else begins another.
static void append_to_runs(mg_copy *runs, int64_t *count, mg_node node, int64_t place) {
  mg_copy *last = *count > 0 ? &runs[*count - 1] : NULL;
  if (last && last->node + last->count == node && last->place + last->count == place) last->count++;
  else runs[(*count)++] = (mg_copy){node, (int32_t)place, 1};
}

void mg_plan_copies(mg_builder *b) {
  mg_program *p = b->program;
  if (!take_runs(b, &p->copies, p->uniform_count)) return;
  for (int64_t k = 0; k < p->uniform_count; k++) {
    mg_ref ref = b->uniform_refs[k];
    mg_node node = p->prologue.nodes[ref];
    // Biases of a map of which only the columns are wanted are not computed, nor read.
    if (b->ir->nodes[ref].class == MG_UNIFORM_VALUE && node != MG_NO_NODE)
      append_to_runs(p->copies, &p->copy_count, node, k);
  }
}

void mg_plan_parameters(mg_builder *b) {
  mg_program *p = b->program;
  if (!take_runs(b, &p->runs, p->parameter_count)) return;
  for (int64_t k = 0; k < p->parameter_count; k++) append_to_runs(p->runs, &p->run_count, b->path->parameters[k], k);
}

void mg_plan_sums(mg_builder *b) {
  mg_program *p = b->program;
  if (!take_runs(b, &p->sum_runs, p->sum_count)) return;
  for (int64_t k = 0; k < p->sum_count; k++) {
    mg_node node = p->sum_targets[k];
    if (node == MG_NO_NODE) continue;
    // Parameters and nodes computed of them are treated differently: no run has both.
    if (node == p->parameter_count) p->sum_runs[p->sum_run_count++] = (mg_copy){node, (int32_t)k, 1};
    else append_to_runs(p->sum_runs, &p->sum_run_count, node, k);
  }
}

// A block's rows fit the nearest cache, as far as that leaves a vector or two to each. In float, where the same work is done
// sooner, what is done once a block weighs more: such rows may take all of that cache.
enum { NEAREST_CACHE = 24 << 10, SHORTEST_BLOCK = 16, LONGEST_BLOCK = 128 };
enum { NEAREST_CACHE_OF_FLOAT = 48 << 10, SHORTEST_BLOCK_OF_FLOAT = 32, LONGEST_BLOCK_OF_FLOAT = 512 };

static int64_t samples_within(int64_t bytes, int64_t row_count, int64_t number, int64_t lanes) {
  return bytes / (number * mg_max(1, row_count)) / lanes * lanes;
}

void mg_measure(mg_builder *b) {
  mg_program *p = b->program;
  if (p->wants & MG_WANT_FLOAT) {
    int64_t samples = samples_within(NEAREST_CACHE_OF_FLOAT, p->row_count, sizeof(float), MG_FLOAT_LANES);
    p->block_size = mg_min(mg_max(samples, SHORTEST_BLOCK_OF_FLOAT), LONGEST_BLOCK_OF_FLOAT);
  } else {
    int64_t samples = samples_within(NEAREST_CACHE, p->row_count, sizeof(double), MG_LANES);
    p->block_size = mg_min(mg_max(samples, SHORTEST_BLOCK), LONGEST_BLOCK);
  }
  for (mg_ref i = 0; i < b->ir->count; i++)
    if (b->ir->nodes[i].class == MG_UNIFORM_VALUE && b->ir->nodes[i].kind != MG_IR_PARAMETER && b->uses[i] > 0)
      p->hoisted_count++;
}

bool mg_make_scratch(mg_builder *b) {
  mg_program *p = b->program;
  int64_t longest = 1;
  for (int64_t k = 0; k < b->ir->map_count; k++) longest = mg_max(longest, b->ir->maps[k].inputs);
  for (int64_t k = 0; k < p->instruction_count; k++)
    if (p->instructions[k].code == MG_INSTRUCTION_softmax || p->instructions[k].code == MG_INSTRUCTION_norm ||
        p->instructions[k].code == MG_INSTRUCTION_softmax_pullback)
      p->longest_list = mg_max(p->longest_list, (int64_t)p->instructions[k].count + p->instructions[k].more_count);
  for (int64_t k = 0; k < p->custom_count; k++)
    p->scratch_size = mg_max(p->scratch_size, 2 * (p->customs[k]->inputs + (int64_t)p->customs[k]->outputs));
  p->zeros = calloc((size_t)longest, 1);
  p->gradients = malloc((size_t)(p->parameter_count + 1) * sizeof *p->gradients);
  p->seeds = malloc((size_t)(p->sum_count + 1) * sizeof *p->seeds);
  p->roots = malloc((size_t)(p->sum_count + 1) * sizeof *p->roots);
  return p->zeros && p->gradients && p->seeds && p->roots;
}
