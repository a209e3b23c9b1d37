// What the engine asks of BLAS. The only file that knows of cblas.h is mg_blas.c.
#pragma once

#include "mg_base.h"

// Whether the engine was built with a BLAS; without one the other functions are not called.
extern const bool mg_has_blas;

// c [m, n] += a · b of row-major matrices without gaps; a is [m, k], or [k, m] where transposed, b [k, n] or [n, k].
// Runs on as many threads as the program that hosts the engine gave its BLAS.
void mg_blas_multiply(int64_t m, int64_t n, int64_t k, const double *a, bool a_transposed, const double *b,
                      bool b_transposed, double *c);
