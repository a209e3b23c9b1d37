// Ops along rows of float, from the sources of those along rows of double.
#define MG_ROWS_OF_FLOAT

#include "mg_float_lanes.h"

#include "mg_lane_choice.c"
#include "mg_lane_partials.c"
#include "mg_lane_rows.c"
#include "mg_lane_values.c"
