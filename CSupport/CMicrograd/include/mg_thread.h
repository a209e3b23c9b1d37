// Which thread this is, in one instruction: every recorded node asks.
#pragma once

#include "mg_base.h"

#if !defined(__x86_64__) && !(defined(__aarch64__) && (defined(__linux__) || defined(__APPLE__)))
uintptr_t mg_thread_address(void);  // mg_thread.c
#endif

// A number that no other living thread has, and never 0: the address of the thread's control block, or of a variable.
static inline uintptr_t mg_this_thread(void) {
#if defined(__x86_64__) && defined(__APPLE__)
  return *(const uintptr_t __attribute__((address_space(256))) *)0;  // %gs:0
#elif defined(__x86_64__) && defined(__clang__)
  return *(const uintptr_t __attribute__((address_space(257))) *)0;  // %fs:0
#elif defined(__aarch64__) && defined(__APPLE__)
  uintptr_t pointer;
  __asm__ volatile("mrs %0, tpidrro_el0" : "=r"(pointer));
  return pointer & ~(uintptr_t)7;
#elif defined(__x86_64__) || (defined(__aarch64__) && defined(__linux__))
  return (uintptr_t)__builtin_thread_pointer();
#else
  return mg_thread_address();
#endif
}
