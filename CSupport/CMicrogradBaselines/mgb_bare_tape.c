// The record layout of the engine, bare: a fixed number of nodes, twelve ops, no scopes, no growth, no checks, one loop
// back over all nodes. What the engine costs beyond this is the price of its safety; where it costs less, its sweep is
// the better one.
#define _GNU_SOURCE
#include "mgb_bare_tape.h"

#include <string.h>
#include <sys/mman.h>

enum { NODES = 1 << 24, PARAMETERS = 1 << 12 };
enum { LEAF, ADD, SUB, MUL, NEG, RELU, SQUARE, CUBE, ADD_CONST, CONST_SUB, MUL_CONST, DIV_CONST, CONST_DIV };

// Parameters have negative indices, recorded nodes count up from 0.
static struct {
  double *v, *g, *c;
  uint64_t *r;
  int64_t count, parameters;
} tape;

typedef struct {
  int32_t i;
} value;

static void *map(size_t bytes) {
  void *block = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
  if (block == MAP_FAILED) return NULL;
#if defined(MADV_HUGEPAGE)
  madvise(block, bytes, MADV_HUGEPAGE);
#endif
  return block;
}

static bool open_tape(void) {
  tape.count = tape.parameters = 0;
  if (tape.r) return true;
  double *v = map((NODES + PARAMETERS) * sizeof *v), *g = map((NODES + PARAMETERS) * sizeof *g);
  tape.c = map(NODES * sizeof *tape.c);
  if (!v || !g || !tape.c) return false;
  tape.v = v + PARAMETERS;
  tape.g = g + PARAMETERS;
  tape.r = map(NODES * sizeof *tape.r);
  return tape.r != NULL;
}

// MARK: Recording

static inline value push(unsigned op, int32_t a, int32_t b, double v) {
  int64_t i = tape.count;
  if (__builtin_expect(i >= NODES, 0)) __builtin_trap();
  tape.count = i + 1;
  tape.v[i] = v;
  tape.r[i] = (uint64_t)op | ((uint64_t)((uint32_t)a & 0x1fffffffu) << 6) | ((uint64_t)(uint32_t)b << 35);
  return (value){(int32_t)i};
}

static inline value push_const(unsigned op, int32_t a, double c, double v) {
  tape.c[tape.count] = c;
  return push(op, a, 0, v);
}

static inline double data(value x) { return tape.v[x.i]; }

static inline value parameter(double x) {
  int64_t i = -(++tape.parameters);
  tape.v[i] = x;
  return (value){(int32_t)i};
}

static inline value leaf(double x) { return push(LEAF, 0, 0, x); }
static inline value add(value a, value b) { return push(ADD, a.i, b.i, data(a) + data(b)); }
static inline value sub(value a, value b) { return push(SUB, a.i, b.i, data(a) - data(b)); }
static inline value mul(value a, value b) { return push(MUL, a.i, b.i, data(a) * data(b)); }
static inline value neg(value a) { return push(NEG, a.i, 0, -data(a)); }
static inline value relu(value a) { return push(RELU, a.i, 0, data(a) < 0 ? 0 : data(a)); }
static inline value square(value a) { return push(SQUARE, a.i, 0, data(a) * data(a)); }
static inline value cube(value a) { return push(CUBE, a.i, 0, data(a) * data(a) * data(a)); }
static inline value add_const(value a, double c) { return push(ADD_CONST, a.i, 0, data(a) + c); }
static inline value const_sub(double c, value a) { return push(CONST_SUB, a.i, 0, c - data(a)); }
static inline value mul_const(value a, double c) { return push_const(MUL_CONST, a.i, c, data(a) * c); }
static inline value div_const(value a, double c) { return push_const(DIV_CONST, a.i, c, data(a) / c); }
static inline value const_div(double c, value a) { return push(CONST_DIV, a.i, 0, c / data(a)); }

// MARK: The sweep

// Passing over zero adjoints pays where there are many, as on the moons, and costs where there are none. A tape that has
// only one sweep must choose; this yardstick has the better one for each workload.
#define SWEEP backward
#define SKIPS_ZEROS false
#include "mgb_bare_sweep.h"

#define SWEEP backward_skipping
#define SKIPS_ZEROS true
#include "mgb_bare_sweep.h"

static void clear_parameters(void) {
  memset(tape.g - tape.parameters, 0, sizeof *tape.g * (size_t)tape.parameters);
}

// MARK: The workloads

__attribute__((noinline)) static value readme(value a, value b) {
  value c = add(a, b);
  value d = add(mul(a, b), cube(b));
  c = add(c, add_const(c, 1));
  c = add(c, add(add_const(c, 1), neg(a)));
  d = add(d, add(mul_const(d, 2), relu(add(b, a))));
  d = add(d, add(mul_const(d, 3), relu(sub(b, a))));
  value e = sub(c, d);
  value f = square(e);
  value g = div_const(f, 2);
  return add(g, const_div(10, f));
}

int64_t mgb_bare_readme(int64_t iterations, double a, double b, double *result) {
  if (!open_tape()) return 0;
  for (int64_t k = 0; k < iterations; k++) {
    tape.count = 0;
    value left = leaf(a), right = leaf(b), g = readme(left, right);
    backward(g);
    result[0] = data(g);
    result[1] = tape.g[left.i];
    result[2] = tape.g[right.i];
  }
  return tape.count;
}

static value rosenbrock(int64_t n) {
  value sum = leaf(0);
  for (int32_t i = 0; i < n - 1; i++) {
    value x = {i}, next = {i + 1};
    sum = add(sum, add(mul_const(square(sub(next, square(x))), 100), square(const_sub(1, x))));
  }
  return sum;
}

int64_t mgb_bare_rosenbrock(int64_t iterations, const double *x, int64_t n, double *result) {
  if (!open_tape()) return 0;
  for (int64_t k = 0; k < iterations; k++) {
    tape.count = 0;
    for (int64_t i = 0; i < n; i++) leaf(x[i]);
    value sum = rosenbrock(n);
    backward(sum);
    result[0] = data(sum);
    memcpy(result + 1, tape.g, (size_t)n * sizeof *result);
  }
  return tape.count;
}

// The parameters from p on: weights, then bias.
static value neuron(int32_t p, const value *x, int inputs, bool nonlinear) {
  value sum = {p - inputs};
  for (int i = 0; i < inputs; i++) sum = add(sum, mul((value){p - i}, x[i]));
  return nonlinear ? relu(sum) : sum;
}

static value moons_loss(const mgb_moons *moons) {
  value loss = {0};
  for (int64_t s = 0; s < moons->count; s++) {
    int32_t p = -1;
    value x[MGB_INPUTS], h[MGB_HIDDEN], k[MGB_HIDDEN];
    for (int i = 0; i < MGB_INPUTS; i++) x[i] = leaf(moons->points[MGB_INPUTS * s + i]);
    for (int j = 0; j < MGB_HIDDEN; j++, p -= MGB_INPUTS + 1) h[j] = neuron(p, x, MGB_INPUTS, true);
    for (int j = 0; j < MGB_HIDDEN; j++, p -= MGB_HIDDEN + 1) k[j] = neuron(p, h, MGB_HIDDEN, true);
    value margin = relu(const_sub(1, mul_const(neuron(p, k, MGB_HIDDEN, false), moons->signs[s])));
    loss = s == 0 ? margin : add(loss, margin);
  }
  value penalty = mul((value){-1}, (value){-1});
  for (int32_t i = 2; i <= MGB_PARAMETERS; i++) penalty = add(penalty, mul((value){-i}, (value){-i}));
  return add(mul_const(loss, 1 / (double)moons->count), mul_const(penalty, mgb_moons_penalty));
}

int64_t mgb_bare_moons(int64_t steps, const mgb_moons *moons, double *result) {
  if (!open_tape()) return 0;
  for (int i = 0; i < MGB_PARAMETERS; i++) parameter(moons->parameters[i]);
  for (int64_t step = 0; step < steps; step++) {
    tape.count = 0;
    value loss = moons_loss(moons);
    clear_parameters();
    backward_skipping(loss);
    result[0] = data(loss);
    for (int i = 1; i <= MGB_PARAMETERS; i++) tape.v[-i] -= mgb_moons_rate(step) * tape.g[-i];
  }
  for (int i = 1; i <= MGB_PARAMETERS; i++) result[i] = tape.g[-i];
  return tape.count;
}

int64_t mgb_bare_chain(int64_t iterations, int64_t links, double start, double a, double b, double *result) {
  if (!open_tape()) return 0;
  for (int64_t k = 0; k < iterations; k++) {
    tape.count = 0;
    value first = leaf(start), factor = leaf(a), summand = leaf(b), x = first;
    for (int64_t i = 0; i < links; i++) x = add(mul(x, factor), summand);
    backward(x);
    result[0] = data(x);
    result[1] = tape.g[first.i];
    result[2] = tape.g[factor.i];
    result[3] = tape.g[summand.i];
  }
  return tape.count;
}

int64_t mgb_bare_dot(int64_t iterations, const double *w, const double *x, int64_t n, double *result) {
  if (n > PARAMETERS || !open_tape()) return 0;
  for (int64_t i = 0; i < n; i++) parameter(w[i]);
  for (int64_t k = 0; k < iterations; k++) {
    tape.count = 0;
    for (int64_t i = 0; i < n; i++) leaf(x[i]);
    value sum = leaf(0);
    for (int32_t i = 0; i < n; i++) sum = add(sum, mul((value){-1 - i}, (value){i}));
    clear_parameters();
    backward(sum);
    result[0] = data(sum);
    for (int64_t i = 0; i < n; i++) result[1 + i] = tape.g[-1 - i];
    memcpy(result + 1 + n, tape.g, (size_t)n * sizeof *result);
  }
  return tape.count;
}
