// The sweep of mgb_bare_tape.c, which includes this twice, with the function's name and its way with zero adjoints.
__attribute__((noinline)) static void SWEEP(value root) {
  static void *const label[] = {&&leaf, &&add, &&sub, &&mul, &&neg, &&relu, &&square,
                                &&cube, &&add_const, &&const_sub, &&mul_const, &&div_const, &&const_div};
  double *restrict g = tape.g;
  const double *restrict v = tape.v, *c = tape.c;
  const uint64_t *r = tape.r;
  int64_t i = root.i + 1, a, b;
  double d;
  memset(g, 0, sizeof *g * (size_t)root.i);
  g[root.i] = 1;
#define NEXT                                                                                \
  do {                                                                                      \
    do {                                                                                    \
      if (--i < 0) return;                                                                  \
      d = g[i];                                                                             \
    } while (SKIPS_ZEROS && d == 0);                                                        \
    uint64_t record = r[i];                                                                 \
    a = (int64_t)(record << 29) >> 35;                                                      \
    b = (int64_t)record >> 35;                                                              \
    goto *label[record & 63];                                                               \
  } while (0)
  NEXT;
leaf:
  NEXT;
add:
  g[a] += d;
  g[b] += d;
  NEXT;
sub:
  g[a] += d;
  g[b] -= d;
  NEXT;
mul : {
  double x = v[a], y = v[b];
  g[a] += d * y;
  g[b] += d * x;
  NEXT;
}
neg:
  g[a] -= d;
  NEXT;
relu:
  g[a] += v[i] > 0 ? d : 0;
  NEXT;
square:
  g[a] += 2 * v[a] * d;
  NEXT;
cube:
  g[a] += 3 * v[a] * v[a] * d;
  NEXT;
add_const:
  g[a] += d;
  NEXT;
const_sub:
  g[a] -= d;
  NEXT;
mul_const:
  g[a] += d * c[i];
  NEXT;
div_const:
  g[a] += d / c[i];
  NEXT;
const_div:
  g[a] -= d * v[i] / v[a];
  NEXT;
#undef NEXT
}

#undef SWEEP
#undef SKIPS_ZEROS
