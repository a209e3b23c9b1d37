// What the workloads share.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#if defined(__clang__)
#define MGB_ASSUME_NONNULL_BEGIN _Pragma("clang assume_nonnull begin")
#define MGB_ASSUME_NONNULL_END _Pragma("clang assume_nonnull end")
#else
#define MGB_ASSUME_NONNULL_BEGIN
#define MGB_ASSUME_NONNULL_END
#endif

MGB_ASSUME_NONNULL_BEGIN

// The network of micrograd's demo: 2 inputs, two layers of 16 relu neurons, one linear neuron.
enum {
  MGB_INPUTS = 2,
  MGB_HIDDEN = 16,
  MGB_PARAMETERS = MGB_HIDDEN * (MGB_INPUTS + 1) + MGB_HIDDEN * (MGB_HIDDEN + 1) + MGB_HIDDEN + 1,
};

// The demo's data and starting point.
typedef struct {
  const double *points;      // two coordinates each
  const double *signs;       // the classes, -1 or 1
  int64_t count;             // samples
  const double *parameters;  // MGB_PARAMETERS: neuron by neuron, weights before bias
} mgb_moons;

// The demo's weight of the L2 penalty.
static const double mgb_moons_penalty = 1e-4;

// The demo's learning rate at a step: from 1 towards 0.1, which it reaches at step 100.
static inline double mgb_moons_rate(int64_t step) { return 1 - 0.9 * (double)(step < 100 ? step : 100) / 100; }

// Sizes of microgpt, and what the baseline has room for.
enum {
  MGB_GPT_WIDTH = 16,
  MGB_GPT_BLOCK = 16,
  MGB_GPT_MOST_TOKENS = 64,
  MGB_GPT_MOST_DOCUMENTS = 64,
};

// microgpt's data and starting point.
typedef struct {
  int64_t token_count;       // in the vocabulary, at most MGB_GPT_MOST_TOKENS
  const double *parameters;  // wte, wpe, lm_head, wq, wk, wv, wo, fc1, fc2
  int64_t document_count;    // after the last comes the first
  const int32_t *tokens;     // of all documents
  const int64_t *starts;     // of each, and the end
  int64_t batch;             // documents a step, at most MGB_GPT_MOST_DOCUMENTS
} mgb_gpt;

// The C compiler that built the engine and the baselines: "clang 21.0.0".
const char *mgb_compiler(void);

MGB_ASSUME_NONNULL_END

// Keeps the compiler from moving work out of a loop whose rounds are all alike.
#define MGB_EVERY_ROUND() __asm__ volatile("" ::: "memory")
