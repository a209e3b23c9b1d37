// An instruction as C: one statement or a few. Each kind of instruction has a file of its own.
#include "mg_print_c.h"
#include "mg_printer.h"

#define ADD(...) mg_text_add(pr->text, __VA_ARGS__)

void mg_print_instruction(mg_printer *pr, const mg_instruction *i) {
  const mg_program *p = pr->program;
  switch ((mg_instruction_code)i->code) {
  case MG_INSTRUCTION_value:
    mg_begin_row(pr, i->out);
    mg_print_value(pr, i);
    mg_end_row(pr, i->out);
    break;
  case MG_INSTRUCTION_partial: mg_print_partial(pr, i); break;
  case MG_INSTRUCTION_combine: mg_print_combine(pr, i); break;
  case MG_INSTRUCTION_affine: mg_print_affine(pr, i); break;
  case MG_INSTRUCTION_columns: mg_print_columns(pr, i); break;
  case MG_INSTRUCTION_softmax: mg_print_softmax(pr, i); break;
  case MG_INSTRUCTION_softmax_pullback: mg_print_softmax_pullback(pr, i); break;
  case MG_INSTRUCTION_norm:
    mg_open_row(pr, "in", p->lists + i->list, i->count);
    ADD("mg_root_of_squares(in, %d)", i->count);
    mg_close_row(pr, i->out);
    break;
  case MG_INSTRUCTION_select: mg_print_select(pr, i); break;
  case MG_INSTRUCTION_select_partial: mg_print_select_partial(pr, i); break;
  case MG_INSTRUCTION_places: mg_print_places(pr, i); break;
  case MG_INSTRUCTION_pick_uniform: mg_print_pick_uniform(pr, i); break;
  case MG_INSTRUCTION_pick_row: mg_print_pick_row(pr, i); break;
  case MG_INSTRUCTION_pick_partial:
    mg_begin_row(pr, i->out);
    mg_print_row(pr, i->x);
    ADD(" == %d ? ", i->start);
    mg_print_row(pr, i->d);
    ADD(" : 0");
    mg_end_row(pr, i->out);
    break;
  case MG_INSTRUCTION_guard: mg_print_guard(pr, i); break;
  case MG_INSTRUCTION_total: mg_print_added(pr, i->start, i->x, -1); break;
  case MG_INSTRUCTION_total_product: mg_print_added(pr, i->start, i->x, i->y); break;
  case MG_INSTRUCTION_total_uniform:
    mg_print_line(pr);
    ADD("sums[%d] += ", i->start);
    mg_print_uniform(pr, i->bias);
    ADD(";");
    break;
  case MG_INSTRUCTION_outer: mg_print_outer(pr, i); break;
  case MG_INSTRUCTION_scatter:
    mg_print_line(pr);
    ADD("sums[%d + (int)", i->start);
    mg_print_row(pr, i->x);
    ADD("] += ");
    mg_print_row(pr, i->d);
    ADD(";");
    break;
  case MG_INSTRUCTION_spread:  // only before all others
  case MG_INSTRUCTION_custom:  // nothing is printed of a program with one
  case MG_INSTRUCTION_pullback: break;
  }
}
