// Which rows have numbers that are out of reach of the lanes' own functions.
#pragma once

#include "mg_lane_loops.h"
#include "mg_lane_names.h"

KERNEL_BODY bool lane_row_is_far(const mg_lane_op *op, const real *x, const real *y, int64_t n) {
  bool far = false;
  real c = (real)op->c;
  switch (op->op) {
  case MG_OP_power: LANES far |= lane_power_is_far(x[i], y[i]); break;
  case MG_OP_power_constant: LANES far |= lane_power_is_far(x[i], c); break;
  case MG_OP_constant_power: LANES far |= lane_power_is_far(c, x[i]); break;
  case MG_OP_function:
    if (lane_is_circular(op->function)) LANES far |= fabs(x[i]) >= LANE_CIRCLES;
    break;
  default: break;
  }
  return far;
}
