// Γ and its logarithm.
#if defined(__GLIBC__) || defined(__linux__)
#define _GNU_SOURCE  // lgammal_r
#endif
#include <float.h>

#include "mg_special.h"

#if defined(__APPLE__)
// There whatever the C standard that is asked for, but declared for some only.
extern double lgamma_r(double x, int *sign);
extern long double lgammal_r(long double x, int *sign);
#endif

double mg_gamma(double x) {
#if LDBL_MANT_DIG >= 64
  return (double)tgammal(x);
#else
  return tgamma(x);
#endif
}

// lgamma itself writes the sign of Γ to a variable that all threads share.
double mg_log_gamma(double x) {
  int sign;
#if LDBL_MANT_DIG >= 64
  return (double)lgammal_r(x, &sign);
#else
  return lgamma_r(x, &sign);
#endif
}
