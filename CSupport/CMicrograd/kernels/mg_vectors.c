#include "mg_vectors.h"

#include <math.h>
#include <string.h>

#include "mg_kernels.h"
#include "mg_versions.h"

double mg_vector_dot(const double *x, const double *y, int64_t count) { return mg_kernel_dot(x, y, count); }

void mg_vector_add_scaled(double *y, double scale, const double *x, int64_t count) {
  mg_kernel_add_scaled(y, scale, x, count);
}

KERNEL double mg_vector_magnitude_sum(const double *x, int64_t count) {
#pragma clang fp reassociate(on)
  double sum = 0;
  for (int64_t i = 0; i < count; i++) sum += fabs(x[i]);
  return sum;
}

// Of numbers without a sign, the larger has the larger bits, and NaN has larger ones than infinity.
KERNEL double mg_vector_largest(const double *x, int64_t count) {
  uint64_t largest = 0;
  for (int64_t i = 0; i < count; i++) {
    uint64_t bits;
    double magnitude = fabs(x[i]);
    memcpy(&bits, &magnitude, sizeof bits);
    largest = bits > largest ? bits : largest;
  }
  double result;
  memcpy(&result, &largest, sizeof result);
  return result;
}

// x - x is zero unless x is not finite.
KERNEL bool mg_vector_is_finite(const double *x, int64_t count) {
#pragma clang fp reassociate(on)
  double sum = 0;
  for (int64_t i = 0; i < count; i++) sum += x[i] - x[i];
  return sum == 0;
}

KERNEL double mg_vector_square_sum(const double *x, double divisor, int64_t count) {
#pragma clang fp reassociate(on) contract(fast)
  double sum = 0;
  for (int64_t i = 0; i < count; i++) {
    double quotient = x[i] / divisor;
    sum += quotient * quotient;
  }
  return sum;
}

KERNEL double mg_vector_square_difference(const double *x, const double *y, double divisor, int64_t count) {
#pragma clang fp reassociate(on) contract(fast)
  double sum = 0;
  for (int64_t i = 0; i < count; i++) {
    double a = x[i] / divisor, b = y[i] / divisor;
    sum += (a - b) * (a + b);
  }
  return sum;
}

// Where the sum of squares is in range, it has lost nothing; else it is that of quotients by a power of two near the largest.
double mg_vector_norm(const double *x, int64_t count) {
  double square = mg_kernel_dot(x, x, count);
  if (square > 1e-270 && square < INFINITY) return sqrt(square);
  double largest = mg_vector_largest(x, count);
  if (!(largest > 0 && largest < INFINITY)) return largest;
  double unit = ldexp(1, ilogb(largest));
  return unit * sqrt(mg_vector_square_sum(x, unit, count));
}

KERNEL void mg_vector_scale(double *x, double factor, int64_t count) {
  for (int64_t i = 0; i < count; i++) x[i] *= factor;
}

KERNEL void mg_vector_divide(double *x, double divisor, int64_t count) {
  for (int64_t i = 0; i < count; i++) x[i] /= divisor;
}

KERNEL void mg_vector_add_magnitudes(double *y, double scale, const double *x, int64_t count) {
  for (int64_t i = 0; i < count; i++) y[i] += scale * fabs(x[i]);
}

KERNEL void mg_vector_clamp(double *x, double bound, int64_t count) {
  for (int64_t i = 0; i < count; i++) x[i] = x[i] > bound ? bound : x[i] < -bound ? -bound : x[i];
}

void mg_lbfgs_direction(const double *gradient, int64_t count, int64_t pairs, const double *steps,
                        const double *changes, const double *inverse_products, double scale, double *coefficients,
                        double *direction) {
  for (int64_t i = 0; i < count; i++) direction[i] = -gradient[i];
  for (int64_t k = pairs - 1; k >= 0; k--) {
    coefficients[k] = inverse_products[k] * mg_kernel_dot(steps + k * count, direction, count);
    mg_kernel_add_scaled(direction, -coefficients[k], changes + k * count, count);
  }
  mg_vector_scale(direction, scale, count);
  for (int64_t k = 0; k < pairs; k++) {
    double back = inverse_products[k] * mg_kernel_dot(changes + k * count, direction, count);
    mg_kernel_add_scaled(direction, coefficients[k] - back, steps + k * count, count);
  }
}
