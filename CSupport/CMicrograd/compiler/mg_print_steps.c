// The instructions of a very long program, as lists of numbers that one loop goes through.
//
// In: instructions of a program that is cut. Out: a table, in which the rows of each instruction stand, and a loop with a case for
// each form of instruction. Instructions of one form differ in their rows, constants, and uniforms. The numbers are those of the
// instructions one by one, in the same order. Cost: O(their rows), for compilers too: a statement takes them a hundred times as
// long as its numbers in a list.
//
//   r[5] = sin(r[1]);                      static const int t[] = {0, 2, 1, 5, 2, 6, 1, 1, 0, 5, 6, 7};
//   r[6] = sin(r[2]);            ->        for (const int *i = t; i < t + 12;)
//   r[7] = 0.5 * r[5] + r[6];                switch (n = i[1], i[0]) {
//                                              case 0: for (i += 2; n > 0; n--, i += 2) { … sin(r[i[0]]) … } break;
//                                              case 1: for (i += 2; n > 0; n--, i += 4) { … f[i[0]] * r[i[1]] + r[i[2]] … } break;
#include <stdlib.h>

#include "mg_print_c.h"
#include "mg_printer.h"

#define ADD(...) mg_text_add(pr->text, __VA_ARGS__)

enum { MOST_FORMS = 200, FEWEST_STEPS = 100 };

// MARK: Forms

// All but softmax, norms, and places in tables.
static bool is_step(const mg_instruction *i) {
  switch ((mg_instruction_code)i->code) {
  case MG_INSTRUCTION_value:
  case MG_INSTRUCTION_partial:
  case MG_INSTRUCTION_combine:
  case MG_INSTRUCTION_affine:
  case MG_INSTRUCTION_columns:
  case MG_INSTRUCTION_select:
  case MG_INSTRUCTION_select_partial:
  case MG_INSTRUCTION_guard:
  case MG_INSTRUCTION_total:
  case MG_INSTRUCTION_total_product:
  case MG_INSTRUCTION_total_uniform:
  case MG_INSTRUCTION_outer: return true;
  default: return false;
  }
}

static bool has_op(const mg_instruction *i) { return i->code == MG_INSTRUCTION_value || i->code == MG_INSTRUCTION_partial; }

static bool is_few(const mg_instruction *i) { return i->count + i->more_count <= MG_FEW_TERMS; }

static int32_t factor_of(const mg_program *p, const mg_instruction *i, int32_t term) {
  return term < i->count ? p->scaled[i->list + term].factor : p->products[i->more + term - i->count].factor;
}

// One and minus one are written; all others are uniforms.
static int kind_of(int32_t factor) { return factor >= 0 ? 0 : factor; }

static bool are_sums_alike(const mg_program *p, const mg_instruction *a, const mg_instruction *b) {
  if (!is_few(a) || !is_few(b)) return !is_few(a) && !is_few(b);
  if (a->count != b->count || a->more_count != b->more_count || (a->start >= 0) != (b->start >= 0)) return false;
  for (int32_t k = 0; k < a->count + a->more_count; k++)
    if (kind_of(factor_of(p, a, k)) != kind_of(factor_of(p, b, k))) return false;
  return true;
}

static bool are_alike(const mg_program *p, const mg_instruction *a, const mg_instruction *b) {
  if (a->code != b->code || a->flag != b->flag) return false;
  if (a->code == MG_INSTRUCTION_combine) return are_sums_alike(p, a, b);
  if (!has_op(a)) return a->relation == b->relation;
  return a->op.op == b->op.op && a->op.function == b->op.function && (a->x >= 0) == (b->x >= 0) &&
         (a->y >= 0) == (b->y >= 0) && (a->v >= 0) == (b->v >= 0);
}

typedef struct {
  const mg_instruction *forms[MOST_FORMS];  // an instruction of each
  int count;
} form_list;

// Which form an instruction has; -1: there is room for no other.
static int form_of(const mg_program *p, form_list *list, const mg_instruction *i) {
  for (int k = 0; k < list->count; k++)
    if (are_alike(p, list->forms[k], i)) return k;
  if (list->count == MOST_FORMS) return -1;
  list->forms[list->count] = i;
  return list->count++;
}

// MARK: The table

static void add_index(mg_printer *pr, int64_t index) {
  ADD("%lld,", (long long)index);
  if (pr->text->count - pr->line >= MG_LONGEST_LINE) mg_print_line(pr);
}

static void add_sum(mg_printer *pr, const mg_instruction *i) {
  const mg_program *p = pr->program;
  if (!is_few(i)) {
    add_index(pr, i->count);
    add_index(pr, i->more_count);
  }
  if (!is_few(i) || i->start >= 0) add_index(pr, i->start);
  for (int32_t k = 0; k < i->count + i->more_count; k++) {
    int32_t factor = factor_of(p, i, k);
    if (!is_few(i) || factor >= 0) add_index(pr, factor);
    if (k < i->count) {
      add_index(pr, p->scaled[i->list + k].row);
    } else {
      add_index(pr, p->products[i->more + k - i->count].left);
      add_index(pr, p->products[i->more + k - i->count].right);
    }
  }
  add_index(pr, i->out);
}

static void add_op(mg_printer *pr, const mg_instruction *i, int64_t *constants) {
  const int32_t rows[] = {i->d, i->x, i->y, i->v};
  for (int k = 0; k < 4; k++)
    if (rows[k] >= 0) add_index(pr, rows[k]);
  if (mg_op_has_constant(i->op.op)) add_index(pr, (*constants)++);
  if (mg_op_has_target(i->op.op)) add_index(pr, (*constants)++);
  add_index(pr, i->out);
}

static void add_all(mg_printer *pr, const int32_t *indices, int64_t count) {
  for (int64_t k = 0; k < count; k++) add_index(pr, indices[k]);
}

static void add_outer(mg_printer *pr, const mg_instruction *i) {
  const int32_t *lists = pr->program->lists, numbers[] = {i->applications, i->count, i->more_count, i->start, i->bias};
  add_all(pr, numbers, 5);
  for (int32_t a = 0; a < i->applications; a++) {
    add_all(pr, lists + i->list + (int64_t)a * i->count, i->count);
    add_all(pr, lists + i->more + (int64_t)a * i->more_count, i->more_count);
  }
}

static void add_step(mg_printer *pr, const mg_instruction *i, int64_t *constants) {
  const int32_t *list = pr->program->lists + i->list, *more = pr->program->lists + i->more;
  switch ((mg_instruction_code)i->code) {
  case MG_INSTRUCTION_value:
  case MG_INSTRUCTION_partial: add_op(pr, i, constants); return;
  case MG_INSTRUCTION_combine: add_sum(pr, i); return;
  case MG_INSTRUCTION_affine:
    add_all(pr, (int32_t[]){i->count, i->more_count, i->start, i->bias}, 4);
    add_all(pr, list, i->count);
    add_all(pr, more, i->more_count);
    return;
  case MG_INSTRUCTION_columns:
    add_all(pr, (int32_t[]){i->count, i->more_count, i->start}, 3);
    add_all(pr, list, i->count);
    add_all(pr, more, i->flag ? 2 * (int64_t)i->more_count : i->more_count);
    return;
  case MG_INSTRUCTION_select: add_all(pr, (int32_t[]){list[0], list[1], i->x, i->y, i->out}, 5); return;
  case MG_INSTRUCTION_select_partial: add_all(pr, (int32_t[]){i->x, i->y, i->d, i->out}, 4); return;
  case MG_INSTRUCTION_guard: add_all(pr, (int32_t[]){i->x, i->y}, 2); return;
  case MG_INSTRUCTION_total: add_all(pr, (int32_t[]){i->start, i->x}, 2); return;
  case MG_INSTRUCTION_total_product: add_all(pr, (int32_t[]){i->start, i->x, i->y}, 3); return;
  case MG_INSTRUCTION_total_uniform: add_all(pr, (int32_t[]){i->start, i->bias}, 2); return;
  case MG_INSTRUCTION_outer: add_outer(pr, i); return;
  default: return;
  }
}

static void print_numbers(mg_printer *pr, const mg_instruction *first, const mg_instruction *end, const int16_t *forms) {
  mg_print_line(pr);
  ADD("static const double f[] = {");
  for (const mg_instruction *i = first; i < end; i++) {
    if (forms[i - first] < 0 || !has_op(i)) continue;
    const double numbers[] = {i->op.c, i->op.t};
    const bool has[] = {mg_op_has_constant(i->op.op), mg_op_has_target(i->op.op)};
    for (int k = 0; k < 2; k++) {
      if (!has[k]) continue;
      mg_print_number(numbers[k], pr->text);
      ADD(",");
      mg_print_gap(pr);
    }
  }
  ADD("0.0};");
}

// MARK: The cases

// Factors and starts are uniforms: of the argument, or numbers that all parts share.
static const char *uniforms_name(const mg_printer *pr) { return pr->has_parameters ? "u" : "w"; }

void mg_print_step_numbers(mg_printer *pr) {
  if (pr->has_parameters) return;
  ADD("static const double %s_numbers[] = {", pr->name);
  mg_print_line(pr);
  for (int64_t k = 0; k < pr->program->uniform_count; k++) {
    mg_print_number(pr->program->uniforms[k], pr->text);
    ADD(",");
    mg_print_gap(pr);
  }
  ADD("0.0};\n\n");
}

static void print_op_case(mg_printer *pr, const mg_instruction *i) {
  mg_instruction with = *i;
  int32_t next = mg_list_operands(pr, &with);
  if (mg_op_has_constant(i->op.op)) pr->listed_constant = next++;
  if (mg_op_has_target(i->op.op)) pr->listed_target = next++;
  ADD("for (i += 2; n > 0; n--, i += %d) {", next + 1);
  mg_print_listed_op(pr, &with, next);
  pr->listed_constant = pr->listed_target = -1;
}

static void print_few_terms(mg_printer *pr, const mg_instruction *i, int *width, bool carried) {
  int next = 0;
  bool is_first = true;
  if (i->start >= 0) ADD("%s[i[%d]]", uniforms_name(pr), next++), is_first = false;
  else if (carried || i->count + i->more_count == 0) ADD("0.0"), is_first = false;
  for (int32_t k = 0; k < i->count + i->more_count; k++, is_first = false) {
    int32_t factor = factor_of(pr->program, i, k);
    bool is_minus = factor == MG_FACTOR_MINUS_ONE && !carried, is_product = k >= i->count;
    int factor_at = factor >= 0 ? next++ : -1, left = next++, right = is_product ? next++ : -1;
    ADD(is_first ? (is_minus ? "-" : "") : is_minus ? " - " : " + ");
    if (!carried) {
      if (factor >= 0) ADD("%s[i[%d]] * ", uniforms_name(pr), factor_at);
      ADD("r[i[%d]]", left);
      if (is_product) ADD(" * r[i[%d]]", right);
      continue;
    }
    if (is_product) ADD("mg_carried(r[i[%d]], ", left);
    ADD("mg_carried(");
    if (factor >= 0) ADD("%s[i[%d]]", uniforms_name(pr), factor_at);
    else ADD(factor == MG_FACTOR_ONE ? "1.0" : "-1.0");
    ADD(", r[i[%d]])", is_product ? right : left);
    if (is_product) ADD(")");
  }
  *width = next;
}

static void print_few_case(mg_printer *pr, const mg_instruction *i) {
  int width = 0;
  ADD("for (i += 2; n > 0; n--) {");
  mg_print_line(pr);
  ADD("  double v = ");
  print_few_terms(pr, i, &width, false);
  ADD(";");
  if (pr->is_careful && i->flag) {
    mg_print_line(pr);
    ADD("  if (v != v) v = ");
    print_few_terms(pr, i, &width, true);
    ADD(";");
  }
  mg_print_line(pr);
  ADD("  r[i[%d]] = v, i += %d;", width, width + 1);
}

static void print_many_terms(mg_printer *pr, bool carried) {
  const char *name = uniforms_name(pr);
  mg_print_line(pr);
  ADD("  const int *j = i + 3;");
  mg_print_line(pr);
  ADD("  for (int k = 0; k < i[0]; k++, j += 2) v += ");
  if (carried) ADD("mg_carried(MG_FACTOR(%s, j[0]), r[j[1]]);", name);
  else ADD("MG_FACTOR(%s, j[0]) * r[j[1]];", name);
  mg_print_line(pr);
  ADD("  for (int k = 0; k < i[1]; k++, j += 3) v += ");
  if (carried) ADD("mg_carried(r[j[1]], mg_carried(MG_FACTOR(%s, j[0]), r[j[2]]));", name);
  else ADD("MG_FACTOR(%s, j[0]) * r[j[1]] * r[j[2]];", name);
}

static void print_many_case(mg_printer *pr, const mg_instruction *i) {
  const char *name = uniforms_name(pr);
  ADD("for (i += 2; n > 0; n--) {");
  mg_print_line(pr);
  ADD("  double v = i[2] >= 0 ? %s[i[2]] : -0.0;", name);
  print_many_terms(pr, false);
  if (pr->is_careful && i->flag) {
    mg_print_line(pr);
    ADD("  if (v != v) {");
    mg_print_line(pr);
    ADD("  v = i[2] >= 0 ? %s[i[2]] : 0.0;", name);
    print_many_terms(pr, true);
    mg_print_line(pr);
    ADD("  }");
  }
  mg_print_line(pr);
  ADD("  r[*j] = v, i = j + 1;");
}

// The lines of a case, each on its own; @ stands for the array of the uniforms.
static void print_lines(mg_printer *pr, const char *const *lines) {
  for (; *lines; lines++) {
    mg_print_line(pr);
    for (const char *at = *lines; *at; at++) {
      if (*at == '@') ADD("%s", uniforms_name(pr));
      else mg_text_add_bytes(pr->text, at, 1);
    }
  }
}

// Results are kept in an array until all are computed: their rows may be among the operands.
static void print_affine_case(mg_printer *pr, const mg_instruction *i, int32_t longest) {
  ADD("for (i += 2; n > 0; n--) {");
  mg_print_line(pr);
  ADD("  double a[%d];", longest);
  print_lines(pr, (const char *const[]){
    "  const int *in = i + 4, *out = in + i[0];",
    "  for (int j = 0; j < i[1]; j++) {",
    "    double v = i[3] >= 0 ? @[i[3] + j] : i[3] == -2 ? 0.0 : -0.0;",
    "    for (int k = 0; k < i[0]; k++) v += @[i[2] + j * i[0] + k] * r[in[k]];",
    i->flag ? "    a[j] = v < 0 ? 0 : v;" : "    a[j] = v;",
    "  }",
    "  for (int j = 0; j < i[1]; j++)",
    "    if (out[j] >= 0) r[out[j]] = a[j];",
    "  i = out + i[1];", NULL});
}

static void print_columns_case(mg_printer *pr, const mg_instruction *i, int32_t longest) {
  ADD("for (i += 2; n > 0; n--) {");
  mg_print_line(pr);
  ADD("  double a[%d];", longest);
  print_lines(pr, (const char *const[]){
    "  const int *d = i + 3, *out = d + i[0], *mask = out + i[1];",
    "  for (int k = 0; k < i[1]; k++) {",
    "    double v = -0.0;",
    "    for (int j = 0; j < i[0]; j++) v += @[i[2] + j * i[1] + k] * r[d[j]];", NULL});
  if (i->flag) print_lines(pr, (const char *const[]){"    if (mask[k] >= 0 && !(r[mask[k]] > 0)) v = 0;", NULL});
  if (pr->is_careful)
    print_lines(pr, (const char *const[]){
      "    if (v != v) {",
      "      v = 0;",
      "      for (int j = 0; j < i[0]; j++) v += mg_carried(@[i[2] + j * i[1] + k], r[d[j]]);",
      "    }", NULL});
  print_lines(pr, (const char *const[]){
    "    a[k] = v;",
    "  }",
    "  for (int k = 0; k < i[1]; k++)",
    "    if (out[k] >= 0) r[out[k]] = a[k];",
    i->flag ? "  i = mask + i[1];" : "  i = mask;", NULL});
}

static void print_outer_case(mg_printer *pr) {
  ADD("for (i += 2; n > 0; n--) {");
  print_lines(pr, (const char *const[]){
    "  const int *d = i + 5, *x = d;",
    "  for (int a = 0; a < i[0]; a++, d = x + i[2]) {",
    "    x = d + i[1];",
    "    for (int j = 0; j < i[1]; j++)",
    "      for (int k = 0; k < i[2]; k++)",
    pr->is_careful ? "        sums[i[3] + j * i[2] + k] = mg_added(sums[i[3] + j * i[2] + k], r[d[j]], r[x[k]]);"
                   : "        sums[i[3] + j * i[2] + k] += r[d[j]] * r[x[k]];",
    "    for (int j = 0; j < i[1] && i[4] >= 0; j++) sums[i[4] + j] += r[d[j]];",
    "  }",
    "  i = d;", NULL});
}

// A case of one statement, of an instruction of so many numbers.
static void print_short_case(mg_printer *pr, int width, const char *statement) {
  ADD("for (i += 2; n > 0; n--, i += %d) {", width);
  print_lines(pr, (const char *const[]){statement, NULL});
}

static void print_choice_case(mg_printer *pr, const mg_instruction *i) {
  mg_text text = {0};
  const char *sign = mg_relation_sign((mg_relation)i->relation);
  int width = 4;
  if (i->code == MG_INSTRUCTION_select) {
    mg_text_add(&text, "  r[i[4]] = r[i[0]] %s r[i[1]] ? r[i[2]] : r[i[3]];", sign);
    width = 5;
  } else if (i->code == MG_INSTRUCTION_guard) {
    mg_text_add(&text, "  if (%s(r[i[0]] %s r[i[1]])) return %d;", i->flag ? "!" : "", sign, MG_C_DEVIATES);
    width = 2;
  } else {
    mg_text_add(&text, "  r[i[3]] = r[i[0]] %s r[i[1]] ? %s;", sign, i->flag ? "r[i[2]] : 0" : "0 : r[i[2]]");
  }
  if (text.failed) pr->text->failed = true;
  else print_short_case(pr, width, text.bytes);
  mg_text_free(&text);
}

static void print_case(mg_printer *pr, const mg_instruction *i, int32_t longest) {
  switch ((mg_instruction_code)i->code) {
  case MG_INSTRUCTION_value:
  case MG_INSTRUCTION_partial: print_op_case(pr, i); return;
  case MG_INSTRUCTION_combine:
    if (is_few(i)) print_few_case(pr, i);
    else print_many_case(pr, i);
    return;
  case MG_INSTRUCTION_affine: print_affine_case(pr, i, longest); return;
  case MG_INSTRUCTION_columns: print_columns_case(pr, i, longest); return;
  case MG_INSTRUCTION_total: print_short_case(pr, 2, "  sums[i[0]] += r[i[1]];"); return;
  case MG_INSTRUCTION_total_product:
    print_short_case(pr, 3, pr->is_careful ? "  sums[i[0]] = mg_added(sums[i[0]], r[i[1]], r[i[2]]);"
                                           : "  sums[i[0]] += r[i[1]] * r[i[2]];");
    return;
  case MG_INSTRUCTION_total_uniform: print_short_case(pr, 2, "  sums[i[0]] += @[i[1]];"); return;
  case MG_INSTRUCTION_outer: print_outer_case(pr); return;
  default: print_choice_case(pr, i); return;
  }
}

static void print_cases(mg_printer *pr, const form_list *list, int32_t longest) {
  mg_print_line(pr);
  ADD("for (const int *i = t, *const end = t + sizeof t / sizeof *t - 1; i < end;) {");
  mg_print_line(pr);
  ADD("int n = i[1];");
  mg_print_line(pr);
  ADD("switch (i[0]) {");
  for (int k = 0; k < list->count; k++) {
    const mg_instruction *i = list->forms[k];
    mg_print_line(pr);
    ADD(k + 1 < list->count ? "case %d: " : "default: ", k);
    print_case(pr, i, longest);
    mg_print_line(pr);
    ADD("} break;");
  }
  mg_print_line(pr);
  ADD("} }");
}

// MARK: All

int64_t mg_step_count(const mg_instruction *first, int64_t count) {
  int64_t steps = 0;
  while (steps < count && is_step(&first[steps])) steps++;
  return steps < FEWEST_STEPS ? 0 : steps;
}

// The form of each instruction; -1 of those that nobody needs. Returns how many have one, or are not needed.
static int64_t find_forms(mg_printer *pr, const mg_instruction *first, int64_t count, form_list *list, int16_t *forms) {
  int64_t writes = pr->writes;
  for (int64_t k = 0; k < count; k++) {
    bool is_wanted = mg_is_wanted(&first[k], pr->is_dead + writes);
    int form = is_wanted ? form_of(pr->program, list, &first[k]) : -1;
    if (is_wanted && form < 0) return k;
    forms[k] = (int16_t)form;
    writes += mg_write_count(&first[k]);
  }
  return count;
}

static void print_list(mg_printer *pr, const mg_instruction *first, int64_t count, const int16_t *forms) {
  int64_t constants = 0;
  mg_print_line(pr);
  ADD("static const int t[] = {");
  for (int64_t k = 0, next; k < count; k = next) {
    next = k + 1;
    if (forms[k] < 0) continue;
    int64_t alike = 1;
    for (; next < count && (forms[next] < 0 || forms[next] == forms[k]); next++) alike += forms[next] >= 0;
    add_index(pr, forms[k]);
    add_index(pr, alike);
    for (int64_t j = k; j < next; j++)
      if (forms[j] >= 0) add_step(pr, &first[j], &constants);
  }
  ADD("0};");
}

int64_t mg_print_steps(mg_printer *pr, const mg_instruction *first, int64_t count) {
  form_list *list = calloc(1, sizeof *list);
  int16_t *forms = malloc((size_t)count * sizeof *forms);
  int64_t done = 0;
  if (!list || !forms) {
    pr->text->failed = true;
  } else {
    done = find_forms(pr, first, count, list, forms);
    print_list(pr, first, done, forms);
    print_numbers(pr, first, first + done, forms);
    mg_print_line(pr);
    ADD("(void)t, (void)f;");
    if (!pr->has_parameters) {
      mg_print_line(pr);
      ADD("const double *const w = %s_numbers;", pr->name);
      mg_print_line(pr);
      ADD("(void)w;");
    }
    int32_t longest = 1;
    for (int64_t k = 0; k < done; k++) {
      bool is_matrix = first[k].code == MG_INSTRUCTION_affine || first[k].code == MG_INSTRUCTION_columns;
      if (is_matrix && first[k].more_count > longest) longest = first[k].more_count;
      int64_t writes = mg_write_count(&first[k]);
      for (int64_t j = 0; j < writes; j++) {
        int32_t row = mg_written_row(pr->program, &first[k], j);
        if (row >= 0) pr->names[row] = (mg_c_name){MG_C_ROW, row, 0};
      }
      pr->writes += writes;
    }
    if (list->count > 0) print_cases(pr, list, longest);
  }
  free(list);
  free(forms);
  return done;
}
