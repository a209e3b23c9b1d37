// One version of a function a vector width, chosen when the program is loaded.
#pragma once

// The sanitizers' own start-up does not bear that.
#if defined(__x86_64__) && defined(__GLIBC__) && !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)
#define KERNEL __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define KERNEL
#endif

// The body of several kernels: compiled into each, for its vector width and its constant arguments.
#define KERNEL_BODY static inline __attribute__((always_inline))
