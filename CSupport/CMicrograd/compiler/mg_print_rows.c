// The rows that instructions write, as variables, elements of arrays, or in the array of a program that is cut.
#include "mg_print_c.h"
#include "mg_printer.h"
#include "mg_program_view.h"

#define ADD(...) mg_text_add(pr->text, __VA_ARGS__)

// What the row that was begun is called.
static mg_c_name begun(const mg_printer *pr, int32_t row) {
  return pr->is_cut ? (mg_c_name){MG_C_ROW, row, 0} : (mg_c_name){MG_C_LOCAL, pr->locals, 0};
}

void mg_begin_row(mg_printer *pr, int32_t row) {
  mg_print_line(pr);
  if (pr->is_cut) ADD("r[%d] = ", row);
  else ADD("const double v%d = ", pr->locals);
}

static void name_row(mg_printer *pr, int32_t row) {
  pr->names[row] = begun(pr, row);
  pr->locals++;
}

void mg_end_row(mg_printer *pr, int32_t row) {
  ADD(";");
  name_row(pr, row);
}

void mg_begin_variable(mg_printer *pr) {
  mg_print_line(pr);
  ADD("double v%d = ", pr->locals);
}

void mg_end_variable(mg_printer *pr, int32_t row) {
  if (pr->is_cut) {
    mg_print_line(pr);
    ADD("r[%d] = v%d;", row, pr->locals);
  }
  name_row(pr, row);
}

// MARK: Rows as an array

void mg_print_array(mg_printer *pr, const char *name, const int32_t *rows, int64_t count) {
  mg_print_line(pr);
  ADD("const double %s[] = {", name);
  for (int64_t k = 0; k < count; k++) {
    if (rows[k] >= 0) mg_print_row(pr, rows[k]);
    else ADD("0.0");
    if (k + 1 < count) {
      ADD(",");
      mg_print_gap(pr);
    }
  }
  ADD("};");
}

// Uniforms as an array that the text calls NAME: a table, or a part of the argument.
void mg_print_table(mg_printer *pr, const char *name, int32_t first, int64_t count) {
  double constant;
  bool is_argument = false;
  for (int64_t k = 0; pr->has_parameters && k < count && !is_argument; k++)
    is_argument = mg_program_uniform(pr->program, first + (int32_t)k, &constant) != MG_NO_NODE;
  mg_print_line(pr);
  if (is_argument) {
    ADD("const double *%s = u + %d;", name, first);
    return;
  }
  ADD("static const double %s[] = {", name);
  for (int64_t k = 0; k < count; k++) {
    mg_print_number(pr->program->uniforms[first + k], pr->text);
    if (k + 1 < count) {
      ADD(",");
      mg_print_gap(pr);
    }
  }
  ADD("};");
}

// Opens a block whose results are an array that is seen after it.
void mg_open_results(mg_printer *pr, int64_t count) {
  mg_print_line(pr);
  ADD("double a%d[%lld];", pr->locals, (long long)count);
  mg_print_line(pr);
  ADD("{");
}

void mg_close_results(mg_printer *pr, const mg_instruction *i) {
  const mg_program *p = pr->program;
  mg_print_line(pr);
  ADD("}");
  for (int64_t k = 0; k < i->more_count; k++) {
    int32_t row = p->lists[i->more + k];
    if (mg_is_dead_write(pr, k)) continue;
    if (pr->is_cut) {
      mg_print_line(pr);
      ADD("r[%d] = a%d[%lld];", row, pr->locals, (long long)k);
      pr->names[row] = (mg_c_name){MG_C_ROW, row, 0};
    } else {
      pr->names[row] = (mg_c_name){MG_C_ELEMENT, pr->locals, (int32_t)k};
    }
  }
  pr->locals++;
}

// A row that is computed from an array of rows; the result's variable stands before the block.
void mg_open_row(mg_printer *pr, const char *name, const int32_t *rows, int64_t count) {
  mg_print_line(pr);
  ADD("double v%d;", pr->locals);
  mg_print_line(pr);
  ADD("{");
  mg_print_array(pr, name, rows, count);
  mg_print_line(pr);
  ADD("v%d = ", pr->locals);
}

void mg_close_row(mg_printer *pr, int32_t row) {
  ADD(";");
  mg_print_line(pr);
  ADD("}");
  if (pr->is_cut) {
    mg_print_line(pr);
    ADD("r[%d] = v%d;", row, pr->locals);
  }
  pr->names[row] = begun(pr, row);
  pr->locals++;
}
