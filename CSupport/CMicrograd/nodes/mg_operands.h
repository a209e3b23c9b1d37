// What nodes use of others.
#pragma once

#include "mg_tape.h"

// Is told of a run of operands; false ends the visit.
typedef bool (*mg_run_visitor)(void *context, const mg_tape *tape, mg_node first, int64_t count);

// Calls `visit` for each run of operands that the nodes from `first` to `last` use, as often as it is used; of a run that
// reaches into these nodes, for the part below `first`. False when the visitor ended it.
bool mg_visit_older_operands(const mg_tape *tape, int64_t first, int64_t last, mg_run_visitor visit, void *context);
