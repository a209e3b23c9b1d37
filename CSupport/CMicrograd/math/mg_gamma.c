// Γ and its logarithm.
#if defined(__GLIBC__) || defined(__linux__) || defined(__wasi__)
#define _GNU_SOURCE  // lgamma_r, lgammal_r
#endif
#include "mg_special.h"

#include "mg_wide_libm.h"

#if defined(__APPLE__)
// There whatever the C standard that is asked for, but declared for some only.
extern double lgamma_r(double x, int *sign);
extern long double lgammal_r(long double x, int *sign);
#endif

double mg_gamma(double x) {
#if MG_WIDE_LIBM
  return (double)tgammal(x);
#else
  return tgamma(x);
#endif
}

// lgamma itself writes the sign of Γ to a variable that all threads share.
double mg_log_gamma(double x) {
  int sign;
#if MG_WIDE_LIBM
  return (double)lgammal_r(x, &sign);
#else
  return lgamma_r(x, &sign);
#endif
}
