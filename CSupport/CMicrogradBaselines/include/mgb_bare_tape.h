// The same workloads, with the same nodes, on a tape that trusts its user.
//
// Each returns how many nodes one iteration recorded, 0 when there was no memory for the tape. Not for two threads at
// once: there is one tape.
#pragma once

#include "mgb_workloads.h"

MGB_ASSUME_NONNULL_BEGIN

int64_t mgb_bare_readme(int64_t iterations, double a, double b, double *result);
int64_t mgb_bare_rosenbrock(int64_t iterations, const double *x, int64_t n, double *result);
int64_t mgb_bare_moons(int64_t steps, const mgb_moons *moons, double *result);
int64_t mgb_bare_chain(int64_t iterations, int64_t links, double start, double a, double b, double *result);
// The left factors are parameters. At most 4096 of them.
int64_t mgb_bare_dot(int64_t iterations, const double *w, const double *x, int64_t n, double *result);

MGB_ASSUME_NONNULL_END
