#include "mg_blas.h"

#include "mg_tape.h"

#if defined(MG_OPENBLAS)

#if !__has_include(<cblas.h>)
#error "OpenBLAS is not there. Install it (apt-get install libopenblas-dev pkg-config, or brew install openblas pkgconf), or build micrograd without it: --disable-default-traits, or traits: [] on its .package line."
#endif
#include <cblas.h>

const bool mg_has_blas = true;

void mg_blas_multiply(int64_t m, int64_t n, int64_t k, const double *a, bool a_transposed, const double *b,
                      bool b_transposed, double *c) {
  cblas_dgemm(CblasRowMajor, a_transposed ? CblasTrans : CblasNoTrans, b_transposed ? CblasTrans : CblasNoTrans,
              (blasint)m, (blasint)n, (blasint)k, 1, a, (blasint)(a_transposed ? m : k), b,
              (blasint)(b_transposed ? k : n), 1, c, (blasint)n);
}

const char *mg_blas_description(void) { return openblas_get_config(); }

#else

const bool mg_has_blas = false;

void mg_blas_multiply(int64_t m, int64_t n, int64_t k, const double *a, bool a_transposed, const double *b,
                      bool b_transposed, double *c) {
  (void)m, (void)n, (void)k, (void)a, (void)a_transposed, (void)b, (void)b_transposed, (void)c;
  __builtin_trap();
}

const char *mg_blas_description(void) { return "none (own kernels)"; }

#endif
