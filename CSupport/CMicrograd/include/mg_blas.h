// What the engine asks of BLAS, and which library that is.
#pragma once

#include "mg_base.h"

MG_ASSUME_NONNULL_BEGIN

// The library in use with its version, kernels, threading and file, or "none (own kernels)" and the reason. Loads it.
const char *mg_blas_description(void);
// Sets how many threads the library uses; returns false if there is none.
bool mg_blas_set_thread_count(int32_t count);

// c [m, n] += a · b of row-major matrices without gaps; a is [m, k], or [k, m] where transposed, b [k, n] or [n, k].
// Runs on as many threads as the program that hosts the engine gave its BLAS. Returns false, and changes nothing, if the
// engine uses no BLAS or a dimension does not fit BLAS's 32-bit integers. The first call loads the library.
bool mg_blas_multiply(int64_t m, int64_t n, int64_t k, const double *a, bool a_transposed, const double *b,
                      bool b_transposed, double *c);

MG_ASSUME_NONNULL_END
