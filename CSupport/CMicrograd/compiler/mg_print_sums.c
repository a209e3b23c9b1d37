// Sums: of terms in a row, and over samples.
#include <math.h>

#include "mg_printer.h"

#define ADD(...) mg_text_add(pr->text, __VA_ARGS__)

void mg_print_sign(mg_printer *pr, bool is_first, bool is_minus) {
  if (is_first) ADD(is_minus ? "-" : "");
  else {
    ADD(is_minus ? " -" : " +");
    mg_print_gap(pr);
  }
}

void mg_print_factor(mg_printer *pr, int32_t factor) {
  if (factor < 0) return;
  mg_print_uniform(pr, factor);
  ADD(" * ");
}

enum { LONGEST_SUM = 48 };

// A sum of many terms is several statements, of the variable that was begun.
static void print_break(mg_printer *pr, int32_t term) {
  if (term == 0 || term % LONGEST_SUM != 0) return;
  ADD(";");
  mg_print_line(pr);
  ADD("v%d = v%d", pr->locals, pr->locals);
}

static void print_combine_terms(mg_printer *pr, const mg_instruction *i) {
  const mg_program *p = pr->program;
  bool is_first = true;
  if (i->start >= 0) {
    mg_print_uniform(pr, i->start);
    is_first = false;
  }
  for (int32_t k = 0; k < i->count; k++, is_first = false) {
    const mg_scaled_term *t = &p->scaled[i->list + k];
    print_break(pr, k);
    mg_print_sign(pr, is_first, t->factor == MG_FACTOR_MINUS_ONE);
    mg_print_factor(pr, t->factor);
    mg_print_row(pr, t->row);
  }
  for (int32_t k = 0; k < i->more_count; k++, is_first = false) {
    const mg_product_term *t = &p->products[i->more + k];
    print_break(pr, i->count + k);
    mg_print_sign(pr, is_first, t->factor == MG_FACTOR_MINUS_ONE);
    mg_print_factor(pr, t->factor);
    mg_print_row(pr, t->left);
    ADD(" * ");
    mg_print_row(pr, t->right);
  }
  if (is_first) ADD("0.0");
}

// mg_carried of a factor and a row.
void mg_print_carried_factor(mg_printer *pr, int32_t factor, int32_t row) {
  ADD("mg_carried(");
  if (factor >= 0) mg_print_uniform(pr, factor);
  else ADD(factor == MG_FACTOR_ONE ? "1.0" : "-1.0");
  ADD(", ");
  mg_print_row(pr, row);
  ADD(")");
}

static void print_carried_terms(mg_printer *pr, const mg_instruction *i) {
  const mg_program *p = pr->program;
  if (i->start >= 0) mg_print_uniform(pr, i->start);
  else ADD("0.0");
  for (int32_t k = 0; k < i->count; k++) {
    print_break(pr, k);
    ADD(" +");
    mg_print_gap(pr);
    mg_print_carried_factor(pr, p->scaled[i->list + k].factor, p->scaled[i->list + k].row);
  }
  for (int32_t k = 0; k < i->more_count; k++) {
    const mg_product_term *t = &p->products[i->more + k];
    print_break(pr, i->count + k);
    ADD(" +");
    mg_print_gap(pr);
    ADD("mg_carried(");
    mg_print_row(pr, t->left);
    ADD(", ");
    mg_print_carried_factor(pr, t->factor, t->right);
    ADD(")");
  }
}

// Whether a term can be a zero times a number that is not finite.
static bool has_products(const mg_printer *pr, const mg_instruction *i) {
  bool has = i->more_count > 0;
  for (int32_t k = 0; k < i->count && !has; k++) {
    int32_t factor = pr->program->scaled[i->list + k].factor;
    double number = factor >= 0 ? pr->program->uniforms[factor] : 1;
    has = factor >= 0 && (!mg_is_printed_uniform(pr, factor) || number == 0 || !isfinite(number));
  }
  return has;
}

void mg_print_combine(mg_printer *pr, const mg_instruction *i) {
  bool careful = pr->is_careful && i->flag && has_products(pr, i);
  if (!careful && i->count + i->more_count <= LONGEST_SUM) {
    mg_begin_row(pr, i->out);
    print_combine_terms(pr, i);
    mg_end_row(pr, i->out);
    return;
  }
  mg_begin_variable(pr);
  if (pr->is_cut && i->count + i->more_count > LONGEST_SUM) {
    mg_print_long_sum(pr, i, careful);
    mg_end_variable(pr, i->out);
    return;
  }
  print_combine_terms(pr, i);
  if (careful) {
    ADD(";");
    mg_print_line(pr);
    ADD("if (v%d != v%d) {", pr->locals, pr->locals);
    mg_print_line(pr);
    ADD("  v%d = ", pr->locals);
    print_carried_terms(pr, i);
    ADD(";");
    mg_print_line(pr);
    ADD("}");
  } else {
    ADD(";");
  }
  mg_end_variable(pr, i->out);
}

// MARK: Over samples

void mg_print_added(mg_printer *pr, int32_t sum, int32_t left, int32_t right) {
  mg_print_line(pr);
  if (pr->is_careful && right >= 0) {
    ADD("sums[%d] = mg_added(sums[%d], ", sum, sum);
    mg_print_row(pr, left);
    ADD(", ");
    mg_print_row(pr, right);
    ADD(");");
    return;
  }
  ADD("sums[%d] += ", sum);
  mg_print_row(pr, left);
  if (right >= 0) {
    ADD(" * ");
    mg_print_row(pr, right);
  }
  ADD(";");
}

void mg_print_outer(mg_printer *pr, const mg_instruction *i) {
  const mg_program *p = pr->program;
  for (int32_t a = 0; a < i->applications; a++) {
    const int32_t *d = p->lists + i->list + a * i->count, *x = p->lists + i->more + a * i->more_count;
    if (mg_is_large_product(i)) {
      mg_print_line(pr);
      ADD("{");
      mg_print_array(pr, "d", d, i->count);
      mg_print_array(pr, "in", x, i->more_count);
      mg_print_line(pr);
      ADD("double *to = sums + %d;", i->start);
      mg_print_line(pr);
      ADD("for (int j = 0; j < %d; j++)", i->count);
      mg_print_line(pr);
      ADD("  for (int i = 0; i < %d; i++) ", i->more_count);
      if (pr->is_careful) ADD("to[j * %d + i] = mg_added(to[j * %d + i], d[j], in[i]);", i->more_count, i->more_count);
      else ADD("to[j * %d + i] += d[j] * in[i];", i->more_count);
      mg_print_line(pr);
      ADD("}");
    } else {
      for (int32_t j = 0; j < i->count; j++)
        for (int32_t k = 0; k < i->more_count; k++) mg_print_added(pr, i->start + j * i->more_count + k, d[j], x[k]);
    }
    for (int32_t j = 0; i->bias >= 0 && j < i->count; j++) mg_print_added(pr, i->bias + j, d[j], -1);
  }
}
