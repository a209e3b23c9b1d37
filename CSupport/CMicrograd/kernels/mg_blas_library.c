// Finds OpenBLAS, checks it, and has it take the kernels that suit the processor.
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE  // dladdr, secure_getenv
#endif

#include "mg_blas_library.h"

#define OWN_KERNELS "none (own kernels): "

#if defined(MG_OPENBLAS)

#include <dlfcn.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static mg_blas_library library;
static bool is_in_use;
static char description[1024];
static pthread_once_t once = PTHREAD_ONCE_INIT;

// What the user set; NULL if nothing or the empty text. A program with rights that its user has not takes no paths.
static const char *setting(const char *name) {
#if defined(__GLIBC__)
  const char *text = secure_getenv(name);
#else
  const char *text = getenv(name);
#endif
  return text && *text ? text : NULL;
}

// MARK: - The processor

#if defined(__x86_64__)
static bool has_fused_multiply(void) { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }
#endif

// Returns true if OpenBLAS took kernels that do not use the vectors that the processor has: they are slower than the
// engine's own. An OpenBLAS older than the processor does so.
static bool is_slow(const char *core) {
#if defined(__x86_64__)
  static const char *const without_fused_multiply[] = {
    "Prescott", "Core2", "Penryn", "Dunnington", "Nehalem", "Atom", "Sandybridge", "Opteron", "Opteron_SSE3",
    "Barcelona", "Bobcat", "Nano", "Northwood", "Katmai", "Coppermine", "Banias", "Athlon",
  };
  if (!has_fused_multiply()) return false;
  for (size_t i = 0; i < sizeof without_fused_multiply / sizeof *without_fused_multiply; i++)
    if (strcmp(core, without_fused_multiply[i]) == 0) return true;
#else
  (void)core;
#endif
  return false;
}

#if defined(__x86_64__) && defined(__linux__)
// OpenBLAS's name for the best kernels that the processor can run; NULL to let OpenBLAS choose.
static const char *best_core(void) {
  if (!has_fused_multiply()) return NULL;
  bool has_wide_vectors = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512cd") &&
                          __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
                          __builtin_cpu_supports("avx512vl");
  return has_wide_vectors ? "SkylakeX" : "Haswell";
}

extern char **environ;

// OpenBLAS reads the name of its kernels from the environment while it is loaded, and nowhere else. So the environment
// has one more entry meanwhile. It is a copy that is never freed, as another thread may be reading it; setenv could free
// what another thread is reading.
static void *open_library(const char *path) {
  static char entry[64];
  static char **copy;
  const char *core = setting("OPENBLAS_CORETYPE") ? NULL : best_core();
  char **before = environ;
  if (core && before && !copy) {
    size_t count = 0;
    while (before[count]) count++;
    copy = malloc((count + 2) * sizeof *copy);
    if (copy) {
      snprintf(entry, sizeof entry, "OPENBLAS_CORETYPE=%s", core);
      memcpy(copy, before, count * sizeof *copy);
      copy[count] = entry;
      copy[count + 1] = NULL;
    }
  }
  char **during = core && before ? copy : NULL;
  if (during) __atomic_store_n(&environ, during, __ATOMIC_RELEASE);
  void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  // If another thread has set a variable meanwhile, its environment stays.
  if (during) __atomic_compare_exchange_n(&environ, &during, before, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
  return handle;
}
#else
static void *open_library(const char *path) { return dlopen(path, RTLD_NOW | RTLD_LOCAL); }
#endif

// MARK: - Loading

static void __attribute__((format(printf, 1, 2))) describe(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(description, sizeof description, format, arguments);
  va_end(arguments);
}

// Uses the library if it is an OpenBLAS as the engine needs it, else says why not. A library that is refused stays
// loaded: OpenBLAS does not survive being unloaded everywhere.
static void use(void *handle, const char *path, bool is_demanded) {
  const char *(*configuration)(void) = (const char *(*)(void))dlsym(handle, "openblas_get_config");
  const char *(*core)(void) = (const char *(*)(void))dlsym(handle, "openblas_get_corename");
  library.multiply = (__typeof__(library.multiply))dlsym(handle, "cblas_dgemm");
  library.factor_lu = (__typeof__(library.factor_lu))dlsym(handle, "dgetrf_");
  library.factor_cholesky = (__typeof__(library.factor_cholesky))dlsym(handle, "dpotrf_");
  library.find_eigen = (__typeof__(library.find_eigen))dlsym(handle, "dsyevd_");
  library.set_thread_count = (__typeof__(library.set_thread_count))dlsym(handle, "openblas_set_num_threads");
  if (!configuration || !core || !library.multiply || !library.set_thread_count) {
    describe(OWN_KERNELS "%s is not OpenBLAS with the functions of cblas.h", path);
  } else if (strstr(configuration(), "USE64BITINT")) {
    describe(OWN_KERNELS "%s is an OpenBLAS for 64-bit integers, and one for 32-bit integers is needed", path);
  } else if (!is_demanded && is_slow(core())) {
    describe(OWN_KERNELS "OpenBLAS took kernels for %s, which are slower on this processor; set OPENBLAS_CORETYPE to "
                         "choose others",
             core());
  } else {
    Dl_info place;
    bool is_known = dladdr((void *)configuration, &place) != 0 && place.dli_fname;
    describe("%s (%s)", configuration(), is_known ? place.dli_fname : path);
    is_in_use = true;
  }
}

static bool is_limited(int resource) {
  struct rlimit limit;
  return getrlimit(resource, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
}

static void look(void) {
  static const char *const paths[] = {
#if defined(__APPLE__)
    "/opt/homebrew/opt/openblas/lib/libopenblas.dylib",
    "/usr/local/opt/openblas/lib/libopenblas.dylib",
    "/opt/local/lib/libopenblas.dylib",
    "libopenblas.dylib",
#else
    "libopenblas.so.0",
    "libopenblas.so",
    "libopenblasp.so.0",
#endif
  };
  for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
    void *handle = open_library(paths[i]);
    if (handle) return use(handle, paths[i], setting("OPENBLAS_CORETYPE") != NULL);
  }
  describe(OWN_KERNELS "OpenBLAS was not found; to make large networks faster, apt-get install libopenblas0, or brew "
                       "install openblas, or name its file by MICROGRAD_BLAS");
}

static void load(void) {
  const char *choice = setting("MICROGRAD_BLAS");
  if (choice && strcmp(choice, "none") == 0) return describe(OWN_KERNELS "MICROGRAD_BLAS is none");
  if (choice) {
    void *handle = open_library(choice);
    if (handle) return use(handle, choice, true);
    const char *reason = dlerror();
    return describe(OWN_KERNELS "MICROGRAD_BLAS cannot be loaded: %s", reason ? reason : choice);
  }
  if (is_limited(RLIMIT_AS) || is_limited(RLIMIT_DATA))
    return describe(OWN_KERNELS "the memory of this process is limited (ulimit -v), and OpenBLAS waits forever for memory "
                                "that it does not get; to use it nevertheless, name its file by MICROGRAD_BLAS");
  look();
}

const mg_blas_library *mg_blas_library_in_use(void) {
  pthread_once(&once, load);
  return is_in_use ? &library : NULL;
}

const char *mg_blas_library_description(void) {
  pthread_once(&once, load);
  return description;
}

#else

const mg_blas_library *mg_blas_library_in_use(void) { return NULL; }

const char *mg_blas_library_description(void) { return OWN_KERNELS "built without the trait OpenBLAS"; }

#endif
