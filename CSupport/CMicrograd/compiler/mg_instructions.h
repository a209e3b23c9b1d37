// A program: instructions on rows, and what it takes to run them.
#pragma once

#include "mg_custom.h"
#include "mg_instruction_kinds.h"
#include "mg_ir.h"
#include "mg_lane_ops.h"
#include "mg_lane_products.h"
#include "mg_program.h"

typedef struct {
  uint8_t code, flag, relation;
  int32_t out, d, x, y, v;
  int32_t start, bias;
  int32_t list, count, more, more_count;  // offsets into the program's lists
  int32_t applications;
  mg_lane_op op;
} mg_instruction;

// Consecutive numbers of nodes that are copied to consecutive places before each run: of the caller's tape to the leaves of
// the prologue's, or of that to the uniforms.
typedef struct {
  int32_t node, place, count;
} mg_copy;

// What computes the numbers that do not depend on the sample: a tape that begins with the parameters as leaves.
typedef struct {
  mg_tape *tape;
  bool computes;      // something besides the leaves
  mg_node *nodes;     // by ref; MG_NO_NODE where it is none
} mg_prologue;

// The table of picks: which values, where they are among the uniforms, and the sums of their adjoints.
typedef struct {
  int32_t list, count, uniforms, sums;
} mg_table;

// What is executed at once: one instruction, or several that do the same on other rows.
typedef struct {
  int32_t first, count;
  int32_t list;    // of several: their rows
  int32_t starts;  // and, of combinations, their starts
} mg_step;

struct mg_program {
  int32_t wants;
  bool uses_inputs;
  int64_t input_count, gradient_count, output_count;
  mg_copy *runs;  // of parameters
  int64_t run_count, parameter_count;
  mg_prologue prologue;

  mg_instruction *preamble, *instructions;  // the first once a thread and run, the others once a block
  int64_t preamble_count, preamble_capacity, instruction_count, instruction_capacity;
  mg_step *steps;
  int64_t step_count;
  int32_t *lists;
  int64_t list_count, list_capacity;
  mg_scaled_term *scaled;
  int64_t scaled_count, scaled_capacity;
  mg_product_term *products;
  int64_t product_count, product_capacity;
  uint8_t *zeros;  // as many as the longest list
  const mg_custom **customs;
  int64_t custom_count;

  double *uniforms;
  int64_t uniform_count, uniform_capacity;
  mg_copy *copies;
  int64_t copy_count;
  mg_table *tables;
  int64_t table_count, table_capacity;
  mg_node *sum_targets;  // the prologue's nodes to whose adjoints the sums belong; MG_NO_NODE where nobody wants them
  mg_copy *sum_runs;     // the same, nodes in a row together
  int64_t sum_run_count;
  int64_t sum_count, sum_capacity;

  int32_t *input_rows, *output_rows, *adjoint_rows;
  int64_t row_count;
  int64_t block_size;

  int64_t scratch_size, longest_list;
  double *workspace;  // rows of each thread, sums of each segment
  int64_t workspace_size;
  double *gradients, *seeds;  // of the parameters; of the prologue's nodes that sums belong to,
  mg_node *roots;             // which are these
  int64_t hoisted_count;
};

// Builds the prologue for the values used, in order, from numbers for the parameters (mg_prologue.c). False: no memory.
bool mg_prologue_create(mg_prologue *prologue, const mg_ir *ir, const int32_t *uses, const double *parameters,
                        int64_t parameter_count);
void mg_prologue_free(mg_prologue *prologue);
