// Loops over flat vectors of numbers: what the clipping of gradients and L-BFGS are made of.
//
// Sums are added up in an order that the compiler chooses for the machine's vectors.
#pragma once

#include "mg_base.h"

MG_ASSUME_NONNULL_BEGIN

// Sum of x[i] * y[i].
double mg_vector_dot(const double *x, const double *y, int64_t count);
// Sum of |x[i]|.
double mg_vector_magnitude_sum(const double *x, int64_t count);
// The largest |x[i]|; 0 of none, NaN where one is.
double mg_vector_largest(const double *x, int64_t count);
// The root of the sum of x[i]², without overflow; infinite or NaN where an x[i] is.
double mg_vector_norm(const double *x, int64_t count);
// Whether no x[i] is NaN or infinite.
bool mg_vector_is_finite(const double *x, int64_t count);
// Sum of (x[i] / divisor)².
double mg_vector_square_sum(const double *x, double divisor, int64_t count);
// Sum of (x[i] / divisor)² - (y[i] / divisor)², each from the product of sum and difference, in which less cancels.
double mg_vector_square_difference(const double *x, const double *y, double divisor, int64_t count);

// x[i] *= factor.
void mg_vector_scale(double *x, double factor, int64_t count);
// x[i] /= divisor.
void mg_vector_divide(double *x, double divisor, int64_t count);
// y[i] += scale * |x[i]|. The two do not overlap.
void mg_vector_add_magnitudes(double *y, double scale, const double *x, int64_t count);
// Brings x[i] into -bound … bound; NaN stays.
void mg_vector_clamp(double *x, double bound, int64_t count);
// y[i] += scale * x[i]. The two do not overlap.
void mg_vector_add_scaled(double *y, double scale, const double *x, int64_t count);

// The L-BFGS direction -H g by two loops over the history (Nocedal & Wright, Numerical Optimization, algorithm 7.4),
// H being what `pairs` of steps s and changes y of the gradient, oldest first, make of the diagonal `scale`.
// `inverse_products` has 1 / sᵀy of each pair, `coefficients` room for as many numbers.
void mg_lbfgs_direction(const double *gradient, int64_t count, int64_t pairs, const double *steps,
                        const double *changes, const double *inverse_products, double scale, double *coefficients,
                        double *direction);

MG_ASSUME_NONNULL_END
