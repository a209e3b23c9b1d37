// Sums and products of rows of float, from the sources of those of double.
#define MG_ROWS_OF_FLOAT

#include "mg_float_lanes.h"

#include "mg_lane_affine.c"
#include "mg_lane_combine.c"
#include "mg_lane_outer.c"
#include "mg_lane_transpose.c"
