// Compiled functions: a recording, taken for that of any sample, as a program that runs over many.
//
// A path is a recording as values in order; a program computes what is wanted of it: the outputs, the gradients, whether
// the comparisons would come out as they did. What does not depend on the sample is computed once a run, on a small tape
// of its own; the rest on rows of samples, a block of them at a time, whose numbers stay in the nearest caches.
#pragma once

#include "mg_path.h"

MG_ASSUME_NONNULL_BEGIN

typedef struct mg_program mg_program;

// What a program computes; together, but for guards.
enum {
  MG_WANT_VALUES = 1,      // the outputs of each sample
  MG_WANT_PARAMETERS = 2,  // the gradient of the first output, summed over samples, by parameters
  MG_WANT_INPUTS = 4,      // its gradient by each sample's inputs
  MG_WANT_GUARDS = 8,      // which samples would have gone another way
};

// A program, built by the steps of mg_compile.c; NULL where there is no memory.
mg_program *MG_NULLABLE mg_program_create(const mg_path *path, int32_t wants);
void mg_program_free(mg_program *program);

MG_ASSUME_NONNULL_END
