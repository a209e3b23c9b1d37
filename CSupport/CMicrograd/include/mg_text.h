// Text that grows at its end.
#pragma once

#include "mg_base.h"

MG_ASSUME_NONNULL_BEGIN

// All zero at first; a zero stands behind the text. To be freed.
typedef struct {
  char *MG_NULLABLE bytes;
  int64_t count, capacity;
  bool failed;  // there was no memory; what was added since is lost
} mg_text;
void mg_text_free(mg_text *text);

// As printf has it, wherever the text ends.
__attribute__((format(printf, 2, 3))) void mg_text_add(mg_text *text, const char *format, ...);
void mg_text_add_bytes(mg_text *text, const char *bytes, int64_t count);
// A number as C has it, with as few digits as give it back: `2.0`, `-0.1`, `0x1p-1074`. Whatever the locale.
void mg_text_add_number(mg_text *text, double x);

MG_ASSUME_NONNULL_END
