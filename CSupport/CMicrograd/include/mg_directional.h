// Sweeps along a direction: forward mode, and forward over reverse.
//
// Besides values and gradients, nodes have three numbers while a direction is looked at, each in a flat buffer of its
// own that is made when it is first asked for:
//
//   tangent           the derivative of the node's value along the direction
//   adjoint           the derivative of the root by the node, as a gradient is, but without a trace in `grads`
//   adjoint tangent   the derivative of the adjoint along the direction: for a leaf, an entry of Hessian times direction
//
// All are zero except between the first call of mg_tape_directions and mg_tape_clear_directions, in which the caller sets
// the tangents of leaves and the adjoints of roots, lets the sweeps run, and reads. Nothing is recorded.
#pragma once

#include "mg_tape.h"

MG_ASSUME_NONNULL_BEGIN

// The buffers, for all nodes and parameters there are, before pushes over nodes from `first` on. MG_BUSY, or
// MG_OUT_OF_MEMORY, the tape then being as it was.
mg_status mg_tape_directions(mg_tape *tape, mg_node first, mg_directions *directions);

// Computes, upwards, the tangents of the nodes `first` … `last` from those of their operands. Leaves keep theirs.
void mg_tape_push_tangents(mg_tape *tape, mg_node first, mg_node last);

// Carries adjoints and their tangents from node `last` down to node `first` into the operands, accumulating. The tangents
// must be those of a push over the same nodes. A zero meets no infinite derivative: it contributes nothing.
void mg_tape_pull_adjoints(mg_tape *tape, mg_node first, mg_node last);

// Sets the buffers back to zero at the nodes `first` … `last` and at all that they use. A parameter that
// was given a tangent and is not used by them is the caller's to clear.
void mg_tape_clear_directions(mg_tape *tape, mg_node first, mg_node last);

MG_ASSUME_NONNULL_END
