// Formulas: what many recordings of one function of parameters have in common, and the numbers in which they differ.
//
// A function that is called for every row of a table records the same ops again and again, with other constants. Such
// recordings are one formula of the parameters and of a row's constants, which can be compiled and run over all rows.
#pragma once

#include "mg_tape.h"

MG_ASSUME_NONNULL_BEGIN

typedef struct mg_formulas mg_formulas;

typedef enum MG_CLOSED_ENUM MG_SWIFT_NAME(FormulaStatus) {
  MG_FORMULA_OK MG_SWIFT_NAME(ok) = 0,
  MG_FORMULA_NO_MEMORY MG_SWIFT_NAME(noMemory),
  MG_FORMULA_TOO_MANY MG_SWIFT_NAME(tooMany),          // the recordings have more formulas than the limit
  MG_FORMULA_OTHER_OP MG_SWIFT_NAME(otherOperation),   // an op that is not of one or two operands, a sum, or a dot product
  MG_FORMULA_OUTSIDE MG_SWIFT_NAME(outside),           // a node that is neither a parameter nor of the recording
} mg_formula_status;

// At most `limit` formulas, of `parameter_count` parameters. NULL where there is no memory.
mg_formulas *MG_NULLABLE mg_formulas_create(int64_t parameter_count, int64_t limit);
void mg_formulas_free(mg_formulas *formulas);

// Where a recording begins: the tape's counts then.
typedef struct {
  int64_t node, operand, constant;
} mg_formula_start;

// Adds the recording that begins there and whose outcome is `result`, as the next row. The
// parameters are leaves that follow one another from `first` on.
mg_formula_status mg_formulas_add(mg_formulas *formulas, const mg_tape *tape, mg_node first, mg_formula_start start,
                                  mg_node result);

// Adds the recordings of results, in order, as rows. A row is what was recorded after the result before it, up to its own result.
mg_formula_status mg_formulas_add_results(mg_formulas *formulas, const mg_tape *tape, mg_node first, mg_formula_start start,
                                          const mg_node *results, int64_t count);

int64_t mg_formulas_count(const mg_formulas *formulas);
// Of a formula: its rows, in order of their addition, and how many of its constants differ between rows.
int64_t mg_formula_row_count(const mg_formulas *formulas, int64_t which);
const int64_t *mg_formula_rows(const mg_formulas *formulas, int64_t which);
int64_t mg_formula_column_count(mg_formulas *formulas, int64_t which);
// Those constants, a column each.
void mg_formula_columns(const mg_formulas *formulas, int64_t which, double *columns);

// Records the formula anew: the nodes from `first` on stand for the parameters, those that follow them for the constants that
// differ. Returns the outcome, or MG_NO_NODE where the tape has no room.
mg_node mg_formula_record(mg_formulas *formulas, int64_t which, mg_tape *tape, mg_node first);

MG_ASSUME_NONNULL_END
