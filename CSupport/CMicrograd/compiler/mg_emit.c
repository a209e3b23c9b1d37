// Emit: from values in order to instructions on rows.
//
// In:     the ir, the order of its values, when each is used last, and which are computed together (mg_lifetimes.c).
// Out:    the program's instructions, with the rows, uniforms and sums that they name.
// After:  each used value of the sample was given a row. A row is free again after the last use of its value, so that few
//         rows are needed. Guards and outputs are added by mg_compile.c.
// Cost:   linear in the values and operands. Looking for a table or the places of an index goes over those that were met
//         before, and emit_outer goes over all totals once for each family of matrices.
//
// Example, the gradient of (v0 v1 - v2)² by the parameter v0 (u0; u1 is 2), with the inputs v1 and v2:
//   v4 = v0 v1 - v2       r1 = u0 r0 - r1           v2 is used last here, so v4 takes its row
//   v5 = v4 v4            r2 = r1 r1
//   v9 = 2 v4             r3 = u1 r1
//   total v1 v9 to v0     sum 1 += Σ r0 r3
//   (mg_compile.c)        sum 0 += Σ r2             the total of the output
#include "mg_builder.h"

#include <stdlib.h>
#include <string.h>

#include "mg_tape_internal.h"

static void emit_value(mg_builder *b, mg_ref ref) {
  const mg_ir_node *n = &b->ir->nodes[ref];
  mg_instruction i = mg_blank_instruction(MG_INSTRUCTION_value);
  i.x = mg_row_of(b, n->a);
  i.op = (mg_lane_op){(mg_op)n->op, (mg_function)n->function, n->c, 0};
  if (mg_op_is_binary((mg_op)n->op)) i.y = mg_row_of(b, n->b);
  else if (n->b >= 0) i.op.t = b->ir->nodes[n->b].c;
  i.out = b->row[ref];
  mg_append_instruction(b, i);
}

static void emit_partial(mg_builder *b, mg_ref ref) {
  const mg_ir_node *n = &b->ir->nodes[ref];
  const mg_ref *list = b->ir->refs + n->a;
  int32_t rows[4];
  for (int k = 0; k < 4; k++) rows[k] = list[k] == MG_NO_REF ? -1 : mg_row_of(b, list[k]);
  mg_instruction i = mg_blank_instruction(MG_INSTRUCTION_partial);
  i.d = rows[0];
  i.x = rows[1];
  i.y = rows[2];
  i.v = rows[3];
  i.flag = n->operand;
  i.op = (mg_lane_op){(mg_op)n->op, (mg_function)n->function, n->c, list[4] == MG_NO_REF ? 0 : b->ir->nodes[list[4]].c};
  i.out = b->row[ref];
  mg_append_instruction(b, i);
}

static void emit_combine(mg_builder *b, mg_ref ref) {
  const mg_ir_sum *sum = &b->ir->sums[b->ir->nodes[ref].a];
  mg_program *p = b->program;
  if (!MG_GROW(product, sum->product_count)) return;
  if (!mg_grow(b, (void **)&p->scaled, p->scaled_count, &p->scaled_capacity, sizeof *p->scaled, sum->scaled_count)) return;
  mg_instruction i = mg_blank_instruction(MG_INSTRUCTION_combine);
  i.out = b->row[ref];
  i.flag = b->ir->nodes[ref].operand;
  i.list = (int32_t)p->scaled_count;
  i.more = (int32_t)p->product_count;
  i.count = sum->scaled_count;
  i.more_count = sum->product_count;
  if (sum->start >= 0) i.start = mg_uniform_of(b, sum->start);
  for (int32_t k = 0; k < sum->scaled_count; k++) {
    const mg_ir_scaled *t = &b->ir->scaled[sum->scaled + k];
    p->scaled[p->scaled_count++] = (mg_scaled_term){mg_factor_of(b, t->factor), mg_row_of(b, t->x)};
  }
  for (int32_t k = 0; k < sum->product_count; k++) {
    const mg_ir_product *t = &b->ir->products[sum->products + k];
    int32_t left = mg_row_of(b, t->left), right = mg_row_of(b, t->right);
    p->products[p->product_count++] = (mg_product_term){mg_factor_of(b, t->factor), left, right};
  }
  mg_append_instruction(b, i);
}

// The weights of a map's family among the uniforms, then its biases.
static int32_t weights_of(mg_builder *b, const mg_ir_map *map) {
  int32_t *place = &b->map_weights[map->family];
  if (*place >= 0) return *place;
  *place = (int32_t)b->program->uniform_count;
  int64_t count = (int64_t)map->inputs * map->outputs;
  for (int64_t k = 0; k < count; k++) mg_append_uniform(b, b->ir->refs[map->weights + k]);
  for (int32_t k = 0; map->biases >= 0 && k < map->outputs; k++) mg_append_uniform(b, b->ir->refs[map->biases + k]);
  return *place;
}

static int64_t weight_count(const mg_ir_map *map) { return (int64_t)map->inputs * map->outputs; }

static void emit_affine(mg_builder *b, mg_ref ref) {
  const mg_ir_map *map = &b->ir->maps[b->ir->nodes[ref].a];
  mg_instruction i = mg_blank_instruction(MG_INSTRUCTION_affine);
  i.count = map->inputs;
  i.more_count = map->outputs;
  i.start = weights_of(b, map);
  i.bias = map->biases >= 0 ? i.start + (int32_t)weight_count(map) : map->biases;
  i.list = mg_list_rows(b, map->x, map->inputs);
  mg_ref first = b->ir->refs[map->rows];
  i.flag = b->uses[first] == 1 && b->user[first] != MG_NO_REF && b->alias[b->user[first]] == first;
  for (int32_t k = 0; k < map->outputs; k++) mg_give_row(b, b->ir->refs[map->rows + k]);
  i.more = mg_list_rows(b, map->rows, map->outputs);
  mg_append_instruction(b, i);
}

static void emit_columns(mg_builder *b, mg_ref ref) {
  const mg_ir *ir = b->ir;
  const mg_ir_map *map = &ir->maps[ir->nodes[ref].a];
  mg_instruction i = mg_blank_instruction(MG_INSTRUCTION_columns);
  i.count = map->outputs;
  i.more_count = map->inputs;
  i.start = weights_of(b, map);
  i.list = mg_list_rows(b, map->adjoints, map->outputs);
  i.more = (int32_t)b->program->list_count;
  for (int32_t k = 0; k < 2 * map->inputs; k++) mg_list_int(b, -1);
  if (b->failed) return;
  int32_t *out = b->program->lists + i.more, *masks = out + map->inputs, spare = -1;
  for (mg_ref c = ref; c < ir->count && ir->nodes[c].kind == MG_IR_COLUMN && ir->nodes[c].a == ir->nodes[ref].a; c++) {
    if (b->uses[c] == 0) continue;
    mg_give_row(b, c);
    out[ir->nodes[c].b] = b->row[c];
    mg_ref user = b->user[c];
    if (b->uses[c] != 1 || user == MG_NO_REF || b->alias[user] != c) continue;
    masks[ir->nodes[c].b] = mg_row_of(b, ir->refs[ir->nodes[user].a + 3]);
    i.flag = 1;
  }
  for (int32_t k = 0; k < map->inputs; k++) {
    if (out[k] != -1) continue;
    if (spare < 0) spare = mg_take_row(b);
    out[k] = spare;
  }
  if (spare >= 0) b->free_rows[b->free_count++] = spare;
  mg_append_instruction(b, i);
}

// The table of a pick among the uniforms; the sums of its adjoints, where `sums`.
static int32_t table_of(mg_builder *b, const mg_ir_node *pick, bool sums) {
  const mg_ir *ir = b->ir;
  mg_program *p = b->program;
  for (int64_t k = 0; k < p->table_count; k++) {
    mg_table *table = &p->tables[k];
    if (table->count != pick->b - 1) continue;
    if (memcmp(ir->refs + table->list, ir->refs + pick->a + 1, (size_t)table->count * sizeof(mg_ref))) continue;
    if (sums && table->sums < 0) table->sums = mg_append_sums(b, ir->refs + table->list, table->count);
    return sums ? table->sums : table->uniforms;
  }
  if (!MG_GROW(table, 1)) return 0;
  mg_table *table = &p->tables[p->table_count++];
  *table = (mg_table){.list = pick->a + 1, .count = pick->b - 1, .uniforms = (int32_t)p->uniform_count, .sums = -1};
  for (int32_t k = 0; k < table->count; k++) mg_append_uniform(b, ir->refs[table->list + k]);
  return table_of(b, pick, sums);
}

// The row of the places that an index names in a table of `count`: kept to the end, as others ask for it.
static int32_t places_of(mg_builder *b, mg_ref index, int32_t count) {
  for (int64_t k = 0; k < b->place_count; k++)
    if (b->places[k].index == index && b->places[k].count == count) return b->places[k].row;
  if (!mg_grow(b, (void **)&b->places, b->place_count, &b->place_capacity, sizeof *b->places, 1)) return 0;
  mg_instruction i = mg_blank_instruction(MG_INSTRUCTION_places);
  i.x = mg_row_of(b, index);
  i.count = count;
  i.out = (int32_t)(-2 - b->spreads++);
  mg_append_instruction(b, i);
  b->places[b->place_count++] = (mg_index_places){index, count, i.out};
  return i.out;
}

static void emit_pick(mg_builder *b, mg_ref ref) {
  const mg_ir_node *n = &b->ir->nodes[ref];
  bool is_uniform = mg_is_pick_of_uniforms(b->ir, n);
  mg_instruction i = mg_blank_instruction(is_uniform ? MG_INSTRUCTION_pick_uniform : MG_INSTRUCTION_pick_row);
  i.out = b->row[ref];
  i.x = places_of(b, b->ir->refs[n->a], n->b - 1);
  i.count = n->b - 1;
  if (is_uniform) i.start = table_of(b, n, false);
  else i.list = mg_list_rows(b, n->a + 1, n->b - 1);
  mg_append_instruction(b, i);
}

// A call of a custom op, a softmax, or of the pullback of one, whose results are values of a kind that come after it.
static void emit_call(mg_builder *b, mg_ref ref, mg_instruction_code code, mg_ir_kind result, int32_t results) {
  const mg_ir *ir = b->ir;
  const mg_ir_node *n = &ir->nodes[ref];
  mg_instruction i = mg_blank_instruction(code);
  i.start = (int32_t)n->c;
  i.flag = n->operand;
  i.count = n->b;
  i.more_count = results;
  i.list = mg_list_rows(b, n->a, n->b);
  i.more = (int32_t)b->program->list_count;
  for (int32_t k = 0; k < results; k++) mg_list_int(b, -1);
  if (b->failed) return;
  for (mg_ref k = ref + 1, found = 0; k < ir->count && found < results; k++) {
    found += ir->nodes[k].kind == result && ir->nodes[k].a == ref;
    if (ir->nodes[k].kind != result || ir->nodes[k].a != ref || b->uses[k] == 0) continue;
    mg_give_row(b, k);
    b->program->lists[i.more + ir->nodes[k].b] = b->row[k];
  }
  mg_append_instruction(b, i);
}

static void emit_listed(mg_builder *b, mg_ref ref) {
  const mg_ir_node *n = &b->ir->nodes[ref];
  const mg_ref *list = b->ir->refs + n->a;
  mg_instruction i = mg_blank_instruction(MG_INSTRUCTION_pick_partial);
  i.out = b->row[ref];
  i.relation = n->function;
  i.flag = n->operand;
  switch ((mg_ir_kind)n->kind) {
  case MG_IR_NORM:
    i.code = MG_INSTRUCTION_norm;
    i.list = mg_list_rows(b, n->a, n->b);
    i.count = n->b;
    break;
  case MG_IR_SELECT:
    i.code = MG_INSTRUCTION_select;
    i.list = mg_list_rows(b, n->a, 2);
    i.x = mg_row_of(b, list[2]);
    i.y = mg_row_of(b, list[3]);
    break;
  case MG_IR_SELECT_PARTIAL:
    i.code = MG_INSTRUCTION_select_partial;
    i.x = mg_row_of(b, list[0]);
    i.y = mg_row_of(b, list[1]);
    i.d = mg_row_of(b, list[2]);
    break;
  default:
    i.x = places_of(b, list[0], (int32_t)b->ir->nodes[list[2]].c);
    i.d = mg_row_of(b, list[1]);
    i.start = (int32_t)n->c;
  }
  mg_append_instruction(b, i);
}

static void emit(mg_builder *b, mg_ref ref) {
  switch ((mg_ir_kind)b->ir->nodes[ref].kind) {
  case MG_IR_APPLY: emit_value(b, ref); break;
  case MG_IR_SUM: emit_combine(b, ref); break;
  case MG_IR_PARTIAL: emit_partial(b, ref); break;
  case MG_IR_PICK: emit_pick(b, ref); break;
  case MG_IR_NORM:
  case MG_IR_SELECT:
  case MG_IR_SELECT_PARTIAL:
  case MG_IR_PICK_PARTIAL: emit_listed(b, ref); break;
  default: break;
  }
}

static void emit_total(mg_builder *b, const mg_ir_total *t) {
  mg_instruction i = mg_blank_instruction(MG_INSTRUCTION_total);
  switch (t->kind) {
  case MG_TOTAL_ROW:
    i.x = mg_row_of(b, t->left);
    i.start = mg_sum_of(b, t->to);
    break;
  case MG_TOTAL_PRODUCT:
    i.code = MG_INSTRUCTION_total_product;
    i.x = mg_row_of(b, t->left);
    i.y = mg_row_of(b, t->right);
    i.start = mg_sum_of(b, t->to);
    break;
  case MG_TOTAL_UNIFORM:
    i.code = MG_INSTRUCTION_total_uniform;
    i.bias = mg_uniform_of(b, t->left);
    i.start = mg_sum_of(b, t->to);
    break;
  case MG_TOTAL_PICK:
    i.code = MG_INSTRUCTION_scatter;
    i.count = b->ir->nodes[t->to].b - 1;
    i.x = places_of(b, b->ir->refs[b->ir->nodes[t->to].a], i.count);
    i.d = mg_row_of(b, t->left);
    i.start = table_of(b, &b->ir->nodes[t->to], true);
    break;
  case MG_TOTAL_MAP: return;
  }
  mg_append_instruction(b, i);
}

static bool has_trained_biases(const mg_ir *ir, const mg_ir_map *map) {
  for (int32_t k = 0; map->biases >= 0 && k < map->outputs; k++)
    if (!mg_is_constant(ir, ir->refs[map->biases + k])) return true;
  return false;
}

// One instruction for all maps of a family.
static void emit_outer(mg_builder *b, int32_t family) {
  const mg_ir *ir = b->ir;
  mg_instruction i = mg_blank_instruction(MG_INSTRUCTION_outer);
  for (int pass = 0; pass < 2; pass++) {
    *(pass ? &i.more : &i.list) = (int32_t)b->program->list_count;
    for (int64_t k = 0; k < ir->total_count; k++) {
      if (ir->totals[k].kind != MG_TOTAL_MAP) continue;
      const mg_ir_map *map = &ir->maps[ir->totals[k].left];
      if (map->family != family) continue;
      if (pass) mg_list_rows(b, map->x, map->inputs);
      else mg_list_rows(b, map->adjoints, map->outputs);
      if (pass) continue;
      i.applications++;
      i.count = map->outputs;
      i.more_count = map->inputs;
      if (i.applications == 1) {
        i.start = mg_append_sums(b, ir->refs + map->weights, weight_count(map));
        if (has_trained_biases(ir, map)) i.bias = mg_append_sums(b, ir->refs + map->biases, map->outputs);
      }
    }
  }
  if (i.applications == 0) return;
  mg_append_instruction(b, i);
}

static bool is_elementwise(const mg_ir_node *n) {
  switch ((mg_ir_kind)n->kind) {
  case MG_IR_APPLY:
  case MG_IR_SUM:
  case MG_IR_PARTIAL:
  case MG_IR_SELECT_PARTIAL: return true;
  default: return false;
  }
}

static void free_expired(mg_builder *b, int32_t position) {
  for (int32_t k = b->expiring[position]; k >= 0; k = b->next_expiring[k])
    if (b->row[k] >= 0) b->free_rows[b->free_count++] = b->row[k];
  b->expiring[position] = -1;
}

void mg_emit_rows(mg_builder *b) {
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
      emit_call(b, i, MG_INSTRUCTION_custom, MG_IR_OUTPUT, ir->customs[(int64_t)n->c]->outputs);
    } else if (is_live && n->kind == MG_IR_PULLBACK) {
      emit_call(b, i, MG_INSTRUCTION_pullback, MG_IR_INPUT_ADJOINT, ir->customs[(int64_t)n->c]->inputs);
    } else if (is_live && n->kind == MG_IR_SOFTMAX) {
      emit_call(b, i, MG_INSTRUCTION_softmax, MG_IR_OUTPUT, 2 * n->b + 1);
    } else if (is_live && n->kind == MG_IR_SOFTMAX_PULLBACK) {
      emit_call(b, i, MG_INSTRUCTION_softmax_pullback, MG_IR_INPUT_ADJOINT, n->b / 2);
    } else if (is_live && b->alias[i] == i && b->row[i] < 0 && n->kind != MG_IR_ROW && n->kind != MG_IR_COLUMN &&
               n->kind != MG_IR_OUTPUT && n->kind != MG_IR_INPUT_ADJOINT) {
      // The operands' rows are looked up once the result has its own, which may be one of theirs.
      if (is_elementwise(n) && b->totals_at[t] < 0) free_expired(b, t);
      mg_give_row(b, i);
      emit(b, i);
    }
    for (int32_t k = b->totals_at[t]; k >= 0; k = b->next_total[k]) emit_total(b, &ir->totals[k]);
    free_expired(b, t);
  }
  for (int32_t k = b->totals_at[b->order_count]; k >= 0; k = b->next_total[k]) emit_total(b, &ir->totals[k]);
  for (int32_t k = 0; k < ir->map_count; k++)
    if (ir->maps[k].family == k) emit_outer(b, k);
}
