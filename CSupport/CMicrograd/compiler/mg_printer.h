// A program while it is printed as C.
#pragma once

#include "mg_instructions.h"
#include "mg_text.h"

// Where the number of a row is, in the text.
typedef enum {
  MG_C_NOWHERE,
  MG_C_INPUT,    // x[id]
  MG_C_UNIFORM,  // a number, or u[id]
  MG_C_LOCAL,    // v<id>
  MG_C_ELEMENT,  // a<id>[index]
  MG_C_ROW,      // r[id]
  MG_C_LISTED,   // r[i[id]], in a loop over instructions that are alike
} mg_c_place;

typedef struct {
  mg_c_place place;
  int32_t id, index;
} mg_c_name;

typedef struct {
  const mg_program *program;
  mg_text *text;
  const char *name;
  bool is_careful, has_parameters;  // as in mg_c_request
  int64_t parameter_inputs;
  mg_c_name *names;   // by row
  uint8_t *is_dead;   // by number of a write, in order: nobody reads it
  int64_t writes;     // before the instruction that is printed
  int64_t line;       // where its line begins
  int32_t locals;
  int32_t parts;      // begun, of a program that is cut
  bool is_cut;        // rows are in an array, so that several functions share them
  bool is_listed;     // and most instructions are numbers in lists (mg_print_steps.c),
  int32_t listed_constant, listed_target;  // where in them the constants of an op are; -1: in the text
} mg_printer;

enum { MG_LONGEST_LINE = 110 };

// MARK: Names (mg_print_c.c)

void mg_print_row(mg_printer *printer, int32_t row);
void mg_print_uniform(mg_printer *printer, int32_t uniform);
// Whether the number of a uniform, or a row, is in the text itself.
bool mg_is_printed_uniform(const mg_printer *printer, int32_t uniform);
bool mg_is_printed_number(const mg_printer *printer, int32_t row);
// A new line; what follows a sign or a comma, on this line or the next.
void mg_print_line(mg_printer *printer);
void mg_print_gap(mg_printer *printer);

// True if a row of an instruction is read, by what `is_dead` says of its rows, or it does something else.
bool mg_is_wanted(const mg_instruction *i, const uint8_t *is_dead);
// Begins a function of a program that is cut; ends it.
void mg_begin_part(mg_printer *printer);
void mg_end_part(mg_printer *printer);

// MARK: What an instruction reads and writes (mg_print_reads.c)

// How many rows an instruction writes, and which: -1 where nobody wants it.
int64_t mg_write_count(const mg_instruction *i);
int32_t mg_written_row(const mg_program *p, const mg_instruction *i, int64_t k);
// Whether nobody reads the k-th row that the instruction writes which is printed.
static inline bool mg_is_dead_write(const mg_printer *printer, int64_t k) { return printer->is_dead[printer->writes + k]; }
// Sets `is_read` of the rows that it reads.
void mg_mark_reads(const mg_program *p, const mg_instruction *i, uint8_t *is_read);
// How many operations it prints, roughly.
int64_t mg_printed_size(const mg_instruction *i);
// Whether a matrix has so many weights that it is a loop.
bool mg_is_large_product(const mg_instruction *i);

// MARK: Rows (mg_print_rows.c)

// `v7 = `, the row's number, and `;`. A row may be read by the instruction that writes it: its new name comes last.
void mg_begin_row(mg_printer *printer, int32_t row);
void mg_end_row(mg_printer *printer, int32_t row);
// The same for a variable that may change before it is the row. The caller ends the statement.
void mg_begin_variable(mg_printer *printer);
void mg_end_variable(mg_printer *printer, int32_t row);
// A block that computes a row from an array of rows, which it calls `name`.
void mg_open_row(mg_printer *printer, const char *name, const int32_t *rows, int64_t count);
void mg_close_row(mg_printer *printer, int32_t row);
// A block whose results are an array that is seen after it.
void mg_open_results(mg_printer *printer, int64_t count);
void mg_close_results(mg_printer *printer, const mg_instruction *i);
// `const double NAME[] = {…};` of rows, 0.0 where there is none; the same of uniforms.
void mg_print_array(mg_printer *printer, const char *name, const int32_t *rows, int64_t count);
void mg_print_table(mg_printer *printer, const char *name, int32_t first, int64_t count);

// MARK: Instructions (mg_print_instructions.c)

void mg_print_instruction(mg_printer *printer, const mg_instruction *i);
// mg_print_table_ops.c: the value of an instruction of an op of the table, or what it contributes to its operand, as an
// expression; and that contribution as a row.
void mg_print_value(mg_printer *printer, const mg_instruction *i);
void mg_print_contribution(mg_printer *printer, const mg_instruction *i, bool with_one);
void mg_print_partial(mg_printer *printer, const mg_instruction *i);
// For a loop over instructions that are alike. Names the rows that an instruction reads by their places in a list, from 0 on;
// returns how many there are.
int32_t mg_list_operands(mg_printer *printer, mg_instruction *i);
// Prints an instruction whose operands were named so. `place` is that of the row that it writes.
void mg_print_listed_op(mg_printer *printer, const mg_instruction *i, int place);
// mg_print_sums.c. A term of a sum: its sign, and its factor.
void mg_print_combine(mg_printer *printer, const mg_instruction *i);
void mg_print_sign(mg_printer *printer, bool is_first, bool is_minus);
void mg_print_factor(mg_printer *printer, int32_t factor);
void mg_print_carried_factor(mg_printer *printer, int32_t factor, int32_t row);
// Adds a row, or the product of two, to a sum over samples; `right` is -1 for none.
void mg_print_added(mg_printer *printer, int32_t sum, int32_t left, int32_t right);
void mg_print_outer(mg_printer *printer, const mg_instruction *i);
// mg_print_layers.c
void mg_print_affine(mg_printer *printer, const mg_instruction *i);
void mg_print_columns(mg_printer *printer, const mg_instruction *i);
// mg_print_softmax.c
void mg_print_softmax(mg_printer *printer, const mg_instruction *i);
void mg_print_softmax_pullback(mg_printer *printer, const mg_instruction *i);
// mg_print_choices.c. How C writes a relation.
const char *mg_relation_sign(mg_relation relation);
void mg_print_select(mg_printer *printer, const mg_instruction *i);
void mg_print_select_partial(mg_printer *printer, const mg_instruction *i);
void mg_print_guard(mg_printer *printer, const mg_instruction *i);
void mg_print_places(mg_printer *printer, const mg_instruction *i);
void mg_print_pick_uniform(mg_printer *printer, const mg_instruction *i);
void mg_print_pick_row(mg_printer *printer, const mg_instruction *i);

// MARK: Instructions that are alike (mg_print_loops.c)

// How many rows stand for operands of a loop, behind the program's own among the names.
enum { MG_LISTED_ROWS = 5 };
// Prints the first `count` instructions as a loop, or as many of them as are alike, and returns how many; 0: none. Of a program
// that is cut, whose rows are all in the array.
int64_t mg_print_loop(mg_printer *printer, const mg_instruction *first, int64_t count);
// The rest of `double v7 = `, for a sum of many terms of a program that is cut: loops over its terms.
void mg_print_long_sum(mg_printer *printer, const mg_instruction *i, bool is_careful);

// MARK: Instructions in lists (mg_print_steps.c)

// How many of the instructions can be in one list; 0: too few of them are worth one.
int64_t mg_step_count(const mg_instruction *first, int64_t count);
// Prints the numbers that lists of a program share, before its parts.
void mg_print_step_numbers(mg_printer *printer);
// Prints the first `count` instructions as a list of numbers and a loop over it. All of them can be in one list. Stops early if
// they have too many forms. Returns how many instructions it printed; 0 if there is no memory.
int64_t mg_print_steps(mg_printer *printer, const mg_instruction *first, int64_t count);
