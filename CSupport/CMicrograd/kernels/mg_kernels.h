// Loops over consecutive numbers, the only code in the engine that is worth vectorising.
//
// Sums are added up in an order that the compiler chooses for the machine's vectors, so they differ from sums from left
// to right by rounding; on one machine they are the same from run to run.
#pragma once

#include "mg_base.h"

// Whether all are zero.
bool mg_kernel_is_zero(const double *x, int64_t count);
// Sets `bytes`, a multiple of 8, to zero. Of a few thousand bytes it takes a third of the time that glibc's memset does,
// whose string instruction begins slowly.
void mg_kernel_zero(void *start, int64_t bytes);
// Sum of x[i].
double mg_kernel_sum(const double *x, int64_t count);
// Sum of x[i] * y[i].
double mg_kernel_dot(const double *x, const double *y, int64_t count);
// Neurons of one layer: v[j] = biases[j] + sum over i of weights[j][i] * x[i], and 0 where that is below 0 if `relu`. The
// weights are row-major, `outputs` rows of `inputs`. The sum is mg_kernel_dot's.
void mg_kernel_neurons(const double *weights, const double *biases, const double *x, int64_t inputs, int64_t outputs,
                       bool relu, double *v);
// y[i] += scale * x[i]. The two do not overlap.
void mg_kernel_add_scaled(double *y, double scale, const double *x, int64_t count);
// y[i] += shift.
void mg_kernel_add(double *y, double shift, int64_t count);
// Both products of a dot product's derivative: dx[i] += scale * y[i], then dy[i] += scale * x[i]. Gradients and values
// do not overlap; dx and dy may.
void mg_kernel_dot_backward(double scale, const double *x, const double *y, double *dx, double *dy, int64_t count);
