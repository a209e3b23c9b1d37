// The tables by which the sweeps over scalar nodes find the code of an op: labels op_NAME for ops of one or two operands,
// function_NAME for functions, `nary` for ops of any number of operands.
#pragma once

#include "mg_ops.h"

#define MG_OP_LABEL(name, ...) [MG_OP_##name] = &&op_##name,
#define MG_NARY_LABEL(name, ...) [MG_OP_##name] = &&nary,
#define MG_FUNCTION_LABEL(name, ...) [MG_FUNCTION_##name] = &&function_##name,

// Defines both in the function where the labels are; `leaf` is the label of leaves, what follows are entries of its own.
#define MG_LABELS(leaf, ...)                                                                \
  static void *const op_label[] = {                                                         \
    [MG_LEAF] = &&leaf,                                                                     \
    MG_BINARY_OPS(MG_OP_LABEL)                                                              \
    MG_CONSTANT_OPS(MG_OP_LABEL)                                                            \
    MG_UNARY_OPS(MG_OP_LABEL)                                                               \
    MG_OP_LABEL(function)                                                                   \
    MG_NARY_OPS(MG_NARY_LABEL)                                                              \
    __VA_ARGS__                                                                             \
  };                                                                                        \
  static void *const function_label[] = {MG_FUNCTIONS(MG_FUNCTION_LABEL)}

#define MG_CONSTANT_CODE(name, symbol, value, to_x, xx, ...) ONE_OPERAND(op_##name, constants[b], to_x, xx)
#define MG_UNARY_CODE(name, symbol, value, to_x, xx, ...) ONE_OPERAND(op_##name, 0, to_x, xx)
#define MG_FUNCTION_CODE(name, symbol, value, to_x, xx, ...) ONE_OPERAND(function_##name, 0, to_x, xx)

// The code of all ops of one operand: ONE_OPERAND(label, constant, to_x, xx), as the sweep defines it, for each.
#define MG_ONE_OPERAND_CODE()                                                               \
  MG_CONSTANT_OPS(MG_CONSTANT_CODE)                                                         \
  MG_UNARY_OPS(MG_UNARY_CODE)                                                               \
  op_function : goto *function_label[b];                                                    \
  MG_FUNCTIONS(MG_FUNCTION_CODE)
