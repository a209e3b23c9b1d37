// Products of matrices: the engine's own kernel, and the choice between it and BLAS.
#include <string.h>

#include "mg_arithmetic.h"
#include "mg_blas.h"
#include "mg_kernels.h"
#include "mg_versions.h"

// A tile of the result: as many numbers as fit the registers of 32-byte vectors beside the operands.
enum { TILE_ROWS = 6, TILE_COLUMNS = 8, DEPTH = 256 };

typedef double __attribute__((vector_size(TILE_COLUMNS * sizeof(double)))) tile_row;

// A matrix read at any stride: element (i, j) is at start[i * row + j * column].
typedef struct {
  const double *start;
  int64_t row, column;
} view;

static inline view transposed(view a) { return (view){a.start, a.column, a.row}; }

// c[rows, columns] += a · panel, where the panel has `depth` rows of TILE_COLUMNS numbers; c has strides of its own.
static inline __attribute__((always_inline)) void add_tile(int rows, int64_t columns, int64_t depth, view a,
                                                           const double *panel, double *c, int64_t c_row,
                                                           int64_t c_column) {
#pragma clang fp contract(fast)
  tile_row sum[TILE_ROWS];
  for (int r = 0; r < rows; r++) sum[r] = (tile_row){0};
  for (int64_t k = 0; k < depth; k++) {
    tile_row b;
    memcpy(&b, panel + k * TILE_COLUMNS, sizeof b);
    const double *column = a.start + k * a.column;
    for (int r = 0; r < rows; r++) sum[r] += column[r * a.row] * b;
  }
  for (int r = 0; r < rows; r++) {
    double *to = c + r * c_row;
    if (c_column == 1 && columns == TILE_COLUMNS) {
      tile_row old;
      memcpy(&old, to, sizeof old);
      old += sum[r];
      memcpy(to, &old, sizeof old);
    } else {
      for (int64_t j = 0; j < columns; j++) to[j * c_column] += sum[r][j];
    }
  }
}

static inline __attribute__((always_inline)) void pack(view b, int64_t depth, int64_t columns, double *panel) {
  for (int64_t k = 0; k < depth; k++) {
    const double *from = b.start + k * b.row;
    double *to = panel + k * TILE_COLUMNS;
    if (b.column == 1 && columns == TILE_COLUMNS) {
      memcpy(to, from, TILE_COLUMNS * sizeof *to);
    } else {
      for (int64_t j = 0; j < TILE_COLUMNS; j++) to[j] = j < columns ? from[j * b.column] : 0;
    }
  }
}

KERNEL static void multiply_tiles(int64_t m, int64_t n, int64_t k, view a, view b, double *c, int64_t c_row,
                                  int64_t c_column) {
  _Alignas(64) double panel[DEPTH * TILE_COLUMNS];
  for (int64_t k0 = 0; k0 < k; k0 += DEPTH) {
    int64_t depth = k - k0 < DEPTH ? k - k0 : DEPTH;
    for (int64_t j = 0; j < n; j += TILE_COLUMNS) {
      int64_t columns = n - j < TILE_COLUMNS ? n - j : TILE_COLUMNS;
      pack((view){b.start + k0 * b.row + j * b.column, b.row, b.column}, depth, columns, panel);
      for (int64_t i = 0; i < m; i += TILE_ROWS) {
        view rows = {a.start + i * a.row + k0 * a.column, a.row, a.column};
        double *to = c + i * c_row + j * c_column;
        switch (m - i) {
        case 1: add_tile(1, columns, depth, rows, panel, to, c_row, c_column); break;
        case 2: add_tile(2, columns, depth, rows, panel, to, c_row, c_column); break;
        case 3: add_tile(3, columns, depth, rows, panel, to, c_row, c_column); break;
        case 4: add_tile(4, columns, depth, rows, panel, to, c_row, c_column); break;
        case 5: add_tile(5, columns, depth, rows, panel, to, c_row, c_column); break;
        default: add_tile(TILE_ROWS, columns, depth, rows, panel, to, c_row, c_column); break;
        }
      }
    }
  }
}

// c[i] += rows of a · x, for rows without gaps; to the same bits as a neuron's own sum.
static void add_row_products(int64_t m, int64_t k, const double *a, const double *x, double *c) {
  for (int64_t i = 0; i < m; i++) c[i] += mg_kernel_dot(a + i * k, x, k);
}

// c += the sum of rows of b, each times its number in x.
KERNEL static void add_weighted_rows(int64_t k, int64_t n, const double *x, const double *b, double *c) {
#pragma clang fp reassociate(on) contract(fast)
  int64_t i = 0;
  for (; i + 4 <= k; i += 4) {
    const double *row = b + i * n;
    for (int64_t j = 0; j < n; j++)
      c[j] += x[i] * row[j] + x[i + 1] * row[n + j] + x[i + 2] * row[2 * n + j] + x[i + 3] * row[3 * n + j];
  }
  for (; i < k; i++)
    for (int64_t j = 0; j < n; j++) c[j] += x[i] * b[i * n + j];
}

// c += the outer product of x and y.
KERNEL static void add_outer_product(int64_t m, int64_t n, const double *x, const double *y, double *c) {
#pragma clang fp contract(fast)
  for (int64_t i = 0; i < m; i++)
    for (int64_t j = 0; j < n; j++) c[i * n + j] += x[i] * y[j];
}

static void multiply_own(int64_t m, int64_t n, int64_t k, const double *a, bool a_transposed, const double *b,
                         bool b_transposed, double *c) {
  view left = a_transposed ? (view){a, 1, m} : (view){a, k, 1};
  view right = b_transposed ? (view){b, 1, k} : (view){b, n, 1};
  if (k == 1) add_outer_product(m, n, a, b, c);
  else if (n == 1 && !a_transposed) add_row_products(m, k, a, b, c);
  else if (m == 1 && b_transposed) add_row_products(n, k, b, a, c);
  else if (n == 1) add_weighted_rows(k, m, b, a, c);
  else if (m == 1) add_weighted_rows(k, n, a, b, c);
  else if (n < TILE_COLUMNS && m > n) multiply_tiles(n, m, k, transposed(right), transposed(left), c, 1, n);
  else multiply_tiles(m, n, k, left, right, c, n, 1);
}

// From this many multiplications on BLAS is as fast on one thread and faster on several, whose hand-off costs as much
// as a smaller product.
enum { BLAS_FROM = 1 << 18 };

// Products with a vector stay here: they are bound by memory, and the order in which BLAS adds depends on where the
// operands lie, so that a network would not give the same bits twice.
void mg_matrix_multiply(int64_t m, int64_t n, int64_t k, const double *a, bool a_transposed, const double *b,
                        bool b_transposed, double *c) {
  bool is_for_blas = m > 1 && n > 1 && k > 1 && m * n * k >= BLAS_FROM;
  if (is_for_blas && mg_blas_multiply(m, n, k, a, a_transposed, b, b_transposed, c)) return;
  multiply_own(m, n, k, a, a_transposed, b, b_transposed, c);
}
