#include "mg_softmax.h"

// Adds up with what each addition rounds off (Neumaier 1974).
typedef struct {
  double sum, rest;
} total;

static inline void add(total *t, double x) {
  double sum = t->sum + x;
  t->rest += fabs(t->sum) >= fabs(x) ? t->sum - sum + x : x - sum + t->sum;
  t->sum = sum;
}

static inline double result(total t) { return isfinite(t.sum) ? t.sum + t.rest : t.sum; }

// exp(x - top), x at most the top, with what the difference rounds off (Knuth's sum of two).
static double exponential(double x, double top) {
  double difference = x - top;
  if (difference < -746) return 0;
  double part = difference - x, rest = (x - (difference - part)) - (top + part);
  double e = exp(difference);
  return e + e * rest;
}

mg_exponentials mg_softmax(const double *x, double *p, int64_t count) {
  int64_t top = 0;
  for (int64_t j = 1; j < count; j++)
    if (x[j] > x[top] || x[j] != x[j]) top = j;
  double most = count > 0 ? x[top] : -INFINITY;
  total others = {0, 0};
  for (int64_t j = 0; j < count; j++) {
    if (j == top) continue;
    double e = exponential(x[j], most);
    add(&others, e);
    if (p) p[j] = e;
  }
  double rest = most > -INFINITY || (most == most && count == 1) ? result(others) : (double)NAN;
  if (p && count > 0) {
    p[top] = isinf(most) && count > 1 ? (double)NAN : 1;
    double whole = 1 + rest;
    for (int64_t j = 0; j < count; j++) p[j] /= whole;
  }
  return (mg_exponentials){top, most, rest};
}

double mg_log_sum_exp_of(mg_exponentials e) { return isinf(e.most) ? e.most : e.most + log1p(e.rest); }

double mg_log_sum_exp_less(mg_exponentials e, double x) { return log1p(e.rest) + (x == e.most ? 0 : e.most - x); }

int64_t mg_softmax_top(const double *p, int64_t count) {
  int64_t top = 0;
  for (int64_t j = 1; j < count; j++)
    if (p[j] > p[top]) top = j;
  return top;
}

double mg_softmax_others(const double *p, int64_t k, int64_t count) {
  total others = {0, 0};
  for (int64_t j = 0; j < count; j++)
    if (j != k) add(&others, p[j]);
  return result(others);
}

double mg_softmax_less_one(const double *p, int64_t k, int64_t count) {
  return p[k] < 0.5 ? p[k] - 1 : 0 - mg_softmax_others(p, k, count);
}

mg_centered mg_softmax_centered(const double *p, int64_t top, const double *s, int64_t count) {
  total shift = {0, 0};
  double mean = 0;
  for (int64_t j = 0; j < count; j++) {
    mean += mg_carried(s[j], p[j]);
    if (j != top) add(&shift, mg_carried(s[j] - s[top], p[j]));
  }
  return (mg_centered){s[top], result(shift), mean};
}

mg_less_share mg_softmax_less_share(const double *p, int64_t top, const double *s, int64_t count) {
  total others = {0, 0};
  for (int64_t j = 0; j < count; j++)
    if (j != top) add(&others, s[j]);
  double rest = result(others), sum = rest + s[top];
  // Of two forms the one with the smaller terms.
  double at_top = fabs(s[top]) < fabs(rest) ? s[top] - mg_carried(sum, p[top])
                                            : mg_carried(sum, mg_softmax_others(p, top, count)) - rest;
  return (mg_less_share){sum, at_top};
}
