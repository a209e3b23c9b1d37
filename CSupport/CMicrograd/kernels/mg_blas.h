// What the engine asks of BLAS.
#pragma once

#include "mg_base.h"

// c [m, n] += a · b of row-major matrices without gaps; a is [m, k], or [k, m] where transposed, b [k, n] or [n, k].
// Runs on as many threads as the program that hosts the engine gave its BLAS. Returns false, and changes nothing, if the
// engine uses no BLAS or a dimension does not fit BLAS's 32-bit integers. The first call loads the library.
bool mg_blas_multiply(int64_t m, int64_t n, int64_t k, const double *a, bool a_transposed, const double *b,
                      bool b_transposed, double *c);
