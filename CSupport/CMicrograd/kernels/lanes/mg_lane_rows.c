// What is computed along a row of terms, for many samples at once: the softmax family, as mg_softmax.h has it, and the root
// of a sum of squares. Each term is a row of numbers, one a sample.
#include "mg_carried.h"
#include "mg_lane_loops.h"
#include "mg_lane_names.h"

// Samples at a time, for which what a row shares stays on the stack.
enum { BLOCK = 64 };

typedef struct {
  _Alignas(64) double top[BLOCK], most[BLOCK], rest[BLOCK];
} shared;

// A sum and what its additions round off (Neumaier 1974). What is rounded to float in the end needs no rest.
LANE void add_to(double *sum, double *rest, double x) {
#ifdef MG_ROWS_OF_FLOAT
  (void)rest;
  *sum += x;
#else
  double whole = *sum + x, left = fabs(*sum) >= fabs(x) ? *sum - whole + x : x - whole + *sum;
  *rest += left;
  *sum = whole;
#endif
}
LANE double sum_of(double sum, double rest) { return fabs(sum) < INFINITY ? sum + rest : sum; }

// exp(x - most), with what the difference rounds off.
LANE double exponential(double x, double most) {
#ifdef MG_ROWS_OF_FLOAT
  return short_exp(x - most);
#else
  double difference = x - most, part = difference - x, rest = (x - (difference - part)) - (most + part);
  lane_power power = lane_power_e(lane_within(difference, -746, 0));
  rest = difference < -746 ? 0 : rest;
  power.rest += rest * (1 + power.value + power.rest);
  return difference < -746 ? 0 : lane_scaled(power);
#endif
}

KERNEL_BODY void find_top(shared *s, const real *const *rows, int64_t count, int64_t start, int64_t n) {
  double *top = s->top, *most = s->most;
  LANES most[i] = -INFINITY;
  LANES top[i] = -1;
  for (int64_t k = 0; k < count; k++) {
    const real *x = ROW(rows[k] + start);
    LANES {
      bool larger = top[i] < 0 || x[i] > most[i] || x[i] != x[i];
      most[i] = larger ? x[i] : most[i];
      top[i] = larger ? (double)k : top[i];
    }
  }
}

KERNEL_BODY void softmax(const real *const *rows, int64_t count, real *const *p, real *sum, real *const *logs,
                         int64_t start, int64_t n) {
  shared s;
  _Alignas(64) double left[BLOCK];
  find_top(&s, rows, count, start, n);
  double *top = s.top, *most = s.most, *rest = s.rest;
  LANES rest[i] = 0;
  LANES left[i] = 0;
  for (int64_t k = 0; k < count; k++) {
    const real *x = ROW(rows[k] + start);
    real *e = p[k] ? ROW(p[k] + start) : NULL;
    if (e)
      LANES {
        double power = exponential(x[i], most[i]);
        e[i] = (real)power;
        add_to(&rest[i], &left[i], top[i] == k ? 0 : power);
      }
    else
      LANES add_to(&rest[i], &left[i], top[i] == k ? 0 : exponential(x[i], most[i]));
  }
  LANES rest[i] = most[i] > -INFINITY || (most[i] == most[i] && count == 1) ? sum_of(rest[i], left[i]) : (double)NAN;
  for (int64_t k = 0; k < count; k++) {
    if (!p[k]) continue;
    real *e = ROW(p[k] + start);
    LANES {
      double at_top = fabs(most[i]) == INFINITY && count > 1 ? (double)NAN : 1;
      e[i] = (real)((top[i] == k ? at_top : e[i]) / (1 + rest[i]));
    }
  }
  if (sum) {
    real *v = ROW(sum + start);
    LANES v[i] = (real)(fabs(most[i]) == INFINITY ? most[i] : most[i] + log1p(rest[i]));
  }
  LANES left[i] = log1p(rest[i]);
  for (int64_t k = 0; k < count; k++) {
    if (!logs[k]) continue;
    const real *x = ROW(rows[k] + start);
    real *v = ROW(logs[k] + start);
    LANES v[i] = (real)(0 - (left[i] + (x[i] == most[i] ? 0 : most[i] - x[i])));
  }
}

KERNEL void mg_lanes_softmax(const real *const *x, int64_t count, real *const *p, real *sum, real *const *logs,
                             int64_t n) {
  for (int64_t start = 0; start < n; start += BLOCK) {
    int64_t length = n - start < BLOCK ? n - start : BLOCK;
    WHOLE_VECTORS(length);
    softmax(x, count, p, sum, logs, start, length);
  }
}

// The adjoint of the top itself.
KERNEL_BODY void find_at_top(const shared *s, const real *const *d, int64_t count, int64_t start, double *at_top,
                             int64_t n) {
  const double *top = s->top;
  LANES at_top[i] = 0;
  for (int64_t k = 0; k < count; k++) {
    if (!d[k]) continue;
    const real *ds = ROW(d[k] + start);
    LANES at_top[i] = top[i] == k ? ds[i] : at_top[i];
  }
}

// to = p (d - Σ p d)
KERNEL_BODY void softmax_pullback(const real *const *p, const real *const *d, int64_t count, real *const *to,
                                  int64_t start, int64_t n) {
  shared s;
  _Alignas(64) double at_top[BLOCK], mean[BLOCK], left[BLOCK];
  find_top(&s, p, count, start, n);
  find_at_top(&s, d, count, start, at_top, n);
  double *top = s.top, *shift = s.rest;
  LANES shift[i] = mean[i] = left[i] = 0;
  for (int64_t k = 0; k < count; k++) {
    const real *ps = ROW(p[k] + start), *ds = d[k] ? ROW(d[k] + start) : NULL;
    LANES {
      double adjoint = ds ? ds[i] : 0;
      mean[i] += mg_carried(adjoint, ps[i]);
      add_to(&shift[i], &left[i], top[i] == k ? 0 : mg_carried(adjoint - at_top[i], ps[i]));
    }
  }
  LANES shift[i] = sum_of(shift[i], left[i]);
  for (int64_t k = 0; k < count; k++) {
    if (!to[k]) continue;
    const real *ps = ROW(p[k] + start), *ds = d[k] ? ROW(d[k] + start) : NULL;
    real *tos = ROW(to[k] + start);
    LANES {
      double adjoint = ds ? ds[i] : 0, centered = adjoint - at_top[i] - shift[i], far = adjoint - mean[i];
      tos[i] = (real)mg_carried(centered == centered ? centered : far, ps[i]);
    }
  }
}

// to = d - p Σ d
KERNEL_BODY void log_softmax_pullback(const real *const *p, const real *const *d, int64_t count, real *const *to,
                                      int64_t start, int64_t n) {
  shared s;
  _Alignas(64) double at_top[BLOCK], sum[BLOCK], others[BLOCK], left[BLOCK], left_others[BLOCK];
  find_top(&s, p, count, start, n);
  find_at_top(&s, d, count, start, at_top, n);
  double *top = s.top, *most = s.most, *rest = s.rest;
  LANES rest[i] = others[i] = left[i] = left_others[i] = 0;
  for (int64_t k = 0; k < count; k++) {
    const real *ps = ROW(p[k] + start), *ds = d[k] ? ROW(d[k] + start) : NULL;
    LANES {
      double adjoint = ds ? ds[i] : 0;
      add_to(&others[i], &left_others[i], top[i] == k ? 0 : ps[i]);
      add_to(&rest[i], &left[i], top[i] == k ? 0 : adjoint);
    }
  }
  LANES {
    double missing = sum_of(others[i], left_others[i]), adjoints = sum_of(rest[i], left[i]);
    sum[i] = adjoints + at_top[i];
    double near = at_top[i] - mg_carried(sum[i], most[i]), far = mg_carried(sum[i], missing) - adjoints;
    at_top[i] = fabs(at_top[i]) < fabs(adjoints) ? near : far;
  }
  for (int64_t k = 0; k < count; k++) {
    if (!to[k]) continue;
    const real *ps = ROW(p[k] + start), *ds = d[k] ? ROW(d[k] + start) : NULL;
    real *tos = ROW(to[k] + start);
    LANES {
      double adjoint = ds ? ds[i] : 0, less = adjoint - mg_carried(sum[i], ps[i]);
      double part = less != less && adjoint == sum[i] ? adjoint * (1 - ps[i]) : less;  // both are infinite
      tos[i] = (real)(top[i] == k ? at_top[i] : part);
    }
  }
}

KERNEL void mg_lanes_softmax_pullback(bool of_logs, const real *const *p, const real *const *d, int64_t count,
                                      real *const *to, int64_t n) {
  for (int64_t start = 0; start < n; start += BLOCK) {
    int64_t length = n - start < BLOCK ? n - start : BLOCK;
    WHOLE_VECTORS(length);
    if (of_logs) log_softmax_pullback(p, d, count, to, start, length);
    else softmax_pullback(p, d, count, to, start, length);
  }
}

// MARK: Norms

KERNEL_BODY void norm(const real *const *rows, int64_t count, real *v, int64_t start, int64_t n) {
  _Alignas(64) double most[BLOCK], sum[BLOCK], scaled[BLOCK];
  LANES sum[i] = 0;
  for (int64_t k = 0; k < count; k++) {
    const real *x = ROW(rows[k] + start);
    LANES sum[i] += (double)x[i] * x[i];
  }
  LANES v[i] = (real)lane_sqrt(sum[i]);
  // The squares of floats are in the range of double, but for infinity, beside which NaN does not count.
  bool far = false;
  LANES far |= !(sum[i] > 0x1p-960 && sum[i] < INFINITY);
  if (!far) return;
  LANES most[i] = 0;
  for (int64_t k = 0; k < count; k++) {
    const real *x = ROW(rows[k] + start);
    LANES most[i] = fabs(x[i]) > most[i] ? fabs(x[i]) : most[i];
  }
  LANES scaled[i] = 0;
  for (int64_t k = 0; k < count; k++) {
    const real *x = ROW(rows[k] + start);
    LANES {
      double part = x[i] / most[i];
      scaled[i] += part * part;
    }
  }
  LANES {
    double near = lane_sqrt(sum[i]), other = most[i] * lane_sqrt(scaled[i]);
    bool is_near = (sum[i] > 0x1p-960 && sum[i] < INFINITY) || sum[i] != sum[i];
    v[i] = (real)(is_near ? near : most[i] == 0 || most[i] == INFINITY ? most[i] : other);
  }
}

KERNEL void mg_lanes_norm(const real *const *rows, int64_t count, real *v, int64_t n) {
  for (int64_t start = 0; start < n; start += BLOCK) {
    int64_t length = n - start < BLOCK ? n - start : BLOCK;
    WHOLE_VECTORS(length);
    norm(rows, count, ROW(v + start), start, length);
  }
}
