#include "mg_kernels.h"

#include <math.h>
#include <string.h>

#include "mg_versions.h"

bool mg_kernel_is_zero(const double *x, int64_t count) {
  for (int64_t i = 0; i < count; i++)
    if (x[i] != 0) return false;
  return true;
}

KERNEL void mg_kernel_zero(void *start, int64_t bytes) {
  typedef double vector __attribute__((vector_size(64), aligned(8), may_alias));
  enum { LONG = 1 << 14 };
  char *at = start, *end = at + bytes;
  if (bytes < LONG)
    for (; end - at >= (int64_t)sizeof(vector); at += sizeof(vector)) {
      *(vector *)at = (vector){0};
      __asm__ volatile("" ::: "memory");  // lest the compiler make a memset of it
    }
  memset(at, 0, (size_t)(end - at));
}

KERNEL double mg_kernel_sum(const double *x, int64_t count) {
#pragma clang fp reassociate(on)
  double sum = 0;
  for (int64_t i = 0; i < count; i++) sum += x[i];
  return sum;
}

KERNEL_BODY double dot(const double *x, const double *y, int64_t count) {
#pragma clang fp reassociate(on) contract(fast)
  double sum = 0;
  for (int64_t i = 0; i < count; i++) sum += x[i] * y[i];
  return sum;
}

KERNEL double mg_kernel_dot(const double *x, const double *y, int64_t count) { return dot(x, y, count); }

KERNEL void mg_kernel_neurons(const double *weights, const double *biases, const double *x, int64_t inputs,
                              int64_t outputs, bool relu, double *v) {
  for (int64_t j = 0; j < outputs; j++) {
    double z = biases[j] + dot(weights + j * inputs, x, inputs);
    v[j] = relu && z < 0 ? 0 : z;
  }
}

KERNEL_BODY void add_scaled(double *restrict y, double scale, const double *restrict x, int64_t count) {
#pragma clang fp contract(fast)
  for (int64_t i = 0; i < count; i++) y[i] += scale * x[i];
}

KERNEL void mg_kernel_add_scaled(double *y, double scale, const double *x, int64_t count) {
  add_scaled(y, scale, x, count);
}

KERNEL void mg_kernel_add(double *y, double shift, int64_t count) {
  for (int64_t i = 0; i < count; i++) y[i] += shift;
}

KERNEL void mg_kernel_dot_backward(double scale, const double *x, const double *y, double *dx, double *dy,
                                   int64_t count) {
  add_scaled(dx, scale, y, count);
  add_scaled(dy, scale, x, count);
}
