#include "mgb_hand_written.h"

#include <string.h>

#define MGB_STRING(x) #x
#define MGB_VERSION(major, minor, patch) MGB_STRING(major) "." MGB_STRING(minor) "." MGB_STRING(patch)

const char *mgb_compiler(void) {
#if defined(__clang__)
  return "clang " MGB_VERSION(__clang_major__, __clang_minor__, __clang_patchlevel__);
#else
  return "gcc " MGB_VERSION(__GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__);
#endif
}

static inline double relu(double x) { return x < 0 ? 0 : x; }

// MARK: README expression

__attribute__((noinline)) static void readme(double a, double b, double *result) {
  double c = a + b;
  double d = a * b + b * b * b;
  c += c + 1;
  c += 1 + c + -a;
  d += d * 2 + relu(b + a);
  d += 3 * d + relu(b - a);
  double e = c - d;
  double f = e * e;
  result[0] = f / 2 + 10 / f;

  double df = 0.5 - 10 / (f * f);
  double de = 2 * e * df;
  double dd = -12 * de;                     // d was tripled, then quadrupled
  double dsum = b + a > 0 ? -4 * de : 0;    // relu(b + a) was quadrupled
  double ddifference = b - a > 0 ? -de : 0;
  result[1] = 3 * de + dd * b + dsum - ddifference;  // c is 4 (a + b) + 3 - a
  result[2] = 4 * de + dd * (a + 3 * b * b) + dsum + ddifference;
}

void mgb_hand_readme(int64_t iterations, double a, double b, double *result) {
  for (int64_t k = 0; k < iterations; k++) {
    readme(a, b, result);
    MGB_EVERY_ROUND();
  }
}

// MARK: Rosenbrock

__attribute__((noinline)) static void rosenbrock(const double *restrict x, int64_t n, double *restrict result) {
  double *restrict gradient = result + 1;
  double sum = 0, carried = 0;  // carried: what the term before gave x[i]
  for (int64_t i = 0; i < n - 1; i++) {
    double r = x[i + 1] - x[i] * x[i], q = 1 - x[i];
    sum += 100 * (r * r) + q * q;
    gradient[i] = carried - 400 * r * x[i] - 2 * q;
    carried = 200 * r;
  }
  gradient[n - 1] = carried;
  result[0] = sum;
}

void mgb_hand_rosenbrock(int64_t iterations, const double *x, int64_t n, double *result) {
  for (int64_t k = 0; k < iterations; k++) {
    rosenbrock(x, n, result);
    MGB_EVERY_ROUND();
  }
}

// MARK: Moons

// One neuron's parameters: its weights, then its bias.
static double weigh(const double *restrict p, const double *restrict x, int64_t inputs) {
  double z = p[inputs];
  for (int64_t i = 0; i < inputs; i++) z += p[i] * x[i];
  return z;
}

static void weigh_backward(const double *restrict p, const double *restrict x, int64_t inputs, double d,
                           double *restrict dp, double *restrict dx) {
  for (int64_t i = 0; i < inputs; i++) {
    dp[i] += d * x[i];
    dx[i] += d * p[i];
  }
  dp[inputs] += d;
}

enum { FIRST = 0, SECOND = MGB_HIDDEN * (MGB_INPUTS + 1), LAST = SECOND + MGB_HIDDEN * (MGB_HIDDEN + 1) };

// The loss; fills the gradient. Samples without a loss and neurons that are off pass nothing back and are left out.
__attribute__((noinline)) static double moons_loss(const mgb_moons *moons, const double *restrict p,
                                                   double *restrict dp) {
  double loss = 0, penalty = 0, share = 1 / (double)moons->count;
  memset(dp, 0, MGB_PARAMETERS * sizeof *dp);
  for (int64_t s = 0; s < moons->count; s++) {
    const double *x = moons->points + MGB_INPUTS * s;
    double y = moons->signs[s], h[MGB_HIDDEN], k[MGB_HIDDEN];
    for (int j = 0; j < MGB_HIDDEN; j++) h[j] = relu(weigh(p + FIRST + j * (MGB_INPUTS + 1), x, MGB_INPUTS));
    for (int j = 0; j < MGB_HIDDEN; j++) k[j] = relu(weigh(p + SECOND + j * (MGB_HIDDEN + 1), h, MGB_HIDDEN));
    double margin = 1 - y * weigh(p + LAST, k, MGB_HIDDEN);
    if (margin <= 0) continue;
    loss += margin;

    double dh[MGB_HIDDEN] = {0}, dk[MGB_HIDDEN] = {0};
    weigh_backward(p + LAST, k, MGB_HIDDEN, -y * share, dp + LAST, dk);
    for (int j = 0; j < MGB_HIDDEN; j++) {
      int64_t at = SECOND + j * (MGB_HIDDEN + 1);
      if (k[j] > 0) weigh_backward(p + at, h, MGB_HIDDEN, dk[j], dp + at, dh);
    }
    for (int j = 0; j < MGB_HIDDEN; j++) {
      if (h[j] <= 0) continue;
      double *row = dp + FIRST + j * (MGB_INPUTS + 1);
      for (int i = 0; i < MGB_INPUTS; i++) row[i] += dh[j] * x[i];
      row[MGB_INPUTS] += dh[j];
    }
  }
  for (int i = 0; i < MGB_PARAMETERS; i++) {
    penalty += p[i] * p[i];
    dp[i] += 2 * mgb_moons_penalty * p[i];
  }
  return loss * share + mgb_moons_penalty * penalty;
}

void mgb_hand_moons(int64_t steps, const mgb_moons *moons, double *result) {
  double p[MGB_PARAMETERS], *dp = result + 1;
  memcpy(p, moons->parameters, sizeof p);
  for (int64_t step = 0; step < steps; step++) {
    result[0] = moons_loss(moons, p, dp);
    for (int i = 0; i < MGB_PARAMETERS; i++) p[i] -= mgb_moons_rate(step) * dp[i];
  }
}

// MARK: Chain

__attribute__((noinline)) static void chain(int64_t links, double x, double a, double b, double *restrict history,
                                            double *restrict result) {
  for (int64_t i = 0; i < links; i++) {
    history[i] = x;
    x = x * a + b;
  }
  double d = 1, da = 0, db = 0;
  for (int64_t i = links - 1; i >= 0; i--) {
    db += d;
    da += d * history[i];
    d *= a;
  }
  result[0] = x;
  result[1] = d;
  result[2] = da;
  result[3] = db;
}

void mgb_hand_chain(int64_t iterations, int64_t links, double start, double a, double b, double *history,
                    double *result) {
  for (int64_t k = 0; k < iterations; k++) {
    chain(links, start, a, b, history, result);
    MGB_EVERY_ROUND();
  }
}

// MARK: Dot product

__attribute__((noinline)) static void dot(const double *restrict w, const double *restrict x, int64_t n,
                                          double *restrict result) {
  double sum = 0;
  for (int64_t i = 0; i < n; i++) {
    sum += w[i] * x[i];
    result[1 + i] = x[i];
    result[1 + n + i] = w[i];
  }
  result[0] = sum;
}

void mgb_hand_dot(int64_t iterations, const double *w, const double *x, int64_t n, double *result) {
  for (int64_t k = 0; k < iterations; k++) {
    dot(w, x, n, result);
    MGB_EVERY_ROUND();
  }
}
