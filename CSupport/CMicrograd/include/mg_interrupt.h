// Ctrl-C as a question: was it pressed since?
#pragma once

#include "mg_base.h"

MG_ASSUME_NONNULL_BEGIN

// From the first watch on, SIGINT is counted once and then does what it did before, as it does when the last watch has
// ended. Watches may be of any threads.
void mg_interrupt_watch(void);
void mg_interrupt_unwatch(void);

// How often it was counted since the program began.
int64_t mg_interrupt_count(void);

MG_ASSUME_NONNULL_END
