// The invariants of a tape and of its nodes.
#pragma once

#include "mg_tape.h"

MG_ASSUME_NONNULL_BEGIN

// States every invariant of a tape: NULL, or the first that is broken. Linear in the size of the tape.
const char *MG_NULLABLE mg_tape_check(const mg_tape *tape);

MG_ASSUME_NONNULL_END
