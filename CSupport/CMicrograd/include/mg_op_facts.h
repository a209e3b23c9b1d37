// What the table in mg_ops.h says of an op besides its arithmetic: how it is written, how much rounding may take from its
// value, where it is not smooth, and its derivatives in words.
#pragma once

#include "mg_ops.h"

MG_ASSUME_NONNULL_BEGIN

// How an op with a symbol is written, of operands x and y, a constant c and a target t.
typedef enum MG_CLOSED_ENUM MG_SWIFT_NAME(Notation) {
  MG_NOTATION_call MG_SWIFT_NAME(call) = 0,                                     // max(x, y), ELU(x, c), ReLU(x)
  MG_NOTATION_infix MG_SWIFT_NAME(infix),                                       // x + y, x + c
  MG_NOTATION_prefix MG_SWIFT_NAME(prefix),                                     // -x
  MG_NOTATION_postfix MG_SWIFT_NAME(postfix),                                   // x ** 2
  MG_NOTATION_constant_first MG_SWIFT_NAME(constantFirst),                      // c - x
  MG_NOTATION_call_constant_first MG_SWIFT_NAME(callConstantFirst),             // polygamma(c, x)
  MG_NOTATION_call_target MG_SWIFT_NAME(callTarget),                            // binary cross-entropy(x, target t)
  MG_NOTATION_call_target_constant MG_SWIFT_NAME(callTargetConstant),           // Huber(x, target t, from c)
} mg_notation;

mg_notation mg_op_notation(mg_op op);

// An op of the table that was applied to numbers: of the letters of the table, those that the op has.
typedef struct {
  mg_op op;
  mg_function function;
  double x, y, c, t, v;
} mg_application;

// The largest error that rounding makes in v, which is finite, to first order, the operands being exact. NaN for an op of
// any number of operands, and for a leaf.
double mg_rounding(const mg_application *application);

// How an op is not smooth somewhere.
typedef enum MG_CLOSED_ENUM MG_SWIFT_NAME(Smoothness) {
  MG_SMOOTH MG_SWIFT_NAME(smooth) = 0,
  MG_BENDS MG_SWIFT_NAME(bends),      // the first derivative jumps
  MG_CHOOSES MG_SWIFT_NAME(chooses),  // it bends, and on a side no adjoint passes to the operand
  MG_CURVES MG_SWIFT_NAME(curves),    // the second derivative jumps
  MG_JUMPS MG_SWIFT_NAME(jumps),      // the value jumps
  MG_ENDS MG_SWIFT_NAME(ends),        // a domain ends, or there is a pole
} mg_smoothness;

// The nearest place where an op is not smooth, and how far x is from it, unless the row says otherwise; the sign of the
// distance means nothing.
typedef struct {
  mg_smoothness kind;
  double distance;
} mg_kink;

mg_kink mg_nearest_kink(const mg_application *application);

// The derivatives of v by x and, of an op on two operands, by y, and what an adjoint d, which is not zero, contributes to
// theirs. Only for ops of one or two operands.
void mg_op_partials(const mg_application *application, double d, double *slopes, double *contributions);

// Which operand of an op a derivative is by.
typedef enum MG_CLOSED_ENUM MG_SWIFT_NAME(OperandRole) {
  MG_ROLE_FIRST MG_SWIFT_NAME(first) = 0,  // of ops along a row: the node's own column, and the class of a cross_entropy
  MG_ROLE_SECOND MG_SWIFT_NAME(second),    // of ops along a row: another column
  MG_ROLE_GAIN MG_SWIFT_NAME(gain),        // of norms
  MG_ROLE_BIAS MG_SWIFT_NAME(bias),
  MG_ROLE_COUNT MG_SWIFT_NAME(count)
} mg_operand_role;

// The derivative of an op by an operand, in the table's words: "1 / y". Empty for leaves, custom ops and roles that the op
// does not have. `function` counts only for MG_OP_function.
const char *mg_op_rule(mg_op op, mg_function function, mg_operand_role role);

// Returns true if an adjoint may pass to one operand and not to the others, or to none.
bool mg_op_chooses(mg_op op, mg_function function);

MG_ASSUME_NONNULL_END
