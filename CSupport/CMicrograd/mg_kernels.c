#include "mg_kernels.h"

#include "mg_versions.h"

KERNEL double mg_kernel_sum(const double *x, int64_t count) {
#pragma clang fp reassociate(on)
  double sum = 0;
  for (int64_t i = 0; i < count; i++) sum += x[i];
  return sum;
}

KERNEL double mg_kernel_dot(const double *x, const double *y, int64_t count) {
#pragma clang fp reassociate(on) contract(fast)
  double sum = 0;
  for (int64_t i = 0; i < count; i++) sum += x[i] * y[i];
  return sum;
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
