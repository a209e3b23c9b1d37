// Softmax, p = exp(x) / Σ exp(x), of a row of numbers, and what the derivatives of its family are made of.
//
// Exponentials are those of differences from the largest number, the top, so none overflows; what the differences round
// off is made good, so a p is right to a few last places whatever the gap and a common offset. Where the top's p is nearly
// 1, what is missing is the sum of the others and not a difference. The p of an infinite top is NaN, as infinity over infinity
// is, unless it is the only number; what is missing from 1 is known even there, if no other is infinite.
#pragma once

#include "mg_base.h"
#include "mg_carried.h"

typedef struct {
  int64_t top;  // the first of the largest
  double most;  // x[top]; minus infinity of no numbers
  double rest;  // Σ exp(x[j] - most) of all others
} mg_exponentials;
// p, which may be x, becomes softmax(x), unless it is NULL.
mg_exponentials mg_softmax(const double *x, double *p, int64_t count);
// log Σ exp(x) of the exponentials of x; and that less one of the numbers.
double mg_log_sum_exp_of(mg_exponentials e);
double mg_log_sum_exp_less(mg_exponentials e, double x);

// MARK: From p alone

int64_t mg_softmax_top(const double *p, int64_t count);
// 1 - p[k].
double mg_softmax_others(const double *p, int64_t k, int64_t count);
// p[k] - 1, of two forms the one in which nothing cancels.
double mg_softmax_less_one(const double *p, int64_t k, int64_t count);

// s[k] - Σ p s for numbers s. An infinite one meets no p that is zero.
typedef struct {
  double top, shift, mean;
} mg_centered;
mg_centered mg_softmax_centered(const double *p, int64_t top, const double *s, int64_t count);
static inline double mg_centered_at(mg_centered c, double s) {
  double centered = s - c.top - c.shift;
  return MG_LIKELY(centered == centered) ? centered : s - c.mean;
}

// s[k] - p[k] Σ s.
typedef struct {
  double sum;     // Σ s
  double at_top;  // the result there
} mg_less_share;
mg_less_share mg_softmax_less_share(const double *p, int64_t top, const double *s, int64_t count);
static inline double mg_less_share_at(mg_less_share l, int64_t top, const double *p, const double *s, int64_t k) {
  if (k == top) return l.at_top;
  double less = s[k] - mg_carried(l.sum, p[k]);
  return MG_UNLIKELY(less != less) && s[k] == l.sum ? s[k] * (1 - p[k]) : less;  // both are infinite
}
