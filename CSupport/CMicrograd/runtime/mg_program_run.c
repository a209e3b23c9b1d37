// Running a program: blocks of samples, segments of blocks, threads over segments.
//
// What is summed over samples is summed within a segment in the order of its blocks, then over segments in a tree. How
// many segments there are depends on the number of samples alone, so the threads do not change a bit.
//
// Compiled twice: for programs in double, and, included by mg_float_run.c, for those in float. Rows and uniforms are of the
// program's type then; samples, results, sums over samples and gradients are double.
#include "mg_program_run.h"

#include <stdlib.h>
#include <string.h>

#include "mg_careful.h"
#include "mg_instructions.h"
#include "mg_kernels.h"
#include "mg_lane_element.h"
#include "mg_row_panel.h"
#include "mg_tape_internal.h"
#include "mg_uniforms.h"
#include "mg_versions.h"
#include "mg_workers.h"

enum { SHORTEST_SEGMENT = 128, MOST_SEGMENTS = 64, AHEAD = 4 };

// A row of integers, which are the places that a pick reads, fits a row of numbers.
#ifdef MG_ROWS_OF_FLOAT
enum { ROW_LANES = MG_FLOAT_LANES };
typedef int32_t row_place;
#else
enum { ROW_LANES = MG_LANES };
typedef int64_t row_place;
#endif

typedef struct {
  mg_program *program;
  const mg_batch *batch;
  int64_t segment, segments;  // samples in one, and how many
  int64_t block, stride;      // samples in a block, and the numbers from row to row
  real *uniforms;
  double *rows, *sums;  // of the first thread, of the first segment
  int64_t rows_size, sums_size;
  double *triangles;  // of a reduction: that of the first segment
  int64_t triangle_size;
  struct {
    int64_t sample;
    double index;
    int64_t count;
  } bad[MOST_SEGMENTS];
  _Atomic bool failed;  // no memory
} run;

// MARK: Instructions that are not arithmetic of rows

// The place that a number names, or -1.
static inline int64_t place_of(double index, int64_t count) {
  if (!(index >= 0 && index < (double)count)) return -1;
  int64_t place = (int64_t)index;
  return (double)place == index ? place : -1;
}

// A place in a row of integers.
static inline row_place *places(const mg_lane_space *at, int32_t r) { return (row_place *)mg_lane_row(at, r); }

// What names no place counts as the first. Returns the first sample for which that is so, or -1.
static int64_t find_places(const mg_lane_space *at, const mg_instruction *i) {
  const real *x = mg_lane_row(at, i->x);
  row_place *to = places(at, i->out);
  int64_t bad = -1;
  for (int64_t s = 0; s < at->n; s++) {
    to[s] = (row_place)place_of(x[s], i->count);
    if (to[s] >= 0) continue;
    to[s] = 0;
    if (bad < 0 && s < at->valid) bad = s;
  }
  return bad;
}

static void pick(const mg_program *p, const mg_lane_space *at, const mg_instruction *i) {
  real *out = mg_lane_row(at, i->out);
  const row_place *place = places(at, i->x);
  if (i->code == MG_INSTRUCTION_pick_uniform) {
    const real *table = at->uniforms + i->start;
    for (int64_t s = 0; s < at->n; s++) out[s] = table[place[s]];
  } else {
    const int32_t *rows = p->lists + i->list;
    for (int64_t s = 0; s < at->n; s++) out[s] = mg_lane_row(at, rows[place[s]])[s];
  }
}

KERNEL static void pick_partial(const mg_lane_space *at, const mg_instruction *i) {
  const row_place *place = places(at, i->x);
  const real *d = mg_lane_row(at, i->d);
  real *out = mg_lane_row(at, i->out);
  for (int64_t s = 0; s < at->n; s++) out[s] = place[s] == i->start ? d[s] : 0;
}

static void scatter(const mg_lane_space *at, const mg_instruction *i) {
  const row_place *place = places(at, i->x);
  const real *d = mg_lane_row(at, i->d);
  double *sums = at->sums + i->start;
  for (int64_t s = 0; s < at->valid; s++) sums[place[s]] += d[s];
}

static void call_custom(const mg_program *p, const mg_lane_space *at, const mg_instruction *i, double *scratch) {
  const mg_custom *op = p->customs[i->start];
  const int32_t *in = p->lists + i->list, *out = p->lists + i->more;
  double *x = scratch, *v = x + op->inputs, *d = v + op->outputs, *dx = d + op->outputs;
  bool back = i->code == MG_INSTRUCTION_pullback;
  for (int64_t s = 0; s < at->valid; s++) {
    for (int32_t k = 0; k < op->inputs; k++) x[k] = mg_lane_row(at, in[k])[s];
    op->value(op->context, x, v);
    if (back) {
      bool is_zero = true;
      for (int32_t k = 0; k < op->outputs; k++) {
        d[k] = mg_lane_row(at, in[op->inputs + k])[s];
        is_zero = is_zero && d[k] == 0;
      }
      memset(dx, 0, (size_t)op->inputs * sizeof *dx);
      if (!is_zero) op->pullback(op->context, x, v, d, dx);
    }
    const double *from = back ? dx : v;
    for (int32_t k = 0; k < i->more_count; k++)
      if (out[k] >= 0) mg_lane_row(at, out[k])[s] = (real)from[k];
  }
  for (int32_t k = 0; k < i->more_count; k++)  // what lanes beyond the samples hold is defined
    for (int64_t s = at->valid; out[k] >= 0 && s < at->n; s++)
      mg_lane_row(at, out[k])[s] = mg_lane_row(at, out[k])[at->valid - 1];
}

// MARK: A block

typedef struct {
  run *run;
  mg_lane_space at;
  uint8_t *deviates;  // of the block's samples
  const real **pointers;
  double *scratch;
  int64_t first;  // sample of the block, and its segment
  int64_t segment;
  mg_row_panel panel;  // where there is a reduction
  double *before;  // where something is not finite (mg_careful.h): room for sums; else NULL
} block;

// The rows that an instruction lists, NULL where there is none, in the block's pointers; those of its results, which follow,
// are returned.
static real **point_at(block *b, const mg_instruction *i) {
  const int32_t *list = b->run->program->lists + i->list, *more = b->run->program->lists + i->more;
  real **results = (real **)b->pointers + i->count;
  for (int32_t k = 0; k < i->count; k++) b->pointers[k] = list[k] < 0 ? NULL : mg_lane_row(&b->at, list[k]);
  for (int32_t k = 0; k < i->more_count; k++) results[k] = more[k] < 0 ? NULL : mg_lane_row(&b->at, more[k]);
  return results;
}

static void execute(block *b, const mg_instruction *i) {
  const mg_program *p = b->run->program;
  const mg_lane_space *at = &b->at;
  const int32_t *list = p->lists + i->list, *more = p->lists + i->more;
  switch ((mg_instruction_code)i->code) {
  case MG_INSTRUCTION_spread:
    for (int64_t s = 0; s < at->n; s++) mg_lane_row(at, i->out)[s] = at->uniforms[i->start];
    break;
  case MG_INSTRUCTION_value:
  case MG_INSTRUCTION_partial: break;  // always in lists
  case MG_INSTRUCTION_combine:
    mg_lanes_combine(at, i->start, p->scaled + i->list, i->count, p->products + i->more, i->more_count, false, i->out);
    break;
  case MG_INSTRUCTION_affine:
    mg_lanes_affine(at, i->start, i->bias, list, i->count, more, i->more_count, i->flag);
    break;
  case MG_INSTRUCTION_columns:
    mg_lanes_affine_transposed(at, i->start, list, i->count, more, i->more_count, p->zeros,
                               i->flag ? more + i->more_count : NULL);
    break;
  case MG_INSTRUCTION_softmax: {
    real **results = point_at(b, i);
    mg_lanes_softmax(b->pointers, i->count, results, results[i->count], results + i->count + 1, at->n);
    break;
  }
  case MG_INSTRUCTION_softmax_pullback: {
    real **results = point_at(b, i);
    int64_t terms = i->count / 2;
    mg_lanes_softmax_pullback(i->flag, b->pointers, b->pointers + terms, terms, results, at->n);
    break;
  }
  case MG_INSTRUCTION_norm:
    point_at(b, i);
    mg_lanes_norm(b->pointers, i->count, mg_lane_row(at, i->out), at->n);
    break;
  case MG_INSTRUCTION_select:
    mg_lanes_select((mg_relation)i->relation, mg_lane_row(at, list[0]), mg_lane_row(at, list[1]), mg_lane_row(at, i->x),
                    mg_lane_row(at, i->y), mg_lane_row(at, i->out), at->n);
    break;
  case MG_INSTRUCTION_select_partial:
    mg_lanes_select_partial((mg_relation)i->relation, i->flag, mg_lane_row(at, i->x), mg_lane_row(at, i->y),
                            mg_lane_row(at, i->d), mg_lane_row(at, i->out), at->n);
    break;
  case MG_INSTRUCTION_places: {
    int64_t bad = find_places(at, i);
    if (bad >= 0 && b->run->bad[b->segment].sample < 0) {
      b->run->bad[b->segment].sample = b->first + bad;
      b->run->bad[b->segment].index = mg_lane_row(at, i->x)[bad];
      b->run->bad[b->segment].count = i->count;
    }
    break;
  }
  case MG_INSTRUCTION_pick_uniform:
  case MG_INSTRUCTION_pick_row: pick(p, at, i); break;
  case MG_INSTRUCTION_pick_partial: pick_partial(at, i); break;
  case MG_INSTRUCTION_custom:
  case MG_INSTRUCTION_pullback: call_custom(p, at, i, b->scratch); break;
  case MG_INSTRUCTION_guard:
    mg_lanes_guard((mg_relation)i->relation, i->flag, mg_lane_row(at, i->x), mg_lane_row(at, i->y), b->deviates, at->n);
    break;
  case MG_INSTRUCTION_total: mg_lanes_total(at, i->x, i->start); break;
  case MG_INSTRUCTION_total_product: mg_lanes_total_product(at, i->x, i->y, i->start); break;
  case MG_INSTRUCTION_total_uniform: at->sums[i->start] += (double)at->uniforms[i->bias] * (double)at->valid; break;
  case MG_INSTRUCTION_outer:
    mg_lanes_outer(at, i->start, i->bias, list, more, i->applications, i->count, i->more_count);
    break;
  case MG_INSTRUCTION_scatter: scatter(at, i); break;
  }
}

// Fetches the numbers of a column that the next block needs, while this one is computed.
static inline void fetch_ahead(const double *next, int64_t count) {
  for (int64_t s = 0; s < count; s += MG_LANES) __builtin_prefetch(next + s, 0, 3);
}
static inline void fetch_ahead_to_write(double *next, int64_t count) {
  for (int64_t s = 0; s < count; s += MG_LANES) __builtin_prefetch(next + s, 1, 3);
}

// Columns of the batch are rows here, but for where they begin.
static void load_columns(block *b) {
  const mg_program *p = b->run->program;
  const mg_batch *batch = b->run->batch;
  int64_t ahead = mg_min(b->run->block, batch->count - b->first - b->at.valid);
  for (int64_t k = 0; k < p->input_count; k++) {
    real *to = mg_lane_row(&b->at, p->input_rows[k]);
    const double *from = batch->samples + (k - batch->shared_count) * batch->column;
    if (k < batch->shared_count)
      for (int64_t s = 0; s < b->at.valid; s++) to[s] = (real)batch->shared[k];
    else if (batch->indices)
      for (int64_t s = 0; s < b->at.valid; s++) to[s] = (real)from[batch->indices[b->first + s]];
    else {
      for (int64_t s = 0; s < b->at.valid; s++) to[s] = (real)from[b->first + s];
      fetch_ahead(from + b->first + b->at.valid, ahead);
    }
    for (int64_t s = b->at.valid; s < b->at.n; s++) to[s] = to[b->at.valid - 1];
  }
}

static void store_columns(block *b) {
  const mg_program *p = b->run->program;
  const mg_batch *batch = b->run->batch;
  int64_t ahead = mg_min(b->run->block, batch->count - b->first - b->at.valid);
  for (int64_t k = 0; k < p->gradient_count; k++) {
    const real *from = mg_lane_row(&b->at, p->adjoint_rows[k]);
    double *to = batch->input_gradients + k * batch->column;
    if (batch->indices)
      for (int64_t s = 0; s < b->at.valid; s++) to[batch->indices[b->first + s]] = (double)from[s] + 0.0;  // -0 becomes 0
    else {
      for (int64_t s = 0; s < b->at.valid; s++) to[b->first + s] = (double)from[s] + 0.0;
      fetch_ahead_to_write(to + b->first + b->at.valid, ahead);
    }
  }
}

static void execute_step(block *b, const mg_step *step) {
  const mg_program *p = b->run->program;
  const mg_instruction *i = &p->instructions[step->first];
  const mg_lane_space *at = &b->at;
  if (step->list < 0) {
    execute(b, i);
    return;
  }
  const int32_t *list = p->lists + step->list;
  if (i->code == MG_INSTRUCTION_value) mg_lanes_values(&i->op, at->rows, at->stride, list, step->count, at->n);
  else if (i->code == MG_INSTRUCTION_partial)
    mg_lanes_partials(&i->op, i->flag, at->rows, at->stride, list, step->count, at->n);
  else mg_lanes_combine_each(at, p->lists + step->starts, p->scaled + i->list, i->count, p->products + i->more,
                             i->more_count, list, step->count);
}

static void load(block *b) {
  const mg_program *p = b->run->program;
  const mg_batch *batch = b->run->batch;
  if (!p->uses_inputs) return;
  if (batch->column > 0) load_columns(b);
  else if (batch->indices)
    mg_lanes_load_listed(&b->at, batch->samples, batch->indices + b->first, p->input_count, p->input_rows);
  else mg_lanes_load(&b->at, batch->samples + b->first * p->input_count, p->input_count, p->input_rows);
}

static void store_rows(block *b, const int32_t *rows, int64_t count, bool gradients, double *to) {
  const mg_batch *batch = b->run->batch;
  if (!rows || !to || count == 0) return;
  if (batch->indices) mg_lanes_store_listed(&b->at, rows, count, gradients, batch->indices + b->first, to);
  else mg_lanes_store(&b->at, rows, count, gradients, to + b->first * count);
}

// The same where something is not finite. False: that makes no difference to the step.
static bool execute_carefully(block *b, const mg_step *step) {
  const mg_program *p = b->run->program;
  const mg_instruction *i = &p->instructions[step->first];
  switch ((mg_instruction_code)i->code) {
  case MG_INSTRUCTION_partial:
    for (int32_t k = 0; k < step->count; k++) mg_careful_partial(p, &b->at, i, p->lists + step->list + 5 * k);
    return true;
  case MG_INSTRUCTION_combine:
    for (int32_t k = 0; k < step->count && i->flag; k++)
      mg_careful_combine(p, &b->at, i[k].start, p->scaled + i[k].list, i[k].count, p->products + i[k].more,
                         i[k].more_count, i[k].out);
    return i->flag;
  case MG_INSTRUCTION_columns: mg_careful_columns(p, &b->at, i); return true;
  case MG_INSTRUCTION_outer: mg_careful_outer(p, &b->at, i, b->before); return true;
  case MG_INSTRUCTION_total_product: mg_careful_total_product(&b->at, i); return true;
  default: return false;
  }
}

// Whether an input's gradient is not finite for some sample.
static bool has_special_gradient(const block *b) {
  const mg_program *p = b->run->program;
  return p->adjoint_rows && (b->run->batch->input_gradients || b->run->batch->reduction) &&
         mg_any_row_not_finite(&b->at, p->adjoint_rows, p->gradient_count);
}

static void store(block *b) {
  const mg_program *p = b->run->program;
  const mg_batch *batch = b->run->batch;
  store_rows(b, p->output_rows, p->output_count, false, batch->values);
  if (batch->column > 0 && p->adjoint_rows && batch->input_gradients) store_columns(b);
  else store_rows(b, p->adjoint_rows, p->gradient_count, true, batch->input_gradients);
  for (int64_t s = 0; batch->deviates && s < b->at.valid; s++)
    batch->deviates[batch->indices ? batch->indices[b->first + s] : b->first + s] = b->deviates[s];
}

// MARK: A segment

// Runs the blocks of the segment. Whether a gradient is not finite.
static bool run_blocks(block *b, const run *r) {
  const mg_program *p = r->program;
  int64_t size = r->block, end = mg_min((b->segment + 1) * r->segment, r->batch->count);
  bool any = false, reduces = r->batch->reduction;
  if (reduces) mg_row_panel_clear(&b->panel);
  memset(b->at.sums, 0, (size_t)r->sums_size * sizeof(double));
  for (b->first = b->segment * r->segment; b->first < end; b->first += size) {
    b->at.valid = mg_min(size, end - b->first);
    b->at.n = (b->at.valid + ROW_LANES - 1) / ROW_LANES * ROW_LANES;
    memset(b->deviates, 0, (size_t)b->at.n);
    load(b);
    for (int64_t k = 0; k < p->step_count; k++) {
      // What the steps skip between their first instructions keeps the processor from seeing where they go on.
      if (k + AHEAD < p->step_count) __builtin_prefetch(&p->instructions[p->steps[k + AHEAD].first]);
      if (MG_LIKELY(!b->before) || !execute_carefully(b, &p->steps[k])) execute_step(b, &p->steps[k]);
    }
    any = any || has_special_gradient(b);
    store(b);
#ifndef MG_ROWS_OF_FLOAT  // fits are in double
    if (reduces) mg_row_panel_add(&b->panel, &b->at, p->adjoint_rows, p->output_rows[0]);
#endif
  }
  if (reduces) mg_row_panel_finish(&b->panel);
  return any || mg_any_not_finite(b->at.sums, p->sum_count);
}

// As how many doubles numbers of rows take room.
static int64_t doubles(int64_t numbers) {
  return (numbers * (int64_t)sizeof(real) + (int64_t)sizeof(double) - 1) / (int64_t)sizeof(double);
}

static void run_segment(void *context, int64_t thread, int64_t segment) {
  run *r = context;
  mg_program *p = r->program;
  double *own = r->rows + thread * r->rows_size;
  block b = {.run = r, .segment = segment};
  b.at = (mg_lane_space){r->uniforms, r->sums + segment * r->sums_size, (real *)own, r->stride, r->block, r->block};
  // Behind the rows: what single instructions need.
  b.scratch = own + doubles((p->row_count + MG_CAREFUL_ROWS) * r->stride);
  b.pointers = (const real **)(b.scratch + p->scratch_size);
  b.deviates = (uint8_t *)(b.pointers + p->longest_list);
  b.panel = (mg_row_panel){r->batch->reduction, p->gradient_count + 1, r->triangles + segment * r->triangle_size,
                           (double *)(b.deviates + r->block), 0};
  for (int64_t k = 0; k < p->preamble_count; k++) execute(&b, &p->preamble[k]);
  if (MG_LIKELY(!run_blocks(&b, r))) return;
  b.before = malloc((size_t)(p->sum_count + 1) * sizeof *b.before);
  if (b.before) run_blocks(&b, r);
  else r->failed = true;
  free(b.before);
}

// MARK: All

static int64_t padded(int64_t numbers) { return (numbers + MG_LANES - 1) / MG_LANES * MG_LANES; }

static bool place_workspace(run *r, int64_t threads) {
  mg_program *p = r->program;
  // Long rows are set apart by a vector, lest their beginnings meet in the same lines of a cache.
  r->stride = r->block + (r->block > 2 * ROW_LANES ? ROW_LANES : 0);
  r->rows_size = padded(doubles((p->row_count + MG_CAREFUL_ROWS) * r->stride) + p->scratch_size + p->longest_list + r->block);
  r->sums_size = padded(p->sum_count);
  int64_t uniforms_size = sizeof(real) < sizeof(double) ? padded(doubles(p->uniform_count)) : 0;
  if (r->batch->reduction) {
    r->rows_size += padded(mg_row_panel_size(p->gradient_count + 1));
    r->triangle_size = padded(mg_row_triangle_size(p->gradient_count + 1));
  }
  int64_t size = threads * r->rows_size + r->segments * (r->sums_size + r->triangle_size) + uniforms_size;
  if (size > p->workspace_size) {
    free(p->workspace);
    p->workspace_size = 0;
    p->workspace = NULL;
    double *space = aligned_alloc(64, (size_t)size * sizeof(double));
    if (!space) return false;
    memset(space, 0, (size_t)size * sizeof(double));
    p->workspace = space;
    p->workspace_size = size;
  }
  r->rows = p->workspace;
  r->sums = p->workspace + threads * r->rows_size;
  r->triangles = r->sums + r->segments * r->sums_size;
#ifdef MG_ROWS_OF_FLOAT
  r->uniforms = (real *)(r->triangles + r->segments * r->triangle_size);
#else
  r->uniforms = p->uniforms;
#endif
  return true;
}

// Rounds the uniforms to the type of rows, if that is another.
static void round_uniforms(const run *r) {
#ifdef MG_ROWS_OF_FLOAT
  const mg_program *p = r->program;
  for (int64_t k = 0; k < p->uniform_count; k++) r->uniforms[k] = (real)p->uniforms[k];
#else
  (void)r;
#endif
}

static void add_segments(run *r) {
  for (int64_t step = 1; step < r->segments; step *= 2)
    for (int64_t s = 0; s + step < r->segments; s += 2 * step) {
      double *to = r->sums + s * r->sums_size, *from = to + step * r->sums_size;
      mg_kernel_add_scaled(to, 1, from, r->sums_size);
    }
}

mg_status mg_program_run(mg_program *p, mg_tape *tape, mg_batch batch, mg_batch_result *result) {
#ifndef MG_ROWS_OF_FLOAT
  if (p->wants & MG_WANT_FLOAT) return mg_program_run_float(p, tape, batch, result);
#endif
  run r = {.program = p, .batch = &batch};
  *result = (mg_batch_result){.bad_sample = -1};
  if (batch.count == 0) return MG_OK;
  r.block = mg_min(p->block_size, (batch.count + ROW_LANES - 1) / ROW_LANES * ROW_LANES);
  int64_t least = mg_max(SHORTEST_SEGMENT, (batch.count + MOST_SEGMENTS - 1) / MOST_SEGMENTS);
  r.segment = (least + r.block - 1) / r.block * r.block;
  r.segments = (batch.count + r.segment - 1) / r.segment;
  int64_t threads = p->custom_count > 0 ? 1 : mg_min(mg_max(1, batch.threads), r.segments);
  if (!place_workspace(&r, threads)) return MG_OUT_OF_MEMORY;
  mg_status status = mg_program_update(p, tape);
  if (status != MG_OK) return status;
  round_uniforms(&r);
  for (int64_t k = 0; k < r.segments; k++) r.bad[k].sample = -1;
  mg_run_tasks(threads, r.segments, run_segment, &r);
  if (r.failed) return MG_OUT_OF_MEMORY;
  if (batch.reduction)
    mg_row_triangles_add(batch.reduction, p->gradient_count + 1, r.triangles, r.triangle_size, r.segments);
  for (int64_t k = r.segments - 1; k >= 0; k--) {
    if (r.bad[k].sample < 0) continue;
    result->bad_sample = batch.indices ? batch.indices[r.bad[k].sample] : r.bad[k].sample;
    result->bad_index = r.bad[k].index;
    result->table_count = r.bad[k].count;
  }
  if (result->bad_sample >= 0 || !(p->wants & MG_WANT_PARAMETERS)) return MG_OK;
  add_segments(&r);
  result->total = batch.scale * r.sums[0];
  return mg_program_add_gradients(p, tape, r.sums, batch.scale);
}
