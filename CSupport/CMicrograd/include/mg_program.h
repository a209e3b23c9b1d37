// Programs: they compute what is wanted of a path for many samples.
//
// A program computes outputs, gradients, or which samples take another path. What does not depend on the sample is
// computed once a run, on a small tape (the prologue). The rest is computed on rows, one number for each sample of a
// block. Blocks are so short that their rows stay in the nearest cache.
#pragma once

#include "mg_path.h"

MG_ASSUME_NONNULL_BEGIN

typedef struct mg_program mg_program;

// What a program computes. Can be combined, except for guards, and for the Jacobian with gradients.
enum {
  MG_WANT_VALUES = 1,      // the outputs of each sample
  MG_WANT_PARAMETERS = 2,  // the gradient of the first output by parameters, summed over samples
  MG_WANT_INPUTS = 4,      // the gradient of the first output by each sample's inputs
  MG_WANT_GUARDS = 8,      // which samples take another path
  MG_WANT_JACOBIAN = 16,   // the gradient of each output by the sample's inputs, one after the other
  MG_WANT_FLOAT = 32,      // samples side by side are computed in 32 bits; one alone is not (mg_single.h)
};

// Compiles a path (mg_compile.c). Returns NULL if there is no memory.
mg_program *MG_NULLABLE mg_program_create(const mg_path *path, int32_t wants);
void mg_program_free(mg_program *program);

MG_ASSUME_NONNULL_END
