// Ops of the table: their values, and what they contribute to the adjoints of their operands.
//
// The text is that of the table (mg_ops.h), in which the letters x, y, v, d, c and t are replaced.
#include <ctype.h>

#include "mg_print_c.h"
#include "mg_printer.h"

#define ADD(...) mg_text_add(pr->text, __VA_ARGS__)

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

static void print_constant(mg_printer *pr, const mg_instruction *i, double c, int32_t listed) {
  if (listed >= 0) {
    ADD("f[i[%d]]", listed);
    return;
  }
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
    case 'c': print_constant(pr, i, i->op.c, pr->listed_constant); break;
    case 't': print_constant(pr, i, i->op.t, pr->listed_target); break;
    default: mg_text_add_bytes(pr->text, start, at - start);
    }
  }
}

void mg_print_value(mg_printer *pr, const mg_instruction *i) { print_expression(pr, i, value_text(&i->op), false); }

void mg_print_contribution(mg_printer *pr, const mg_instruction *i, bool with_one) {
  print_expression(pr, i, partial_text(&i->op, i->flag), with_one);
}

void mg_print_partial(mg_printer *pr, const mg_instruction *i) {
  bool careful = pr->is_careful;
  if (careful) mg_begin_variable(pr);
  else mg_begin_row(pr, i->out);
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
  if (careful) mg_end_variable(pr, i->out);
  else mg_end_row(pr, i->out);
}

int32_t mg_list_operands(mg_printer *pr, mg_instruction *i) {
  int32_t *rows[] = {&i->d, &i->x, &i->y, &i->v}, count = 0, base = (int32_t)pr->program->row_count + 1;
  for (int k = 0; k < 4; k++) {
    if (*rows[k] < 0) continue;
    pr->names[base + count] = (mg_c_name){MG_C_LISTED, count, 0};
    *rows[k] = base + count++;
  }
  return count;
}

void mg_print_listed_op(mg_printer *pr, const mg_instruction *i, int place) {
  mg_print_line(pr);
  ADD("  double v = ");
  if (i->code == MG_INSTRUCTION_value) {
    mg_print_value(pr, i);
  } else {
    mg_print_row(pr, i->d);
    ADD(" == 0 ? 0 : (");
    mg_print_contribution(pr, i, false);
    ADD(")");
  }
  ADD(";");
  if (i->code == MG_INSTRUCTION_partial && pr->is_careful) {
    mg_print_line(pr);
    ADD("  if (v != v && (");
    mg_print_contribution(pr, i, true);
    ADD(") == 0) v = 0;");
  }
  mg_print_line(pr);
  ADD("  r[i[%d]] = v;", place);
}
