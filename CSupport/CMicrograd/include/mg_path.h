// Paths: one way through a function, as a recording that is lowered to ir (mg_lowering.c). Programs are made from it.
#pragma once

#include "mg_tape.h"

MG_ASSUME_NONNULL_BEGIN

typedef struct mg_path mg_path;

// The function to compile: the nodes of a tape from `start` on.
typedef struct {
  int64_t start;
  mg_node first_input;  // inputs are consecutive nodes
  int64_t input_count;
  const mg_node *MG_NULLABLE parameter_inputs;  // parameters that are to be inputs too, before the others: each once
  int64_t parameter_input_count;
  int64_t gradient_count;  // derivatives may be asked for by the first so many inputs,
  int64_t jacobian_count;  // and in a Jacobian of the first so many outputs
  bool is_symmetric;       // the Jacobian is square, and row k is column k too
  const mg_node *MG_NULLABLE outputs;        // MG_NO_NODE where it is a plain number,
  const double *MG_NULLABLE output_numbers;  // which is then here
  int64_t output_count;
  const mg_comparison *MG_NULLABLE comparisons;
  int64_t comparison_count;
  const mg_node *MG_NULLABLE reads;  // nodes whose numbers were read
  int64_t read_count;
} mg_path_request;

// The reason why a function cannot be compiled.
typedef enum MG_CLOSED_ENUM MG_SWIFT_NAME(PathFault) {
  MG_PATH_NO_MEMORY MG_SWIFT_NAME(noMemory) = 0,
  MG_PATH_OUTSIDE MG_SWIFT_NAME(outside),  // it uses a node from outside that is not a leaf or a parameter
  MG_PATH_READ MG_SWIFT_NAME(read),        // it reads a number that depends on inputs or parameters
} mg_path_fault;

// Returns NULL if the function cannot be compiled; then `fault` says why and `node` is the node at fault.
mg_path *MG_NULLABLE mg_path_create(const mg_tape *tape, mg_path_request request, mg_path_fault *fault, mg_node *node);
void mg_path_free(mg_path *path);

// The number of recorded nodes.
int64_t mg_path_node_count(const mg_path *path);
// The leaves and parameters from outside that the function uses, by index.
int64_t mg_path_parameter_count(const mg_path *path);
mg_node mg_path_parameter(const mg_path *path, int64_t k);
// The guards: comparisons whose outcome can change.
int64_t mg_path_guard_count(const mg_path *path);
// The comparison that is the k-th guard.
int64_t mg_path_guard(const mg_path *path, int64_t k);

// Whether it calls ops of the caller's (mg_custom.h).
bool mg_path_calls_custom(const mg_path *path);
// Whether such ops were recorded, even if nothing depends on them.
bool mg_path_records_custom(const mg_path *path);

// Nodes on which neither an output nor a comparison depends; that have the value of another; whose value is the same
// for all samples and parameters.
int64_t mg_path_unused_count(const mg_path *path);
int64_t mg_path_merged_count(const mg_path *path);
int64_t mg_path_constant_count(const mg_path *path);

MG_ASSUME_NONNULL_END
