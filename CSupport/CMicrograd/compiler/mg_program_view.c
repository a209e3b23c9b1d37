// Views of a program: its instructions, their costs, and what its indices stand for.
//
// In:     a program and the number of an instruction, row, uniform or sum.
// Out:    a view of the instruction with pointers into the program's lists, or a number.
// After:  nothing has changed. A view is valid as long as the program.
// Cost:   O(1) for an instruction; totals and mg_program_spread go over all instructions; mg_program_uniform is a binary
//         search.
//
// Example, exp(x0 * x1 + x0 * x1), its values:
//   instruction 0: combine, products r0 r1, out r0     1 operation,  24 bytes a sample
//   instruction 1: combine, scaled u0 r0, out r0       1 operation,  16 bytes; uniform 0 is the constant 2
//   instruction 2: value, exp of r0, out r0            1 operation,  16 bytes
//   all, with two inputs and an output                 3 operations, 80 bytes
#include "mg_program_view.h"

#include "mg_instructions.h"
#include "mg_tape_internal.h"

// MARK: Instructions

static void show_rows(mg_instruction_view *view, const mg_program *p, const mg_instruction *i, int64_t count,
                      int64_t more_count) {
  view->list = p->lists + i->list;
  view->list_count = count;
  if (more_count == 0) return;
  view->more = p->lists + i->more;
  view->more_count = more_count;
}

static mg_instruction_view view_of(const mg_program *p, const mg_instruction *i) {
  mg_instruction_view view = {
    .kind = (mg_instruction_code)i->code, .flag = i->flag, .relation = (mg_relation)i->relation, .out = i->out,
    .d = i->d, .x = i->x, .y = i->y, .v = i->v, .start = i->start, .bias = i->bias, .applications = 1, .op = i->op};
  switch ((mg_instruction_code)i->code) {
  case MG_INSTRUCTION_combine:
    view.scaled = p->scaled + i->list;
    view.scaled_count = i->count;
    view.products = p->products + i->more;
    view.product_count = i->more_count;
    break;
  case MG_INSTRUCTION_affine:
    show_rows(&view, p, i, i->count, i->more_count);
    view.inputs = i->count;
    view.outputs = i->more_count;
    break;
  case MG_INSTRUCTION_columns:
    show_rows(&view, p, i, i->count, i->more_count);
    view.inputs = i->more_count;
    view.outputs = i->count;
    if (!i->flag) break;
    view.masks = view.more + i->more_count;
    view.mask_count = i->more_count;
    break;
  case MG_INSTRUCTION_outer:
    show_rows(&view, p, i, (int64_t)i->applications * i->count, (int64_t)i->applications * i->more_count);
    view.inputs = i->more_count;
    view.outputs = i->count;
    view.applications = i->applications;
    break;
  case MG_INSTRUCTION_custom:
  case MG_INSTRUCTION_pullback:
    show_rows(&view, p, i, i->count, i->more_count);
    view.custom = p->customs[i->start];
    break;
  case MG_INSTRUCTION_softmax:
  case MG_INSTRUCTION_softmax_pullback: show_rows(&view, p, i, i->count, i->more_count); break;
  case MG_INSTRUCTION_norm: show_rows(&view, p, i, i->count, 0); break;
  case MG_INSTRUCTION_select: show_rows(&view, p, i, 2, 0); break;
  case MG_INSTRUCTION_pick_row:
    show_rows(&view, p, i, i->count, 0);
    view.table_count = i->count;
    break;
  case MG_INSTRUCTION_places:
  case MG_INSTRUCTION_pick_uniform:
  case MG_INSTRUCTION_scatter: view.table_count = i->count; break;
  default: break;
  }
  return view;
}

int64_t mg_program_block_instruction_count(const mg_program *p) { return p->instruction_count; }

mg_instruction_view mg_program_instruction(const mg_program *p, int64_t k) { return view_of(p, &p->instructions[k]); }

// MARK: Costs

static int64_t rows_in(const int32_t *rows, int64_t count) {
  int64_t found = 0;
  for (int64_t k = 0; k < count; k++) found += rows[k] >= 0;
  return found;
}

static int64_t flops_of_combine(const mg_instruction_view *i) {
  int64_t additions = i->scaled_count + i->product_count - (i->start < 0), products = i->product_count;
  for (int64_t k = 0; k < i->scaled_count; k++) products += i->scaled[k].factor >= 0;
  for (int64_t k = 0; k < i->product_count; k++) products += i->products[k].factor >= 0;
  return mg_max(1, additions + products);
}

int64_t mg_program_instruction_flops(const mg_program *p, int64_t k) {
  mg_instruction_view i = mg_program_instruction(p, k);
  switch ((mg_instruction_code)p->instructions[k].code) {
  case MG_INSTRUCTION_combine: return flops_of_combine(&i);
  case MG_INSTRUCTION_affine: return i.outputs * (2 * i.inputs - 1 + (i.bias >= 0) + i.flag);
  case MG_INSTRUCTION_columns: return i.inputs * (2 * i.outputs - 1) + rows_in(i.masks, i.mask_count);
  case MG_INSTRUCTION_outer: return i.applications * i.outputs * (2 * i.inputs + (i.bias >= 0));
  case MG_INSTRUCTION_softmax:  // the largest, differences, exponentials, their sum; a quotient or a difference each
    return 4 * i.list_count + rows_in(i.more, i.more_count);
  case MG_INSTRUCTION_softmax_pullback: return 2 * i.list_count;
  case MG_INSTRUCTION_norm: return 2 * i.list_count;
  case MG_INSTRUCTION_partial:
  case MG_INSTRUCTION_total_product: return 2;
  case MG_INSTRUCTION_value:
  case MG_INSTRUCTION_select:
  case MG_INSTRUCTION_select_partial:
  case MG_INSTRUCTION_pick_partial:
  case MG_INSTRUCTION_guard:
  case MG_INSTRUCTION_total:
  case MG_INSTRUCTION_scatter: return 1;
  default: return 0;
  }
}

int64_t mg_program_instruction_bytes(const mg_program *p, int64_t k) {
  mg_instruction_view i = mg_program_instruction(p, k);
  int64_t rows = (i.out >= 0) + (i.d >= 0) + (i.x >= 0) + (i.y >= 0) + (i.v >= 0) + rows_in(i.masks, i.mask_count) +
                 i.scaled_count + 2 * i.product_count + rows_in(i.more, i.more_count);
  // Of a table of rows, one is read.
  return 8 * (rows + (p->instructions[k].code == MG_INSTRUCTION_pick_row ? 1 : rows_in(i.list, i.list_count)));
}


int64_t mg_program_flops(const mg_program *p) {
  int64_t flops = 0;
  for (int64_t k = 0; k < p->instruction_count; k++) flops += mg_program_instruction_flops(p, k);
  return flops;
}

int64_t mg_program_bytes(const mg_program *p) {
  int64_t rows = p->uses_inputs ? p->input_count : 0;
  if (p->output_rows) rows += p->output_count;
  if (p->adjoint_rows) rows += p->gradient_count;
  int64_t bytes = 8 * rows;
  for (int64_t k = 0; k < p->instruction_count; k++) bytes += mg_program_instruction_bytes(p, k);
  return bytes;
}

int64_t mg_program_fused_count(const mg_program *p) {
  int64_t fused = 0;
  for (int64_t k = 0; k < p->instruction_count; k++) fused += mg_max(0, mg_program_instruction_flops(p, k) - 1);
  return fused;
}

int64_t mg_program_row_count(const mg_program *p) { return p->row_count; }
int64_t mg_program_block_size(const mg_program *p) { return p->block_size; }
int64_t mg_program_hoisted_count(const mg_program *p) { return p->hoisted_count; }
int64_t mg_program_sum_count(const mg_program *p) { return p->sum_count; }
int64_t mg_program_parameter_count(const mg_program *p) { return p->parameter_count; }

// MARK: What indices stand for

mg_node mg_program_uniform(const mg_program *p, int32_t uniform, double *constant) {
  int64_t low = 0, high = p->copy_count;  // the first run of copies that begins beyond it
  while (low < high) {
    int64_t middle = low + (high - low) / 2;
    if (p->copies[middle].place <= uniform) low = middle + 1;
    else high = middle;
  }
  if (low > 0 && uniform < p->copies[low - 1].place + p->copies[low - 1].count)
    return p->copies[low - 1].node + (uniform - p->copies[low - 1].place);
  *constant = p->uniforms[uniform];
  return MG_NO_NODE;
}

mg_node mg_program_sum(const mg_program *p, int32_t sum) { return p->sum_targets[sum]; }

int32_t mg_program_spread(const mg_program *p, int32_t row) {
  for (int64_t k = 0; k < p->preamble_count; k++)
    if (p->preamble[k].out == row) return p->preamble[k].start;
  return -1;
}

int32_t mg_program_input_row(const mg_program *p, int64_t k) { return p->uses_inputs ? p->input_rows[k] : -1; }
int32_t mg_program_adjoint_row(const mg_program *p, int64_t k) { return p->adjoint_rows ? p->adjoint_rows[k] : -1; }
int32_t mg_program_output_row(const mg_program *p, int64_t k) { return p->output_rows ? p->output_rows[k] : -1; }
mg_tape *mg_program_prologue(const mg_program *p) { return p->prologue.tape; }
