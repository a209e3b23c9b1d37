// Matrices: products with a vector of rows, by the matrix or its transpose. A small one is written out, a larger one is a loop.
#include "mg_printer.h"

#define ADD(...) mg_text_add(pr->text, __VA_ARGS__)

static void print_large_affine(mg_printer *pr, const mg_instruction *i) {
  mg_open_results(pr, i->more_count);
  mg_print_array(pr, "in", pr->program->lists + i->list, i->count);
  mg_print_table(pr, "w", i->start, (int64_t)i->count * i->more_count);
  if (i->bias >= 0) mg_print_table(pr, "b", i->bias, i->more_count);
  mg_print_line(pr);
  ADD("for (int j = 0; j < %d; j++) {", i->more_count);
  mg_print_line(pr);
  ADD("  double sum = %s;", i->bias >= 0 ? "b[j]" : i->bias == MG_FROM_ZERO ? "0.0" : "-0.0");
  mg_print_line(pr);
  ADD("  for (int i = 0; i < %d; i++) sum += w[j * %d + i] * in[i];", i->count, i->count);
  mg_print_line(pr);
  ADD("  a%d[j] = %s;", pr->locals, i->flag ? "sum < 0 ? 0 : sum" : "sum");
  mg_print_line(pr);
  ADD("}");
  mg_close_results(pr, i);
}

// The results are variables first, and rows of an array only when all are computed: they may be among the operands.
static void end_variables(mg_printer *pr, const mg_instruction *i, int32_t first) {
  const mg_program *p = pr->program;
  for (int64_t k = 0; k < i->more_count; k++) {
    if (mg_is_dead_write(pr, k)) continue;
    int32_t row = p->lists[i->more + k], local = first + (int32_t)k;
    if (pr->is_cut) {
      mg_print_line(pr);
      ADD("r[%d] = v%d;", row, local);
      pr->names[row] = (mg_c_name){MG_C_ROW, row, 0};
    } else {
      pr->names[row] = (mg_c_name){MG_C_LOCAL, local, 0};
    }
  }
}

void mg_print_affine(mg_printer *pr, const mg_instruction *i) {
  const int32_t *list = pr->program->lists + i->list;
  if (mg_is_large_product(i)) {
    print_large_affine(pr, i);
    return;
  }
  int32_t first = pr->locals;
  for (int32_t j = 0; j < i->more_count; j++, pr->locals++) {
    if (mg_is_dead_write(pr, j)) continue;
    mg_print_line(pr);
    ADD("%sdouble v%d = ", i->flag ? "" : "const ", pr->locals);
    if (i->bias >= 0) mg_print_uniform(pr, i->bias + j);
    else if (i->bias == MG_FROM_ZERO || i->count == 0) ADD(i->bias == MG_FROM_ZERO ? "0.0" : "-0.0");
    for (int32_t k = 0; k < i->count; k++) {
      mg_print_sign(pr, k == 0 && i->bias == -1, false);
      mg_print_factor(pr, i->start + j * i->count + k);
      mg_print_row(pr, list[k]);
    }
    ADD(";");
    if (!i->flag) continue;
    mg_print_line(pr);
    ADD("if (v%d < 0) v%d = 0;", pr->locals, pr->locals);
  }
  end_variables(pr, i, first);
}

static void print_large_columns(mg_printer *pr, const mg_instruction *i) {
  const mg_program *p = pr->program;
  const int32_t *masks = p->lists + i->more + i->more_count;
  int inputs = i->more_count, outputs = i->count;
  mg_open_results(pr, inputs);
  mg_print_array(pr, "d", p->lists + i->list, outputs);
  mg_print_table(pr, "w", i->start, (int64_t)inputs * outputs);
  mg_print_line(pr);
  ADD("for (int i = 0; i < %d; i++) {", inputs);
  mg_print_line(pr);
  ADD("  double sum = -0.0;");
  mg_print_line(pr);
  ADD("  for (int j = 0; j < %d; j++) sum += w[j * %d + i] * d[j];", outputs, inputs);
  mg_print_line(pr);
  ADD("  a%d[i] = sum;", pr->locals);
  mg_print_line(pr);
  ADD("}");
  for (int32_t k = 0; k < inputs && i->flag; k++) {
    if (masks[k] < 0) continue;
    mg_print_line(pr);
    ADD("if (!(");
    mg_print_row(pr, masks[k]);
    ADD(" > 0)) a%d[%d] = 0;", pr->locals, k);
  }
  if (pr->is_careful) {
    mg_print_line(pr);
    ADD("for (int i = 0; i < %d; i++) {", inputs);
    mg_print_line(pr);
    ADD("  if (a%d[i] == a%d[i]) continue;", pr->locals, pr->locals);
    mg_print_line(pr);
    ADD("  a%d[i] = 0;", pr->locals);
    mg_print_line(pr);
    ADD("  for (int j = 0; j < %d; j++) a%d[i] += mg_carried(d[j], w[j * %d + i]);", outputs, pr->locals, inputs);
    mg_print_line(pr);
    ADD("}");
  }
  mg_close_results(pr, i);
}

void mg_print_columns(mg_printer *pr, const mg_instruction *i) {
  const mg_program *p = pr->program;
  const int32_t *list = p->lists + i->list, *masks = p->lists + i->more + i->more_count;
  if (mg_is_large_product(i)) {
    print_large_columns(pr, i);
    return;
  }
  int32_t first = pr->locals;
  for (int32_t k = 0; k < i->more_count; k++, pr->locals++) {
    if (mg_is_dead_write(pr, k)) continue;
    bool is_masked = i->flag && masks[k] >= 0, careful = pr->is_careful;
    mg_print_line(pr);
    ADD("%sdouble v%d = ", careful ? "" : "const ", pr->locals);
    if (is_masked) {
      mg_print_row(pr, masks[k]);
      ADD(" > 0 ? ");
    }
    for (int32_t j = 0; j < i->count; j++) {
      mg_print_sign(pr, j == 0, false);
      mg_print_factor(pr, i->start + j * i->more_count + k);
      mg_print_row(pr, list[j]);
    }
    if (i->count == 0) ADD("-0.0");
    ADD(is_masked ? " : 0;" : ";");
    if (!careful) continue;
    mg_print_line(pr);
    ADD("if (v%d != v%d) v%d = 0.0", pr->locals, pr->locals, pr->locals);
    for (int32_t j = 0; j < i->count; j++) {
      ADD(" +");
      mg_print_gap(pr);
      mg_print_carried_factor(pr, i->start + j * i->more_count + k, list[j]);
    }
    ADD(";");
  }
  end_variables(pr, i, first);
}
