// From values to instructions: which of them are computed, in which rows.
#include "mg_program.h"

#include <stdlib.h>
#include <string.h>

#include "mg_arena.h"
#include "mg_instructions.h"
#include "mg_internal.h"
#include "mg_ir_visit.h"

// Where the places are that an index names in a table.
typedef struct {
  mg_ref index;
  int32_t count, row;
} index_places;

typedef struct {
  mg_program *program;
  mg_ir *ir;
  const mg_trace *trace;
  mg_ref *adjoints;     // of the inputs
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
  index_places *places;
  int64_t place_count, place_capacity;
  int64_t free_count, rows, spreads;
  mg_ref *uniform_refs;
  bool failed;
} builder;

// MARK: Lists

static bool grow(builder *b, void **list, int64_t count, int64_t *capacity, size_t element, int64_t extra) {
  if (b->failed) return false;
  if (count + extra <= *capacity) return true;
  int64_t wanted = mg_max(2 * *capacity, count + extra + 64);
  void *longer = realloc(*list, (size_t)wanted * element);
  if (!longer) {
    b->failed = true;
    return false;
  }
  *list = longer;
  *capacity = wanted;
  return true;
}

#define GROW(list, extra)                                                                   \
  grow(b, (void **)&b->program->list##s, b->program->list##_count, &b->program->list##_capacity,  \
       sizeof *b->program->list##s, extra)

static int32_t append_int(builder *b, int32_t x) {
  if (!GROW(list, 1)) return 0;
  b->program->lists[b->program->list_count] = x;
  return (int32_t)b->program->list_count++;
}

static mg_instruction blank(mg_instruction_code code) {
  return (mg_instruction){.code = (uint8_t)code, .out = -1, .d = -1, .x = -1, .y = -1, .v = -1, .start = -1, .bias = -1};
}

static void append(builder *b, mg_instruction i) {
  if (GROW(instruction, 1)) b->program->instructions[b->program->instruction_count++] = i;
}

// MARK: Uniforms and sums

static int32_t append_uniform(builder *b, mg_ref ref) {
  mg_program *p = b->program;
  int64_t capacity = p->uniform_capacity;
  if (!grow(b, (void **)&p->uniforms, p->uniform_count, &p->uniform_capacity, sizeof *p->uniforms, 1)) return 0;
  if (p->uniform_capacity != capacity || !b->uniform_refs) {
    mg_ref *longer = realloc(b->uniform_refs, (size_t)p->uniform_capacity * sizeof *longer);
    if (!longer) {
      b->failed = true;
      return 0;
    }
    b->uniform_refs = longer;
  }
  p->uniforms[p->uniform_count] = b->ir->nodes[ref].c;
  b->uniform_refs[p->uniform_count] = ref;
  return (int32_t)p->uniform_count++;
}

static int32_t uniform_of(builder *b, mg_ref ref) {
  if (b->uniform[ref] < 0) b->uniform[ref] = append_uniform(b, ref);
  return b->uniform[ref];
}

// A factor of a product as the kernels have it.
static int32_t factor_of(builder *b, mg_ref factor) {
  if (factor == MG_PLUS) return MG_FACTOR_ONE;
  if (factor == MG_MINUS) return MG_FACTOR_MINUS_ONE;
  if (mg_is_number(b->ir, factor, 1)) return MG_FACTOR_ONE;
  if (mg_is_number(b->ir, factor, -1)) return MG_FACTOR_MINUS_ONE;
  return uniform_of(b, factor);
}

static int32_t append_sums(builder *b, const mg_ref *targets, int64_t count) {
  mg_program *p = b->program;
  int32_t first = (int32_t)p->sum_count;
  if (!grow(b, (void **)&p->sum_targets, p->sum_count, &p->sum_capacity, sizeof *p->sum_targets, count)) return 0;
  for (int64_t k = 0; k < count; k++) {
    bool is_wanted = targets && b->ir->nodes[targets[k]].class == MG_UNIFORM_VALUE;
    p->sum_targets[p->sum_count++] = is_wanted ? p->prologue.nodes[targets[k]] : MG_NO_NODE;
  }
  return first;
}

static int32_t sum_of(builder *b, mg_ref ref) {
  if (b->sum_of[ref] < 0) b->sum_of[ref] = append_sums(b, &ref, 1);
  return b->sum_of[ref];
}

// MARK: Rows

static int32_t take_row(builder *b) { return b->free_count > 0 ? b->free_rows[--b->free_count] : (int32_t)b->rows++; }

// Rows of numbers that do not depend on the sample come after all others: their indices are negative, from -2 down, until
// it is known how many there are.
static int32_t row_of(builder *b, mg_ref ref) {
  if (mg_is_sample(b->ir, ref)) return b->row[b->alias[ref]];
  if (b->spread[ref] != -1) return b->spread[ref];
  b->spread[ref] = (int32_t)(-2 - b->spreads++);
  mg_program *p = b->program;
  if (grow(b, (void **)&p->preamble, p->preamble_count, &p->preamble_capacity, sizeof *p->preamble, 1))
    p->preamble[p->preamble_count++] = blank(MG_INSTRUCTION_spread);
  if (b->failed) return 0;
  p->preamble[p->preamble_count - 1].out = b->spread[ref];
  p->preamble[p->preamble_count - 1].start = uniform_of(b, ref);
  return b->spread[ref];
}

static void give_row(builder *b, mg_ref ref) {
  if (b->row[ref] < 0) b->row[ref] = take_row(b);
}

static int32_t list_rows(builder *b, int32_t first, int32_t count) {
  int32_t start = (int32_t)b->program->list_count;
  for (int32_t k = 0; k < count; k++) append_int(b, row_of(b, b->ir->refs[first + k]));
  return start;
}

// MARK: What is wanted, and when

typedef struct {
  builder *b;
  mg_ref user;
} marking;

static inline void mark(void *context, mg_ref *operand) {
  marking *m = context;
  m->b->uses[*operand]++;
  m->b->user[*operand] = m->user;
}

static void use_finally(builder *b, mg_ref ref) {
  b->uses[ref]++;
  b->user[ref] = MG_NO_REF;
}

static void use_list(builder *b, int32_t first, int64_t count) {
  for (int64_t k = 0; k < count; k++) use_finally(b, b->ir->refs[first + k]);
}

// All rows of a map, and all columns, have the same operands: those of the first that is met count, once in each pass.
static bool is_first_of_map(builder *b, mg_ref ref, uint8_t pass) {
  const mg_ir_node *n = &b->ir->nodes[ref];
  if (n->kind != MG_IR_ROW && n->kind != MG_IR_COLUMN) return true;
  uint8_t *seen = &b->map_seen[2 * n->a + (n->kind == MG_IR_COLUMN)];
  if (*seen == pass) return false;
  *seen = pass;
  return true;
}

// Maps of one family have the same weights.
static void mark_weights(builder *b, const mg_ir_map *map) {
  uint8_t *seen = &b->map_seen[2 * b->ir->map_count + map->family];
  marking m = {b, MG_NO_REF};
  if (!*seen) mg_ir_visit_weights(b->ir, map, mark, &m);
  *seen = 1;
}

static bool mark_used(builder *b) {
  const mg_ir *ir = b->ir;
  b->uses = mg_arena_take_zeroed(ir->count + 2, sizeof *b->uses);
  b->user = mg_arena_take(ir->count + 2, sizeof *b->user);
  b->map_seen = mg_arena_take_zeroed(3 * ir->map_count, 1);
  if (!b->uses || !b->user || !b->map_seen) return false;
  const mg_trace *trace = b->trace;
  int32_t wants = b->program->wants;
  if (wants & MG_WANT_VALUES)
    for (int64_t k = 0; k < trace->root_count; k++) use_finally(b, trace->roots[k]);
  else if (wants & MG_WANT_PARAMETERS)
    use_finally(b, trace->roots[0]);
  if (wants & MG_WANT_INPUTS)
    for (int64_t k = 0; k < trace->input_count; k++)
      if (b->adjoints[k] != MG_NO_REF) use_finally(b, b->adjoints[k]);
  if (wants & MG_WANT_GUARDS)
    for (int64_t k = 0; k < trace->guard_count; k++) {
      use_finally(b, trace->guards[k].left);
      use_finally(b, trace->guards[k].right);
    }
  for (int64_t k = 0; k < ir->total_count; k++) {
    const mg_ir_total *t = &ir->totals[k];
    if (t->kind == MG_TOTAL_MAP) {
      const mg_ir_map *map = &ir->maps[t->left];
      use_list(b, map->x, map->inputs);
      use_list(b, map->adjoints, map->outputs);
      mark_weights(b, map);
      continue;
    }
    use_finally(b, t->to);
    use_finally(b, t->left);
    if (t->right != MG_NO_REF) use_finally(b, t->right);
  }
  // Of samples' values first: joined sums may use values that do not depend on the sample and come after them.
  for (int samples = 1; samples >= 0; samples--)
    for (mg_ref i = (mg_ref)ir->count - 1; i >= 0; i--) {
      marking m = {b, i};
      if (b->uses[i] == 0 || mg_is_sample(ir, i) != samples || !is_first_of_map(b, i, 1)) continue;
      const mg_ir_node *n = &ir->nodes[i];
      if (n->kind == MG_IR_ROW || n->kind == MG_IR_COLUMN) mark_weights(b, &ir->maps[n->a]);
      mg_ir_visit(ir, i, mark, &m);
    }
  return true;
}

static bool is_relu(const mg_ir *ir, mg_ref ref) {
  return ir->nodes[ref].kind == MG_IR_APPLY && ir->nodes[ref].op == MG_OP_relu;
}

// Values that are computed together with another: relu on all rows of a map, the derivative of relu on a column.
static void find_aliases(builder *b) {
  const mg_ir *ir = b->ir;
  for (mg_ref i = 0; i < ir->count; i++) b->alias[i] = i;
  for (int64_t k = 0; k < ir->map_count; k++) {
    const mg_ir_map *map = &ir->maps[k];
    bool all = true;
    for (int32_t j = 0; j < map->outputs && all; j++) {
      mg_ref row = ir->refs[map->rows + j];
      all = b->uses[row] == 1 && b->user[row] != MG_NO_REF && is_relu(ir, b->user[row]);
    }
    for (int32_t j = 0; j < map->outputs && all; j++) {
      mg_ref row = ir->refs[map->rows + j];
      b->alias[b->user[row]] = row;
    }
  }
  for (mg_ref i = 0; i < ir->count; i++) {
    const mg_ir_node *n = &ir->nodes[i];
    if (n->kind != MG_IR_PARTIAL || n->op != MG_OP_relu || b->uses[i] == 0) continue;
    mg_ref d = ir->refs[n->a];
    if (ir->nodes[d].kind != MG_IR_COLUMN || b->uses[d] != 1) continue;
    b->alias[i] = d;
  }
  for (mg_ref i = 0; i < ir->count; i++)
    if (ir->nodes[i].kind == MG_IR_DETACH && mg_is_sample(ir, i)) b->alias[i] = b->alias[ir->nodes[i].a];
}

static void find_positions(builder *b) {
  const mg_ir *ir = b->ir;
  for (int32_t t = 0; t < b->order_count; t++) {
    mg_ref i = b->order[t];
    b->position[i] = t;
    if (t == 0) continue;
    const mg_ir_node *n = &ir->nodes[i], *before = &ir->nodes[b->order[t - 1]];
    bool is_part = n->kind == MG_IR_ROW || n->kind == MG_IR_COLUMN;
    if (is_part && before->kind == n->kind && before->a == n->a) b->position[i] = b->position[b->order[t - 1]];
  }
}

static inline void use_at(builder *b, mg_ref ref, int32_t position) {
  if (!mg_is_sample(b->ir, ref)) return;
  mg_ref of = b->alias[ref];
  if (position > b->last[of]) b->last[of] = position;
}

static inline void use_operand(void *context, mg_ref *operand) {
  marking *m = context;
  use_at(m->b, *operand, m->b->position[m->user]);
}

// When all that a total adds up is there; at the end where nothing of it depends on the sample.
static int32_t position_of_total(const builder *b, const mg_ir_total *t) {
  int32_t at = -1;
  mg_ref refs[] = {t->left, t->right, t->kind == MG_TOTAL_PICK ? b->ir->refs[b->ir->nodes[t->to].a] : MG_NO_REF};
  for (int k = 0; k < 3; k++)
    if (refs[k] != MG_NO_REF && mg_is_sample(b->ir, refs[k]))
      at = (int32_t)mg_max(at, mg_max(b->position[b->alias[refs[k]]], b->position[refs[k]]));
  return at >= 0 ? at : (int32_t)b->order_count;
}

static void find_lifetimes(builder *b) {
  const mg_ir *ir = b->ir;
  int32_t end = (int32_t)b->order_count, wants = b->program->wants;
  for (mg_ref i = 0; i < ir->count; i++) {
    if (b->uses[i] == 0 || !mg_is_sample(ir, i)) continue;
    use_at(b, i, b->position[i]);
    marking m = {b, i};
    if (is_first_of_map(b, i, 2)) mg_ir_visit(ir, i, use_operand, &m);
  }
  for (int64_t k = 0; k < ir->total_count; k++) {
    const mg_ir_total *t = &ir->totals[k];
    if (t->kind == MG_TOTAL_MAP) {
      const mg_ir_map *map = &ir->maps[t->left];
      for (int32_t j = 0; j < map->inputs; j++) use_at(b, ir->refs[map->x + j], end);
      for (int32_t j = 0; j < map->outputs; j++) use_at(b, ir->refs[map->adjoints + j], end);
      continue;
    }
    int32_t at = position_of_total(b, t);
    use_at(b, t->left, at);
    if (t->right != MG_NO_REF) use_at(b, t->right, at);
    if (t->kind == MG_TOTAL_PICK) use_at(b, ir->refs[ir->nodes[t->to].a], at);
    b->next_total[k] = b->totals_at[at];
    b->totals_at[at] = (int32_t)k;
  }
  if (wants & MG_WANT_VALUES)
    for (int64_t k = 0; k < b->trace->root_count; k++) use_at(b, b->trace->roots[k], end);
  if (wants & MG_WANT_PARAMETERS) use_at(b, b->trace->roots[0], end);
  if (wants & MG_WANT_INPUTS)
    for (int64_t k = 0; k < b->trace->input_count; k++)
      if (b->adjoints[k] != MG_NO_REF) use_at(b, b->adjoints[k], end);
  if (wants & MG_WANT_GUARDS)
    for (int64_t k = 0; k < b->trace->guard_count; k++) {
      use_at(b, b->trace->guards[k].left, end);
      use_at(b, b->trace->guards[k].right, end);
    }
  for (mg_ref i = 0; i < ir->count; i++) {
    if (b->last[i] < 0 || b->last[i] == end || b->alias[i] != i) continue;
    b->next_expiring[i] = b->expiring[b->last[i]];
    b->expiring[b->last[i]] = i;
  }
}

// MARK: Instructions

static void emit_value(builder *b, mg_ref ref) {
  const mg_ir_node *n = &b->ir->nodes[ref];
  mg_instruction i = blank(MG_INSTRUCTION_value);
  i.x = row_of(b, n->a);
  i.op = (mg_lane_op){(mg_op)n->op, (mg_function)n->function, n->c, 0};
  if (mg_op_is_binary((mg_op)n->op)) i.y = row_of(b, n->b);
  else if (n->b >= 0) i.op.t = b->ir->nodes[n->b].c;
  i.out = b->row[ref];
  append(b, i);
}

static void emit_partial(builder *b, mg_ref ref) {
  const mg_ir_node *n = &b->ir->nodes[ref];
  const mg_ref *list = b->ir->refs + n->a;
  int32_t rows[4];
  for (int k = 0; k < 4; k++) rows[k] = list[k] == MG_NO_REF ? -1 : row_of(b, list[k]);
  mg_instruction i = blank(MG_INSTRUCTION_partial);
  i.d = rows[0];
  i.x = rows[1];
  i.y = rows[2];
  i.v = rows[3];
  i.flag = n->operand;
  i.op = (mg_lane_op){(mg_op)n->op, (mg_function)n->function, n->c, list[4] == MG_NO_REF ? 0 : b->ir->nodes[list[4]].c};
  i.out = b->row[ref];
  append(b, i);
}

static void emit_combine(builder *b, mg_ref ref) {
  const mg_ir_sum *sum = &b->ir->sums[b->ir->nodes[ref].a];
  mg_program *p = b->program;
  if (!GROW(product, sum->product_count)) return;
  if (!grow(b, (void **)&p->scaled, p->scaled_count, &p->scaled_capacity, sizeof *p->scaled, sum->scaled_count)) return;
  mg_instruction i = blank(MG_INSTRUCTION_combine);
  i.out = b->row[ref];
  i.list = (int32_t)p->scaled_count;
  i.more = (int32_t)p->product_count;
  i.count = sum->scaled_count;
  i.more_count = sum->product_count;
  if (sum->start >= 0) i.start = uniform_of(b, sum->start);
  for (int32_t k = 0; k < sum->scaled_count; k++) {
    const mg_ir_scaled *t = &b->ir->scaled[sum->scaled + k];
    p->scaled[p->scaled_count++] = (mg_scaled_term){factor_of(b, t->factor), row_of(b, t->x)};
  }
  for (int32_t k = 0; k < sum->product_count; k++) {
    const mg_ir_product *t = &b->ir->products[sum->products + k];
    p->products[p->product_count++] = (mg_product_term){factor_of(b, t->factor), row_of(b, t->left), row_of(b, t->right)};
  }
  append(b, i);
}

// The weights of a map's family among the uniforms, then its biases.
static int32_t weights_of(builder *b, const mg_ir_map *map) {
  int32_t *place = &b->map_weights[map->family];
  if (*place >= 0) return *place;
  *place = (int32_t)b->program->uniform_count;
  int64_t count = (int64_t)map->inputs * map->outputs;
  for (int64_t k = 0; k < count; k++) append_uniform(b, b->ir->refs[map->weights + k]);
  for (int32_t k = 0; map->biases >= 0 && k < map->outputs; k++) append_uniform(b, b->ir->refs[map->biases + k]);
  return *place;
}

static int64_t weight_count(const mg_ir_map *map) { return (int64_t)map->inputs * map->outputs; }

static void emit_affine(builder *b, mg_ref ref) {
  const mg_ir_map *map = &b->ir->maps[b->ir->nodes[ref].a];
  mg_instruction i = blank(MG_INSTRUCTION_affine);
  i.count = map->inputs;
  i.more_count = map->outputs;
  i.start = weights_of(b, map);
  i.bias = map->biases >= 0 ? i.start + (int32_t)weight_count(map) : -1;
  i.list = list_rows(b, map->x, map->inputs);
  mg_ref first = b->ir->refs[map->rows];
  i.flag = b->uses[first] == 1 && b->user[first] != MG_NO_REF && b->alias[b->user[first]] == first;
  for (int32_t k = 0; k < map->outputs; k++) give_row(b, b->ir->refs[map->rows + k]);
  i.more = list_rows(b, map->rows, map->outputs);
  append(b, i);
}

static void emit_columns(builder *b, mg_ref ref) {
  const mg_ir *ir = b->ir;
  const mg_ir_map *map = &ir->maps[ir->nodes[ref].a];
  mg_instruction i = blank(MG_INSTRUCTION_columns);
  i.count = map->outputs;
  i.more_count = map->inputs;
  i.start = weights_of(b, map);
  i.list = list_rows(b, map->adjoints, map->outputs);
  i.more = (int32_t)b->program->list_count;
  for (int32_t k = 0; k < 2 * map->inputs; k++) append_int(b, -1);
  if (b->failed) return;
  int32_t *out = b->program->lists + i.more, *masks = out + map->inputs, spare = -1;
  for (mg_ref c = ref; c < ir->count && ir->nodes[c].kind == MG_IR_COLUMN && ir->nodes[c].a == ir->nodes[ref].a; c++) {
    if (b->uses[c] == 0) continue;
    give_row(b, c);
    out[ir->nodes[c].b] = b->row[c];
    mg_ref user = b->user[c];
    if (b->uses[c] != 1 || user == MG_NO_REF || b->alias[user] != c) continue;
    masks[ir->nodes[c].b] = row_of(b, ir->refs[ir->nodes[user].a + 3]);
    i.flag = 1;
  }
  for (int32_t k = 0; k < map->inputs; k++) {
    if (out[k] != -1) continue;
    if (spare < 0) spare = take_row(b);
    out[k] = spare;
  }
  if (spare >= 0) b->free_rows[b->free_count++] = spare;
  append(b, i);
}

// The table of a pick among the uniforms; the sums of its adjoints, where `sums`.
static int32_t table_of(builder *b, const mg_ir_node *pick, bool sums) {
  const mg_ir *ir = b->ir;
  mg_program *p = b->program;
  for (int64_t k = 0; k < p->table_count; k++) {
    mg_table *table = &p->tables[k];
    if (table->count != pick->b - 1) continue;
    if (memcmp(ir->refs + table->list, ir->refs + pick->a + 1, (size_t)table->count * sizeof(mg_ref))) continue;
    if (sums && table->sums < 0) table->sums = append_sums(b, ir->refs + table->list, table->count);
    return sums ? table->sums : table->uniforms;
  }
  if (!GROW(table, 1)) return 0;
  mg_table *table = &p->tables[p->table_count++];
  *table = (mg_table){.list = pick->a + 1, .count = pick->b - 1, .uniforms = (int32_t)p->uniform_count, .sums = -1};
  for (int32_t k = 0; k < table->count; k++) append_uniform(b, ir->refs[table->list + k]);
  return table_of(b, pick, sums);
}

// The row of the places that an index names in a table of `count`: kept to the end, as others ask for it.
static int32_t places_of(builder *b, mg_ref index, int32_t count) {
  for (int64_t k = 0; k < b->place_count; k++)
    if (b->places[k].index == index && b->places[k].count == count) return b->places[k].row;
  if (!grow(b, (void **)&b->places, b->place_count, &b->place_capacity, sizeof *b->places, 1)) return 0;
  mg_instruction i = blank(MG_INSTRUCTION_places);
  i.x = row_of(b, index);
  i.count = count;
  i.out = (int32_t)(-2 - b->spreads++);
  append(b, i);
  b->places[b->place_count++] = (index_places){index, count, i.out};
  return i.out;
}

static void emit_pick(builder *b, mg_ref ref) {
  const mg_ir_node *n = &b->ir->nodes[ref];
  bool is_uniform = true;
  for (int32_t k = 1; k < n->b; k++) is_uniform = is_uniform && !mg_is_sample(b->ir, b->ir->refs[n->a + k]);
  mg_instruction i = blank(is_uniform ? MG_INSTRUCTION_pick_uniform : MG_INSTRUCTION_pick_row);
  i.out = b->row[ref];
  i.x = places_of(b, b->ir->refs[n->a], n->b - 1);
  i.count = n->b - 1;
  if (is_uniform) i.start = table_of(b, n, false);
  else i.list = list_rows(b, n->a + 1, n->b - 1);
  append(b, i);
}

static void emit_pullback(builder *b, mg_ref ref) {
  const mg_ir *ir = b->ir;
  const mg_ir_node *n = &ir->nodes[ref];
  int32_t inputs = ir->customs[(int64_t)n->c]->inputs;
  mg_instruction i = blank(MG_INSTRUCTION_pullback);
  i.start = (int32_t)n->c;
  i.count = n->b;
  i.more_count = inputs;
  i.list = list_rows(b, n->a, n->b);
  i.more = (int32_t)b->program->list_count;
  for (int32_t k = 0; k < inputs; k++) append_int(b, -1);
  if (b->failed) return;
  for (mg_ref k = ref + 1; k < ir->count; k++) {
    if (ir->nodes[k].kind != MG_IR_INPUT_ADJOINT || ir->nodes[k].a != ref || b->uses[k] == 0) continue;
    give_row(b, k);
    b->program->lists[i.more + ir->nodes[k].b] = b->row[k];
  }
  append(b, i);
}

static void emit_custom(builder *b, mg_ref ref) {
  const mg_ir *ir = b->ir;
  const mg_ir_node *n = &ir->nodes[ref];
  int32_t outputs = ir->customs[(int64_t)n->c]->outputs;
  mg_instruction i = blank(MG_INSTRUCTION_custom);
  i.start = (int32_t)n->c;
  i.count = n->b;
  i.more_count = outputs;
  i.list = list_rows(b, n->a, n->b);
  i.more = (int32_t)b->program->list_count;
  for (int32_t k = 0; k < outputs; k++) append_int(b, -1);
  if (b->failed) return;
  for (mg_ref k = ref + 1; k < ir->count; k++) {
    if (ir->nodes[k].kind != MG_IR_OUTPUT || ir->nodes[k].a != ref || b->uses[k] == 0) continue;
    give_row(b, k);
    b->program->lists[i.more + ir->nodes[k].b] = b->row[k];
  }
  append(b, i);
}

static void emit_listed(builder *b, mg_ref ref) {
  const mg_ir_node *n = &b->ir->nodes[ref];
  const mg_ref *list = b->ir->refs + n->a;
  mg_instruction i = blank(MG_INSTRUCTION_pick_partial);
  i.out = b->row[ref];
  i.relation = n->function;
  i.flag = n->operand;
  switch ((mg_ir_kind)n->kind) {
  case MG_IR_LOG_SUM_EXP:
    i.code = MG_INSTRUCTION_log_sum_exp;
    i.list = list_rows(b, n->a, n->b);
    i.count = n->b;
    break;
  case MG_IR_SELECT:
    i.code = MG_INSTRUCTION_select;
    i.list = list_rows(b, n->a, 2);
    i.x = row_of(b, list[2]);
    i.y = row_of(b, list[3]);
    break;
  case MG_IR_EXP_PARTIAL:
    i.code = MG_INSTRUCTION_exp_partial;
    i.d = row_of(b, list[0]);
    i.x = row_of(b, list[1]);
    i.v = row_of(b, list[2]);
    break;
  case MG_IR_SELECT_PARTIAL:
    i.code = MG_INSTRUCTION_select_partial;
    i.x = row_of(b, list[0]);
    i.y = row_of(b, list[1]);
    i.d = row_of(b, list[2]);
    break;
  default:
    i.x = places_of(b, list[0], (int32_t)b->ir->nodes[list[2]].c);
    i.d = row_of(b, list[1]);
    i.start = (int32_t)n->c;
  }
  append(b, i);
}

static void emit(builder *b, mg_ref ref) {
  switch ((mg_ir_kind)b->ir->nodes[ref].kind) {
  case MG_IR_APPLY: emit_value(b, ref); break;
  case MG_IR_SUM: emit_combine(b, ref); break;
  case MG_IR_PARTIAL: emit_partial(b, ref); break;
  case MG_IR_PICK: emit_pick(b, ref); break;
  case MG_IR_LOG_SUM_EXP:
  case MG_IR_SELECT:
  case MG_IR_EXP_PARTIAL:
  case MG_IR_SELECT_PARTIAL:
  case MG_IR_PICK_PARTIAL: emit_listed(b, ref); break;
  default: break;
  }
}

static void emit_total(builder *b, const mg_ir_total *t) {
  mg_instruction i = blank(MG_INSTRUCTION_total);
  switch (t->kind) {
  case MG_TOTAL_ROW:
    i.x = row_of(b, t->left);
    i.start = sum_of(b, t->to);
    break;
  case MG_TOTAL_PRODUCT:
    i.code = MG_INSTRUCTION_total_product;
    i.x = row_of(b, t->left);
    i.y = row_of(b, t->right);
    i.start = sum_of(b, t->to);
    break;
  case MG_TOTAL_UNIFORM:
    i.code = MG_INSTRUCTION_total_uniform;
    i.bias = uniform_of(b, t->left);
    i.start = sum_of(b, t->to);
    break;
  case MG_TOTAL_PICK:
    i.code = MG_INSTRUCTION_scatter;
    i.count = b->ir->nodes[t->to].b - 1;
    i.x = places_of(b, b->ir->refs[b->ir->nodes[t->to].a], i.count);
    i.d = row_of(b, t->left);
    i.start = table_of(b, &b->ir->nodes[t->to], true);
    break;
  case MG_TOTAL_MAP: return;
  }
  append(b, i);
}

// One instruction for all maps of a family.
static void emit_outer(builder *b, int32_t family) {
  const mg_ir *ir = b->ir;
  mg_instruction i = blank(MG_INSTRUCTION_outer);
  for (int pass = 0; pass < 2; pass++) {
    *(pass ? &i.more : &i.list) = (int32_t)b->program->list_count;
    for (int64_t k = 0; k < ir->total_count; k++) {
      if (ir->totals[k].kind != MG_TOTAL_MAP) continue;
      const mg_ir_map *map = &ir->maps[ir->totals[k].left];
      if (map->family != family) continue;
      if (pass) list_rows(b, map->x, map->inputs);
      else list_rows(b, map->adjoints, map->outputs);
      if (pass) continue;
      i.applications++;
      i.count = map->outputs;
      i.more_count = map->inputs;
      if (i.applications == 1) {
        i.start = append_sums(b, ir->refs + map->weights, weight_count(map));
        if (map->biases >= 0) i.bias = append_sums(b, ir->refs + map->biases, map->outputs);
      }
    }
  }
  if (i.applications == 0) return;
  append(b, i);
}

static bool is_elementwise(const mg_ir_node *n) {
  switch ((mg_ir_kind)n->kind) {
  case MG_IR_APPLY:
  case MG_IR_SUM:
  case MG_IR_PARTIAL:
  case MG_IR_EXP_PARTIAL:
  case MG_IR_SELECT_PARTIAL: return true;
  default: return false;
  }
}

static void free_expired(builder *b, int32_t position) {
  for (int32_t k = b->expiring[position]; k >= 0; k = b->next_expiring[k])
    if (b->row[k] >= 0) b->free_rows[b->free_count++] = b->row[k];
  b->expiring[position] = -1;
}

static void emit_rows(builder *b) {
  const mg_ir *ir = b->ir;
  for (int32_t t = 0; t < b->order_count && !b->failed; t++) {
    mg_ref i = b->order[t];
    const mg_ir_node *n = &ir->nodes[i];
    bool is_first = t == 0 || b->position[i] == t;
    bool is_live = b->uses[i] > 0 && mg_is_sample(ir, i) && n->kind != MG_IR_INPUT;
    if (n->kind == MG_IR_ROW && is_first) {
      bool any = false;
      for (int32_t k = 0; k < ir->maps[n->a].outputs; k++) any = any || b->uses[ir->refs[ir->maps[n->a].rows + k]] > 0;
      if (any) emit_affine(b, i);
    } else if (n->kind == MG_IR_COLUMN && is_first) {
      bool any = false;
      for (mg_ref c = i; c < ir->count && ir->nodes[c].kind == MG_IR_COLUMN && ir->nodes[c].a == n->a; c++)
        any = any || b->uses[c] > 0;
      if (any) emit_columns(b, i);
    } else if (is_live && n->kind == MG_IR_CUSTOM) {
      emit_custom(b, i);
    } else if (is_live && n->kind == MG_IR_PULLBACK) {
      emit_pullback(b, i);
    } else if (is_live && b->alias[i] == i && b->row[i] < 0 && n->kind != MG_IR_ROW && n->kind != MG_IR_COLUMN &&
               n->kind != MG_IR_OUTPUT && n->kind != MG_IR_INPUT_ADJOINT) {
      // The operands' rows are looked up once the result has its own, which may be one of theirs.
      if (is_elementwise(n) && b->totals_at[t] < 0) free_expired(b, t);
      give_row(b, i);
      emit(b, i);
    }
    for (int32_t k = b->totals_at[t]; k >= 0; k = b->next_total[k]) emit_total(b, &ir->totals[k]);
    free_expired(b, t);
  }
  for (int32_t k = b->totals_at[b->order_count]; k >= 0; k = b->next_total[k]) emit_total(b, &ir->totals[k]);
  for (int32_t k = 0; k < ir->map_count; k++)
    if (ir->maps[k].family == k) emit_outer(b, k);
}

// MARK: Ends

static int32_t *rows_of(builder *b, int64_t count) {
  int32_t *rows = malloc((size_t)(count + 1) * sizeof *rows);
  if (!rows) b->failed = true;
  return rows;
}

static void emit_inputs(builder *b) {
  mg_program *p = b->program;
  int64_t count = b->trace->input_count;
  p->input_rows = rows_of(b, count);
  int32_t spare = -1;
  for (int64_t k = 0; k < count && !b->failed; k++) p->input_rows[k] = -1;
  for (mg_ref i = 0; i < b->ir->count && !b->failed; i++) {
    const mg_ir_node *n = &b->ir->nodes[i];
    if (n->kind != MG_IR_INPUT || b->uses[i] == 0) continue;
    give_row(b, i);
    p->input_rows[n->a] = b->row[i];
    p->uses_inputs = true;
  }
  for (int64_t k = 0; k < count && !b->failed; k++) {
    if (p->input_rows[k] >= 0) continue;
    if (spare < 0) spare = take_row(b);
    p->input_rows[k] = spare;
  }
  if (spare >= 0) b->free_rows[b->free_count++] = spare;
}

static void emit_ends(builder *b) {
  mg_program *p = b->program;
  const mg_trace *trace = b->trace;
  if (p->wants & MG_WANT_PARAMETERS) {
    mg_instruction i = blank(MG_INSTRUCTION_total);
    i.start = 0;
    i.x = row_of(b, trace->roots[0]);
    append(b, i);
  }
  if (p->wants & MG_WANT_VALUES) {
    p->output_rows = rows_of(b, trace->root_count);
    for (int64_t k = 0; k < trace->root_count && !b->failed; k++) p->output_rows[k] = row_of(b, trace->roots[k]);
  }
  if (p->wants & MG_WANT_INPUTS) {
    p->adjoint_rows = rows_of(b, trace->input_count);
    mg_ref zero = b->zero;
    for (int64_t k = 0; k < trace->input_count && !b->failed; k++)
      p->adjoint_rows[k] = row_of(b, b->adjoints[k] == MG_NO_REF ? zero : b->adjoints[k]);
  }
  if (p->wants & MG_WANT_GUARDS)
    for (int64_t k = 0; k < trace->guard_count; k++) {
      const mg_ir_guard *guard = &trace->guards[k];
      mg_instruction i = blank(MG_INSTRUCTION_guard);
      i.relation = (uint8_t)guard->relation;
      i.flag = guard->holds;
      i.x = row_of(b, guard->left);
      i.y = row_of(b, guard->right);
      append(b, i);
    }
}

// Rows that were numbered from -2 down come after the others.
static void place(const builder *b, int32_t *row) {
  if (*row <= -2) *row = (int32_t)(b->rows - 2 - *row);
}

static void place_list(const builder *b, int32_t *rows, int64_t count) {
  for (int64_t k = 0; rows && k < count; k++) place(b, &rows[k]);
}

static void place_spread_rows(builder *b) {
  mg_program *p = b->program;
  for (int64_t k = 0; k < p->preamble_count; k++) place(b, &p->preamble[k].out);
  for (int64_t k = 0; k < p->instruction_count; k++) {
    mg_instruction *i = &p->instructions[k];
    int32_t *rows[] = {&i->out, &i->d, &i->x, &i->y, &i->v};
    for (int r = 0; r < 5; r++) place(b, rows[r]);
  }
  place_list(b, p->lists, p->list_count);
  for (int64_t k = 0; k < p->scaled_count; k++) place(b, &p->scaled[k].row);
  for (int64_t k = 0; k < p->product_count; k++) {
    place(b, &p->products[k].left);
    place(b, &p->products[k].right);
  }
  place_list(b, p->output_rows, p->output_count);
  place_list(b, p->adjoint_rows, p->input_count);
  p->row_count = b->rows + b->spreads;
}

// Whether two instructions are the same but for their rows, and can be told at once.
static bool is_like(const mg_instruction *a, const mg_instruction *b) {
  if (a->code != b->code || a->flag != b->flag) return false;
  switch (a->code) {
  case MG_INSTRUCTION_value:
  case MG_INSTRUCTION_partial:
    return a->op.op == b->op.op && a->op.function == b->op.function && a->op.c == b->op.c && a->op.t == b->op.t;
  case MG_INSTRUCTION_combine:
    return a->count == b->count && a->more_count == b->more_count && a->count + a->more_count <= MG_FEW_TERMS &&
           a->count + a->more_count > 0;
  default: return false;
  }
}

static int32_t or_other(int32_t row, int32_t other) { return row >= 0 ? row : other; }

static void list_step(builder *b, mg_step *step) {
  const mg_instruction *first = b->program->instructions + step->first;
  step->list = (int32_t)b->program->list_count;
  for (int32_t k = 0; k < step->count; k++) {
    const mg_instruction *i = first + k;
    if (i->code == MG_INSTRUCTION_partial) append_int(b, i->d);
    if (i->code != MG_INSTRUCTION_combine) append_int(b, or_other(i->x, or_other(i->d, i->out)));
    if (i->code != MG_INSTRUCTION_combine) append_int(b, or_other(i->y, or_other(i->x, i->d)));
    if (i->code == MG_INSTRUCTION_partial) append_int(b, or_other(i->v, i->d));
    append_int(b, i->out);
  }
  step->starts = (int32_t)b->program->list_count;
  for (int32_t k = 0; first->code == MG_INSTRUCTION_combine && k < step->count; k++) append_int(b, first[k].start);
}

static void plan_steps(builder *b) {
  mg_program *p = b->program;
  p->steps = malloc((size_t)(p->instruction_count + 1) * sizeof *p->steps);
  if (!p->steps) {
    b->failed = true;
    return;
  }
  for (int32_t k = 0; k < p->instruction_count; k++) {
    mg_step *last = &p->steps[p->step_count - 1];
    if (p->step_count > 0 && is_like(&p->instructions[last->first], &p->instructions[k])) last->count++;
    else p->steps[p->step_count++] = (mg_step){k, 1, -1, -1};
  }
  for (int64_t k = 0; k < p->step_count; k++)
    if (is_like(&p->instructions[p->steps[k].first], &p->instructions[p->steps[k].first])) list_step(b, &p->steps[k]);
}

static void plan_copies(builder *b) {
  mg_program *p = b->program;
  p->copies = malloc((size_t)(p->uniform_count + 1) * sizeof *p->copies);
  if (!p->copies) {
    b->failed = true;
    return;
  }
  for (int64_t k = 0; k < p->uniform_count; k++) {
    mg_ref ref = b->uniform_refs[k];
    mg_node node = p->prologue.nodes[ref];
    // Biases of a map of which only the columns are wanted are not computed, nor read.
    if (b->ir->nodes[ref].class != MG_UNIFORM_VALUE || node == MG_NO_NODE) continue;
    mg_copy *before = &p->copies[p->copy_count - 1];
    if (p->copy_count > 0 && before->node + before->count == node && before->place + before->count == k) before->count++;
    else p->copies[p->copy_count++] = (mg_copy){node, (int32_t)k, 1};
  }
}

static void plan_parameters(builder *b) {
  mg_program *p = b->program;
  p->runs = malloc((size_t)(p->parameter_count + 1) * sizeof *p->runs);
  if (!p->runs) {
    b->failed = true;
    return;
  }
  for (int32_t k = 0; k < p->parameter_count; k++) {
    mg_node node = b->trace->parameters[k];
    mg_copy *before = &p->runs[p->run_count - 1];
    if (p->run_count > 0 && before->node + before->count == node) before->count++;
    else p->runs[p->run_count++] = (mg_copy){node, k, 1};
  }
}

static void plan_sums(builder *b) {
  mg_program *p = b->program;
  p->sum_runs = malloc((size_t)(p->sum_count + 1) * sizeof *p->sum_runs);
  if (!p->sum_runs) {
    b->failed = true;
    return;
  }
  mg_node parameters = (mg_node)p->parameter_count;
  for (int64_t k = 0; k < p->sum_count; k++) {
    mg_node node = p->sum_targets[k];
    if (node == MG_NO_NODE) continue;
    mg_copy *before = &p->sum_runs[p->sum_run_count - 1];
    bool goes_on = p->sum_run_count > 0 && before->node + before->count == node && before->place + before->count == k;
    if (goes_on && node != parameters) before->count++;
    else p->sum_runs[p->sum_run_count++] = (mg_copy){node, (int32_t)k, 1};
  }
}

// A block's rows fit the nearest cache, as far as that leaves a vector or two to each.
enum { NEAREST_CACHE = 24 << 10, SHORTEST_BLOCK = 16, LONGEST_BLOCK = 128 };

static void measure(builder *b) {
  mg_program *p = b->program;
  int64_t numbers = NEAREST_CACHE / (8 * mg_max(1, p->row_count)) / MG_LANES * MG_LANES;
  p->block_size = mg_min(mg_max(numbers, SHORTEST_BLOCK), LONGEST_BLOCK);
  for (mg_ref i = 0; i < b->ir->count; i++)
    p->hoisted_count += b->ir->nodes[i].class == MG_UNIFORM_VALUE && b->ir->nodes[i].kind != MG_IR_PARAMETER && b->uses[i] > 0;
}

static bool make_scratch(builder *b) {
  mg_program *p = b->program;
  int64_t longest = 1;
  for (int64_t k = 0; k < b->ir->map_count; k++) longest = mg_max(longest, b->ir->maps[k].inputs);
  for (int64_t k = 0; k < p->instruction_count; k++)
    if (p->instructions[k].code == MG_INSTRUCTION_log_sum_exp) p->longest_list = mg_max(p->longest_list, p->instructions[k].count);
  for (int64_t k = 0; k < p->custom_count; k++)
    p->scratch_size = mg_max(p->scratch_size, 2 * (p->customs[k]->inputs + (int64_t)p->customs[k]->outputs));
  p->zeros = calloc((size_t)longest, 1);
  p->gradients = malloc((size_t)(p->parameter_count + 1) * sizeof *p->gradients);
  p->seeds = malloc((size_t)(p->sum_count + 1) * sizeof *p->seeds);
  p->roots = malloc((size_t)(p->sum_count + 1) * sizeof *p->roots);
  return p->zeros && p->gradients && p->seeds && p->roots;
}

// What is known of values, as yet nothing.
static bool make_lists(builder *b) {
  const mg_ir *ir = b->ir;
  int64_t count = ir->count + 2, totals = ir->total_count + 1, maps = ir->map_count + 1;
  int32_t **lists[] = {&b->order, &b->alias, &b->position, &b->last, &b->row, &b->spread, &b->uniform,
                       &b->sum_of, &b->expiring, &b->next_expiring, &b->totals_at, &b->free_rows};
  for (size_t k = 0; k < sizeof lists / sizeof *lists; k++) {
    *lists[k] = mg_arena_take(count, sizeof **lists[k]);
    if (!*lists[k]) return false;
    memset(*lists[k], 0xff, (size_t)count * sizeof **lists[k]);
  }
  b->next_total = mg_arena_take(totals, sizeof *b->next_total);
  b->map_weights = mg_arena_take(maps, sizeof *b->map_weights);
  if (!b->next_total || !b->map_weights) return false;
  memset(b->map_weights, 0xff, (size_t)maps * sizeof *b->map_weights);
  return true;
}

static bool begin(builder *b) {
  mg_ir *ir = b->ir;
  mg_program *p = b->program;
  int64_t inputs = b->trace->input_count;
  b->adjoints = mg_arena_take(inputs, sizeof *b->adjoints);
  if (!b->adjoints) return false;
  for (int64_t k = 0; k < inputs; k++) b->adjoints[k] = MG_NO_REF;
  bool by_parameters = p->wants & MG_WANT_PARAMETERS, by_inputs = p->wants & MG_WANT_INPUTS;
  b->zero = mg_ir_constant(ir, 0);
  if (by_parameters || by_inputs)
    if (!mg_ir_reverse(ir, b->trace->roots[0], by_parameters, by_inputs ? b->adjoints : NULL)) return false;
  return mark_used(b);
}

static bool build(builder *b) {
  if (!begin(b)) return false;
  mg_program *p = b->program;
  if (mg_ir_inline_sums(b->ir, b->uses) && !mark_used(b)) return false;
  if (b->ir->failed || !make_lists(b)) return false;
  find_aliases(b);
  b->order_count = mg_ir_schedule(b->ir, b->uses, b->order);
  if (b->order_count < 0) return false;
  find_positions(b);
  find_lifetimes(b);
  if (!mg_prologue_create(&p->prologue, b->ir, b->uses, b->trace->numbers, p->parameter_count)) return false;
  if (p->wants & MG_WANT_PARAMETERS) append_sums(b, NULL, 1);
  emit_inputs(b);
  emit_rows(b);
  emit_ends(b);
  if (b->failed) return false;
  place_spread_rows(b);
  plan_steps(b);
  plan_copies(b);
  plan_parameters(b);
  plan_sums(b);
  measure(b);
  p->customs = malloc((size_t)(b->ir->custom_count + 1) * sizeof *p->customs);
  if (!p->customs) return false;
  for (int64_t k = 0; k < b->ir->custom_count; k++) {
    b->ir->customs[k]->retain(b->ir->customs[k]->context);
    p->customs[p->custom_count++] = b->ir->customs[k];
  }
  return make_scratch(b) && !b->failed;
}

mg_program *mg_program_create(const mg_trace *trace, int32_t wants) {
  mg_arena_mark mark = mg_arena_begin();
  builder b = {.program = calloc(1, sizeof *b.program), .ir = mg_ir_copy(trace->ir), .trace = trace};
  mg_program *p = b.program;
  bool is_done = p && b.ir;
  if (is_done) {
    p->wants = wants;
    p->input_count = trace->input_count;
    p->output_count = trace->root_count;
    p->guard_count = trace->guard_count;
    p->parameter_count = trace->parameter_count;
    is_done = build(&b);
  }
  free(b.places);
  free(b.uniform_refs);
  mg_ir_free(b.ir);
  mg_arena_end(mark);
  if (is_done) return p;
  if (p) mg_program_free(p);
  return NULL;
}

void mg_program_free(mg_program *p) {
  for (int64_t k = 0; k < p->custom_count; k++) p->customs[k]->release(p->customs[k]->context);
  mg_prologue_free(&p->prologue);
  void *lists[] = {p->runs, p->steps, p->preamble, p->instructions, p->lists, p->scaled, p->products, p->zeros, p->customs,
                   p->uniforms, p->copies, p->sum_targets, p->sum_runs, p->tables, p->input_rows, p->output_rows, p->adjoint_rows,
                   p->workspace, p->gradients, p->seeds, p->roots};
  for (size_t k = 0; k < sizeof lists / sizeof *lists; k++) free(lists[k]);
  free(p);
}
