// Values and gradients written out by hand, forwards and back, without a tape.
#pragma once

#include "mgb_workloads.h"

MGB_ASSUME_NONNULL_BEGIN

// The expression of micrograd's README and its two derivatives: 3 results.
void mgb_hand_readme(int64_t iterations, double a, double b, double *result);

// The sum of 100 (x[i + 1] - x[i]^2)^2 + (1 - x[i])^2: 1 + n results.
void mgb_hand_rosenbrock(int64_t iterations, const double *x, int64_t n, double *result);

// The gradients of the same at `count` points of n variables, at least 2, in columns: those of x[0] at all points, then
// those of x[1], and so on (mgb_hand_points.c).
void mgb_hand_rosenbrock_points(int64_t iterations, const double *x, int64_t n, int64_t count, double *gradients);

// That many steps of the demo's training, from its starting point: 1 + MGB_PARAMETERS results, of the last step.
void mgb_hand_moons(int64_t steps, const mgb_moons *moons, double *result);

// The same, vectorised over samples (mgb_hand_vector.c).
void mgb_hand_moons_vector(int64_t steps, const mgb_moons *moons, double *result);

// That many steps of microgpt's training: 1 + the number of parameters results, of the last step (mgb_hand_gpt.c).
void mgb_hand_gpt(int64_t steps, const mgb_gpt *gpt, double *result);

// x becomes x * a + b, `links` times: 4 results, derivatives by start, a and b. `history` has room for `links` numbers.
void mgb_hand_chain(int64_t iterations, int64_t links, double start, double a, double b, double *history,
                    double *result);

// The sum of w[i] * x[i]: 1 + 2 n results, derivatives by w, then by x.
void mgb_hand_dot(int64_t iterations, const double *w, const double *x, int64_t n, double *result);

MGB_ASSUME_NONNULL_END
