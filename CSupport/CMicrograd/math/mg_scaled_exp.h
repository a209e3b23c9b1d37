// exp(-x) of an x that is not rounded, times a factor, to the last digits of doubles.
#pragma once

#include <math.h>

// A number and what rounding took from it.
typedef struct {
  double value, rest;
} mg_rounded;

static inline mg_rounded mg_squared(double x) {
  double square = x * x;
  return (mg_rounded){square, fma(x, x, -square)};
}

// factor * exp(-x.value - x.rest). Where the power itself would be left with few digits, or none, it is computed e^128
// times as large.
static inline double mg_times_exp_minus(double factor, mg_rounded x) {
  if (x.value < 700) {
    double e = exp(-x.value), product = factor * e;
    return product + (fma(factor, e, -product) - product * x.rest);
  }
  const double scale = 0x1.42eb9f39afb0bp-185, scale_rest = 0x1.11dadd69e8799p-242;
  double e = exp(128 - x.value), product = factor * e, rest = fma(factor, e, -product) - product * x.rest;
  return product * scale + (rest * scale + product * scale_rest);
}
