// Instructions of a gradient where something is not finite: a zero adjoint or slope meets nothing there either (mg_carried.h).
//
// The fast instructions multiply as they find them, so that zero times infinity spoils a sum; that is seen in the end, where
// a gradient is not finite, and then these run the block anew. What they find right keeps its bits.
#pragma once

#include "mg_instructions.h"
#include "mg_lane_element.h"

// Compiled twice, as the kernels are.
#ifdef MG_ROWS_OF_FLOAT
#define mg_careful_partial mg_careful_float_partial
#define mg_careful_combine mg_careful_float_combine
#define mg_careful_columns mg_careful_float_columns
#define mg_careful_outer mg_careful_float_outer
#define mg_careful_total_product mg_careful_float_total_product
#define mg_any_not_finite mg_any_float_not_finite
#define mg_any_row_not_finite mg_any_float_row_not_finite
#endif

// Rows that they need beside the program's own, which follow those.
enum { MG_CAREFUL_ROWS = 2 };

// A partial derivative; `list` has its five rows (mg_lanes_partials).
void mg_careful_partial(const mg_program *p, const mg_lane_space *at, const mg_instruction *i, const int32_t *list);
// A combination that adds up an adjoint.
void mg_careful_combine(const mg_program *p, const mg_lane_space *at, int32_t start, const mg_scaled_term *scaled,
                        int64_t scaled_count, const mg_product_term *products, int64_t product_count, int32_t out);
void mg_careful_columns(const mg_program *p, const mg_lane_space *at, const mg_instruction *i);
// Sums over samples; `before` has room for as many sums as the program has.
void mg_careful_outer(const mg_program *p, const mg_lane_space *at, const mg_instruction *i, double *before);
void mg_careful_total_product(const mg_lane_space *at, const mg_instruction *i);

// Whether one of the numbers, or one in the rows, is not finite.
bool mg_any_not_finite(const double *x, int64_t count);
bool mg_any_row_not_finite(const mg_lane_space *at, const int32_t *rows, int64_t count);
