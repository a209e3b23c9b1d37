// From a program to C.
//
// In: a program. Out: the text of a function that computes the same numbers for one sample, in the order of the instructions,
// with the expressions of the op table. Each row that is written becomes a new variable; what nobody reads is left out. Sums are
// added from the first term to the last. Cost: O(instructions), and the length of their lists.
//
//   r2 = r0 * r1                           const double v0 = x[0] * x[1];
//   r3 = relu(r2)                 ->       const double v1 = (v0 < 0 ? 0 : v0);
//   result = r3                            results[0] = v1;
//                                          return 0;
//
// A long program is cut into functions, whose rows are in an array: compilers take more than twice as long for a function
// twice as long. Of a very long one most instructions are numbers in lists (mg_print_steps.c).
#include "mg_print_c.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "mg_math_text.h"
#include "mg_printer.h"
#include "mg_program_view.h"

enum { LONGEST_FUNCTION = 2500, LONGEST_WRITTEN = 4000, LENGTH_OF_PARTS = 600 };

// MARK: Names

bool mg_is_printed_uniform(const mg_printer *pr, int32_t uniform) {
  double constant;
  return !pr->has_parameters || mg_program_uniform(pr->program, uniform, &constant) == MG_NO_NODE;
}

void mg_print_uniform(mg_printer *pr, int32_t uniform) {
  if (mg_is_printed_uniform(pr, uniform)) mg_print_number(pr->program->uniforms[uniform], pr->text);
  else mg_text_add(pr->text, "u[%d]", uniform);
}

bool mg_is_printed_number(const mg_printer *pr, int32_t row) {
  return pr->names[row].place == MG_C_UNIFORM && mg_is_printed_uniform(pr, pr->names[row].id);
}

void mg_print_row(mg_printer *pr, int32_t row) {
  const mg_c_name *name = &pr->names[row];
  switch (name->place) {
  case MG_C_NOWHERE: MG_ASSERT(false); break;
  case MG_C_INPUT:
    if (name->id < pr->parameter_inputs) mg_text_add(pr->text, "u[%d]", name->id);
    else mg_text_add(pr->text, "x[%lld]", (long long)(name->id - pr->parameter_inputs));
    break;
  case MG_C_UNIFORM: mg_print_uniform(pr, name->id); break;
  case MG_C_LOCAL: mg_text_add(pr->text, "v%d", name->id); break;
  case MG_C_ELEMENT: mg_text_add(pr->text, "a%d[%d]", name->id, name->index); break;
  case MG_C_ROW: mg_text_add(pr->text, "r[%d]", name->id); break;
  case MG_C_LISTED: mg_text_add(pr->text, "r[i[%d]]", name->id); break;
  }
}

void mg_print_line(mg_printer *pr) {
  mg_text_add(pr->text, "\n  ");
  pr->line = pr->text->count;
}

void mg_print_gap(mg_printer *pr) {
  if (pr->text->count - pr->line < MG_LONGEST_LINE) {
    mg_text_add(pr->text, " ");
    return;
  }
  mg_print_line(pr);
  mg_text_add(pr->text, "    ");
}

void mg_print_number(double x, mg_text *text) {
  bool is_negative = signbit(x) && !isnan(x);
  if (is_negative) mg_text_add(text, "(");
  mg_text_add_number(text, x);
  if (is_negative) mg_text_add(text, ")");
}

// MARK: What is read

// A place that no table has is reported even if its row is not read.
bool mg_is_wanted(const mg_instruction *i, const uint8_t *is_dead) {
  int64_t count = mg_write_count(i);
  if (count == 0 || i->code == MG_INSTRUCTION_places) return true;
  for (int64_t k = 0; k < count; k++)
    if (!is_dead[k]) return true;
  return false;
}

static bool find_dead(mg_printer *pr) {
  const mg_program *p = pr->program;
  uint8_t *is_read = calloc((size_t)p->row_count + 1, 1);
  int64_t writes = 0;
  for (int64_t k = 0; k < p->instruction_count; k++) writes += mg_write_count(&p->instructions[k]);
  pr->is_dead = calloc((size_t)writes + 1, 1);
  if (!is_read || !pr->is_dead) {
    free(is_read);
    return false;
  }
  for (int64_t k = 0; p->output_rows && k < p->output_count; k++) is_read[p->output_rows[k]] = 1;
  for (int64_t k = 0; p->adjoint_rows && k < p->input_count; k++) is_read[p->adjoint_rows[k]] = 1;
  for (int64_t k = p->instruction_count - 1; k >= 0; k--) {
    const mg_instruction *i = &p->instructions[k];
    int64_t count = mg_write_count(i);
    writes -= count;
    for (int64_t j = 0; j < count; j++) {
      int32_t row = mg_written_row(p, i, j);
      pr->is_dead[writes + j] = row < 0 || !is_read[row];
    }
    for (int64_t j = 0; j < count; j++)
      if (mg_written_row(p, i, j) >= 0) is_read[mg_written_row(p, i, j)] = 0;
    if (mg_is_wanted(i, pr->is_dead + writes)) mg_mark_reads(p, i, is_read);
  }
  free(is_read);
  return true;
}

// MARK: A function

static void name_rows(mg_printer *pr) {
  const mg_program *p = pr->program;
  for (int64_t k = 0; k < p->preamble_count; k++)
    pr->names[p->preamble[k].out] = (mg_c_name){MG_C_UNIFORM, p->preamble[k].start, 0};
  for (int64_t k = 0; p->uses_inputs && k < p->input_count; k++)
    pr->names[p->input_rows[k]] = (mg_c_name){MG_C_INPUT, (int32_t)k, 0};
}

static void print_instructions(mg_printer *pr, int64_t first, int64_t end) {
  const mg_program *p = pr->program;
  for (int64_t k = first; k < end; k++) {
    const mg_instruction *i = &p->instructions[k];
    int64_t alike = pr->is_cut ? mg_print_loop(pr, i, end - k) : 0;
    if (alike > 0) {
      pr->writes += alike;
      k += alike - 1;
      continue;
    }
    if (mg_is_wanted(i, pr->is_dead + pr->writes)) mg_print_instruction(pr, i);
    pr->writes += mg_write_count(i);
  }
}

static int64_t steps_from(const mg_printer *pr, int64_t first) {
  const mg_program *p = pr->program;
  return pr->is_listed ? mg_step_count(p->instructions + first, p->instruction_count - first) : 0;
}

// Where a part of a long program ends that begins there.
static int64_t end_of_part(const mg_printer *pr, int64_t first) {
  const mg_program *p = pr->program;
  int64_t size = 0, end = first;
  while (end < p->instruction_count && (end == first || (size < LENGTH_OF_PARTS && steps_from(pr, end) == 0)))
    size += mg_printed_size(&p->instructions[end++]);
  return end;
}

void mg_begin_part(mg_printer *pr) {
  mg_text_add(pr->text,
              "MG_APART static int %s_%d(const double *restrict x, const double *restrict u, double *restrict r, "
              "double *restrict sums) {",
              pr->name, pr->parts++);
  mg_print_line(pr);
  mg_text_add(pr->text, "(void)x, (void)u, (void)r, (void)sums;");
}

void mg_end_part(mg_printer *pr) {
  mg_print_line(pr);
  mg_text_add(pr->text, "return 0;\n}\n\n");
}

// Inputs and numbers that rows hold from the start become rows like others.
static void print_loads(mg_printer *pr) {
  const mg_program *p = pr->program;
  mg_begin_part(pr);
  for (int64_t k = 0; k < p->preamble_count; k++) {
    int32_t row = p->preamble[k].out;
    if (k > 0 && k % LENGTH_OF_PARTS == 0) {
      mg_end_part(pr);
      mg_begin_part(pr);
    }
    mg_print_line(pr);
    mg_text_add(pr->text, "r[%d] = ", row);
    mg_print_row(pr, row);
    mg_text_add(pr->text, ";");
    pr->names[row] = (mg_c_name){MG_C_ROW, row, 0};
  }
  if (p->uses_inputs && p->input_count > 0) {
    mg_print_line(pr);
    mg_text_add(pr->text, "static const int rows[] = {");
    for (int64_t k = 0; k < p->input_count; k++) {
      mg_text_add(pr->text, "%d,", p->input_rows[k]);
      mg_print_gap(pr);
      pr->names[p->input_rows[k]] = (mg_c_name){MG_C_ROW, p->input_rows[k], 0};
    }
    mg_text_add(pr->text, "};");
    mg_print_line(pr);
    if (pr->parameter_inputs > 0) {
      mg_text_add(pr->text, "for (int k = 0; k < %lld; k++) r[rows[k]] = u[k];", (long long)pr->parameter_inputs);
      mg_print_line(pr);
    }
    mg_text_add(pr->text, "for (int k = 0; k < %lld; k++) r[rows[%lld + k]] = x[k];",
                (long long)(p->input_count - pr->parameter_inputs), (long long)pr->parameter_inputs);
  }
  mg_end_part(pr);
}

static void print_parts(mg_printer *pr) {
  const mg_program *p = pr->program;
  if (pr->is_listed) mg_print_step_numbers(pr);
  print_loads(pr);
  for (int64_t first = 0, end; first < p->instruction_count && !pr->text->failed; first = end) {
    int64_t steps = steps_from(pr, first);
    mg_begin_part(pr);
    if (steps > 0) {
      end = first + mg_print_steps(pr, p->instructions + first, steps);
    } else {
      end = end_of_part(pr, first);
      print_instructions(pr, first, end);
    }
    mg_end_part(pr);
  }
}

static void call_parts(mg_printer *pr) {
  mg_print_line(pr);
  mg_text_add(pr->text, "double r[%lld];", (long long)pr->program->row_count + 1);
  mg_print_line(pr);
  mg_text_add(pr->text, "int status = 0;");
  for (int32_t k = 0; k < pr->parts; k++) {
    mg_print_line(pr);
    mg_text_add(pr->text, "if ((status = %s_%d(x, u, r, sums)) != 0) return status;", pr->name, k);
  }
}

// Many numbers of an array are a loop: `to[k] = r[…]`, with `added` behind.
static bool print_loop(mg_printer *pr, const char *to, const int32_t *rows, int64_t count, const char *added) {
  for (int64_t k = 0; k < count; k++)
    if (pr->names[rows[k]].place != MG_C_ROW) return false;
  mg_print_line(pr);
  mg_text_add(pr->text, "static const int %s_rows[] = {", to);
  for (int64_t k = 0; k < count; k++) {
    mg_text_add(pr->text, "%d,", pr->names[rows[k]].id);
    mg_print_gap(pr);
  }
  mg_text_add(pr->text, "};");
  mg_print_line(pr);
  mg_text_add(pr->text, "for (int k = 0; k < %lld; k++) %s[k] = r[%s_rows[k]]%s;", (long long)count, to, to, added);
  return true;
}

// `added`: what makes 0 of -0.
static void print_numbers(mg_printer *pr, const char *to, const int32_t *rows, int64_t count, const char *added) {
  if (pr->is_cut && count > 16 && print_loop(pr, to, rows, count, added)) return;
  for (int64_t k = 0; k < count; k++) {
    mg_print_line(pr);
    mg_text_add(pr->text, "%s[%lld] = ", to, (long long)k);
    mg_print_row(pr, rows[k]);
    mg_text_add(pr->text, "%s;", added);
  }
}

static void print_results(mg_printer *pr) {
  const mg_program *p = pr->program;
  if (p->output_rows) print_numbers(pr, "results", p->output_rows, p->output_count, "");
  if (p->adjoint_rows) print_numbers(pr, "gradient", p->adjoint_rows, p->input_count, " + 0.0");
}

static int64_t printed_size(const mg_program *p) {
  int64_t size = 0;
  for (int64_t k = 0; k < p->instruction_count; k++) size += mg_printed_size(&p->instructions[k]);
  return size;
}

bool mg_program_is_listed(const mg_program *p) { return printed_size(p) > LONGEST_WRITTEN; }

const mg_custom *mg_program_print_c(const mg_program *p, mg_c_request request, mg_text *text) {
  mg_printer pr = {.program = p, .text = text, .name = request.name, .is_careful = request.is_careful,
                   .has_parameters = request.has_parameters, .parameter_inputs = request.parameter_inputs, .listed_constant = -1, .listed_target = -1};
  for (int64_t k = 0; k < p->instruction_count; k++) {
    const mg_instruction *i = &p->instructions[k];
    if (i->code == MG_INSTRUCTION_custom || i->code == MG_INSTRUCTION_pullback) return p->customs[i->start];
  }
  pr.is_cut = printed_size(p) > LONGEST_FUNCTION;
  pr.is_listed = mg_program_is_listed(p);
  pr.names = calloc((size_t)p->row_count + 1 + MG_LISTED_ROWS, sizeof *pr.names);
  if (!pr.names || !find_dead(&pr)) {
    text->failed = true;
  } else {
    name_rows(&pr);
    if (pr.is_cut) print_parts(&pr);
    mg_text_add(text,
                "static %sint %s(const double *restrict x, const double *restrict u, double *restrict results, "
                "double *restrict gradient, double *restrict sums) {",
                request.is_inline && !pr.is_cut ? "inline " : "", request.name);
    mg_print_line(&pr);
    mg_text_add(text, "(void)x, (void)u, (void)results, (void)gradient, (void)sums;");
    if (pr.is_cut) call_parts(&pr);
    else print_instructions(&pr, 0, p->instruction_count);
    print_results(&pr);
    mg_print_line(&pr);
    mg_text_add(text, "return 0;\n}\n\n");
  }
  free(pr.names);
  free(pr.is_dead);
  return NULL;
}

// MARK: What must stand before it

// Calls `body` for each word of a list.
#define FOR_WORDS(list, word, length, body)                                                 \
  for (const char *word = (list), *next = word; *word; word = next) {                       \
    while (*word == ' ') word++;                                                            \
    for (next = word; *next && *next != ' ';) next++;                                       \
    size_t length = (size_t)(next - word);                                                  \
    if (length > 0) body                                                                    \
  }

static int text_that_defines(const char *name, size_t length) {
  for (int k = 0; k < mg_math_text_count; k++)
    FOR_WORDS(mg_math_texts[k].names, word, count, {
      if (count == length && memcmp(word, name, length) == 0) return k;
    })
  return -1;
}

// What printed text calls that the engine itself has no use for.
static const char opaque[] =
  "// A number that the compiler does not know: it would replace pow by other functions, whose last digit differs.\n"
  "static double mg_opaque(double x) {\n"
  "  volatile double number = x;\n"
  "  return number;\n"
  "}\n";
// A compiler that joined the parts of a long program would take minutes for it.
static const char apart[] =
  "#if defined(__GNUC__)\n"
  "#define MG_APART __attribute__((noinline))\n"
  "#else\n"
  "#define MG_APART\n"
  "#endif\n";
// As mg_wide_libm.h has it.
static const char wide[] =
  "#if LDBL_MANT_DIG == 64 || (LDBL_MANT_DIG == 113 && defined(__GLIBC__))\n"
  "#define MG_WIDE_LIBM 1\n"
  "#else\n"
  "#define MG_WIDE_LIBM 0\n"
  "#endif\n";
// A factor of a list: one, minus one, or a number of an array.
static const char factor[] =
  "#define MG_FACTOR(numbers, index) ((index) >= 0 ? (numbers)[index] : (index) == -1 ? 1.0 : -1.0)\n";
static const char added[] =
  "// sum + d * x, where a zero meets nothing if that is NaN.\n"
  "static double mg_added(double sum, double d, double x) {\n"
  "  double whole = sum + d * x;\n"
  "  return whole == whole ? whole : sum + mg_carried(d, x);\n"
  "}\n";

static void mark_needed(bool *is_needed, int k) {
  if (is_needed[k]) return;
  is_needed[k] = true;
  FOR_WORDS(mg_math_texts[k].needs, word, length, { mark_needed(is_needed, atoi(word)); })
}

bool mg_is_printed_name(const char *name) { return text_that_defines(name, strlen(name)) >= 0; }

void mg_print_math(const char *printed, mg_text *text) {
  bool *is_needed = calloc((size_t)mg_math_text_count, sizeof *is_needed);
  if (!is_needed) {
    text->failed = true;
    return;
  }
  for (const char *at = printed; *at;) {
    const char *start = at;
    while (isalnum((unsigned char)*at) || *at == '_') at++;
    if (at == start) {
      at++;
      continue;
    }
    bool may_be = at - start > 3 && (memcmp(start, "mg_", 3) == 0 || memcmp(start, "MG_", 3) == 0);
    int found = may_be ? text_that_defines(start, (size_t)(at - start)) : -1;
    if (found >= 0) mark_needed(is_needed, found);
  }
  bool adds = strstr(printed, "mg_added(") != NULL;
  int carried = text_that_defines("mg_carried", strlen("mg_carried"));
  if (adds && carried >= 0) mark_needed(is_needed, carried);
  bool is_wide = false;
  for (int k = 0; k < mg_math_text_count; k++) is_wide = is_wide || (is_needed[k] && strstr(mg_math_texts[k].text, "MG_WIDE_LIBM"));
  if (is_wide) mg_text_add(text, "%s\n", wide);
  for (int k = 0; k < mg_math_text_count; k++)
    if (is_needed[k]) mg_text_add(text, "%s\n", mg_math_texts[k].text);
  if (adds) mg_text_add(text, "%s\n", added);
  if (strstr(printed, "MG_FACTOR(")) mg_text_add(text, "%s\n", factor);
  if (strstr(printed, "MG_APART ")) mg_text_add(text, "%s\n", apart);
  if (strstr(printed, "mg_opaque(")) mg_text_add(text, "%s\n", opaque);
  free(is_needed);
}
