#include "mg_blas.h"

#include "mg_tape.h"

#if defined(MG_OPENBLAS)

#if !__has_include(<cblas.h>)
#error "OpenBLAS is not there. Install it (apt-get install libopenblas-dev pkg-config, or brew install openblas pkgconf), or build micrograd without it: --disable-default-traits, or traits: [] on its .package line."
#endif
#include <cblas.h>

void mg_blas_add_matrix_vector(double *y, const double *a, int64_t rows, int64_t columns, const double *x) {
  cblas_dgemv(CblasRowMajor, CblasNoTrans, (blasint)rows, (blasint)columns, 1, a, (blasint)columns, x, 1, 1, y, 1);
}

const char *mg_blas_description(void) { return openblas_get_config(); }

#else

#include "mg_kernels.h"

void mg_blas_add_matrix_vector(double *y, const double *a, int64_t rows, int64_t columns, const double *x) {
  for (int64_t i = 0; i < rows; i++) y[i] += mg_kernel_dot(a + i * columns, x, columns);
}

const char *mg_blas_description(void) { return "none (own kernels)"; }

#endif
