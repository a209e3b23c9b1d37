// Products of matrices by BLAS.
#include "mg_blas.h"

#include "mg_blas_library.h"

// What cblas.h calls them; the standard fixes the numbers.
enum { ROW_MAJOR = 101, AS_IT_IS = 111, TRANSPOSED = 112 };

static inline int32_t operation(bool transposed) { return transposed ? TRANSPOSED : AS_IT_IS; }

bool mg_blas_multiply(int64_t m, int64_t n, int64_t k, const double *a, bool a_transposed, const double *b,
                      bool b_transposed, double *c) {
  if (m > INT32_MAX || n > INT32_MAX || k > INT32_MAX) return false;
  const mg_blas_library *blas = mg_blas_library_in_use();
  if (!blas) return false;
  blas->multiply(ROW_MAJOR, operation(a_transposed), operation(b_transposed), (int32_t)m, (int32_t)n, (int32_t)k, 1, a,
                 (int32_t)(a_transposed ? m : k), b, (int32_t)(b_transposed ? k : n), 1, c, (int32_t)n);
  return true;
}

const char *mg_blas_description(void) { return mg_blas_library_description(); }

bool mg_blas_set_thread_count(int32_t count) {
  const mg_blas_library *blas = mg_blas_library_in_use();
  if (blas) blas->set_thread_count(count);
  return blas != NULL;
}
