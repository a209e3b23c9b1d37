// Threads that wait for work.
#pragma once

#include <stdint.h>

typedef void (*mg_task)(void *context, int64_t thread, int64_t task);

// Runs tasks 0 to `count` - 1, each once, in any order, on at most `threads` threads at once, the caller's included, and
// returns when all are done. `thread` is below `threads`, and no two tasks with the same one run at once. Where the workers
// are busy for another caller, or cannot be started, the caller does it alone.
void mg_run_tasks(int64_t threads, int64_t count, mg_task task, void *context);
