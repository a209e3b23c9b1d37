#include "mg_linear_algebra.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mg_blas_library.h"
#include "mg_versions.h"

// Smaller matrices are done before LAPACK has started.
enum { LAPACK_FROM = 32 };

static const mg_blas_library *lapack_for(int64_t n) {
  if (n < LAPACK_FROM || n > INT32_MAX) return NULL;
  const mg_blas_library *library = mg_blas_library_in_use();
  return library && library->factor_lu && library->factor_cholesky && library->find_eigen ? library : NULL;
}

static void transpose(double *a, int64_t n) {
  for (int64_t i = 0; i < n; i++) {
    for (int64_t j = 0; j < i; j++) {
      double x = a[i * n + j];
      a[i * n + j] = a[j * n + i];
      a[j * n + i] = x;
    }
  }
}

// y += c x
KERNEL_BODY void add(double *restrict y, double c, const double *restrict x, int64_t n) {
  for (int64_t i = 0; i < n; i++) y[i] += c * x[i];
}

static void exchange(double *a, double *b, int64_t n) {
  for (int64_t i = 0; i < n; i++) {
    double x = a[i];
    a[i] = b[i];
    b[i] = x;
  }
}

// MARK: Triangles

// The unknowns in the order in which they can be found: from the first one on if the rows of T that are solved begin with
// the diagonal alone.
KERNEL void mg_triangular_solve(const double *t, int64_t n, bool is_upper, bool is_unit, bool transposed, double *b,
                                int64_t k) {
  bool forwards = is_upper == transposed;
  for (int64_t step = 0; step < n; step++) {
    int64_t i = forwards ? step : n - 1 - step;
    double *x = b + i * k;
    if (!is_unit)
      for (int64_t c = 0; c < k; c++) x[c] /= t[i * n + i];
    int64_t from = forwards ? i + 1 : 0, to = forwards ? n : i;
    for (int64_t j = from; j < to; j++) {
      double factor = transposed ? t[i * n + j] : t[j * n + i];
      if (factor != 0) add(b + j * k, -factor, x, k);
    }
  }
}

// MARK: LU

// Without exchanges if there is no place to note them.
KERNEL static int64_t own_lu(double *a, int64_t *exchanges, int64_t n) {
  int64_t singular = n;
  for (int64_t k = 0; k < n; k++) {
    if (exchanges) {
      int64_t pivot = k;
      for (int64_t i = k + 1; i < n; i++)
        if (fabs(a[i * n + k]) > fabs(a[pivot * n + k])) pivot = i;
      exchanges[k] = pivot;
      if (pivot != k) exchange(a + k * n, a + pivot * n, n);
    }
    if (a[k * n + k] == 0) {
      if (singular == n) singular = k;
      continue;
    }
    for (int64_t i = k + 1; i < n; i++) {
      double factor = a[i * n + k] / a[k * n + k];
      a[i * n + k] = factor;
      if (factor != 0) add(a + i * n + k + 1, -factor, a + k * n + k + 1, n - k - 1);
    }
  }
  return singular;
}

int64_t mg_lu_factor(double *a, int64_t *exchanges, int64_t n) {
  const mg_blas_library *lapack = lapack_for(n);
  int32_t *rows = lapack ? malloc((size_t)n * sizeof *rows) : NULL;
  if (!rows) return own_lu(a, exchanges, n);
  int32_t size = (int32_t)n, info = 0;
  transpose(a, n);
  lapack->factor_lu(&size, &size, a, &size, rows, &info);
  transpose(a, n);
  for (int64_t i = 0; i < n; i++) exchanges[i] = rows[i] - 1;
  free(rows);
  return info > 0 ? info - 1 : n;
}

void mg_lu_factor_in_order(double *a, int64_t n) { own_lu(a, NULL, n); }

void mg_lu_solve(const double *lu, const int64_t *exchanges, int64_t n, double *b, int64_t k, bool transposed) {
  if (!transposed) {
    for (int64_t i = 0; i < n; i++)
      if (exchanges[i] != i) exchange(b + i * k, b + exchanges[i] * k, k);
    mg_triangular_solve(lu, n, false, true, false, b, k);
    mg_triangular_solve(lu, n, true, false, false, b, k);
  } else {
    mg_triangular_solve(lu, n, true, false, true, b, k);
    mg_triangular_solve(lu, n, false, true, true, b, k);
    for (int64_t i = n - 1; i >= 0; i--)
      if (exchanges[i] != i) exchange(b + i * k, b + exchanges[i] * k, k);
  }
}

// MARK: Cholesky

KERNEL static int64_t own_cholesky(double *a, int64_t n) {
  for (int64_t j = 0; j < n; j++) {
    for (int64_t i = 0; i <= j; i++) {
      double sum = a[j * n + i];
      for (int64_t k = 0; k < i; k++) sum -= a[j * n + k] * a[i * n + k];
      if (i == j && !(sum > 0)) return j;
      a[j * n + i] = i == j ? sqrt(sum) : sum / a[i * n + i];
    }
  }
  return n;
}

int64_t mg_cholesky_factor(double *a, int64_t n) {
  const mg_blas_library *lapack = lapack_for(n);
  int64_t done;
  if (lapack) {
    int32_t size = (int32_t)n, info = 0;
    // Of LAPACK's columns, the lower triangle is the upper one.
    lapack->factor_cholesky("U", &size, a, &size, &info, 1);
    done = info > 0 ? info - 1 : n;
  } else {
    done = own_cholesky(a, n);
  }
  for (int64_t i = 0; i < n; i++)
    for (int64_t j = i + 1; j < n; j++) a[i * n + j] = 0;
  return done;
}

// MARK: Least squares

// Applies I - c v vᵀ to x [rows, columns] with gaps, v being a column of a.
KERNEL_BODY void reflect(const double *v, int64_t v_row, double c, double *x, int64_t x_row, int64_t rows, int64_t columns,
                         double *sums) {
  for (int64_t j = 0; j < columns; j++) sums[j] = 0;
  for (int64_t i = 0; i < rows; i++) add(sums, v[i * v_row], x + i * x_row, columns);
  for (int64_t i = 0; i < rows; i++) add(x + i * x_row, -c * v[i * v_row], sums, columns);
}

KERNEL int64_t mg_least_squares(double *a, int64_t m, int64_t n, double *b, int64_t k) {
  double *sums = malloc((size_t)(n > k ? n : k) * sizeof *sums);
  if (!sums) return 0;
  int64_t done = n;
  for (int64_t j = 0; j < n && done == n; j++) {
    double *v = a + j * n + j, largest = 0, square = 0, before = 0;
    for (int64_t i = 0; i < m - j; i++) largest = fmax(largest, fabs(v[i * n]));
    for (int64_t i = 0; i < j; i++) before = fmax(before, fabs(a[i * n + j]));
    // What the reflections before left of the column is rounding.
    if (!(largest > before * (double)m * 0x1p-52)) done = j;
    for (int64_t i = 0; i < m - j; i++) square += (v[i * n] / largest) * (v[i * n] / largest);
    double length = largest * sqrt(square), diagonal = v[0] > 0 ? -length : length, first = v[0] - diagonal;
    if (done < n) break;
    for (int64_t i = 1; i < m - j; i++) v[i * n] /= first;
    v[0] = 1;
    double c = -first / diagonal;
    reflect(v, n, c, v + 1, n, m - j, n - j - 1, sums);
    reflect(v, n, c, b + j * k, k, m - j, k, sums);
    v[0] = diagonal;
  }
  free(sums);
  if (done == n) mg_triangular_solve(a, n, true, false, false, b, k);
  return done;
}

// MARK: Eigenvalues

// Rotates rows p and q of x so that they become c x[p] - s x[q] and s x[p] + c x[q].
KERNEL_BODY void rotate(double *restrict p, double *restrict q, double c, double s, int64_t n) {
  for (int64_t i = 0; i < n; i++) {
    double x = p[i], y = q[i];
    p[i] = c * x - s * y;
    q[i] = s * x + c * y;
  }
}

// The eigenvectors are the rows of v.
KERNEL static bool own_eigen(double *a, int64_t n, double *v) {
  enum { MOST_SWEEPS = 60 };
  double largest = 0;
  for (int64_t i = 0; i < n; i++) {
    for (int64_t j = 0; j <= i; j++) {
      a[j * n + i] = a[i * n + j];
      v[j * n + i] = v[i * n + j] = i == j;
      largest = fmax(largest, fabs(a[i * n + j]));
    }
  }
  for (int sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    bool is_diagonal = true;
    for (int64_t p = 0; p < n; p++) {
      for (int64_t q = p + 1; q < n; q++) {
        double between = a[p * n + q];
        if (fabs(between) <= 0x1p-58 * largest) continue;
        is_diagonal = false;
        double ratio = (a[q * n + q] - a[p * n + p]) / (2 * between);
        double t = fabs(ratio) > 0x1p500 ? 0.5 / ratio : copysign(1, ratio) / (fabs(ratio) + sqrt(1 + ratio * ratio));
        double c = 1 / sqrt(1 + t * t), s = t * c;
        rotate(a + p * n, a + q * n, c, s, n);
        for (int64_t i = 0; i < n; i++) {
          double x = a[i * n + p], y = a[i * n + q];
          a[i * n + p] = c * x - s * y;
          a[i * n + q] = s * x + c * y;
        }
        a[p * n + q] = a[q * n + p] = 0;
        rotate(v + p * n, v + q * n, c, s, n);
      }
    }
    if (is_diagonal) return true;
  }
  return false;
}

static bool lapack_eigen(const mg_blas_library *lapack, double *a, int64_t n, double *values) {
  int32_t size = (int32_t)n, info = 0, minus_one = -1, integers_needed = 0;
  double needed = 0;
  lapack->find_eigen("V", "U", &size, a, &size, values, &needed, &minus_one, &integers_needed, &minus_one, &info, 1, 1);
  int32_t count = (int32_t)needed;
  double *work = malloc((size_t)count * sizeof *work);
  int32_t *integers = malloc((size_t)integers_needed * sizeof *integers);
  bool found = work && integers;
  if (found)
    lapack->find_eigen("V", "U", &size, a, &size, values, work, &count, integers, &integers_needed, &info, 1, 1);
  free(work);
  free(integers);
  return found && info == 0;
}

bool mg_symmetric_eigen(double *a, int64_t n, double *values, double *vectors) {
  const mg_blas_library *lapack = lapack_for(n);
  for (int64_t i = 0; i < n * n; i++)
    if (!isfinite(a[i])) return false;
  if (lapack) {
    if (!lapack_eigen(lapack, a, n, values)) return false;
    memcpy(vectors, a, (size_t)(n * n) * sizeof *a);
    transpose(vectors, n);
    return true;
  }
  if (!own_eigen(a, n, vectors)) return false;
  for (int64_t i = 0; i < n; i++) values[i] = a[i * n + i];
  for (int64_t i = 0; i < n; i++) {  // by selection
    int64_t least = i;
    for (int64_t j = i + 1; j < n; j++)
      if (values[j] < values[least]) least = j;
    exchange(values + i, values + least, 1);
    if (least != i) exchange(vectors + i * n, vectors + least * n, n);
  }
  transpose(vectors, n);
  return true;
}
