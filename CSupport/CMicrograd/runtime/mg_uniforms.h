// What does not depend on the sample: the numbers that a run begins with, and the gradients that it ends with
// (mg_program_add_gradients).
#pragma once

#include "mg_instructions.h"

// Reads the parameters on the tape on which the function was recorded and computes what depends on nothing else: the program's
// uniforms, at `to`.
mg_status mg_read_uniforms(mg_program *program, const mg_tape *tape, double *to);
