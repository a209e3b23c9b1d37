// The type of the numbers in rows.
//
// The kernels of this folder are compiled twice: as they are, for rows of double; and, included by mg_float_ops.c and
// mg_float_products.c, for rows of float. Then the names below stand for their counterparts in mg_float_lanes.h.
#pragma once

#include "mg_float_lanes.h"
#include "mg_lane_ops.h"
#include "mg_lane_products.h"

#ifdef MG_ROWS_OF_FLOAT

typedef float real;

#define mg_lane_space mg_float_space
#define mg_lane_row mg_float_row
#define mg_lane_factor mg_float_factor
#define mg_lanes_values mg_float_values
#define mg_lanes_partials mg_float_partials
#define mg_lanes_select mg_float_select
#define mg_lanes_select_partial mg_float_select_partial
#define mg_lanes_guard mg_float_guard
#define mg_lanes_softmax mg_float_softmax
#define mg_lanes_softmax_pullback mg_float_softmax_pullback
#define mg_lanes_norm mg_float_norm
#define mg_lanes_combine mg_float_combine
#define mg_lanes_combine_each mg_float_combine_each
#define mg_lanes_total mg_float_total
#define mg_lanes_total_product mg_float_total_product
#define mg_lanes_affine mg_float_affine
#define mg_lanes_affine_transposed mg_float_affine_transposed
#define mg_lanes_outer mg_float_outer
#define mg_lanes_load mg_float_load
#define mg_lanes_store mg_float_store
#define mg_lanes_load_listed mg_float_load_listed
#define mg_lanes_store_listed mg_float_store_listed

#else

typedef double real;

#endif
