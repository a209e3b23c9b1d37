// What the library is measured beside.
//
//   mgb_hand_written.h   derivatives by hand: no tape, the least that the computation costs
//   mgb_bare_tape.h      the engine's record layout without growth, scopes or checks: what these cost
//   mgb_engine.h         the engine, recorded from C: what Swift adds
//
// Every function runs its workload `iterations` times over and leaves in `result` the value, and after it the gradient,
// of the last time.
#pragma once

#include "mgb_bare_tape.h"
#include "mgb_engine.h"
#include "mgb_hand_written.h"
#include "mgb_workloads.h"
