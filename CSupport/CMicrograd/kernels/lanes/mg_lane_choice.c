// What depends on comparisons, along rows: selections, and guards of the way that a recording took.
#include "mg_lane_loops.h"

// `work` for a relation, of whether the numbers of both sides are so related.
#define FOR_RELATION(relation, work)                                                        \
  switch (relation) {                                                                       \
  case MG_LESS: LANES work(ls[i] < rs[i]); return;                                          \
  case MG_AT_MOST: LANES work(ls[i] <= rs[i]); return;                                      \
  case MG_EQUAL: LANES work(ls[i] == rs[i]); return;                                        \
  case MG_UNEQUAL: LANES work(ls[i] != rs[i]); return;                                      \
  case MG_AT_LEAST: LANES work(ls[i] >= rs[i]); return;                                     \
  case MG_GREATER: LANES work(ls[i] > rs[i]); return;                                       \
  }

KERNEL void mg_lanes_select(mg_relation relation, const real *l, const real *r, const real *a, const real *b,
                            real *v, int64_t n) {
  if (n <= 0) return;
  WHOLE_VECTORS(n);
  const real *ls = ROW(l), *rs = ROW(r), *as = ROW(a), *bs = ROW(b);
  real *vs = ROW(v);
#define WORK(holds) { real then = as[i], otherwise = bs[i]; vs[i] = holds ? then : otherwise; }
  FOR_RELATION(relation, WORK)
#undef WORK
}

KERNEL void mg_lanes_select_partial(mg_relation relation, bool taken, const real *l, const real *r, const real *d,
                                    real *to, int64_t n) {
  if (n <= 0) return;
  WHOLE_VECTORS(n);
  const real *ls = ROW(l), *rs = ROW(r), *ds = ROW(d);
  real *tos = ROW(to);
#define WORK(holds) { real adjoint = ds[i]; tos[i] = (holds) == taken ? adjoint : 0; }
  FOR_RELATION(relation, WORK)
#undef WORK
}

KERNEL void mg_lanes_guard(mg_relation relation, bool should, const real *l, const real *r, uint8_t *failed,
                           int64_t n) {
  if (n <= 0) return;
  WHOLE_VECTORS(n);
  const real *ls = ROW(l), *rs = ROW(r);
#define WORK(holds) failed[i] |= (holds) != should
  FOR_RELATION(relation, WORK)
#undef WORK
}
