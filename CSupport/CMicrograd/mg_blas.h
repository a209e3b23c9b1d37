// The one place where BLAS is called. Without the OpenBLAS trait the same functions run on the engine's own kernels.
#pragma once

#include "mg_base.h"

// y += A x, A row-major.
void mg_blas_add_matrix_vector(double *y, const double *a, int64_t rows, int64_t columns, const double *x);
