// What does not depend on the sample: the numbers that a run begins with, and the gradients that it ends with.
#pragma once

#include "mg_program.h"

MG_ASSUME_NONNULL_BEGIN

// Reads the parameters on the tape on which the function was recorded and computes what depends on nothing else: the program's
// uniforms, at `to`.
mg_status mg_read_uniforms(mg_program *program, const mg_tape *tape, double *to);

// The same in the program's own memory, and where that is.
mg_status mg_program_update(mg_program *program, const mg_tape *tape);
const double *mg_program_uniforms(const mg_program *program);

// Adds `scale` times what sums over samples contribute to the gradients of the tape's parameters. MG_OUT_OF_MEMORY: nothing
// was added.
mg_status mg_program_add_gradients(mg_program *program, mg_tape *tape, const double *sums, double scale);

MG_ASSUME_NONNULL_END
