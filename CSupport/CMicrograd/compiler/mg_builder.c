// The lists of a program while it is built: instructions, uniforms, sums, rows.
//
// In:     a value (mg_ref), or an instruction.
// Out:    an index: of a uniform, a sum, or a row. The same value gets the same index each time.
// After:  a uniform is a number that is the same for all samples. A sum has the node of the prologue to whose gradient it
//         is added. A row that was freed is the next to be given.
// Cost:   O(1) each; lists double.
//
// Example, for v3 = v0 * v2 with the parameter v0 and the input v2:
//   mg_row_of(v2)       0    a row of the sample
//   mg_uniform_of(v0)   0    uniforms[0] is copied from the prologue's node of v0 before each run
//   mg_sum_of(v0)       1    sum_targets[1] is that node; sum 0 is the total of the first output
//   mg_give_row(v3)          row 1 if no row is free
//   mg_row_of(v0)      -2    a row filled with v0; numbered from -2 down until all rows are counted
#include "mg_builder.h"

#include <stdlib.h>
#include <string.h>

#include "mg_tape_internal.h"

bool mg_grow(mg_builder *b, void **list, int64_t count, int64_t *capacity, size_t element, int64_t extra) {
  if (b->failed) return false;
  if (count + extra <= *capacity) return true;
  int64_t wanted = mg_max(2 * *capacity, count + extra + 64);
  void *longer = realloc(*list, (size_t)wanted * element);
  if (!longer) {
    b->failed = true;
    return false;
  }
  *list = longer;
  *capacity = wanted;
  return true;
}

int32_t mg_list_int(mg_builder *b, int32_t x) {
  if (!MG_GROW(list, 1)) return 0;
  b->program->lists[b->program->list_count] = x;
  return (int32_t)b->program->list_count++;
}

mg_instruction mg_blank_instruction(mg_instruction_code code) {
  return (mg_instruction){.code = (uint8_t)code, .out = -1, .d = -1, .x = -1, .y = -1, .v = -1, .start = -1, .bias = -1};
}

void mg_append_instruction(mg_builder *b, mg_instruction i) {
  if (MG_GROW(instruction, 1)) b->program->instructions[b->program->instruction_count++] = i;
}

// MARK: Uniforms and sums

int32_t mg_append_uniform(mg_builder *b, mg_ref ref) {
  mg_program *p = b->program;
  int64_t capacity = p->uniform_capacity;
  if (!mg_grow(b, (void **)&p->uniforms, p->uniform_count, &p->uniform_capacity, sizeof *p->uniforms, 1)) return 0;
  if (p->uniform_capacity != capacity || !b->uniform_refs) {
    mg_ref *longer = realloc(b->uniform_refs, (size_t)p->uniform_capacity * sizeof *longer);
    if (!longer) {
      b->failed = true;
      return 0;
    }
    b->uniform_refs = longer;
  }
  p->uniforms[p->uniform_count] = b->ir->nodes[ref].c;
  b->uniform_refs[p->uniform_count] = ref;
  return (int32_t)p->uniform_count++;
}

int32_t mg_uniform_of(mg_builder *b, mg_ref ref) {
  if (b->uniform[ref] < 0) b->uniform[ref] = mg_append_uniform(b, ref);
  return b->uniform[ref];
}

// A factor of a product as the kernels have it.
int32_t mg_factor_of(mg_builder *b, mg_ref factor) {
  if (factor == MG_PLUS) return MG_FACTOR_ONE;
  if (factor == MG_MINUS) return MG_FACTOR_MINUS_ONE;
  if (mg_is_number(b->ir, factor, 1)) return MG_FACTOR_ONE;
  if (mg_is_number(b->ir, factor, -1)) return MG_FACTOR_MINUS_ONE;
  return mg_uniform_of(b, factor);
}

int32_t mg_append_sums(mg_builder *b, const mg_ref *targets, int64_t count) {
  mg_program *p = b->program;
  int32_t first = (int32_t)p->sum_count;
  if (!mg_grow(b, (void **)&p->sum_targets, p->sum_count, &p->sum_capacity, sizeof *p->sum_targets, count)) return 0;
  for (int64_t k = 0; k < count; k++) {
    bool is_wanted = targets && b->ir->nodes[targets[k]].class == MG_UNIFORM_VALUE;
    p->sum_targets[p->sum_count++] = is_wanted ? p->prologue.nodes[targets[k]] : MG_NO_NODE;
  }
  return first;
}

int32_t mg_sum_of(mg_builder *b, mg_ref ref) {
  if (b->sum_of[ref] < 0) b->sum_of[ref] = mg_append_sums(b, &ref, 1);
  return b->sum_of[ref];
}

// MARK: Rows

int32_t mg_take_row(mg_builder *b) { return b->free_count > 0 ? b->free_rows[--b->free_count] : (int32_t)b->rows++; }

// Rows of numbers that do not depend on the sample come after all others: their indices are negative, from -2 down, until
// it is known how many there are.
int32_t mg_row_of(mg_builder *b, mg_ref ref) {
  if (mg_is_sample(b->ir, ref)) return b->row[b->alias[ref]];
  if (b->spread[ref] != -1) return b->spread[ref];
  b->spread[ref] = (int32_t)(-2 - b->spreads++);
  mg_program *p = b->program;
  mg_instruction i = mg_blank_instruction(MG_INSTRUCTION_spread);
  i.out = b->spread[ref];
  i.start = mg_uniform_of(b, ref);
  if (mg_grow(b, (void **)&p->preamble, p->preamble_count, &p->preamble_capacity, sizeof *p->preamble, 1))
    p->preamble[p->preamble_count++] = i;
  return b->spread[ref];
}

void mg_give_row(mg_builder *b, mg_ref ref) {
  if (b->row[ref] < 0) b->row[ref] = mg_take_row(b);
}

int32_t mg_list_rows(mg_builder *b, int32_t first, int32_t count) {
  int32_t start = (int32_t)b->program->list_count;
  for (int32_t k = 0; k < count; k++) {
    mg_ref ref = b->ir->refs[first + k];
    mg_list_int(b, ref == MG_NO_REF ? -1 : mg_row_of(b, ref));
  }
  return start;
}
