// Reverse-mode automatic differentiation of scalars over flat buffers. From the ground up (ARCHITECTURE.md):
//
//   mg_base.h           annotations, status codes, node indices, memory
//   mg_text.h           text that grows
//   mg_interrupt.h      Ctrl-C, for runs that take long
//   mg_special.h        functions that libm lacks or rounds too loosely
//   mg_ops.h            every operation: its name, its value, its partial derivatives
//   mg_op_facts.h       how an operation is written, what it loses to rounding, where it is not smooth, its rules in words
//   mg_carried.h        what a node passes on: a zero meets nothing
//   mg_tangents.h       derivatives of the operations times a tangent
//   mg_arithmetic.h     what blocks compute, on plain numbers
//   mg_blas.h           the BLAS library in use
//   mg_linear_algebra.h factors, systems, least squares and eigenvalues of dense matrices
//   mg_lane_ops.h       what compiled programs compute: ops along rows of samples
//   mg_lane_products.h  sums and products of rows of samples
//   mg_float_lanes.h    both along rows of float
//   mg_optimizers.h     steps of optimisers over values and gradients
//   mg_vectors.h        what clipping and L-BFGS do with flat vectors
//   mg_triangle.h       QR factors of matrices with many rows
//   mg_thread.h         which thread this is
//   mg_tape.h           the tape: buffers, scopes, parameters, threads
//   mg_record.h         recording: appends a node, inline
//   mg_watch.h          who looked at numbers while recording
//   mg_origins.h        in debug builds, which calls recorded a node
//   mg_nary.h           recording sums, dot products, choices: any number of operands
//   mg_layer.h          recording a layer neuron by neuron
//   mg_blocks.h         recording many nodes at once: layers, batches, whole rows
//   mg_custom.h         functions of the caller's as ops
//   mg_node.h           reading one node: operation, operands
//   mg_slopes.h         the derivatives of one node by its operands
//   mg_check.h          the invariants of a tape
//   mg_sweep.h          backward and forward sweeps over what was recorded
//   mg_directional.h    sweeps along a direction: forward mode, forward over reverse
//   mg_adjoints.h       a backward sweep beside the gradients, for those who only look
//   mg_path.h           a path: a recording lowered to ir, from which programs are made
//   mg_path_file.h      a path as bytes, and back
//   mg_formula.h        what recordings of many rows have in common
//   mg_program.h        programs: what a compiled function computes
//   mg_program_view.h   the instructions of a program, and what they cost
//   mg_print_c.h        a program as C
//   mg_native.h         a program as a library of the system's compiler
//   mg_uniforms.h       what does not depend on the sample
//   mg_row_reduction.h  what a fit wants of many samples
//   mg_program_run.h    running a program over many samples
//   mg_single.h         running a program for one sample
#pragma once

#include "mg_adjoints.h"
#include "mg_arithmetic.h"
#include "mg_base.h"
#include "mg_blas.h"
#include "mg_blocks.h"
#include "mg_carried.h"
#include "mg_check.h"
#include "mg_custom.h"
#include "mg_directional.h"
#include "mg_float_lanes.h"
#include "mg_formula.h"
#include "mg_interrupt.h"
#include "mg_lane_ops.h"
#include "mg_lane_products.h"
#include "mg_layer.h"
#include "mg_linear_algebra.h"
#include "mg_nary.h"
#include "mg_native.h"
#include "mg_node.h"
#include "mg_op_facts.h"
#include "mg_ops.h"
#include "mg_optimizers.h"
#include "mg_origins.h"
#include "mg_path.h"
#include "mg_path_file.h"
#include "mg_print_c.h"
#include "mg_program.h"
#include "mg_program_run.h"
#include "mg_program_view.h"
#include "mg_record.h"
#include "mg_row_reduction.h"
#include "mg_single.h"
#include "mg_slopes.h"
#include "mg_special.h"
#include "mg_sweep.h"
#include "mg_tangents.h"
#include "mg_tape.h"
#include "mg_text.h"
#include "mg_thread.h"
#include "mg_triangle.h"
#include "mg_uniforms.h"
#include "mg_vectors.h"
#include "mg_watch.h"
