// Choices: comparisons, selections, and places in tables.
#include "mg_print_c.h"
#include "mg_printer.h"

#define ADD(...) mg_text_add(pr->text, __VA_ARGS__)

const char *mg_relation_sign(mg_relation relation) {
  switch (relation) {
  case MG_LESS: return "<";
  case MG_AT_MOST: return "<=";
  case MG_EQUAL: return "==";
  case MG_UNEQUAL: return "!=";
  case MG_AT_LEAST: return ">=";
  case MG_GREATER: return ">";
  }
}

static void print_relation(mg_printer *pr, const mg_instruction *i, int32_t left, int32_t right) {
  mg_print_row(pr, left);
  ADD(" %s ", mg_relation_sign((mg_relation)i->relation));
  mg_print_row(pr, right);
}

void mg_print_select(mg_printer *pr, const mg_instruction *i) {
  const int32_t *list = pr->program->lists + i->list;
  mg_begin_row(pr, i->out);
  print_relation(pr, i, list[0], list[1]);
  ADD(" ? ");
  mg_print_row(pr, i->x);
  ADD(" : ");
  mg_print_row(pr, i->y);
  mg_end_row(pr, i->out);
}

void mg_print_select_partial(mg_printer *pr, const mg_instruction *i) {
  mg_begin_row(pr, i->out);
  print_relation(pr, i, i->x, i->y);
  if (i->flag) ADD(" ? ");
  else ADD(" ? 0 : ");
  mg_print_row(pr, i->d);
  if (i->flag) ADD(" : 0");
  mg_end_row(pr, i->out);
}

void mg_print_guard(mg_printer *pr, const mg_instruction *i) {
  mg_print_line(pr);
  ADD(i->flag ? "if (!(" : "if (");
  print_relation(pr, i, i->x, i->y);
  ADD(i->flag ? ")) return %d;" : ") return %d;", MG_C_DEVIATES);
}

// A row of places holds whole numbers from here on.
void mg_print_places(mg_printer *pr, const mg_instruction *i) {
  mg_print_line(pr);
  ADD("if (!(");
  mg_print_row(pr, i->x);
  ADD(" >= 0 && ");
  mg_print_row(pr, i->x);
  ADD(" < %d && floor(", i->count);
  mg_print_row(pr, i->x);
  ADD(") == ");
  mg_print_row(pr, i->x);
  ADD(")) return %d;", MG_C_NO_PLACE);
  if (mg_is_dead_write(pr, 0)) return;
  mg_begin_row(pr, i->out);
  mg_print_row(pr, i->x);
  mg_end_row(pr, i->out);
}

void mg_print_pick_uniform(mg_printer *pr, const mg_instruction *i) {
  mg_print_line(pr);
  ADD("double v%d;", pr->locals);
  mg_print_line(pr);
  ADD("{");
  mg_print_table(pr, "t", i->start, i->count);
  mg_print_line(pr);
  ADD("v%d = t[(int)", pr->locals);
  mg_print_row(pr, i->x);
  ADD("]");
  mg_close_row(pr, i->out);
}

void mg_print_pick_row(mg_printer *pr, const mg_instruction *i) {
  mg_open_row(pr, "t", pr->program->lists + i->list, i->count);
  ADD("t[(int)");
  mg_print_row(pr, i->x);
  ADD("]");
  mg_close_row(pr, i->out);
}
