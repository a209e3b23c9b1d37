// From recordings of many rows to formulas.
//
// In: recordings on a tape, one a row, one after the other. Out: for each formula, its words and a matrix of numbers, a row
// each. Afterwards: two rows have the same formula exactly where their records are equal, bit by bit, but for where the
// row's own nodes, constants and lists begin; they differ in constants and in leaves. Cost: a comparison of each record; the
// numbers of all rows are kept.
//
//   row 0: 3.1 - p[0] * exp(p[1] * 0.5)       words: multiply_constant p1 #0; exp n0; multiply p0 n1; subtract_from_constant n2 #1
//   row 1: 2.7 - p[0] * exp(p[1] * 0.7)       numbers: 0.5 3.1
//                                                      0.7 2.7
#include "mg_formula.h"

#include <stdlib.h>
#include <string.h>

#include "mg_ir.h"
#include "mg_nary.h"
#include "mg_node.h"
#include "mg_record.h"
#include "mg_tape_internal.h"

// A node's words: its code, its operands, its numbers. A code is the op, or that and the function, the relation, or the number of
// operands. An operand is the number of a node of the row, or -1, -2 … for the parameters; a number, its place in the row's.
typedef struct {
  int64_t *at;
  int64_t count, capacity;
} words;

// What the tape holds of a row.
typedef struct {
  mg_formula_start start;
  const mg_record *records;
  const int32_t *operands;
  const double *constants;
  int64_t record_count, operand_count, constant_count;
} row;

// What is added to the bits of a record for each node, constant and entry of a list by which the row begins later.
typedef struct {
  uint64_t node, constant, list;
} steps;

// What an entry of a list is.
enum { IS_FIXED, IS_NODE, IS_CONSTANT };

typedef struct {
  mg_formula_start start;  // of the first row, to which others are compared
  mg_record *records;
  int32_t *operands;
  steps *record_steps;
  uint8_t *operand_kinds;
  mg_formula_start last;   // of the last row,
  uint64_t *record_moves;  // and what is added to its records for a row that begins where it ends
  int64_t record_count, operand_count, constant_count;
  int32_t result;
  words words;
  int32_t *leaves;  // their numbers in the row
  int64_t leaf_count;
  int64_t *rows;
  int64_t row_count, row_capacity;
  double *numbers;  // [rows, constants and leaves]
  int64_t number_capacity;
  bool *used;        // by number: some word names it
  int32_t *columns;  // by number: which column it is, -1 where it is the same in all rows
  int64_t column_count;
} formula;

struct mg_formulas {
  int64_t parameter_count, limit;
  formula *at;
  int64_t count, row_count;
  int64_t last;  // the formula of the last row
};

// Room for one more of `size` bytes each. False: no memory.
static bool grow(void **at, int64_t count, int64_t *capacity, int64_t more, size_t size) {
  if (count + more <= *capacity) return true;
  int64_t wanted = 2 * *capacity + more + 16;
  void *grown = realloc(*at, (size_t)wanted * size);
  if (!grown) return false;
  *at = grown;
  *capacity = wanted;
  return true;
}

mg_formulas *mg_formulas_create(int64_t parameter_count, int64_t limit) {
  mg_formulas *f = calloc(1, sizeof *f);
  if (!f) return NULL;
  f->at = calloc((size_t)limit, sizeof *f->at);
  f->parameter_count = parameter_count;
  f->limit = limit;
  if (f->at) return f;
  free(f);
  return NULL;
}

void mg_formulas_free(mg_formulas *f) {
  for (int64_t k = 0; k < f->count; k++) {
    formula *of = &f->at[k];
    void *lists[] = {of->records, of->operands, of->record_steps, of->operand_kinds, of->record_moves, of->words.at, of->leaves, of->rows, of->numbers, of->used, of->columns};
    for (size_t j = 0; j < sizeof lists / sizeof *lists; j++) free(lists[j]);
  }
  free(f->at);
  free(f);
}

// MARK: Reading a row

static bool add_word(words *w, int64_t word) {
  if (!grow((void **)&w->at, w->count, &w->capacity, 1, sizeof *w->at)) return false;
  w->at[w->count++] = word;
  return true;
}

static int64_t code_of(mg_op op, int64_t detail) { return (int64_t)op | detail << 8; }
static mg_op op_of(int64_t code) { return (mg_op)(code & 255); }
static int64_t detail_of(int64_t code) { return code >> 8; }

typedef struct {
  const mg_formulas *formulas;
  formula *of;
  const mg_tape *tape;
  mg_node first, start;  // of the parameters, of the row
  int64_t first_constant, first_operand;
} reading;

static mg_formula_status add_operand(const reading *r, mg_node operand) {
  int64_t word = operand - r->start;
  if (word < 0) {
    if (operand < r->first || operand >= r->first + r->formulas->parameter_count) return MG_FORMULA_OUTSIDE;
    word = -1 - (operand - r->first);
  }
  return add_word(&r->of->words, word) ? MG_FORMULA_OK : MG_FORMULA_NO_MEMORY;
}

static bool add_number(const reading *r, int64_t number) {
  r->of->used[number] = true;
  return add_word(&r->of->words, number);
}

// The places of a node's numbers.
static bool add_numbers(const reading *r, mg_op op, mg_node node, int64_t operands) {
  formula *of = r->of;
  mg_record record = r->tape->records[node];
  if (op == MG_LEAF) {
    of->leaves[of->leaf_count++] = node - r->start;
    return add_number(r, of->constant_count + of->leaf_count - 1);
  }
  if (mg_op_has_constant(op)) return add_number(r, mg_record_b(record) - r->first_constant);
  int64_t weights = op == MG_OP_weighted_sum ? r->tape->operands[mg_record_a(record)] - r->first_constant : 0;
  for (int64_t k = 0; op == MG_OP_weighted_sum && k < operands; k++)
    if (!add_number(r, weights + k)) return false;
  return true;
}

static bool is_listed(mg_op op) {
  return op == MG_OP_sum || op == MG_OP_dot || op == MG_OP_dot_runs || op == MG_OP_weighted_sum ||
         op == MG_OP_log_sum_exp || op == MG_OP_select;
}

// How many entries an op has in the list of operands.
static int64_t list_length(const mg_tape *tape, mg_op op, mg_record record) {
  int64_t count = mg_record_b(record);
  switch (op) {
  case MG_OP_sum: return count;
  case MG_OP_dot: return 2 * count;
  case MG_OP_dot_runs: return 2;
  case MG_OP_weighted_sum: return 1 + count;
  case MG_OP_log_sum_exp: return 2 + (tape->operands[mg_record_a(record) + 1] == MG_NO_NODE ? count : 0);
  case MG_OP_select: return 4;
  default: return 0;
  }
}

// How the record and its list depend on where the row begins.
static void note_steps(const reading *r, mg_op op, mg_node node) {
  const uint64_t a = (uint64_t)1 << 6, b = (uint64_t)1 << 35;  // where a record has its operands
  mg_record record = r->tape->records[node];
  steps *to = &r->of->record_steps[node - r->start];
  *to = (steps){0, 0, is_listed(op) ? a : 0};
  if (op != MG_LEAF && !is_listed(op) && mg_record_a(record) >= r->start) to->node += a;
  if (mg_op_is_binary(op) && mg_record_b(record) >= r->start) to->node += b;
  if (mg_op_has_constant(op)) to->constant = b;
  int64_t count = list_length(r->tape, op, record), first = mg_record_a(record);
  int64_t constants = op == MG_OP_weighted_sum || op == MG_OP_log_sum_exp;
  for (int64_t k = 0; k < count; k++) {
    uint8_t kind = r->tape->operands[first + k] >= r->start ? IS_NODE : IS_FIXED;
    r->of->operand_kinds[first + k - r->first_operand] = k < constants ? IS_CONSTANT : kind;
  }
}

static mg_formula_status add_node(const reading *r, mg_node node) {
  mg_op op = mg_node_op(r->tape, node);
  int64_t count = mg_node_operand_count(r->tape, node), detail = 0;
  switch (op) {
  case MG_LEAF: break;
  case MG_OP_function: detail = mg_node_function(r->tape, node); break;
  case MG_OP_select: detail = mg_select_relation(r->tape, node); break;
  case MG_OP_sum:
  case MG_OP_sum_run:
  case MG_OP_log_sum_exp:
  case MG_OP_dot:
  case MG_OP_dot_runs:
  case MG_OP_weighted_sum: detail = count; break;
#define CASE(name, ...) case MG_OP_##name:
    MG_BINARY_OPS(CASE)
    MG_CONSTANT_OPS(CASE)
    MG_UNARY_OPS(CASE)
#undef CASE
    break;
  default: return MG_FORMULA_OTHER_OP;
  }
  note_steps(r, op, node);
  if (!add_word(&r->of->words, code_of(op, detail))) return MG_FORMULA_NO_MEMORY;
  for (int64_t k = 0; k < count; k++) {
    mg_formula_status status = add_operand(r, mg_node_operand(r->tape, node, k));
    if (status != MG_FORMULA_OK) return status;
  }
  return add_numbers(r, op, node, count) ? MG_FORMULA_OK : MG_FORMULA_NO_MEMORY;
}

static void *copy_of(const void *from, int64_t count, size_t size) {
  void *copy = malloc((size_t)count * size + 1);
  if (copy && count > 0) memcpy(copy, from, (size_t)count * size);
  return copy;
}

// What is added to the bits of a record for a row that begins so much later.
static uint64_t moved_by(const steps *s, int64_t nodes, int64_t constants, int64_t lists) {
  return s->node * (uint64_t)nodes + s->constant * (uint64_t)constants + s->list * (uint64_t)lists;
}

static mg_formula_status append_formula(mg_formulas *f, const row *row, reading r, int32_t result) {
  if (f->count == f->limit) return MG_FORMULA_TOO_MANY;
  formula *of = &f->at[f->count++];
  *of = (formula){.record_count = row->record_count, .operand_count = row->operand_count,
                  .constant_count = row->constant_count, .result = result};
  of->records = copy_of(row->records, row->record_count, sizeof *of->records);
  of->operands = copy_of(row->operands, row->operand_count, sizeof *of->operands);
  of->start = (mg_formula_start){r.start, r.first_operand, r.first_constant};
  of->record_steps = calloc((size_t)(row->record_count + 1), sizeof *of->record_steps);
  of->operand_kinds = calloc((size_t)(row->operand_count + 1), sizeof *of->operand_kinds);
  of->record_moves = malloc((size_t)(row->record_count + 1) * sizeof *of->record_moves);
  of->leaves = malloc((size_t)(row->record_count + 1) * sizeof *of->leaves);
  of->used = calloc((size_t)(row->constant_count + row->record_count + 1), sizeof *of->used);
  if (!of->records || !of->operands || !of->record_steps || !of->operand_kinds || !of->record_moves || !of->leaves || !of->used)
    return MG_FORMULA_NO_MEMORY;
  r.of = of;
  for (mg_node node = r.start; node < r.start + row->record_count; node++) {
    mg_formula_status status = add_node(&r, node);
    if (status != MG_FORMULA_OK) return status;
  }
  for (int64_t k = 0; k < row->record_count; k++)
    of->record_moves[k] = moved_by(&of->record_steps[k], row->record_count, row->constant_count, row->operand_count);
  return MG_FORMULA_OK;
}

// Whether a row has the same records as the last one of the formula, at whose end it begins.
static bool has_records_of_last(const formula *of, const row *row) {
  const mg_record *last = row->records - of->record_count;
  uint64_t differences = 0;
  for (int64_t k = 0; k < row->record_count; k++)
    differences |= row->records[k].bits ^ (last[k].bits + of->record_moves[k]);
  return differences == 0;
}

static bool has_records(const formula *of, const row *row) {
  int64_t nodes = row->start.node - of->start.node, constants = row->start.constant - of->start.constant;
  int64_t lists = row->start.operand - of->start.operand;
  uint64_t differences = 0;
  for (int64_t k = 0; k < row->record_count; k++)
    differences |= row->records[k].bits ^ (of->records[k].bits + moved_by(&of->record_steps[k], nodes, constants, lists));
  return differences == 0;
}

static bool is_of(const formula *of, const row *row, int32_t result) {
  if (of->record_count != row->record_count || of->operand_count != row->operand_count ||
      of->constant_count != row->constant_count || of->result != result)
    return false;
  bool follows = row->start.node == of->last.node + of->record_count &&
                 row->start.constant == of->last.constant + of->constant_count &&
                 row->start.operand == of->last.operand + of->operand_count;
  if (!(follows ? has_records_of_last(of, row) : has_records(of, row))) return false;
  int64_t nodes = row->start.node - of->start.node, constants = row->start.constant - of->start.constant;
  uint64_t differences = 0;
  for (int64_t k = 0; k < row->operand_count; k++) {
    uint8_t kind = of->operand_kinds[k];
    int64_t moved = kind == IS_NODE ? nodes : kind == IS_CONSTANT ? constants : 0;
    differences |= (uint64_t)(row->operands[k] ^ (int32_t)(of->operands[k] + moved));
  }
  return differences == 0;
}

// The formula of a row: the last one, another, or -1.
static int64_t find(const mg_formulas *f, const row *row, int32_t result) {
  if (f->count > 0 && is_of(&f->at[f->last], row, result)) return f->last;
  for (int64_t k = 0; k < f->count; k++)
    if (is_of(&f->at[k], row, result)) return k;
  return -1;
}

static int64_t number_count(const formula *of) { return of->constant_count + of->leaf_count; }

static bool append_row(mg_formulas *f, formula *of, const row *row, const double *values) {
  if (!grow((void **)&of->rows, of->row_count, &of->row_capacity, 1, sizeof *of->rows)) return false;
  int64_t used = of->row_count * number_count(of);
  if (!grow((void **)&of->numbers, used, &of->number_capacity, number_count(of), sizeof *of->numbers)) return false;
  double *numbers = of->numbers + used;
  for (int64_t k = 0; k < of->constant_count; k++) numbers[k] = row->constants[k];
  for (int64_t k = 0; k < of->leaf_count; k++) numbers[of->constant_count + k] = values[of->leaves[k]];
  of->rows[of->row_count++] = f->row_count++;
  of->last = row->start;
  return true;
}

static mg_formula_status add_row(mg_formulas *f, const mg_tape *tape, mg_node first, row row, mg_node result) {
  mg_node node = (mg_node)row.start.node;
  if (result < node && (result < first || result >= first + f->parameter_count)) return MG_FORMULA_OUTSIDE;
  int32_t outcome = result >= node ? result - node : -1 - (result - first);
  int64_t which = find(f, &row, outcome);
  if (which < 0) {
    reading r = {f, NULL, tape, first, node, row.start.constant, row.start.operand};
    mg_formula_status status = append_formula(f, &row, r, outcome);
    if (status != MG_FORMULA_OK) return status;
    which = f->count - 1;
  }
  f->last = which;
  return append_row(f, &f->at[which], &row, tape->values + node) ? MG_FORMULA_OK : MG_FORMULA_NO_MEMORY;
}

// The row from one place to another.
static row row_between(const mg_tape *tape, mg_formula_start start, mg_formula_start end) {
  return (row){start, tape->records + start.node, tape->operands + start.operand, tape->constants + start.constant,
               end.node - start.node, end.operand - start.operand, end.constant - start.constant};
}

mg_formula_status mg_formulas_add(mg_formulas *f, const mg_tape *tape, mg_node first, mg_formula_start start, mg_node result) {
  mg_formula_start end = {tape->count, tape->operand_count, tape->constant_count};
  return add_row(f, tape, first, row_between(tape, start, end), result);
}

// Moves a place behind a node: its lists and constants follow those of the nodes before it.
static void pass(const mg_tape *tape, mg_formula_start *place) {
  int64_t node = place->node++;
  mg_op op = mg_node_op(tape, (mg_node)node);
  mg_record record = tape->records[node];
  place->operand += list_length(tape, op, record);
  bool has_constants = op == MG_OP_weighted_sum || op == MG_OP_log_sum_exp;
  place->constant += has_constants ? mg_record_b(record) : mg_op_has_constant(op);
}

mg_formula_status mg_formulas_add_results(mg_formulas *f, const mg_tape *tape, mg_node first, mg_formula_start start,
                                          const mg_node *results, int64_t count) {
  for (int64_t k = 0; k < count; k++) {
    if (results[k] >= tape->count) return MG_FORMULA_OUTSIDE;
    mg_formula_start end = start;
    while (end.node <= results[k]) pass(tape, &end);
    mg_formula_status status = add_row(f, tape, first, row_between(tape, start, end), results[k]);
    if (status != MG_FORMULA_OK) return status;
    start = end;
  }
  return MG_FORMULA_OK;
}

// MARK: All rows

int64_t mg_formulas_count(const mg_formulas *f) { return f->count; }
int64_t mg_formula_row_count(const mg_formulas *f, int64_t which) { return f->at[which].row_count; }
const int64_t *mg_formula_rows(const mg_formulas *f, int64_t which) { return f->at[which].rows; }

static bool differs(const formula *of, int64_t number) {
  int64_t count = number_count(of);
  uint64_t first = mg_bits_of(of->numbers[number]);
  for (int64_t row = 1; row < of->row_count; row++)
    if (mg_bits_of(of->numbers[row * count + number]) != first) return true;
  return false;
}

int64_t mg_formula_column_count(mg_formulas *f, int64_t which) {
  formula *of = &f->at[which];
  if (of->columns) return of->column_count;
  of->columns = malloc((size_t)(number_count(of) + 1) * sizeof *of->columns);
  if (!of->columns) return -1;
  for (int64_t k = 0; k < number_count(of); k++) of->columns[k] = of->used[k] && differs(of, k) ? (int32_t)of->column_count++ : -1;
  return of->column_count;
}

void mg_formula_columns(const mg_formulas *f, int64_t which, double *columns) {
  const formula *of = &f->at[which];
  int64_t count = number_count(of);
  for (int64_t k = 0; k < count; k++) {
    if (of->columns[k] < 0) continue;
    double *to = columns + of->columns[k] * of->row_count;
    for (int64_t row = 0; row < of->row_count; row++) to[row] = of->numbers[row * count + k];
  }
}

// MARK: Recording anew

typedef struct {
  const formula *of;
  mg_tape *tape;
  mg_node parameters, inputs;  // the first of each
  mg_node *nodes;              // by number in the row
} recording;

static mg_node node_of(const recording *r, int64_t word) {
  return word >= 0 ? r->nodes[word] : r->parameters + (mg_node)(-1 - word);
}

// The node that a number's column is, or MG_NO_NODE.
static mg_node column_of(const recording *r, int64_t number) {
  return r->of->columns[number] < 0 ? MG_NO_NODE : r->inputs + r->of->columns[number];
}

// A constant op whose constant has a column.
static mg_node record_with_column(mg_tape *tape, mg_op op, mg_node a, mg_node c) {
  switch (op) {
  case MG_OP_add_constant: return mg_record_binary(tape, MG_OP_add, a, c);
  case MG_OP_subtract_from_constant: return mg_record_binary(tape, MG_OP_subtract, c, a);
  case MG_OP_multiply_constant: return mg_record_binary(tape, MG_OP_multiply, a, c);
  case MG_OP_divide_by_constant: return mg_record_binary(tape, MG_OP_divide, a, c);
  case MG_OP_divide_constant: return mg_record_binary(tape, MG_OP_divide, c, a);
  case MG_OP_power_constant: return mg_record_binary(tape, MG_OP_power, a, c);
  case MG_OP_constant_power: return mg_record_binary(tape, MG_OP_power, c, a);
  case MG_OP_clamp_below: return mg_select(tape, a, MG_LESS, c, c, a);
  case MG_OP_clamp_above: return mg_select(tape, a, MG_GREATER, c, c, a);
  default: return MG_NO_NODE;
  }
}

// An op of a node and a number.
static mg_node record_constant(const recording *r, mg_op op, mg_node a, int64_t number) {
  mg_node column = column_of(r, number);
  return column == MG_NO_NODE ? mg_record_constant(r->tape, op, a, r->of->numbers[number])
                              : record_with_column(r->tape, op, a, column);
}

static mg_node record_weighted(const recording *r, const int64_t *operands, int64_t count) {
  mg_node sum = MG_NO_NODE;
  for (int64_t k = 0; k < count; k++) {
    mg_node term = record_constant(r, MG_OP_multiply_constant, node_of(r, operands[k]), operands[count + k]);
    if (term == MG_NO_NODE) return MG_NO_NODE;
    sum = sum == MG_NO_NODE ? term : mg_record_binary(r->tape, MG_OP_add, sum, term);
  }
  return sum;
}

// The words of a node begin at `w`; `list` has room for its operands. Returns how many words they are.
static int64_t record_node(const recording *r, const int64_t *w, mg_node *list, mg_node *node) {
  mg_op op = op_of(w[0]);
  int64_t count = detail_of(w[0]);
  switch (op) {
  case MG_LEAF:
    *node = column_of(r, w[1]);
    if (*node == MG_NO_NODE) *node = mg_leaf(r->tape, r->of->numbers[w[1]]);
    return 2;
  case MG_OP_function: *node = mg_record_function(r->tape, (mg_function)count, node_of(r, w[1])); return 2;
  case MG_OP_select:
    *node = mg_select(r->tape, node_of(r, w[1]), (mg_relation)count, node_of(r, w[2]), node_of(r, w[3]), node_of(r, w[4]));
    return 5;
  case MG_OP_weighted_sum: *node = record_weighted(r, w + 1, count); return 1 + 2 * count;
  case MG_OP_sum:
  case MG_OP_sum_run:
  case MG_OP_log_sum_exp:
  case MG_OP_dot:
  case MG_OP_dot_runs:
    for (int64_t k = 0; k < count; k++) list[k] = node_of(r, w[1 + k]);
    if (op == MG_OP_log_sum_exp) *node = mg_log_sum_exp(r->tape, list, count);
    else if (op == MG_OP_dot || op == MG_OP_dot_runs) *node = mg_dot(r->tape, list, list + count / 2, count / 2);
    else *node = mg_sum(r->tape, list, count);
    return 1 + count;
  default: break;
  }
  mg_node a = node_of(r, w[1]);
  if (mg_op_has_constant(op)) {
    *node = record_constant(r, op, a, w[2]);
    return 3;
  }
  bool is_binary = mg_op_is_binary(op);
  *node = is_binary ? mg_record_binary(r->tape, op, a, node_of(r, w[2])) : mg_record_unary(r->tape, op, a);
  return is_binary ? 3 : 2;
}

mg_node mg_formula_record(mg_formulas *f, int64_t which, mg_tape *tape, mg_node first) {
  const formula *of = &f->at[which];
  mg_node *nodes = malloc((size_t)(2 * of->words.count + 1) * sizeof *nodes), *list = nodes + of->words.count;
  if (!nodes) return MG_NO_NODE;
  recording r = {of, tape, first, first + (mg_node)f->parameter_count, nodes};
  bool is_done = true;
  for (int64_t w = 0, count = 0; w < of->words.count && is_done; count++) {
    w += record_node(&r, of->words.at + w, list, &nodes[count]);
    is_done = nodes[count] != MG_NO_NODE;
  }
  mg_node result = is_done ? node_of(&r, of->result) : MG_NO_NODE;
  free(nodes);
  return result;
}
