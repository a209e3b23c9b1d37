// Schedule: the order in which the values of the sample are computed.
//
// In:     the ir and how often each value is used.
// Out:    an order of all values that depend on the sample; returns their number, or -1 if there is no memory.
// After:  a used value comes after its operands. Values that do the same are neighbours where possible, so that mg_plan.c
//         makes one step of them. Rows, and columns, of one matrix are neighbours. Order changes only within windows of 256
//         values, so a value lives at most a window longer.
// Cost:   O(n log 256): each window is sorted by level and kind.
//
// Example, exp(sin x0) * exp(sin x1), before and after:
//   v2 = sin v0                               v2 = sin v0
//   v3 = exp v2                               v4 = sin v1
//   v4 = sin v1                               v3 = exp v2
//   v5 = exp v4                               v5 = exp v4
//   v6 = v3 v5                                v6 = v3 v5
#include <stdlib.h>

#include "mg_ir_visit.h"

enum { WINDOW = 256 };

typedef struct {
  int32_t level;  // of values in the window that lie between it and those before the window
  uint32_t kind;  // what it does
  mg_ref ref;
} place;

typedef struct {
  place *places;  // of the window
  int32_t *level_of;
  mg_ref start;
  int32_t level;
} scheduler;

static void raise_level(void *context, mg_ref *operand) {
  scheduler *s = context;
  if (*operand >= s->start && s->level_of[*operand] >= s->level) s->level = s->level_of[*operand] + 1;
}

static uint32_t kind_of(const mg_ir *ir, mg_ref ref) {
  const mg_ir_node *n = &ir->nodes[ref];
  uint32_t kind = (uint32_t)n->kind << 24;
  switch ((mg_ir_kind)n->kind) {
  case MG_IR_APPLY:
  case MG_IR_PARTIAL: return kind | (uint32_t)n->op << 16 | (uint32_t)n->function << 8 | n->operand;
  case MG_IR_SUM: {
    const mg_ir_sum *sum = &ir->sums[n->a];
    if (sum->scaled_count + sum->product_count > 255) return kind;
    return kind | (uint32_t)sum->scaled_count << 8 | (uint32_t)sum->product_count;
  }
  case MG_IR_ROW:
  case MG_IR_COLUMN: return kind | (uint32_t)(n->a & 0xffffff);  // those of one map together
  default: return kind;
  }
}

static int by_level(const void *a, const void *b) {
  const place *x = a, *y = b;
  if (x->level != y->level) return x->level < y->level ? -1 : 1;
  if (x->kind != y->kind) return x->kind < y->kind ? -1 : 1;
  return x->ref < y->ref ? -1 : x->ref > y->ref;
}

// Rows and columns of a map are computed at once: whatever one of them needs, all do.
static bool continues(const mg_ir *ir, mg_ref ref) {
  return ref > 0 && mg_is_same_map(&ir->nodes[ref], &ir->nodes[ref - 1]);
}

static void schedule_window(scheduler *s, const mg_ir *ir, const int32_t *uses, mg_ref end, mg_ref *order, int64_t *count) {
  int64_t length = 0;
  for (mg_ref i = s->start; i < end; i++) {
    bool follows = i > s->start && continues(ir, i);
    if (!follows) {
      s->level = 0;
      if (uses[i] > 0 || ir->nodes[i].kind == MG_IR_ROW || ir->nodes[i].kind == MG_IR_COLUMN)
        mg_ir_visit(ir, i, raise_level, s);
    }
    s->level_of[i] = s->level;
    if (mg_is_sample(ir, i)) s->places[length++] = (place){s->level, kind_of(ir, i), i};
  }
  qsort(s->places, (size_t)length, sizeof *s->places, by_level);
  for (int64_t k = 0; k < length; k++) order[(*count)++] = s->places[k].ref;
}

int64_t mg_ir_schedule(const mg_ir *ir, const int32_t *uses, mg_ref *order) {
  scheduler s = {NULL, calloc((size_t)ir->count + 1, sizeof(int32_t)), 0, 0};
  int64_t count = 0, longest = 0;
  for (mg_ref i = 0, run = 0; i < ir->count; i++) {
    run = continues(ir, i) ? run + 1 : 0;
    if (run > longest) longest = run;
  }
  s.places = malloc((size_t)(WINDOW + longest + 1) * sizeof *s.places);
  if (!s.places || !s.level_of) count = -1;
  while (count >= 0 && s.start < ir->count) {
    mg_ref end = s.start + WINDOW < ir->count ? s.start + WINDOW : (mg_ref)ir->count;
    while (end < ir->count && continues(ir, end)) end++;
    schedule_window(&s, ir, uses, end, order, &count);
    s.start = end;
  }
  free(s.places);
  free(s.level_of);
  return count;
}
