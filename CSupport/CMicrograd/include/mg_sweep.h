// Sweeps over a recorded graph: gradients backwards, values forwards.
#pragma once

#include "mg_tape.h"

MG_ASSUME_NONNULL_BEGIN

// Derivatives of `root`, times `seed`, with respect to every node under it. Gradients of interior nodes are those of
// this sweep; into leaves and parameters it accumulates. One loop from the root down to the lowest node that was
// reached; nodes in between whose adjoint is zero are passed over. Returns how many nodes were looked at, or -1 where
// another thread is inside the tape.
int64_t mg_tape_backward(mg_tape *tape, mg_node root, double seed);

// The derivatives of the sum of seeds[k] * roots[k] for a function that was recorded from node `first` on, where a scope
// begins, without a trace outside of it: gradients of older nodes and of parameters are left as they were, those from
// `first` on start from zero. Older nodes that the function uses must have come out of mg_tape_resolve, which notes that
// they were used; of a run, the first. MG_OUT_OF_MEMORY when it cannot keep them; nothing is swept then.
mg_status mg_tape_backward_from(mg_tape *tape, mg_node first, const mg_node *roots, const double *seeds, int64_t count);
// The same for a function of the innermost scope.
mg_status mg_tape_backward_in_scope(mg_tape *tape, const mg_node *roots, const double *seeds, int64_t count);

// Whether the function of the innermost scope computes with a node that was recorded by a function around it: the derivative
// of the inner one being a plain number, a part of that of the outer one would be lost.
bool mg_tape_loses_dependence(const mg_tape *tape);

// Computes anew, in the order of recording, the values of all nodes from `first` to the last, after values of leaves or
// parameters were changed; MG_BUSY where another thread is inside the tape.
mg_status mg_tape_forward(mg_tape *tape, mg_node first);

// The first node from `first` on whose value is NaN or infinite, or MG_NO_NODE.
mg_node mg_tape_first_non_finite(const mg_tape *tape, mg_node first);

// Sets the gradients of all nodes, parameters included, to zero.
void mg_tape_zero_gradients(mg_tape *tape);

// Sets the gradient of one node; it is cleared when the others are.
void mg_set_gradient(mg_tape *tape, mg_node node, double gradient);

// Consecutive nodes `first` … `first + count - 1` at once.
void mg_zero_gradients(mg_tape *tape, mg_node first, int64_t count);
// value -= rate * gradient, for each: a step of gradient descent.
void mg_descend(mg_tape *tape, mg_node first, int64_t count, double rate);

MG_ASSUME_NONNULL_END
