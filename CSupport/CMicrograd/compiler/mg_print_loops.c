// Instructions that follow one another and differ in their rows only, as a loop over lists of rows.
//
// In: instructions of a program that is cut. Out: a loop, where enough of them are alike. The numbers are those of the
// instructions one by one, in the same order. Cost: O(their rows). A compiler takes a hundredth of the time for a list.
//
//   r[5] = sin(r[1]);                      static const int t[] = {1, 5, 2, 6, 3, 7, 4, 8,};
//   r[6] = sin(r[2]);            ->        for (int k = 0; k < 4; k++) {
//   …                                        const int *i = t + 2 * k;
//                                            r[i[1]] = sin(r[i[0]]);
//                                          }
#include "mg_print_c.h"
#include "mg_printer.h"

#define ADD(...) mg_text_add(pr->text, __VA_ARGS__)

enum { FEWEST = 4 };

// 0: no uniform; 1, 2: the factors one and minus one; 3: a uniform.
static int kind_of_factor(int32_t factor) {
  return factor >= 0 ? 3 : factor == MG_FACTOR_ONE ? 1 : 2;
}

static bool are_terms_alike(const mg_program *p, const mg_instruction *a, const mg_instruction *b) {
  if (a->count != b->count || a->more_count != b->more_count || a->count + a->more_count > MG_FEW_TERMS) return false;
  if ((a->start >= 0) != (b->start >= 0)) return false;
  for (int32_t k = 0; k < a->count; k++)
    if (kind_of_factor(p->scaled[a->list + k].factor) != kind_of_factor(p->scaled[b->list + k].factor)) return false;
  for (int32_t k = 0; k < a->more_count; k++)
    if (kind_of_factor(p->products[a->more + k].factor) != kind_of_factor(p->products[b->more + k].factor)) return false;
  return true;
}

static bool are_alike(const mg_program *p, const mg_instruction *a, const mg_instruction *b) {
  if (a->code != b->code || a->flag != b->flag) return false;
  if (a->code == MG_INSTRUCTION_combine) return are_terms_alike(p, a, b);
  if (a->code != MG_INSTRUCTION_value && a->code != MG_INSTRUCTION_partial) return false;
  return a->op.op == b->op.op && a->op.function == b->op.function && mg_bits_of(a->op.c) == mg_bits_of(b->op.c) &&
         mg_bits_of(a->op.t) == mg_bits_of(b->op.t) && (a->x >= 0) == (b->x >= 0) && (a->y >= 0) == (b->y >= 0) &&
         (a->v >= 0) == (b->v >= 0);
}

static int64_t count_alike(mg_printer *pr, const mg_instruction *first, int64_t count) {
  int64_t alike = 0;
  while (alike < count && are_alike(pr->program, first, first + alike) && !pr->is_dead[pr->writes + alike]) alike++;
  return alike;
}

static void add_index(mg_printer *pr, int32_t index) {
  ADD("%d,", index);
  mg_print_gap(pr);
}

// MARK: Ops of the table

// The rows that an instruction of the table reads, and the one it writes.
static int rows_of(const mg_instruction *i, int32_t *rows) {
  int count = 0;
  const int32_t all[] = {i->d, i->x, i->y, i->v};
  for (int k = 0; k < 4; k++)
    if (all[k] >= 0) rows[count++] = all[k];
  rows[count++] = i->out;
  return count;
}

static void print_op(mg_printer *pr, const mg_instruction *i, int width) {
  mg_instruction with = *i;
  mg_list_operands(pr, &with);
  mg_print_listed_op(pr, &with, width - 1);
}

// MARK: Sums

// The list of a sum: its start, of each term the factor and the rows, and its own row. `numbers`: instead, what is a number.
static int add_sum(mg_printer *pr, const mg_instruction *i, bool numbers, bool prints) {
  const mg_program *p = pr->program;
  int32_t found[3 * MG_FEW_TERMS + 2], count = 0;
  bool is_uniform[3 * MG_FEW_TERMS + 2];
#define FOUND(index, uniform) found[count] = index, is_uniform[count++] = uniform
  if (i->start >= 0) FOUND(i->start, true);
  for (int32_t k = 0; k < i->count; k++) {
    const mg_scaled_term *t = &p->scaled[i->list + k];
    if (t->factor >= 0) FOUND(t->factor, true);
    FOUND(t->row, false);
  }
  for (int32_t k = 0; k < i->more_count; k++) {
    const mg_product_term *t = &p->products[i->more + k];
    if (t->factor >= 0) FOUND(t->factor, true);
    FOUND(t->left, false);
    FOUND(t->right, false);
  }
  FOUND(i->out, false);
#undef FOUND
  int used = 0;
  for (int32_t k = 0; k < count; k++) {
    if (numbers && !is_uniform[k]) continue;
    if (!numbers && is_uniform[k] && !pr->has_parameters) continue;
    used++;
    if (!prints) continue;
    if (!numbers) {
      add_index(pr, found[k]);
      continue;
    }
    mg_print_number(p->uniforms[found[k]], pr->text);
    ADD(",");
    mg_print_gap(pr);
  }
  return used;
}

typedef struct {
  int index, number;  // the next of each list
} place;

static void print_uniform(mg_printer *pr, place *at) {
  if (pr->has_parameters) ADD("u[i[%d]]", at->index++);
  else ADD("f[%d]", at->number++);
}

static void print_listed_terms(mg_printer *pr, const mg_instruction *i, bool carried) {
  const mg_program *p = pr->program;
  place at = {0, 0};
  bool is_first = true;
  if (i->start >= 0) {
    print_uniform(pr, &at);
    is_first = false;
  } else if (carried || i->count + i->more_count == 0) {
    ADD("0.0");
    is_first = false;
  }
  for (int32_t k = 0; k < i->count + i->more_count; k++, is_first = false) {
    bool is_product = k >= i->count;
    int32_t factor = is_product ? p->products[i->more + k - i->count].factor : p->scaled[i->list + k].factor;
    bool is_minus = factor == MG_FACTOR_MINUS_ONE && !carried;
    ADD(is_first ? (is_minus ? "-" : "") : is_minus ? " - " : " + ");
    place factor_at = at;
    if (factor >= 0) pr->has_parameters ? at.index++ : at.number++;
    int left = at.index++, right = is_product ? at.index++ : 0;
    if (!carried) {
      if (factor >= 0) {
        print_uniform(pr, &factor_at);
        ADD(" * ");
      }
      ADD("r[i[%d]]", left);
      if (is_product) ADD(" * r[i[%d]]", right);
      continue;
    }
    if (is_product) ADD("mg_carried(r[i[%d]], ", left);
    ADD("mg_carried(");
    if (factor >= 0) print_uniform(pr, &factor_at);
    else ADD(factor == MG_FACTOR_ONE ? "1.0" : "-1.0");
    ADD(", r[i[%d]])", is_product ? right : left);
    if (is_product) ADD(")");
  }
}

static void print_sum(mg_printer *pr, const mg_instruction *i, int width) {
  mg_print_line(pr);
  ADD("  double v = ");
  print_listed_terms(pr, i, false);
  ADD(";");
  if (pr->is_careful && i->flag) {
    mg_print_line(pr);
    ADD("  if (v != v) v = ");
    print_listed_terms(pr, i, true);
    ADD(";");
  }
  mg_print_line(pr);
  ADD("  r[i[%d]] = v;", width - 1);
}

// MARK: A long sum

// Factors are numbers, or places among the uniforms, -1 and -2 standing for one and minus one.
static void print_factors(mg_printer *pr, const char *name, const int32_t *factors, int64_t stride, int64_t count) {
  mg_print_line(pr);
  ADD(pr->has_parameters ? "static const int %s[] = {" : "static const double %s[] = {", name);
  for (int64_t k = 0; k < count; k++) {
    int32_t factor = factors[k * stride];
    if (pr->has_parameters) ADD("%d", factor);
    else mg_print_number(mg_lane_factor(pr->program->uniforms, factor), pr->text);
    ADD(",");
    mg_print_gap(pr);
  }
  ADD("};");
}

static void print_term_loop(mg_printer *pr, const char *name, bool is_product, int64_t count, bool carried) {
  int32_t v = pr->locals, width = is_product ? 2 : 1;
  mg_print_line(pr);
  ADD("for (int k = 0; k < %lld; k++) {", (long long)count);
  mg_print_line(pr);
  if (pr->has_parameters) ADD("  const double f = %s[k] >= 0 ? u[%s[k]] : %s[k] == -1 ? 1.0 : -1.0;", name, name, name);
  else ADD("  const double f = %s[k];", name);
  mg_print_line(pr);
  ADD("  const int *i = %s_rows + %d * k;", name, width);
  mg_print_line(pr);
  if (carried) ADD(is_product ? "  v%d += mg_carried(r[i[0]], mg_carried(f, r[i[1]]));" : "  v%d += mg_carried(f, r[i[0]]);", v);
  else ADD(is_product ? "  v%d += f * r[i[0]] * r[i[1]];" : "  v%d += f * r[i[0]];", v);
  mg_print_line(pr);
  ADD("}");
}

void mg_print_long_sum(mg_printer *pr, const mg_instruction *i, bool is_careful) {
  const mg_scaled_term *scaled = pr->program->scaled + i->list;
  const mg_product_term *products = pr->program->products + i->more;
  if (i->start >= 0) mg_print_uniform(pr, i->start);
  else ADD("-0.0");
  ADD(";");
  mg_print_line(pr);
  ADD("{");
  if (i->count > 0) {
    print_factors(pr, "scaled", &scaled->factor, sizeof *scaled / sizeof(int32_t), i->count);
    mg_print_line(pr);
    ADD("static const int scaled_rows[] = {");
    for (int32_t k = 0; k < i->count; k++) add_index(pr, scaled[k].row);
    ADD("};");
  }
  if (i->more_count > 0) {
    print_factors(pr, "products", &products->factor, sizeof *products / sizeof(int32_t), i->more_count);
    mg_print_line(pr);
    ADD("static const int products_rows[] = {");
    for (int32_t k = 0; k < i->more_count; k++) {
      add_index(pr, products[k].left);
      add_index(pr, products[k].right);
    }
    ADD("};");
  }
  for (int carried = 0; carried <= is_careful; carried++) {
    if (carried) {
      mg_print_line(pr);
      ADD("if (v%d != v%d) {", pr->locals, pr->locals);
      mg_print_line(pr);
      ADD("v%d = ", pr->locals);
      if (i->start >= 0) mg_print_uniform(pr, i->start);
      else ADD("0.0");
      ADD(";");
    }
    if (i->count > 0) print_term_loop(pr, "scaled", false, i->count, carried);
    if (i->more_count > 0) print_term_loop(pr, "products", true, i->more_count, carried);
  }
  mg_print_line(pr);
  ADD(is_careful ? "} }" : "}");
}

// MARK: The loop

int64_t mg_print_loop(mg_printer *pr, const mg_instruction *first, int64_t count) {
  int64_t alike = count_alike(pr, first, count);
  if (alike < FEWEST) return 0;
  bool is_sum = first->code == MG_INSTRUCTION_combine;
  int32_t rows[5];
  int width = is_sum ? add_sum(pr, first, false, false) : rows_of(first, rows);
  int numbers = is_sum && !pr->has_parameters ? add_sum(pr, first, true, false) : 0;
  mg_print_line(pr);
  ADD("{");
  mg_print_line(pr);
  ADD("static const int t[] = {");
  for (int64_t k = 0; k < alike; k++) {
    if (is_sum) add_sum(pr, first + k, false, true);
    else
      for (int j = 0, n = rows_of(first + k, rows); j < n; j++) add_index(pr, rows[j]);
  }
  ADD("};");
  if (numbers > 0) {
    mg_print_line(pr);
    ADD("static const double numbers[] = {");
    for (int64_t k = 0; k < alike; k++) add_sum(pr, first + k, true, true);
    ADD("};");
  }
  mg_print_line(pr);
  ADD("for (int k = 0; k < %lld; k++) {", (long long)alike);
  mg_print_line(pr);
  ADD("  const int *i = t + %d * k;", width);
  if (numbers > 0) {
    mg_print_line(pr);
    ADD("  const double *f = numbers + %d * k;", numbers);
  }
  if (is_sum) print_sum(pr, first, width);
  else print_op(pr, first, width);
  mg_print_line(pr);
  ADD("}");
  mg_print_line(pr);
  ADD("}");
  for (int64_t k = 0; k < alike; k++) pr->names[first[k].out] = (mg_c_name){MG_C_ROW, first[k].out, 0};
  return alike;
}
