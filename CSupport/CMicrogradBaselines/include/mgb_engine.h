// The engine itself, used from C.
#pragma once

#include "mgb_workloads.h"

MGB_ASSUME_NONNULL_BEGIN

// The expression of micrograd's README through the engine's inline functions, in a scope per iteration. Returns how many
// nodes one iteration recorded, 0 when there was no memory.
int64_t mgb_engine_readme(int64_t iterations, double a, double b, double *result);

MGB_ASSUME_NONNULL_END
