// Running a program for one sample at a time: no blocks, no allocation, no locks.
//
// A program's instructions are decoded once to words that name numbers in one flat array. The arithmetic is that of the
// table's scalar ops, so elementary functions are libm's; sums are added in order, without contraction. Values agree with
// those of mg_program_run to rounding.
#pragma once

#include "mg_program.h"

MG_ASSUME_NONNULL_BEGIN

typedef struct mg_single mg_single;

// What a run gives beside numbers.
typedef struct {
  double total;         // of the first output, where the gradient by parameters is wanted
  bool deviates;        // a guard fails
  double bad_index;     // the index of a pick that has no place in its table,
  int64_t table_count;  // and how long the table is; 0: all have one
} mg_single_result;

// NULL where there is no memory. The program must live as long.
mg_single *MG_NULLABLE mg_single_create(mg_program *program);
void mg_single_free(mg_single *single);

// Runs the program at a sample: as many numbers as it has inputs. Where wanted, `values` gets the outputs, `gradient` the
// derivatives of the first by the inputs; the gradients by parameters, on the tape on which the function was recorded, grow
// by theirs. Parameters are as they are now. Where a guard fails or an index is bad, nothing is written.
mg_status mg_single_run(mg_single *single, mg_tape *tape, const double *sample, double *MG_NULLABLE values,
                        double *MG_NULLABLE gradient, mg_single_result *result);

// Reads the parameters: mg_single_run_with uses them as they were then.
mg_status mg_single_read_parameters(mg_single *single, const mg_tape *tape);
// The numbers of space that mg_single_run_with needs.
int64_t mg_single_space(const mg_single *single);
// As mg_single_run, in the caller's space and without the gradients by parameters: safe on any number of threads at once,
// each with its own space, if the program calls no custom op.
void mg_single_run_with(const mg_single *single, double *space, const double *sample, double *MG_NULLABLE values,
                        double *MG_NULLABLE gradient, mg_single_result *result);

MG_ASSUME_NONNULL_END
