// Running a program over samples.
#pragma once

#include "mg_program.h"
#include "mg_row_reduction.h"

MG_ASSUME_NONNULL_BEGIN

typedef struct {
  const double *MG_NULLABLE samples;   // row-major, a row of inputs a sample; or
  int64_t column;                      // where not 0: column-major, with so many samples in a column of the inputs
  const double *MG_NULLABLE shared;    // of samples by column: the first inputs, which are the same for all,
  int64_t shared_count;                // so many; `samples` has the others
  const int64_t *MG_NULLABLE indices;  // which of them; NULL: the first `count`
  int64_t count;
  int64_t threads;  // as many as this work on it, at most
  double scale;     // times which the gradient by parameters counts, and the total
  // Where wanted, by sample (the first for samples that are not listed too):
  double *MG_NULLABLE values;  // a row of outputs a sample
  double *MG_NULLABLE input_gradients;  // as the samples are
  uint8_t *MG_NULLABLE deviates;  // set to 1 for samples for which a guard fails
  mg_row_reduction *MG_NULLABLE reduction;
} mg_batch;

typedef struct {
  double total;         // of the first output, times the scale; where the gradient by parameters is wanted
  int64_t bad_sample;   // the first for which a pick had no place in its table, or -1;
  double bad_index;     // the index then,
  int64_t table_count;  // and how long the table is
} mg_batch_result;

// Runs a program over samples. The parameters' numbers are those of now, on the tape on which the path was recorded; to
// their gradients there is added what was computed. The results have the same bits whatever the number of threads. Custom
// ops run on one thread, the caller's. MG_OUT_OF_MEMORY: nothing was added.
mg_status mg_program_run(mg_program *program, mg_tape *tape, mg_batch batch, mg_batch_result *result);
// The same in float, for programs that are to be run so (MG_WANT_FLOAT), to which mg_program_run leaves them (mg_float_run.c).
mg_status mg_program_run_float(mg_program *program, mg_tape *tape, mg_batch batch, mg_batch_result *result);

MG_ASSUME_NONNULL_END
