#include "mg_ops.h"

double mg_op_value(mg_op op, double x, double y) { return mg_value_of_op(op, x, y); }

double mg_function_value(mg_function function, double x) { return mg_value_of_function(function, x); }

const char *mg_op_name(mg_op op) {
  static const char *const names[] = {
    [MG_LEAF] = "leaf",
#define NAME(name, ...) [MG_OP_##name] = #name,
    MG_BINARY_OPS(NAME)
    MG_CONSTANT_OPS(NAME)
    MG_UNARY_OPS(NAME)
    NAME(function)
    MG_NARY_OPS(NAME)
    NAME(block)
    MG_TARGET_OPS(NAME)
    MG_ROW_OPS(NAME)
    NAME(custom)
#undef NAME
  };
  return names[op];
}

const char *mg_op_symbol(mg_op op) {
  static const char *const symbols[] = {
    [MG_LEAF] = "",
#define SYMBOL(name, symbol, ...) [MG_OP_##name] = symbol,
    MG_BINARY_OPS(SYMBOL)
    MG_CONSTANT_OPS(SYMBOL)
    MG_UNARY_OPS(SYMBOL)
    SYMBOL(function, "function", )
    MG_NARY_OPS(SYMBOL)
    SYMBOL(block, "", )
    MG_TARGET_OPS(SYMBOL)
    MG_ROW_OPS(SYMBOL)
    SYMBOL(custom, "custom", )
#undef SYMBOL
  };
  return symbols[op];
}

const char *mg_function_name(mg_function function) {
  static const char *const names[] = {
#define NAME(name, ...) #name,
    MG_FUNCTIONS(NAME)
#undef NAME
  };
  return names[function];
}

const char *mg_function_symbol(mg_function function) {
  static const char *const symbols[] = {
#define SYMBOL(name, symbol, ...) symbol,
    MG_FUNCTIONS(SYMBOL)
#undef SYMBOL
  };
  return symbols[function];
}
