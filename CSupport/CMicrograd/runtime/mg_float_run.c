// Running a program in float, from the sources of running one in double.
#define MG_ROWS_OF_FLOAT

#include "mg_lane_element.h"

#define mg_program_run mg_program_run_float

#include "mg_careful.c"
#include "mg_program_run.c"
