#include "mg_thread.h"

#if !defined(__x86_64__) && !(defined(__aarch64__) && (defined(__linux__) || defined(__APPLE__)))
uintptr_t mg_thread_address(void) {
  static _Thread_local char variable;
  return (uintptr_t)&variable;
}
#endif
