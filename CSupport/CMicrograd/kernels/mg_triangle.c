#include "mg_triangle.h"

#include <math.h>

#include "mg_versions.h"

// A shorter part of a column is nothing beside a length of 1e-100.
static const double NOTHING = 1e-290;

KERNEL_BODY double dot(const double *restrict x, const double *restrict y, int64_t count) {
#pragma clang fp reassociate(on) contract(fast)
  double sum = 0;
  for (int64_t i = 0; i < count; i++) sum += x[i] * y[i];
  return sum;
}

KERNEL_BODY void subtract_scaled(double *restrict y, double scale, const double *restrict x, int64_t count) {
#pragma clang fp contract(fast)
  for (int64_t i = 0; i < count; i++) y[i] -= scale * x[i];
}

// A Householder reflection for each column k takes the panel's part of it to 0. Its vector w is 0 but for row k of the triangle and
// the panel's rows, so the triangle stays one: H = 1 - w wᵀ · 2 / wᵀw.
KERNEL void mg_triangle_add_rows(double *triangle, int64_t columns, double *panel, int64_t stride, int64_t rows) {
  for (int64_t k = 0; k < columns; k++) {
    const double *part = panel + k * stride;
    double square = dot(part, part, rows);
    if (square < NOTHING) continue;
    double *row = triangle + k, head = row[k * columns];
    double length = sqrt(head * head + square);
    // The sign with which nothing cancels.
    double diagonal = head > 0 ? -length : length, first = head - diagonal, factor = -1 / (diagonal * first);
    row[k * columns] = diagonal;
    for (int64_t j = k + 1; j < columns; j++) {
      double *other = panel + j * stride;
      double sum = factor * (first * row[j * columns] + dot(part, other, rows));
      row[j * columns] -= sum * first;
      subtract_scaled(other, sum, part, rows);
    }
  }
}
