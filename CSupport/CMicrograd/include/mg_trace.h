// Traces: recordings as values in order, from which programs are made (mg_lowering.c).
#pragma once

#include "mg_tape.h"

MG_ASSUME_NONNULL_BEGIN

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

// Whether it calls ops of the caller's (mg_custom.h).
bool mg_trace_calls_custom(const mg_trace *trace);

// Nodes on which neither an output nor a comparison depends; that have the value of another; whose value is the same
// for all samples and parameters.
int64_t mg_trace_unused_count(const mg_trace *trace);
int64_t mg_trace_merged_count(const mg_trace *trace);
int64_t mg_trace_constant_count(const mg_trace *trace);

MG_ASSUME_NONNULL_END
