#include "mg_text.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Room for `extra` bytes more and a zero behind them.
static bool lengthen(mg_text *t, int64_t extra) {
  if (t->failed) return false;
  if (t->count + extra < t->capacity) return true;
  int64_t capacity = 2 * t->capacity + extra + 256;
  char *bytes = realloc(t->bytes, (size_t)capacity);
  if (!bytes) {
    t->failed = true;
    return false;
  }
  t->bytes = bytes;
  t->capacity = capacity;
  return true;
}

void mg_text_add_bytes(mg_text *t, const char *bytes, int64_t count) {
  if (!lengthen(t, count)) return;
  memcpy(t->bytes + t->count, bytes, (size_t)count);
  t->count += count;
  t->bytes[t->count] = 0;
}

void mg_text_add(mg_text *t, const char *format, ...) {
  char bytes[256];
  va_list arguments;
  va_start(arguments, format);
  int count = vsnprintf(bytes, sizeof bytes, format, arguments);
  va_end(arguments);
  if (count < 0) {
    t->failed = true;
    return;
  }
  if ((size_t)count < sizeof bytes) {
    mg_text_add_bytes(t, bytes, count);
    return;
  }
  if (!lengthen(t, count + 1)) return;
  va_start(arguments, format);
  vsnprintf(t->bytes + t->count, (size_t)count + 1, format, arguments);
  va_end(arguments);
  t->count += count;
}

void mg_text_add_number(mg_text *t, double x) {
  if (isnan(x)) {
    mg_text_add(t, "(double)NAN");
    return;
  }
  if (isinf(x)) {
    mg_text_add(t, x > 0 ? "(double)INFINITY" : "-(double)INFINITY");
    return;
  }
  char bytes[64];
  if (fabs(x) < 0x1p-1022 && x != 0) {
    // Of a subnormal number the digits do not say how exact it is.
    mg_text_add(t, "%s0x%llxp-1074", x < 0 ? "-" : "", (unsigned long long)(fabs(x) * 0x1p537 * 0x1p537));
    return;
  }
  for (int digits = 15; digits <= 17; digits++) {
    snprintf(bytes, sizeof bytes, "%.*g", digits, x);
    if (strtod(bytes, NULL) == x) break;
  }
  bool is_whole = true;
  char *to = bytes;
  for (char *from = bytes; *from; from++) {
    bool is_digit = (*from >= '0' && *from <= '9') || *from == '-' || *from == '+' || *from == 'e';
    if (*from == 'e') is_whole = false;
    // What a locale has between whole and parts may be any letter, of more than one byte.
    if (is_digit) *to++ = *from;
    else if (to == bytes || to[-1] != '.') {
      *to++ = '.';
      is_whole = false;
    }
  }
  *to = 0;
  mg_text_add(t, "%s%s", bytes, is_whole ? ".0" : "");
}

void mg_text_free(mg_text *t) {
  free(t->bytes);
  *t = (mg_text){0};
}
