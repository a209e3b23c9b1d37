// A layer of neurons for many samples: products of matrices where they lie.
#include <string.h>

#include "mg_arithmetic.h"
#include "mg_arithmetic_backward.h"
#include "mg_kernels.h"
#include "mg_versions.h"

KERNEL static void rectify(double *v, int64_t count) {
  for (int64_t i = 0; i < count; i++) v[i] = v[i] < 0 ? 0 : v[i];
}

void mg_affine_values(const double *x, const double *weights, const double *biases, bool relu, double *v, int64_t rows,
                      int64_t inputs, int64_t outputs) {
  if (!biases) memset(v, 0, (size_t)(rows * outputs) * sizeof *v);
  for (int64_t i = 0; biases && i < rows; i++) memcpy(v + i * outputs, biases, (size_t)outputs * sizeof *v);
  mg_matrix_multiply(rows, outputs, inputs, x, false, weights, true, v);
  if (relu) rectify(v, rows * outputs);
}

// The table's relu row, over a run.
KERNEL static void relu_backward(const double *v, const double *d, double *to, int64_t count) {
  for (int64_t i = 0; i < count; i++) to[i] = v[i] <= 0 ? 0 : d[i];
}

KERNEL static void add_column_sums(const double *d, double *sums, int64_t rows, int64_t columns) {
  for (int64_t i = 0; i < rows; i++)
    for (int64_t j = 0; j < columns; j++) sums[j] += d[i * columns + j];
}

void mg_affine_backward(const double *x, const double *weights, bool relu, const double *v, const double *d,
                        double *dx, double *dweights, double *dbiases, double *scratch, int64_t rows, int64_t inputs,
                        int64_t outputs) {
  if (relu) {
    relu_backward(v, d, scratch, rows * outputs);
    d = scratch;
  }
  if (dbiases) add_column_sums(d, dbiases, rows, outputs);
  mg_matrix_multiply(outputs, inputs, rows, d, true, x, false, dweights);
  if (dx) mg_matrix_multiply(rows, inputs, outputs, d, false, weights, false, dx);
}
