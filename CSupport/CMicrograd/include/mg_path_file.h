// A path as bytes, and back: what a file of a compiled function consists of.
#pragma once

#include "mg_custom.h"
#include "mg_path.h"
#include "mg_text.h"

MG_ASSUME_NONNULL_BEGIN

// Adds a path to the bytes of a file. `places` says, for each parameter of the path, which of the file's parameters it is. Sets
// `inputs` to 1 for the inputs that it uses. Returns the operation that cannot be in a file, a custom one; NULL: all could.
const mg_custom *MG_NULLABLE mg_path_write(const mg_path *path, const int32_t *MG_NULLABLE places,
                                           uint8_t *MG_NULLABLE inputs, mg_text *bytes);

// What the rest of the file says of the path.
typedef struct {
  int64_t input_count, result_count, comparison_count;
  uint8_t *MG_NULLABLE inputs;  // 0 for an input that no path uses; else 1, which becomes 2 where it is met
  const mg_tape *tape;
  const mg_node *MG_NULLABLE parameters;  // the file's, as nodes of the tape
  int64_t parameter_count;
} mg_path_context;

// The reason why bytes are no path.
typedef enum MG_CLOSED_ENUM MG_SWIFT_NAME(PathFileFault) {
  MG_PATH_FILE_NO_MEMORY MG_SWIFT_NAME(noMemory) = 0,
  MG_PATH_FILE_DAMAGED MG_SWIFT_NAME(damaged),     // what: a sentence
  MG_PATH_FILE_UNKNOWN MG_SWIFT_NAME(unknown),     // what: the name of an operation that this version does not have
} mg_path_file_fault;

// Reads a path. Nothing in the bytes is trusted: each value is appended as the compiler would append it, from values before it,
// and must be new. NULL: see the fault, at which byte, and what is wrong, which the caller frees.
mg_path *MG_NULLABLE mg_path_read(const uint8_t *MG_NULLABLE bytes, int64_t count, mg_path_context context,
                                  mg_path_file_fault *fault, int64_t *at, mg_text *what);

// The remainder of bytes by the polynomial of zlib's CRC-32, which finds each error within 32 bits that follow one another.
uint32_t mg_checksum(const uint8_t *MG_NULLABLE bytes, int64_t count);

MG_ASSUME_NONNULL_END
