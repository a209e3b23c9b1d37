// Which BLAS library the engine uses: OpenBLAS, loaded at run time, or none.
//
// It is not linked, so that the package builds, and its programs start, on machines that do not have it. Loading it when
// the first large product needs it also spares small programs OpenBLAS's threads and buffers.
#pragma once

#include "mg_base.h"

// The functions of cblas.h under names that say what they do. Integers are of 32 bits: libraries with 64 are refused.
typedef struct {
  // cblas_dgemm: c = alpha · op(a) · op(b) + beta · c.
  void (*multiply)(int32_t order, int32_t a_operation, int32_t b_operation, int32_t m, int32_t n, int32_t k, double alpha,
                   const double *a, int32_t a_row, const double *b, int32_t b_row, double beta, double *c, int32_t c_row);
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
