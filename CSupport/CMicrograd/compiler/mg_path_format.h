// The format of a path in a file (mg_path_write.c, mg_path_read.c). Numbers are little-endian.
//
//   names       u16 count; of each u8 kind (0: an op, 1: a function), u8 length, ASCII. Values name their operations by their
//               place here, so that a file does not depend on the order of the op table.
//   figures     u64: recorded nodes, unused, merged, constant ones
//   parameters  u32 count; u32 each: which of the file's, each once
//   values      u32 count; of each u8 kind and what the kinds below say. A value is named by its number, from 0 on: a matrix is
//               as many as it has rows, a softmax of n is 2 n + 2.
//   results     u32 each, a value
//   guards      u32 count; of each two values, u8 relation, u8 1 if it holds, u32 which comparison
#pragma once

typedef enum {
  MG_FILE_CONSTANT,   // f64
  MG_FILE_PARAMETER,  // u32: which of the path's
  MG_FILE_INPUT,      // u32
  MG_FILE_BINARY,     // u16 operation, two values
  MG_FILE_APPLY,      // u16 operation, a value, f64 constant
  MG_FILE_TARGET,     // u16 operation, a value, f64 constant, the value of its target
  MG_FILE_SUM,        // start; u32 counts; the factor and the value of each scaled term; factor, left, right of each product
  MG_FILE_MATRIX,     // u32 inputs, outputs, family; i32 biases: 0 listed, or MG_NO_REF, MG_FROM_ZERO; inputs, weights, biases
  MG_FILE_SOFTMAX,    // u32 count, values
  MG_FILE_NORM,       // u32 count, values
  MG_FILE_SELECT,     // u8 relation, four values
  MG_FILE_PICK,       // u32 count, values
  MG_FILE_DETACH,     // a value
} mg_file_kind;
