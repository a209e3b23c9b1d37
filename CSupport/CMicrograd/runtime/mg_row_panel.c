#include "mg_row_panel.h"

#include <string.h>

#include "mg_triangle.h"
#include "mg_vectors.h"

// More rows than a block has: a column's sums cost the same, however short it is.
enum { PANEL_ROWS = 512 };

int64_t mg_row_triangle_size(int64_t columns) { return columns * columns + 1; }
int64_t mg_row_panel_size(int64_t columns) { return (columns + 1) * PANEL_ROWS; }

void mg_row_panel_clear(mg_row_panel *p) {
  memset(p->triangle, 0, (size_t)mg_row_triangle_size(p->columns) * sizeof(double));
  p->rows = 0;
}

void mg_row_panel_finish(mg_row_panel *p) {
  if (p->rows == 0) return;
  double *sizes = p->panel + p->columns * PANEL_ROWS;
  memset(sizes, 0, (size_t)p->rows * sizeof *sizes);
  for (int64_t k = 0; k < p->columns - 1; k++)
    mg_vector_add_magnitudes(sizes, p->reduction->weights[k], p->panel + k * PANEL_ROWS, p->rows);
  p->triangle[p->columns * p->columns] += mg_vector_dot(sizes, sizes, p->rows);
  mg_triangle_add_rows(p->triangle, p->columns, p->panel, PANEL_ROWS, p->rows);
  p->rows = 0;
}

void mg_row_panel_add(mg_row_panel *p, const mg_lane_space *at, const int32_t *derivatives, int32_t value) {
  if (p->rows + at->valid > PANEL_ROWS) mg_row_panel_finish(p);
  for (int64_t k = 0; k < p->columns; k++) {
    const double *row = mg_lane_row(at, k < p->columns - 1 ? derivatives[k] : value);
    memcpy(p->panel + k * PANEL_ROWS + p->rows, row, (size_t)at->valid * sizeof *row);
  }
  p->rows += at->valid;
}

void mg_row_triangles_add(mg_row_reduction *reduction, int64_t columns, double *triangles, int64_t size, int64_t count) {
  int64_t numbers = columns * columns;
  for (int64_t s = 1; s < count; s++) {
    double *other = triangles + s * size;
    triangles[numbers] += other[numbers];
    mg_triangle_add_rows(triangles, columns, other, columns, columns);
  }
  memcpy(reduction->triangle, triangles, (size_t)numbers * sizeof *triangles);
  reduction->square = triangles[numbers];
}
