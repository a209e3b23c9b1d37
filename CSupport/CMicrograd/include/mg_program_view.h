// What a program consists of: its instructions one by one, and what they cost.
#pragma once

#include "mg_custom.h"
#include "mg_instruction_kinds.h"
#include "mg_lane_ops.h"
#include "mg_lane_products.h"
#include "mg_program.h"

MG_ASSUME_NONNULL_BEGIN

// An instruction of a block, its lists as pointers. Rows are -1, and lists NULL, where there are none.
typedef struct {
  mg_instruction_code kind;
  bool flag;
  mg_relation relation;
  int32_t out, d, x, y, v;  // rows
  int32_t start, bias;      // uniforms, or sums
  const int32_t *MG_NULLABLE list, *MG_NULLABLE more, *MG_NULLABLE masks;  // rows
  int64_t list_count, more_count, mask_count;
  const mg_scaled_term *MG_NULLABLE scaled;
  const mg_product_term *MG_NULLABLE products;
  int64_t scaled_count, product_count;
  int64_t inputs, outputs, applications;  // of a matrix
  int64_t table_count;                    // of a pick, and of places
  mg_lane_op op;
  const mg_custom *MG_NULLABLE custom;
} mg_instruction_view;

// The k-th instruction that is run for each block.
mg_instruction_view mg_program_instruction(const mg_program *program, int64_t k);
int64_t mg_program_block_instruction_count(const mg_program *program);

// Floating-point operations a sample: additions, multiplications, divisions, comparisons, each function of the table and
// each derivative of one counting as one. What a custom op does in its own functions is not counted.
int64_t mg_program_instruction_flops(const mg_program *program, int64_t k);
// Bytes of rows that it reads and writes, a sample.
int64_t mg_program_instruction_bytes(const mg_program *program, int64_t k);

// MARK: Totals

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

// MARK: What indices stand for

// The node of the prologue's tape whose number a uniform is: below the count of parameters, a parameter. MG_NO_NODE for a
// constant, which is then in `constant`.
mg_node mg_program_uniform(const mg_program *program, int32_t uniform, double *constant);
// The node to whose gradient a sum over samples belongs; MG_NO_NODE where nobody wants it.
mg_node mg_program_sum(const mg_program *program, int32_t sum);
// The uniform with which a row is filled for all samples; -1 of other rows.
int32_t mg_program_spread(const mg_program *program, int32_t row);
// The row of the k-th input, or of its gradient; of the k-th output. -1: there is none.
int32_t mg_program_input_row(const mg_program *program, int64_t k);
int32_t mg_program_adjoint_row(const mg_program *program, int64_t k);
int32_t mg_program_output_row(const mg_program *program, int64_t k);
// The tape that computes, once a run, what does not depend on the sample; its first nodes are the parameters.
mg_tape *mg_program_prologue(const mg_program *program);
int64_t mg_program_parameter_count(const mg_program *program);

MG_ASSUME_NONNULL_END
