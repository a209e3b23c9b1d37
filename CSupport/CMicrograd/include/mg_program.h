// Compiled functions: a recording, taken for that of any sample, as a program that runs over many.
//
// A trace is a recording as values in order; a program computes what is wanted of it: the outputs, the gradients, whether
// the comparisons would come out as they did. What does not depend on the sample is computed once a run, on a small tape
// of its own; the rest on rows of samples, a block of them at a time, whose numbers stay in the nearest caches.
#pragma once

#include "mg_lane_ops.h"
#include "mg_tape.h"

MG_ASSUME_NONNULL_BEGIN

// MARK: Traces

typedef struct mg_trace mg_trace;

// What is to be compiled of a tape: a function whose nodes are those from `start` on.
typedef struct {
  int64_t start;
  mg_node first_input;  // the inputs follow one another
  int64_t input_count;
  const mg_node *MG_NULLABLE outputs;        // MG_NO_NODE where it is a plain number,
  const double *MG_NULLABLE output_numbers;  // which is then here
  int64_t output_count;
  const mg_comparison *MG_NULLABLE comparisons;
  int64_t comparison_count;
  const mg_node *MG_NULLABLE reads;  // nodes whose numbers were read
  int64_t read_count;
} mg_trace_request;

// Why a function cannot be compiled.
typedef enum MG_CLOSED_ENUM MG_SWIFT_NAME(TraceFault) {
  MG_TRACE_NO_MEMORY MG_SWIFT_NAME(noMemory) = 0,
  MG_TRACE_OUTSIDE MG_SWIFT_NAME(outside),  // it uses a node that is neither a leaf nor a parameter nor recorded in it
  MG_TRACE_READ MG_SWIFT_NAME(read),        // a number was read that depends on inputs or parameters
} mg_trace_fault;

// NULL: see the fault, and the node that is at fault.
mg_trace *MG_NULLABLE mg_trace_create(const mg_tape *tape, mg_trace_request request, mg_trace_fault *fault, mg_node *node);
void mg_trace_free(mg_trace *trace);

// How many nodes the trace was made of.
int64_t mg_trace_node_count(const mg_trace *trace);
// The leaves and parameters from outside that it uses, in the order of their indices.
int64_t mg_trace_parameter_count(const mg_trace *trace);
mg_node mg_trace_parameter(const mg_trace *trace, int64_t k);
// The comparisons that are guards: those whose outcome can change.
int64_t mg_trace_guard_count(const mg_trace *trace);
// Which comparison the k-th guard is.
int64_t mg_trace_guard(const mg_trace *trace, int64_t k);

// MARK: Programs

typedef struct mg_program mg_program;

// What a program computes; together, but for guards.
enum {
  MG_WANT_VALUES = 1,      // the outputs of each sample
  MG_WANT_PARAMETERS = 2,  // the gradient of the first output, summed over samples, by parameters
  MG_WANT_INPUTS = 4,      // its gradient by each sample's inputs
  MG_WANT_GUARDS = 8,      // which samples would have gone another way
};

// NULL where there is no memory.
mg_program *MG_NULLABLE mg_program_create(const mg_trace *trace, int32_t wants);
void mg_program_free(mg_program *program);

// MARK: Looking at a program (mg_program_look.h)

// Rows of numbers that a block of samples needs, and how many samples a block has at most.
int64_t mg_program_row_count(const mg_program *program);
int64_t mg_program_block_size(const mg_program *program);
// Values that are computed once a run.
int64_t mg_program_hoisted_count(const mg_program *program);
// Sums over samples.
int64_t mg_program_sum_count(const mg_program *program);
// Floating-point operations a sample, and bytes of rows read and written, those of inputs and results included.
int64_t mg_program_flops(const mg_program *program);
int64_t mg_program_bytes(const mg_program *program);
// Floating-point operations that are done within another's instruction.
int64_t mg_program_fused_count(const mg_program *program);

MG_ASSUME_NONNULL_END
