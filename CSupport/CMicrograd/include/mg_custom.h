// Functions of the caller's, usable as ops: any number of inputs and outputs, with rules for the sweeps.
#pragma once

#include "mg_tape.h"

MG_ASSUME_NONNULL_BEGIN

// x has `inputs` numbers, v `outputs`; each function writes all of its last argument, which is no other. The tape that
// calls them is closed meanwhile (mg_tape_begin_rule).
typedef struct mg_custom {
  const char *name;
  int32_t inputs, outputs;
  void *context;  // handed to each of the functions
  void (*retain)(void *context);
  void (*release)(void *context);
  // v of x.
  void (*value)(void *context, const double *x, double *v);
  // dx: what adjoints d of the outputs contribute to those of the inputs.
  void (*pullback)(void *context, const double *x, const double *v, const double *d, double *dx);
  // t: the tangents of the outputs for tangents s of the inputs.
  void (*pushforward)(void *context, const double *x, const double *v, const double *s, double *t);
  // to: the tangent of dx, where the inputs have tangents s and the adjoints d tangents e.
  void (*pullback_tangent)(void *context, const double *x, const double *v, const double *s, const double *d,
                           const double *e, double *to);
} mg_custom;

// Records the op as a block of one row, whose values v were computed by the caller. The op is retained until its nodes are
// gone. Returns the first of its outputs, or MG_NO_NODE.
mg_node mg_block_custom(mg_tape *tape, const mg_custom *custom, const mg_node *inputs, const double *v);

// The op that computed a node, or NULL.
const mg_custom *MG_NULLABLE mg_node_custom(const mg_tape *tape, mg_node node);

// What the last sweep over the block of a node contributed to the op's inputs, if no other custom op was swept since.
const double *mg_custom_contributions(const mg_tape *tape, mg_node node);

MG_ASSUME_NONNULL_END
