// Lifetimes: which values are computed, which share an instruction, and when each is used last.
//
// In:     the ir with adjoints; what is wanted. For positions and lifetimes, the order of mg_schedule.c too.
// Out:    in the builder: uses and the last user by value (mg_mark_used), alias (mg_find_aliases), position
//         (mg_find_positions), last use and the list of values that expire at a position (mg_find_lifetimes).
// After:  a value with 0 uses is not computed. A value whose alias is another has that one's row: relu of all rows of a
//         matrix, the derivative of relu on a column, a detached value. Rows of one matrix have one position.
// Cost:   linear in the values and their operands.
//
// Example, relu(v9) * relu(v10) with v9 and v10 the rows of a matrix on the inputs v6 and v7:
//   v6 v7        position 0, 1    used last at 2
//   v9 v10       position 2       used last at 6, by v13
//   v11 = relu   alias v9         no row and no instruction of its own
//   v12 = relu   alias v10
//   v13 = v11 v12  position 6     used last at 7, the end: it is the output
#include "mg_builder.h"

#include <string.h>

#include "mg_arena.h"
#include "mg_ir_visit.h"
#include "mg_tape_internal.h"

typedef struct {
  mg_builder *b;
  mg_ref user;
} marking;

static inline void mark(void *context, mg_ref *operand) {
  marking *m = context;
  m->b->uses[*operand]++;
  m->b->user[*operand] = m->user;
}

static void use_finally(mg_builder *b, mg_ref ref) {
  b->uses[ref]++;
  b->user[ref] = MG_NO_REF;
}

static void use_list(mg_builder *b, int32_t first, int64_t count) {
  for (int64_t k = 0; k < count; k++) use_finally(b, b->ir->refs[first + k]);
}

// Calls `use` for each value that is read when all instructions are done.
static void use_results(mg_builder *b, void (*use)(mg_builder *b, mg_ref ref)) {
  const mg_path *path = b->path;
  int32_t wants = b->program->wants;
  if (wants & MG_WANT_VALUES)
    for (int64_t k = 0; k < path->root_count; k++) use(b, path->roots[k]);
  else if (wants & MG_WANT_PARAMETERS)
    use(b, path->roots[0]);
  if (wants & (MG_WANT_INPUTS | MG_WANT_JACOBIAN))
    for (int64_t k = 0; k < b->program->gradient_count; k++)
      if (b->adjoints[k] != MG_NO_REF) use(b, b->adjoints[k]);
  if (wants & MG_WANT_GUARDS)
    for (int64_t k = 0; k < path->guard_count; k++) {
      use(b, path->guards[k].left);
      use(b, path->guards[k].right);
    }
}

// All rows of a map, and all columns, have the same operands: those of the first that is met count, once in each pass.
static bool is_first_of_map(mg_builder *b, mg_ref ref, uint8_t pass) {
  const mg_ir_node *n = &b->ir->nodes[ref];
  if (n->kind != MG_IR_ROW && n->kind != MG_IR_COLUMN) return true;
  uint8_t *seen = &b->map_seen[2 * n->a + (n->kind == MG_IR_COLUMN)];
  if (*seen == pass) return false;
  *seen = pass;
  return true;
}

// Maps of one family have the same weights.
static void mark_weights(mg_builder *b, const mg_ir_map *map) {
  uint8_t *seen = &b->map_seen[2 * b->ir->map_count + map->family];
  marking m = {b, MG_NO_REF};
  if (!*seen) mg_ir_visit_weights(b->ir, map, mark, &m);
  *seen = 1;
}

bool mg_mark_used(mg_builder *b) {
  const mg_ir *ir = b->ir;
  b->uses = mg_arena_take_zeroed(ir->count + 2, sizeof *b->uses);
  b->user = mg_arena_take(ir->count + 2, sizeof *b->user);
  b->map_seen = mg_arena_take_zeroed(3 * ir->map_count, 1);
  if (!b->uses || !b->user || !b->map_seen) return false;
  use_results(b, use_finally);
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
void mg_find_aliases(mg_builder *b) {
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

void mg_find_positions(mg_builder *b) {
  const mg_ir *ir = b->ir;
  for (int32_t t = 0; t < b->order_count; t++) {
    mg_ref i = b->order[t];
    b->position[i] = t;
    if (t == 0) continue;
    mg_ref before = b->order[t - 1];
    if (mg_is_same_map(&ir->nodes[i], &ir->nodes[before])) b->position[i] = b->position[before];
  }
}

static inline void use_at(mg_builder *b, mg_ref ref, int32_t position) {
  if (!mg_is_sample(b->ir, ref)) return;
  mg_ref of = b->alias[ref];
  if (position > b->last[of]) b->last[of] = position;
}

static void use_at_end(mg_builder *b, mg_ref ref) { use_at(b, ref, (int32_t)b->order_count); }

static inline void use_operand(void *context, mg_ref *operand) {
  marking *m = context;
  use_at(m->b, *operand, m->b->position[m->user]);
}

// When all that a total adds up is there; at the end where nothing of it depends on the sample.
static int32_t position_of_total(const mg_builder *b, const mg_ir_total *t) {
  int32_t at = -1;
  mg_ref refs[] = {t->left, t->right, t->kind == MG_TOTAL_PICK ? b->ir->refs[b->ir->nodes[t->to].a] : MG_NO_REF};
  for (int k = 0; k < 3; k++)
    if (refs[k] != MG_NO_REF && mg_is_sample(b->ir, refs[k]))
      at = (int32_t)mg_max(at, mg_max(b->position[b->alias[refs[k]]], b->position[refs[k]]));
  return at >= 0 ? at : (int32_t)b->order_count;
}

void mg_find_lifetimes(mg_builder *b) {
  const mg_ir *ir = b->ir;
  int32_t end = (int32_t)b->order_count;
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
  use_results(b, use_at_end);
  for (mg_ref i = 0; i < ir->count; i++) {
    if (b->last[i] < 0 || b->last[i] == end || b->alias[i] != i) continue;
    b->next_expiring[i] = b->expiring[b->last[i]];
    b->expiring[b->last[i]] = i;
  }
}
