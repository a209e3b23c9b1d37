// Sums and matrices while they are looked for.
#pragma once

#include <math.h>

#include "mg_ir.h"

// What a term stands for: factor * u * x, where x depends on the sample and u does not, or factor * x * y for two values
// that both do, or neither.
typedef struct {
  double factor;
  mg_ref u, x, y;
} mg_term;

// A sum: its terms are those from `first` on.
typedef struct {
  double start;  // -0, to which anything may be added, where there is none
  int32_t first, count;
  int32_t map;  // of which its first terms, those with a u, are a row; -1 for none
  int32_t row;
} mg_draft;

// Rows of one map, in the order in which their sums were met.
typedef struct {
  int32_t inputs, rows, first_draft, last_draft;
  mg_ref emitted;  // the first of the new ir's rows, once they are there
} mg_group;

typedef struct {
  mg_ref ref;
  double factor;
} pending;

enum { NOT_ADDED, ADDED, MULTIPLIED };
enum { NO_SUM = -1, PART = -2, UNUSED = -3 };  // a value of another kind; part of another's sum; nobody wants it

// How a value is used, and the last use.
typedef struct {
  int32_t count;
  uint8_t position, class;  // the latter of the user
} usage;

typedef struct {
  const mg_ir *old;
  mg_ir *ir;
  usage *uses;        // by old value
  int32_t *draft_of;  // by old value: its sum, or one of the below
  mg_ref *refs;       // the new of each old value
  mg_term *terms;
  mg_draft *drafts;
  int32_t *next_draft;  // of the same group
  mg_group *groups;
  int32_t *buckets;
  pending *stack;
  mg_ref *scratch;
  int64_t term_count, term_capacity, draft_count, group_count, bucket_count, stack_capacity;
  bool failed;
} mg_finder;

static inline bool mg_has_start(const mg_draft *d) { return d->start != 0 || !signbit(d->start); }
static inline bool mg_is_weighted(const mg_term *t) { return t->u != MG_NO_REF; }

// A matrix is worth its instruction from two rows of two weights on, or one of four.
static inline bool mg_is_map(const mg_finder *f, const mg_draft *d) {
  if (d->map < 0) return false;
  const mg_group *g = &f->groups[d->map];
  return g->inputs >= 4 || g->rows >= 2;
}

// Appends the new values of a class, samples or others, in order (mg_linear_emit.c).
void mg_emit_class(mg_finder *f, bool samples);
