// A reverse sweep that nobody sees: for tools that look at a graph without taking part in it.
#pragma once

#include "mg_tape.h"

MG_ASSUME_NONNULL_BEGIN

// Derivatives of `root` with respect to every node under it, parameters included, into a buffer of the caller's, all
// zero so far, in which parameter_slots numbers stand before element 0 and tape->count from it on. The tape is as it
// was, its gradients too. No other thread is inside.
void mg_tape_adjoints(mg_tape *tape, mg_node root, double *adjoints);

// A sweep in steps, with gradients in a buffer of that shape: nodes are passed from the root down, those without a gradient
// left out. Before the first step, mg_tape_begin_steps brings the nodes under the root up to date, as a sweep does.
void mg_tape_begin_steps(mg_tape *tape, mg_node root);
// Adds to the operands' gradients what the sweep adds there at one node, or at all nodes of its block.
void mg_tape_step(mg_tape *tape, mg_node node, double *adjoints);

MG_ASSUME_NONNULL_END
