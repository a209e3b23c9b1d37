// What a node passes on, one convention in every sweep: a zero meets nothing. Where an adjoint or a tangent is zero, or the
// slope is, nothing passes, whatever the other is, infinite or NaN. (By the rules of arithmetic their product were NaN.)
#pragma once

#include <math.h>

#include "mg_base.h"

// An adjoint or a tangent times a slope.
static inline double mg_carried(double d, double slope) { return d == 0 || slope == 0 ? 0 : d * slope; }

// The same for a contribution of the table, which is linear in a variable d that is not zero: where it is NaN, the slope is
// what it is for d = 1.
#define MG_CARRIED(contribution)                                                            \
  __extension__({                                                                           \
    double carried = contribution;                                                          \
    if (MG_UNLIKELY(carried != carried) && !isfinite(d)) {                                  \
      double whole = d;                                                                     \
      d = 1;                                                                                \
      if ((contribution) == 0) carried = 0;                                                 \
      d = whole;                                                                            \
    }                                                                                       \
    carried;                                                                                \
  })
