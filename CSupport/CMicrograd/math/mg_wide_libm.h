// Says whether erfcl, tgammal and lgammal_r have the digits of a wide `long double`. Where it has 113 bits, musl computes
// them in double, and so does wasi-libc.
#pragma once

#include <float.h>
#include <math.h>

#if LDBL_MANT_DIG == 64 || (LDBL_MANT_DIG == 113 && defined(__GLIBC__))
#define MG_WIDE_LIBM 1
#else
#define MG_WIDE_LIBM 0
#endif
