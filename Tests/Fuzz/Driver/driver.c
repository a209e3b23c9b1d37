// Runs libFuzzer over the target that the environment names: MICROGRAD_FUZZ_TARGET=csv.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int micrograd_fuzz(const char *target, const uint8_t *data, size_t size);
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*run)(const uint8_t *data, size_t size));

static const char *target;

static int run(const uint8_t *data, size_t size) { return micrograd_fuzz(target, data, size); }

int main(int argc, char **argv) {
  target = getenv("MICROGRAD_FUZZ_TARGET");
  if (target == NULL) {
    fputs("MICROGRAD_FUZZ_TARGET is not set: give it the name of a folder of Tests/Fuzz/Seeds\n", stderr);
    return 64;
  }
  return LLVMFuzzerRunDriver(&argc, &argv, run);
}
