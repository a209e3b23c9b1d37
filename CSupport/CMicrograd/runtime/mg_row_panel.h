// What a fit wants of rows of residuals and derivatives, added up while they are in the nearest cache.
#pragma once

#include "mg_instructions.h"
#include "mg_row_reduction.h"

// A thread's rows of one segment that are not yet in its triangle.
typedef struct {
  const mg_row_reduction *reduction;
  int64_t columns;   // derivatives and the value
  double *triangle;  // of the segment, and then its sum of squares
  double *panel;
  int64_t rows;  // that are in the panel
} mg_row_panel;

// The numbers of a segment's triangle and sum of squares, and those of a panel.
int64_t mg_row_triangle_size(int64_t columns);
int64_t mg_row_panel_size(int64_t columns);

// Begins a segment.
void mg_row_panel_clear(mg_row_panel *panel);
// Adds a block's rows of derivatives and values.
void mg_row_panel_add(mg_row_panel *panel, const mg_lane_space *at, const int32_t *derivatives, int32_t value);
// Brings the last rows into the triangle.
void mg_row_panel_finish(mg_row_panel *panel);
// Adds up the triangles of all segments, one after the other, into the reduction's result. Changes them.
void mg_row_triangles_add(mg_row_reduction *reduction, int64_t columns, double *triangles, int64_t size, int64_t count);
