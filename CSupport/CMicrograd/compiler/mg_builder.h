// A program while it is built: what is known of values, and the steps that find it out.
#pragma once

#include "mg_instructions.h"
#include "mg_ir.h"

// Where the places are that an index names in a table.
typedef struct {
  mg_ref index;
  int32_t count, row;
} mg_index_places;

typedef struct {
  mg_program *program;
  mg_ir *ir;
  const mg_path *path;
  mg_ref *adjoints;     // of the inputs, root by root
  mg_ref zero;
  int32_t *uses;        // by ref, what is computed; 0: nothing wants it
  mg_ref *user;         // the last of them
  mg_ref *alias;        // whose row a value has: its own, or that of the value it is computed together with
  mg_ref *order;        // of the samples' values, as they are computed
  int64_t order_count;
  int32_t *position;    // when it is computed
  int32_t *last;        // when it is used last
  int32_t *row;         // -1: none yet
  int32_t *spread;      // the row of a value that does not depend on the sample, -1: none
  int32_t *uniform;     // its place among the uniforms, -1: none
  int32_t *sum_of;      // the sum that belongs to it, -1: none
  int32_t *expiring;    // by position: the first value that is used last then, and by value, the next
  int32_t *next_expiring;
  int32_t *totals_at;   // by position: the first total computed then, and by total, the next
  int32_t *next_total;
  int32_t *map_weights; // by family: the place of its weights among the uniforms
  int32_t *free_rows;
  uint8_t *map_seen;    // of each map's rows and columns; of each family's weights
  mg_index_places *places;
  int64_t place_count, place_capacity;
  int64_t free_count, rows, spreads;
  mg_ref *uniform_refs;
  bool failed;
} mg_builder;

// MARK: Lists, uniforms, sums, rows (mg_builder.c)

// Room for `extra` more in a list. False: no memory, which the builder notes.
bool mg_grow(mg_builder *b, void **list, int64_t count, int64_t *capacity, size_t element, int64_t extra);
#define MG_GROW(list, extra)                                                                   \
  mg_grow(b, (void **)&b->program->list##s, b->program->list##_count, &b->program->list##_capacity,  \
       sizeof *b->program->list##s, extra)

int32_t mg_list_int(mg_builder *b, int32_t x);
mg_instruction mg_blank_instruction(mg_instruction_code code);
void mg_append_instruction(mg_builder *b, mg_instruction i);

int32_t mg_append_uniform(mg_builder *b, mg_ref ref);
int32_t mg_uniform_of(mg_builder *b, mg_ref ref);
// A factor of a product as the kernels have it.
int32_t mg_factor_of(mg_builder *b, mg_ref factor);
// Sums for values; for nobody where the targets are NULL. Returns the first.
int32_t mg_append_sums(mg_builder *b, const mg_ref *targets, int64_t count);
int32_t mg_sum_of(mg_builder *b, mg_ref ref);

int32_t mg_take_row(mg_builder *b);
// Rows of numbers that do not depend on the sample come after all others: their indices are negative, from -2 down, until
// it is known how many there are.
int32_t mg_row_of(mg_builder *b, mg_ref ref);
void mg_give_row(mg_builder *b, mg_ref ref);
int32_t mg_list_rows(mg_builder *b, int32_t first, int32_t count);

// MARK: What is wanted, and when (mg_lifetimes.c)

bool mg_mark_used(mg_builder *b);
void mg_find_aliases(mg_builder *b);
void mg_find_positions(mg_builder *b);
void mg_find_lifetimes(mg_builder *b);

// MARK: Instructions (mg_emit.c)

void mg_emit_rows(mg_builder *b);

// MARK: What is needed to run them (mg_plan.c)

void mg_place_spread_rows(mg_builder *b);
void mg_plan_steps(mg_builder *b);
void mg_plan_copies(mg_builder *b);
void mg_plan_parameters(mg_builder *b);
void mg_plan_sums(mg_builder *b);
void mg_measure(mg_builder *b);
bool mg_make_scratch(mg_builder *b);
