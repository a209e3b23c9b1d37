// Which calls recorded a node: in debug builds only, where these functions alone are there.
#pragma once

#include "mg_tape.h"

MG_ASSUME_NONNULL_BEGIN

enum {
  MG_ORIGIN_DEPTH = 32,       // most calls of a stack that are noted, the innermost
  MG_ORIGIN_DEPTH_USUAL = 12  // enough to get from an operator to who uses it
};

// Notes the caller, and who called it, as the origin of all nodes that were recorded since the last note: `depth` calls,
// at most MG_ORIGIN_DEPTH. Costs four bytes a node: stacks that were seen before are named by their number.
void mg_tape_note_origin(mg_tape *tape, intptr_t depth);

// The return addresses that were noted for a node, the innermost first, and how many, up to MG_ORIGIN_DEPTH; 0 where
// nothing is known.
int64_t mg_tape_origin(const mg_tape *tape, mg_node node, uintptr_t *addresses);

// The name of the function that an address is in, as the linker knows it; NULL where that does not.
const char *MG_NULLABLE mg_function_at(uintptr_t address);

MG_ASSUME_NONNULL_END
