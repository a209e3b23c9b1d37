// Programs as C: text that computes the same numbers with nothing but libm.
#pragma once

#include "mg_custom.h"
#include "mg_program.h"
#include "mg_text.h"

MG_ASSUME_NONNULL_BEGIN

// What a printed function returns.
enum {
  MG_C_DONE = 0,
  MG_C_NO_PLACE = 1,  // a pick had no place in its table
  MG_C_DEVIATES = 2,  // a comparison came out otherwise
};

typedef struct {
  const char *name;    // of the function
  bool is_careful;     // a zero meets nothing (mg_carried.h): what is to be called where a gradient is not finite
  bool has_parameters; // reads what depends on parameters from its argument; else their numbers of now are in the text
  bool is_inline;      // small enough to be copied to where it is called; a wish
  int64_t parameter_inputs;  // so many inputs, the first, are parameters: they are read from u, and nothing else is
} mg_c_request;

// Adds a function to the text:
//
//   static int NAME(const double *restrict x, const double *restrict u, double *restrict results,
//                   double *restrict gradient, double *restrict sums);
//
// x: the inputs; u: the program's uniforms, if wanted; results, gradient: what the program computes of them, written when all
// else is done; sums are added to. Arguments that are not needed are not read and may be null. Returns the operation that
// cannot be printed, a custom one; NULL: all could.
const mg_custom *MG_NULLABLE mg_program_print_c(const mg_program *program, mg_c_request request, mg_text *text);

// Whether the program is so long that its instructions are printed as numbers in lists. Then the careful function takes no longer
// than the other, and gives the same numbers where those are finite: one of the two is enough.
bool mg_program_is_listed(const mg_program *program);

// What must stand before a text that was printed: the definitions of functions that it calls and libm lacks.
void mg_print_math(const char *printed, mg_text *text);

// Whether a name is that of one of those definitions.
bool mg_is_printed_name(const char *name);

// A number as C has it, wherever it stands in an expression.
void mg_print_number(double x, mg_text *text);

MG_ASSUME_NONNULL_END
