#if !__has_include(<cblas.h>)
#error "OpenBLAS is not there. Install it (apt-get install libopenblas-dev pkg-config, or brew install openblas pkgconf), or build micrograd without it: --disable-default-traits, or traits: [] on its .package line."
#endif
#include <cblas.h>
