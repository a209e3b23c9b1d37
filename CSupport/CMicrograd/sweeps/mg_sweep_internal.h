// What sweeps share among each other (mg_sweep.c, mg_forward.c, mg_changes.c, mg_function.c).
#pragma once

#include "mg_tape.h"

// Carries the gradients down from `root`, where the caller has put seeds there and perhaps at nodes down to `lowest_root`; the
// other interior nodes have none. A root inside of a block is reached through the block's cap. Returns the lowest node that
// was reached, or the floor: nodes below it are not visited.
int64_t mg_sweep(mg_tape *tape, int64_t root, int64_t lowest_root, int64_t floor);
// Computes the nodes from `first` to `end` - 1 anew, blocks as a whole (mg_forward.c).
void mg_forward(mg_tape *tape, int64_t first, int64_t end);
// Before a sweep from roots, the lowest and the highest of which are given: computes anew the nodes under them whose numbers
// are not those of their operands any more (mg_changes.c).
void mg_bring_up_to_date(mg_tape *tape, int64_t lowest_root, int64_t root);
// Notes that nodes from `first` to `last` may have gradients.
void mg_touch(mg_tape *tape, int64_t first, int64_t last);
