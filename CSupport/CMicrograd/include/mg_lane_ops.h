// The arithmetic of compiled programs: a node is a row of numbers, one a sample, and an op goes along it. All derives
// from the table in mg_ops.h.
//
// Rows have n numbers, a multiple of MG_LANES, and begin at multiples of 64 bytes. The row that is written may be one
// of those that are read; rows do not overlap otherwise. Elementary functions are the lanes' own (mg_lane_math.h) or
// those of the scalar ops. They keep the scalar ops' bounds, 2 units in the last place for values and 4 for first
// derivatives (GELU's and its approximation's lose more beside their zeros), but not their last bits. A number depends
// on its own lane alone, neither on n nor on its neighbours: a sample gives the same bits wherever it stands. Safe on
// any number of threads at once.
#pragma once

#include "mg_ops.h"

MG_ASSUME_NONNULL_BEGIN

enum { MG_LANES = 8 };

// MARK: Ops of the table (mg_lane_values.c, mg_lane_partials.c, mg_lane_reads.c)

// An op of one or two operands, or of MG_TARGET_OPS. c is the constant of a constant op, or of the block of a target
// op; t is the target; function names the op where that is MG_OP_function.
typedef struct {
  mg_op op;
  mg_function function;
  double c, t;
} mg_lane_op;

// v = op(x, y) for `count` rows, one after the other. Rows are those of one matrix: row i begins at rows + i * stride. The
// list names three for each: x, y (any row, where the op has no second operand) and v.
void mg_lanes_values(const mg_lane_op *op, double *rows, int64_t stride, const int32_t *list, int64_t count, int64_t n);

// What adjoints d of the node contribute to operand 0, x, or 1, y. Zero wherever d is zero, whatever the derivative is:
// the sweeps pass over such nodes. The list names five rows for each: d, x, y, v (any row, where they are not read:
// mg_lanes_partial_reads) and the one that is written.
void mg_lanes_partials(const mg_lane_op *op, int operand, double *rows, int64_t stride, const int32_t *list,
                       int64_t count, int64_t n);

// Which rows, beside d, that reads.
enum { MG_READS_X = 1, MG_READS_Y = 2, MG_READS_V = 4 };
unsigned mg_lanes_partial_reads(const mg_lane_op *op, int operand);

// MARK: Choices (mg_lane_choice.c)

// v = relation(l, r) ? a : b
void mg_lanes_select(mg_relation relation, const double *l, const double *r, const double *a, const double *b,
                     double *v, int64_t n);
// to = relation(l, r) == taken ? d : 0
void mg_lanes_select_partial(mg_relation relation, bool taken, const double *l, const double *r, const double *d,
                             double *to, int64_t n);
// failed |= relation(l, r) != holds
void mg_lanes_guard(mg_relation relation, bool holds, const double *l, const double *r, uint8_t *failed, int64_t n);

// MARK: Many terms (mg_lane_rows.c)

// Along a row of `count` terms, for each sample; a row that is NULL is not wanted, or of an adjoint zero. The results are rows
// of their own. Softmax, p; log Σ exp, `sum`; and the logarithms of p.
void mg_lanes_softmax(const double *MG_NONNULL const *MG_NONNULL x, int64_t count, double *MG_NULLABLE const *MG_NONNULL p,
                      double *MG_NULLABLE sum, double *MG_NULLABLE const *MG_NONNULL logs, int64_t n);
// What adjoints d of p, or of the logarithms, contribute to the terms.
void mg_lanes_softmax_pullback(bool of_logs, const double *MG_NONNULL const *MG_NONNULL p,
                               const double *MG_NULLABLE const *MG_NONNULL d, int64_t count,
                               double *MG_NULLABLE const *MG_NONNULL to, int64_t n);
// The root of the sum of the squares, whatever their range.
void mg_lanes_norm(const double *MG_NONNULL const *MG_NONNULL x, int64_t count, double *v, int64_t n);

MG_ASSUME_NONNULL_END
