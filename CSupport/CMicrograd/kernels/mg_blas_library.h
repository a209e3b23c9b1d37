// Which BLAS library the engine uses: OpenBLAS, loaded at run time, or none.
//
// It is not linked, so that the package builds, and its programs start, on machines that do not have it. Loading it when
// the first large product needs it also spares small programs OpenBLAS's threads and buffers.
#pragma once

#include "mg_base.h"

// The functions of cblas.h and of LAPACK under names that say what they do. Integers are of 32 bits: libraries with 64 are refused.
typedef struct {
  // cblas_dgemm: c = alpha · op(a) · op(b) + beta · c.
  void (*multiply)(int32_t order, int32_t a_operation, int32_t b_operation, int32_t m, int32_t n, int32_t k, double alpha,
                   const double *a, int32_t a_row, const double *b, int32_t b_row, double beta, double *c, int32_t c_row);
  // LAPACK's dgetrf, dpotrf and dsyevd; NULL if the library has no LAPACK. Texts are followed by their lengths, last.
  void (*factor_lu)(const int32_t *m, const int32_t *n, double *a, const int32_t *row, int32_t *exchanges, int32_t *info);
  void (*factor_cholesky)(const char *half, const int32_t *n, double *a, const int32_t *row, int32_t *info,
                          size_t half_length);
  void (*find_eigen)(const char *job, const char *half, const int32_t *n, double *a, const int32_t *row, double *values,
                     double *work, const int32_t *work_count, int32_t *integers, const int32_t *integer_count,
                     int32_t *info, size_t job_length, size_t half_length);
  // openblas_set_num_threads.
  void (*set_thread_count)(int count);
} mg_blas_library;

// Loads the library at the first call, on any thread; NULL if none is used. The environment decides:
//
//   MICROGRAD_BLAS=none        no library
//   MICROGRAD_BLAS=/a/library  this one or none
//   otherwise                  the system's OpenBLAS, unless the process's memory is limited (ulimit -v): an OpenBLAS
//                              that gets no memory waits for it forever
//
// Never fails: whatever goes wrong, the engine's own kernels are used, and the description says why.
const mg_blas_library *mg_blas_library_in_use(void);

// What OpenBLAS says of itself and the path of its file, or "none (own kernels)" and the reason.
const char *mg_blas_library_description(void);
