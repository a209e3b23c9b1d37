// Compiling C that was printed, with the system's compiler, and loading what comes of it.
//
// Libraries are kept in a folder that belongs to the user alone, by what they were made from: the source, the compiler with its
// version, its flags, and the processor. The compiler is started with a list of arguments, never through a shell.
#pragma once

#include "mg_print_c.h"

MG_ASSUME_NONNULL_BEGIN

typedef enum MG_CLOSED_ENUM MG_SWIFT_NAME(NativeStatus) {
  MG_NATIVE_OK MG_SWIFT_NAME(ok) = 0,
  MG_NATIVE_UNAVAILABLE MG_SWIFT_NAME(unavailable),          // the platform starts no compiler, or loads no library
  MG_NATIVE_UNSAFE_FOLDER MG_SWIFT_NAME(unsafeFolder),       // others may write to it, or it is somebody else's
  MG_NATIVE_CANNOT_WRITE MG_SWIFT_NAME(cannotWrite),         // a file or folder
  MG_NATIVE_NO_COMPILER MG_SWIFT_NAME(noCompiler),           // it cannot be started
  MG_NATIVE_COMPILER_FAILED MG_SWIFT_NAME(compilerFailed),   // and said why
  MG_NATIVE_CANNOT_LOAD MG_SWIFT_NAME(cannotLoad),           // the library
} mg_native_status;

// What failed, and what the system or the compiler said; to be freed by the caller.
typedef struct {
  mg_text path, reason;
} mg_native_fault;

typedef struct {
  const char *compiler;      // with its arguments, apart by spaces
  const char *folder;        // of libraries
  const char *optimization;  // -O2, say
} mg_native_request;

// The library made from the source, which is compiled unless it is in the folder; NULL: see the status.
void *MG_NULLABLE mg_native_open(const char *source, mg_native_request request, mg_native_status *status,
                                 mg_native_fault *fault);
void *MG_NULLABLE mg_native_symbol(void *library, const char *name);
void mg_native_close(void *library);

// Adds the folder for libraries: micrograd-native in XDG_CACHE_HOME, ~/Library/Caches, or ~/.cache. False: there is no home.
bool mg_native_default_folder(mg_text *folder);
// Adds the environment's variable CC, or `cc`.
void mg_native_default_compiler(mg_text *compiler);

MG_ASSUME_NONNULL_END
