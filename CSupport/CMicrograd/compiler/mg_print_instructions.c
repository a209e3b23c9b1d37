// An instruction as C: one statement or a few.
#include <ctype.h>
#include <string.h>

#include "mg_print_c.h"
#include "mg_printer.h"
#include "mg_program_view.h"

#define ADD(...) mg_text_add(pr->text, __VA_ARGS__)

// MARK: What an instruction reads and writes

int64_t mg_write_count(const mg_instruction *i) {
  switch ((mg_instruction_code)i->code) {
  case MG_INSTRUCTION_affine:
  case MG_INSTRUCTION_columns:
  case MG_INSTRUCTION_softmax:
  case MG_INSTRUCTION_softmax_pullback: return i->more_count;
  default: return i->out >= 0;
  }
}

int32_t mg_written_row(const mg_program *p, const mg_instruction *i, int64_t k) {
  switch ((mg_instruction_code)i->code) {
  case MG_INSTRUCTION_affine:
  case MG_INSTRUCTION_columns:
  case MG_INSTRUCTION_softmax:
  case MG_INSTRUCTION_softmax_pullback: return p->lists[i->more + k];
  default: return i->out;
  }
}

static void mark(uint8_t *is_read, const int32_t *rows, int64_t count) {
  for (int64_t k = 0; k < count; k++)
    if (rows[k] >= 0) is_read[rows[k]] = 1;
}

void mg_mark_reads(const mg_program *p, const mg_instruction *i, uint8_t *is_read) {
  const int32_t *list = p->lists + i->list, *more = p->lists + i->more, rows[] = {i->d, i->x, i->y, i->v};
  mark(is_read, rows, 4);
  switch ((mg_instruction_code)i->code) {
  case MG_INSTRUCTION_combine:
    for (int32_t k = 0; k < i->count; k++) mark(is_read, &p->scaled[i->list + k].row, 1);
    for (int32_t k = 0; k < i->more_count; k++) {
      mark(is_read, &p->products[i->more + k].left, 1);
      mark(is_read, &p->products[i->more + k].right, 1);
    }
    break;
  case MG_INSTRUCTION_columns:
    if (i->flag) mark(is_read, more + i->more_count, i->more_count);
    mark(is_read, list, i->count);
    break;
  case MG_INSTRUCTION_affine:
  case MG_INSTRUCTION_softmax:
  case MG_INSTRUCTION_softmax_pullback:
  case MG_INSTRUCTION_norm:
  case MG_INSTRUCTION_pick_row: mark(is_read, list, i->count); break;
  case MG_INSTRUCTION_select: mark(is_read, list, 2); break;
  case MG_INSTRUCTION_outer:
    mark(is_read, list, (int64_t)i->applications * i->count);
    mark(is_read, more, (int64_t)i->applications * i->more_count);
    break;
  default: break;
  }
}

// A matrix of more weights is a loop.
enum { LARGEST_UNROLLED = 48, LONGEST_SUM = 48 };

static bool is_large(const mg_instruction *i) { return (int64_t)i->count * i->more_count > LARGEST_UNROLLED; }

int64_t mg_printed_size(const mg_instruction *i) {
  switch ((mg_instruction_code)i->code) {
  case MG_INSTRUCTION_combine: return 1 + i->count + i->more_count;
  case MG_INSTRUCTION_affine:
  case MG_INSTRUCTION_columns: return is_large(i) ? 10 + i->count + i->more_count : (int64_t)i->count * i->more_count;
  case MG_INSTRUCTION_outer:
    return i->applications * (is_large(i) ? 10 + i->count + i->more_count : (int64_t)i->count * i->more_count);
  case MG_INSTRUCTION_softmax:
  case MG_INSTRUCTION_softmax_pullback:
  case MG_INSTRUCTION_norm:
  case MG_INSTRUCTION_pick_row: return 5 + i->count + i->more_count;
  case MG_INSTRUCTION_partial: return 3;
  default: return 1;
  }
}

// MARK: Writing

static bool is_dead(const mg_printer *pr, int64_t k) { return pr->is_dead[pr->writes + k]; }

// What the row that was begun is called.
static mg_c_name begun(const mg_printer *pr, int32_t row) {
  return pr->is_cut ? (mg_c_name){MG_C_ROW, row, 0} : (mg_c_name){MG_C_LOCAL, pr->locals, 0};
}

// Begins `v7 = `, whose rest the caller prints. A row may be read by the instruction that writes it: its new name comes last.
static void begin_row(mg_printer *pr, int32_t row) {
  mg_print_line(pr);
  if (pr->is_cut) ADD("r[%d] = ", row);
  else ADD("const double v%d = ", pr->locals);
}

static void name_row(mg_printer *pr, int32_t row) {
  pr->names[row] = begun(pr, row);
  pr->locals++;
}

static void end_row(mg_printer *pr, int32_t row) {
  ADD(";");
  name_row(pr, row);
}

// A variable that may change before it is the row.
static void begin_variable(mg_printer *pr) {
  mg_print_line(pr);
  ADD("double v%d = ", pr->locals);
}

// After a whole statement.
static void end_variable(mg_printer *pr, int32_t row) {
  if (pr->is_cut) {
    mg_print_line(pr);
    ADD("r[%d] = v%d;", row, pr->locals);
  }
  name_row(pr, row);
}

// MARK: Ops of the table

static const char *value_text(const mg_lane_op *op) {
  switch (op->op) {
#define CASE(name, symbol, value, ...) case MG_OP_##name: return #value;
    MG_BINARY_OPS(CASE)
    MG_CONSTANT_OPS(CASE)
    MG_UNARY_OPS(CASE)
    MG_TARGET_OPS(CASE)
#undef CASE
  default: break;
  }
  switch (op->function) {
#define CASE(name, symbol, value, ...) case MG_FUNCTION_##name: return #value;
    MG_FUNCTIONS(CASE)
#undef CASE
  case MG_FUNCTION_COUNT: break;
  }
  return "";
}

static const char *partial_text(const mg_lane_op *op, int operand) {
  switch (op->op) {
#define CASE(name, symbol, value, to_x, to_y, ...) case MG_OP_##name: return operand == 0 ? #to_x : #to_y;
    MG_BINARY_OPS(CASE)
#undef CASE
#define CASE(name, symbol, value, to_x, ...) case MG_OP_##name: return #to_x;
    MG_CONSTANT_OPS(CASE)
    MG_UNARY_OPS(CASE)
    MG_TARGET_OPS(CASE)
#undef CASE
  default: break;
  }
  switch (op->function) {
#define CASE(name, symbol, value, to_x, ...) case MG_FUNCTION_##name: return #to_x;
    MG_FUNCTIONS(CASE)
#undef CASE
  case MG_FUNCTION_COUNT: break;
  }
  return "";
}

// Compilers replace pow(x, 2) and pow(2, x) by other functions, whose last digit differs.
static bool is_power(mg_op op) { return op == MG_OP_power || op == MG_OP_power_constant || op == MG_OP_constant_power; }

static void print_constant(mg_printer *pr, const mg_instruction *i, double c) {
  if (is_power(i->op.op)) ADD("mg_opaque(");
  mg_print_number(c, pr->text);
  if (is_power(i->op.op)) ADD(")");
}

static void print_operand(mg_printer *pr, const mg_instruction *i, int32_t row) {
  bool is_hidden = is_power(i->op.op) && mg_is_printed_number(pr, row);
  if (is_hidden) ADD("mg_opaque(");
  mg_print_row(pr, row);
  if (is_hidden) ADD(")");
}

// An expression of the table with its operands; `with_one`: for an adjoint of 1.
static void print_expression(mg_printer *pr, const mg_instruction *i, const char *expression, bool with_one) {
  for (const char *at = expression; *at;) {
    const char *start = at;
    while (isalnum((unsigned char)*at) || *at == '_' || (*at == '.' && at > start)) at++;
    if (at == start) at++;
    switch (at == start + 1 ? *start : 0) {
    case 'x': print_operand(pr, i, i->x); break;
    case 'y': print_operand(pr, i, i->y); break;
    case 'v': mg_print_row(pr, i->v); break;
    case 'd':
      if (with_one) ADD("1.0");
      else mg_print_row(pr, i->d);
      break;
    case 'c': print_constant(pr, i, i->op.c); break;
    case 't': print_constant(pr, i, i->op.t); break;
    default: mg_text_add_bytes(pr->text, start, at - start);
    }
  }
}

void mg_print_value(mg_printer *pr, const mg_instruction *i) { print_expression(pr, i, value_text(&i->op), false); }

void mg_print_contribution(mg_printer *pr, const mg_instruction *i, bool with_one) {
  print_expression(pr, i, partial_text(&i->op, i->flag), with_one);
}

static void print_partial(mg_printer *pr, const mg_instruction *i) {
  bool careful = pr->is_careful;
  if (careful) begin_variable(pr);
  else begin_row(pr, i->out);
  mg_print_row(pr, i->d);
  ADD(" == 0 ? 0 : (");
  mg_print_contribution(pr, i, false);
  ADD(")");
  if (careful) {
    ADD(";");
    mg_print_line(pr);
    ADD("if (v%d != v%d && (", pr->locals, pr->locals);
    mg_print_contribution(pr, i, true);
    ADD(") == 0) v%d = 0;", pr->locals);
  }
  if (careful) end_variable(pr, i->out);
  else end_row(pr, i->out);
}

// MARK: Sums

static void print_sign(mg_printer *pr, bool is_first, bool is_minus) {
  if (is_first) ADD(is_minus ? "-" : "");
  else {
    ADD(is_minus ? " -" : " +");
    mg_print_gap(pr);
  }
}

static void print_factor(mg_printer *pr, int32_t factor) {
  if (factor < 0) return;
  mg_print_uniform(pr, factor);
  ADD(" * ");
}

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
    print_sign(pr, is_first, t->factor == MG_FACTOR_MINUS_ONE);
    print_factor(pr, t->factor);
    mg_print_row(pr, t->row);
  }
  for (int32_t k = 0; k < i->more_count; k++, is_first = false) {
    const mg_product_term *t = &p->products[i->more + k];
    print_break(pr, i->count + k);
    print_sign(pr, is_first, t->factor == MG_FACTOR_MINUS_ONE);
    print_factor(pr, t->factor);
    mg_print_row(pr, t->left);
    ADD(" * ");
    mg_print_row(pr, t->right);
  }
  if (is_first) ADD("0.0");
}

// mg_carried of a factor and a row.
static void print_carried_factor(mg_printer *pr, int32_t factor, int32_t row) {
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
    print_carried_factor(pr, p->scaled[i->list + k].factor, p->scaled[i->list + k].row);
  }
  for (int32_t k = 0; k < i->more_count; k++) {
    const mg_product_term *t = &p->products[i->more + k];
    print_break(pr, i->count + k);
    ADD(" +");
    mg_print_gap(pr);
    ADD("mg_carried(");
    mg_print_row(pr, t->left);
    ADD(", ");
    print_carried_factor(pr, t->factor, t->right);
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

static void print_combine(mg_printer *pr, const mg_instruction *i) {
  bool careful = pr->is_careful && i->flag && has_products(pr, i);
  if (!careful && i->count + i->more_count <= LONGEST_SUM) {
    begin_row(pr, i->out);
    print_combine_terms(pr, i);
    end_row(pr, i->out);
    return;
  }
  begin_variable(pr);
  if (pr->is_cut && i->count + i->more_count > LONGEST_SUM) {
    mg_print_long_sum(pr, i, careful);
    end_variable(pr, i->out);
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
  end_variable(pr, i->out);
}

// MARK: Rows as an array

// `const double NAME[] = {…};` of rows, 0.0 for none.
static void print_array(mg_printer *pr, const char *name, const int32_t *rows, int64_t count) {
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
static void print_table(mg_printer *pr, const char *name, int32_t first, int64_t count) {
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
static void open_results(mg_printer *pr, int64_t count) {
  mg_print_line(pr);
  ADD("double a%d[%lld];", pr->locals, (long long)count);
  mg_print_line(pr);
  ADD("{");
}

static void close_results(mg_printer *pr, const mg_instruction *i) {
  const mg_program *p = pr->program;
  mg_print_line(pr);
  ADD("}");
  for (int64_t k = 0; k < i->more_count; k++) {
    int32_t row = p->lists[i->more + k];
    if (is_dead(pr, k)) continue;
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

// MARK: Layers

static void print_large_affine(mg_printer *pr, const mg_instruction *i) {
  open_results(pr, i->more_count);
  print_array(pr, "in", pr->program->lists + i->list, i->count);
  print_table(pr, "w", i->start, (int64_t)i->count * i->more_count);
  if (i->bias >= 0) print_table(pr, "b", i->bias, i->more_count);
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
  close_results(pr, i);
}

// The results are variables first, and rows of an array only when all are computed: they may be among the operands.
static void end_variables(mg_printer *pr, const mg_instruction *i, int32_t first) {
  const mg_program *p = pr->program;
  for (int64_t k = 0; k < i->more_count; k++) {
    if (is_dead(pr, k)) continue;
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

static void print_affine(mg_printer *pr, const mg_instruction *i) {
  const int32_t *list = pr->program->lists + i->list;
  if (is_large(i)) {
    print_large_affine(pr, i);
    return;
  }
  int32_t first = pr->locals;
  for (int32_t j = 0; j < i->more_count; j++, pr->locals++) {
    if (is_dead(pr, j)) continue;
    mg_print_line(pr);
    ADD("%sdouble v%d = ", i->flag ? "" : "const ", pr->locals);
    if (i->bias >= 0) mg_print_uniform(pr, i->bias + j);
    else if (i->bias == MG_FROM_ZERO || i->count == 0) ADD(i->bias == MG_FROM_ZERO ? "0.0" : "-0.0");
    for (int32_t k = 0; k < i->count; k++) {
      print_sign(pr, k == 0 && i->bias == -1, false);
      print_factor(pr, i->start + j * i->count + k);
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
  open_results(pr, inputs);
  print_array(pr, "d", p->lists + i->list, outputs);
  print_table(pr, "w", i->start, (int64_t)inputs * outputs);
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
  close_results(pr, i);
}

static void print_columns(mg_printer *pr, const mg_instruction *i) {
  const mg_program *p = pr->program;
  const int32_t *list = p->lists + i->list, *masks = p->lists + i->more + i->more_count;
  if (is_large(i)) {
    print_large_columns(pr, i);
    return;
  }
  int32_t first = pr->locals;
  for (int32_t k = 0; k < i->more_count; k++, pr->locals++) {
    if (is_dead(pr, k)) continue;
    bool is_masked = i->flag && masks[k] >= 0, careful = pr->is_careful;
    mg_print_line(pr);
    ADD("%sdouble v%d = ", careful ? "" : "const ", pr->locals);
    if (is_masked) {
      mg_print_row(pr, masks[k]);
      ADD(" > 0 ? ");
    }
    for (int32_t j = 0; j < i->count; j++) {
      print_sign(pr, j == 0, false);
      print_factor(pr, i->start + j * i->more_count + k);
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
      print_carried_factor(pr, i->start + j * i->more_count + k, list[j]);
    }
    ADD(";");
  }
  end_variables(pr, i, first);
}

// MARK: Sums over samples

static void print_added(mg_printer *pr, int32_t sum, int32_t left, int32_t right) {
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

static void print_outer(mg_printer *pr, const mg_instruction *i) {
  const mg_program *p = pr->program;
  for (int32_t a = 0; a < i->applications; a++) {
    const int32_t *d = p->lists + i->list + a * i->count, *x = p->lists + i->more + a * i->more_count;
    if (is_large(i)) {
      mg_print_line(pr);
      ADD("{");
      print_array(pr, "d", d, i->count);
      print_array(pr, "in", x, i->more_count);
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
        for (int32_t k = 0; k < i->more_count; k++) print_added(pr, i->start + j * i->more_count + k, d[j], x[k]);
    }
    for (int32_t j = 0; i->bias >= 0 && j < i->count; j++) print_added(pr, i->bias + j, d[j], -1);
  }
}

// MARK: Rows of many terms

static void print_softmax(mg_printer *pr, const mg_instruction *i) {
  const mg_program *p = pr->program;
  int n = i->count;
  open_results(pr, i->more_count);
  print_array(pr, "in", p->lists + i->list, n);
  mg_print_line(pr);
  ADD("const mg_exponentials e = mg_softmax(in, a%d, %d);", pr->locals, n);
  mg_print_line(pr);
  ADD("a%d[%d] = mg_log_sum_exp_of(e);", pr->locals, n);
  bool has_logs = false;
  for (int64_t k = n + 1; k < i->more_count; k++) has_logs = has_logs || !is_dead(pr, k);
  if (has_logs) {
    mg_print_line(pr);
    ADD("for (int j = 0; j < %d; j++) a%d[%d + j] = 0 - mg_log_sum_exp_less(e, in[j]);", n, pr->locals, n + 1);
  }
  close_results(pr, i);
}

static void print_softmax_pullback(mg_printer *pr, const mg_instruction *i) {
  const mg_program *p = pr->program;
  int n = i->count / 2;
  open_results(pr, i->more_count);
  print_array(pr, "p", p->lists + i->list, n);
  print_array(pr, "d", p->lists + i->list + n, n);
  mg_print_line(pr);
  if (i->flag) {
    ADD("const int64_t top = mg_softmax_top(p, %d);", n);
    mg_print_line(pr);
    ADD("const mg_less_share share = mg_softmax_less_share(p, top, d, %d);", n);
    mg_print_line(pr);
    ADD("for (int j = 0; j < %d; j++) a%d[j] = mg_less_share_at(share, top, p, d, j);", n, pr->locals);
  } else {
    ADD("const mg_centered c = mg_softmax_centered(p, mg_softmax_top(p, %d), d, %d);", n, n);
    mg_print_line(pr);
    ADD("for (int j = 0; j < %d; j++) a%d[j] = mg_carried(mg_centered_at(c, d[j]), p[j]);", n, pr->locals);
  }
  close_results(pr, i);
}

// A row that is computed from an array of rows; the result's variable stands before the block.
static void open_row(mg_printer *pr, const char *name, const int32_t *rows, int64_t count) {
  mg_print_line(pr);
  ADD("double v%d;", pr->locals);
  mg_print_line(pr);
  ADD("{");
  print_array(pr, name, rows, count);
  mg_print_line(pr);
  ADD("v%d = ", pr->locals);
}

static void close_row(mg_printer *pr, int32_t row) {
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

// MARK: Choices

static const char *sign_of(mg_relation relation) {
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
  ADD(" %s ", sign_of((mg_relation)i->relation));
  mg_print_row(pr, right);
}

static void print_select(mg_printer *pr, const mg_instruction *i) {
  const int32_t *list = pr->program->lists + i->list;
  begin_row(pr, i->out);
  print_relation(pr, i, list[0], list[1]);
  ADD(" ? ");
  mg_print_row(pr, i->x);
  ADD(" : ");
  mg_print_row(pr, i->y);
  end_row(pr, i->out);
}

static void print_select_partial(mg_printer *pr, const mg_instruction *i) {
  begin_row(pr, i->out);
  print_relation(pr, i, i->x, i->y);
  if (i->flag) ADD(" ? ");
  else ADD(" ? 0 : ");
  mg_print_row(pr, i->d);
  if (i->flag) ADD(" : 0");
  end_row(pr, i->out);
}

static void print_guard(mg_printer *pr, const mg_instruction *i) {
  mg_print_line(pr);
  ADD(i->flag ? "if (!(" : "if (");
  print_relation(pr, i, i->x, i->y);
  ADD(i->flag ? ")) return %d;" : ") return %d;", MG_C_DEVIATES);
}

// A row of places holds whole numbers from here on.
static void print_places(mg_printer *pr, const mg_instruction *i) {
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
  if (is_dead(pr, 0)) return;
  begin_row(pr, i->out);
  mg_print_row(pr, i->x);
  end_row(pr, i->out);
}

static void print_pick_uniform(mg_printer *pr, const mg_instruction *i) {
  mg_print_line(pr);
  ADD("double v%d;", pr->locals);
  mg_print_line(pr);
  ADD("{");
  print_table(pr, "t", i->start, i->count);
  mg_print_line(pr);
  ADD("v%d = t[(int)", pr->locals);
  mg_print_row(pr, i->x);
  ADD("]");
  close_row(pr, i->out);
}

static void print_pick_row(mg_printer *pr, const mg_instruction *i) {
  open_row(pr, "t", pr->program->lists + i->list, i->count);
  ADD("t[(int)");
  mg_print_row(pr, i->x);
  ADD("]");
  close_row(pr, i->out);
}

// MARK: All

void mg_print_instruction(mg_printer *pr, const mg_instruction *i) {
  const mg_program *p = pr->program;
  switch ((mg_instruction_code)i->code) {
  case MG_INSTRUCTION_value:
    begin_row(pr, i->out);
    mg_print_value(pr, i);
    end_row(pr, i->out);
    break;
  case MG_INSTRUCTION_partial: print_partial(pr, i); break;
  case MG_INSTRUCTION_combine: print_combine(pr, i); break;
  case MG_INSTRUCTION_affine: print_affine(pr, i); break;
  case MG_INSTRUCTION_columns: print_columns(pr, i); break;
  case MG_INSTRUCTION_softmax: print_softmax(pr, i); break;
  case MG_INSTRUCTION_softmax_pullback: print_softmax_pullback(pr, i); break;
  case MG_INSTRUCTION_norm:
    open_row(pr, "in", p->lists + i->list, i->count);
    ADD("mg_root_of_squares(in, %d)", i->count);
    close_row(pr, i->out);
    break;
  case MG_INSTRUCTION_select: print_select(pr, i); break;
  case MG_INSTRUCTION_select_partial: print_select_partial(pr, i); break;
  case MG_INSTRUCTION_places: print_places(pr, i); break;
  case MG_INSTRUCTION_pick_uniform: print_pick_uniform(pr, i); break;
  case MG_INSTRUCTION_pick_row: print_pick_row(pr, i); break;
  case MG_INSTRUCTION_pick_partial:
    begin_row(pr, i->out);
    mg_print_row(pr, i->x);
    ADD(" == %d ? ", i->start);
    mg_print_row(pr, i->d);
    ADD(" : 0");
    end_row(pr, i->out);
    break;
  case MG_INSTRUCTION_guard: print_guard(pr, i); break;
  case MG_INSTRUCTION_total: print_added(pr, i->start, i->x, -1); break;
  case MG_INSTRUCTION_total_product: print_added(pr, i->start, i->x, i->y); break;
  case MG_INSTRUCTION_total_uniform:
    mg_print_line(pr);
    ADD("sums[%d] += ", i->start);
    mg_print_uniform(pr, i->bias);
    ADD(";");
    break;
  case MG_INSTRUCTION_outer: print_outer(pr, i); break;
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
