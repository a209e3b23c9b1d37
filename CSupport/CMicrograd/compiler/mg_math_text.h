// The text, as C, of the functions that the op table calls beside libm.
#pragma once

// Definitions, each after those that it needs. `names`: what it defines; `needs`: the indices of others; apart by spaces.
typedef struct {
  const char *names, *needs, *text;
} mg_math_text;

extern const mg_math_text mg_math_texts[];
extern const int mg_math_text_count;
