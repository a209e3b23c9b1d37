#include "mg_uniforms.h"

#include <string.h>

#include "mg_instructions.h"
#include "mg_kernels.h"
#include "mg_sweep.h"
#include "mg_sweep_internal.h"
#include "mg_tape_internal.h"

static void copy_numbers(const mg_copy *copies, int64_t count, const double *from, double *to) {
  for (int64_t k = 0; k < count; k++)
    memcpy(to + copies[k].place, from + copies[k].node, (size_t)copies[k].count * sizeof *to);
}

mg_status mg_read_uniforms(mg_program *p, const mg_tape *tape, double *to) {
  mg_tape *own = p->prologue.tape;
  copy_numbers(p->runs, p->run_count, tape->values, own->values);
  mg_status status = p->prologue.computes ? mg_tape_forward(own, (mg_node)p->parameter_count) : MG_OK;
  copy_numbers(p->copies, p->copy_count, own->values, to);
  return status;
}

mg_status mg_program_update(mg_program *p, const mg_tape *tape) { return mg_read_uniforms(p, tape, p->uniforms); }

const double *mg_program_uniforms(const mg_program *p) { return p->uniforms; }

mg_status mg_program_add_gradients(mg_program *p, mg_tape *tape, const double *sums, double scale) {
  mg_tape *own = p->prologue.tape;
  double *grads = p->gradients;
  int64_t roots = 0;
  memset(grads, 0, (size_t)p->parameter_count * sizeof *grads);
  for (int64_t k = 0; k < p->sum_run_count; k++) {
    const mg_copy *of = &p->sum_runs[k];
    if (of->node < p->parameter_count) {
      mg_kernel_add_scaled(grads + of->node, scale, sums + of->place, of->count);
      continue;
    }
    for (int32_t j = 0; j < of->count; j++) {
      p->roots[roots] = of->node + j;
      p->seeds[roots++] = scale * sums[of->place + j];
    }
  }
  if (roots > 0) {
    if (mg_tape_backward_from(own, 0, p->roots, p->seeds, roots) != MG_OK) return MG_OUT_OF_MEMORY;
    mg_kernel_add_scaled(grads, 1, own->grads, p->parameter_count);
  }
  for (int64_t k = 0; k < p->run_count; k++) {
    const mg_copy *of = &p->runs[k];
    mg_kernel_add_scaled(tape->grads + of->node, 1, grads + of->place, of->count);
    if (of->node >= 0) mg_touch(tape, of->node, of->node + of->count - 1);
  }
  return MG_OK;
}
