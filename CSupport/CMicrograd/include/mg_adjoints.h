// A reverse sweep that nobody sees: for tools that look at a graph without taking part in it.
#pragma once

#include "mg_tape.h"

MG_ASSUME_NONNULL_BEGIN

// Derivatives of `root` with respect to every node under it, parameters included, into a buffer of the caller's, all
// zero so far, in which parameter_slots numbers stand before element 0 and tape->count from it on. The tape is as it
// was, its gradients too. No other thread is inside.
void mg_tape_adjoints(mg_tape *tape, mg_node root, double *adjoints);

MG_ASSUME_NONNULL_END
