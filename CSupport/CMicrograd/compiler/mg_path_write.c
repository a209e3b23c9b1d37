// A path as bytes (mg_path_format.h).
//
// In:     a path, and for each of its parameters which it is among the file's.
// Out:    its bytes. Or the custom operation that it calls, whose rules are the caller's code.
// After:  mg_path_read makes an equal path of them, so that the same programs are made from it.
// Cost:   linear in the values and their operands.
#include <stdlib.h>
#include <string.h>

#include "mg_ir.h"
#include "mg_path_file.h"
#include "mg_path_format.h"

typedef struct {
  const mg_ir *ir;
  mg_text *to;
  int16_t ops[MG_OP_COUNT], functions[MG_FUNCTION_COUNT];  // their places among the names; -1: unused
} writer;

static void put(writer *w, uint64_t number, int bytes) {
  char all[8];
  for (int k = 0; k < bytes; k++) all[k] = (char)(number >> (8 * k));
  mg_text_add_bytes(w->to, all, bytes);
}

static void put_double(writer *w, double x) { put(w, mg_bits_of(x), 8); }
static void put_ref(writer *w, mg_ref ref) { put(w, (uint32_t)ref, 4); }
static void put_refs(writer *w, int32_t first, int64_t count) {
  for (int64_t k = 0; k < count; k++) put_ref(w, w->ir->refs[first + k]);
}

static void put_name(writer *w, int kind, const char *name) {
  put(w, (uint64_t)kind, 1);
  put(w, strlen(name), 1);
  mg_text_add_bytes(w->to, name, (int64_t)strlen(name));
}

static void put_names(writer *w) {
  int16_t count = 0;
  memset(w->ops, 0xff, sizeof w->ops);
  memset(w->functions, 0xff, sizeof w->functions);
  for (int64_t k = 0; k < w->ir->count; k++) {
    const mg_ir_node *n = &w->ir->nodes[k];
    if (n->kind != MG_IR_APPLY) continue;
    int16_t *place = n->op == MG_OP_function ? &w->functions[n->function] : &w->ops[n->op];
    if (*place < 0) *place = count++;
  }
  put(w, (uint64_t)count, 2);
  for (int16_t place = 0; place < count; place++) {
    for (int op = 0; op < MG_OP_COUNT; op++)
      if (w->ops[op] == place) put_name(w, 0, mg_op_name((mg_op)op));
    for (int function = 0; function < MG_FUNCTION_COUNT; function++)
      if (w->functions[function] == place) put_name(w, 1, mg_function_name((mg_function)function));
  }
}

static void put_sum(writer *w, const mg_ir_sum *sum) {
  const mg_ir *ir = w->ir;
  put(w, MG_FILE_SUM, 1);
  put_ref(w, sum->start);
  put(w, (uint32_t)sum->scaled_count, 4);
  put(w, (uint32_t)sum->product_count, 4);
  for (int32_t k = sum->scaled; k < sum->scaled + sum->scaled_count; k++) {
    put_ref(w, ir->scaled[k].factor);
    put_ref(w, ir->scaled[k].x);
  }
  for (int32_t k = sum->products; k < sum->products + sum->product_count; k++) {
    put_ref(w, ir->products[k].factor);
    put_ref(w, ir->products[k].left);
    put_ref(w, ir->products[k].right);
  }
}

static void put_matrix(writer *w, const mg_ir_map *map) {
  put(w, MG_FILE_MATRIX, 1);
  put(w, (uint32_t)map->inputs, 4);
  put(w, (uint32_t)map->outputs, 4);
  put(w, (uint32_t)map->family, 4);
  put_ref(w, map->biases < 0 ? map->biases : 0);
  put_refs(w, map->x, map->inputs);
  put_refs(w, map->weights, (int64_t)map->inputs * map->outputs);
  if (map->biases >= 0) put_refs(w, map->biases, map->outputs);
}

static void put_list(writer *w, mg_file_kind kind, const mg_ir_node *n) {
  put(w, kind, 1);
  if (kind == MG_FILE_SELECT) put(w, n->function, 1);
  else put(w, (uint32_t)n->b, 4);
  put_refs(w, n->a, n->b);
}

static void put_apply(writer *w, const mg_ir_node *n) {
  bool is_binary = mg_op_is_binary((mg_op)n->op);
  put(w, is_binary ? MG_FILE_BINARY : n->b >= 0 ? MG_FILE_TARGET : MG_FILE_APPLY, 1);
  put(w, (uint64_t)(n->op == MG_OP_function ? w->functions[n->function] : w->ops[n->op]), 2);
  put_ref(w, n->a);
  if (!is_binary) put_double(w, n->c);
  if (n->b >= 0) put_ref(w, n->b);
}

static void put_leaf(writer *w, mg_file_kind kind, int32_t which) {
  put(w, kind, 1);
  put(w, (uint32_t)which, 4);
}

static void put_value(writer *w, const mg_ir_node *n) {
  switch ((mg_ir_kind)n->kind) {
  case MG_IR_CONSTANT:
    put(w, MG_FILE_CONSTANT, 1);
    put_double(w, n->c);
    return;
  case MG_IR_PARAMETER: put_leaf(w, MG_FILE_PARAMETER, n->a); return;
  case MG_IR_INPUT: put_leaf(w, MG_FILE_INPUT, n->a); return;
  case MG_IR_APPLY: put_apply(w, n); return;
  case MG_IR_SUM: put_sum(w, &w->ir->sums[n->a]); return;
  case MG_IR_ROW:
    if (n->b == 0) put_matrix(w, &w->ir->maps[n->a]);  // the others follow it
    return;
  case MG_IR_SOFTMAX: put_list(w, MG_FILE_SOFTMAX, n); return;
  case MG_IR_NORM: put_list(w, MG_FILE_NORM, n); return;
  case MG_IR_SELECT: put_list(w, MG_FILE_SELECT, n); return;
  case MG_IR_PICK: put_list(w, MG_FILE_PICK, n); return;
  case MG_IR_DETACH: put_leaf(w, MG_FILE_DETACH, n->a); return;
  case MG_IR_OUTPUT: return;  // of the softmax before it
  case MG_IR_CUSTOM:
  case MG_IR_PARTIAL:  // in gradients only
  case MG_IR_SOFTMAX_PULLBACK:
  case MG_IR_SELECT_PARTIAL:
  case MG_IR_PICK_PARTIAL:
  case MG_IR_COLUMN:
  case MG_IR_PULLBACK:
  case MG_IR_INPUT_ADJOINT: MG_ASSERT(false); return;
  }
}

const mg_custom *mg_path_write(const mg_path *path, const int32_t *places, uint8_t *inputs, mg_text *bytes) {
  if (path->ir->custom_count > 0) return path->ir->customs[0];
  writer w = {.ir = path->ir, .to = bytes};
  put_names(&w);
  const int64_t figures[] = {path->node_count, path->unused_count, path->merged_count, path->constant_count};
  for (int k = 0; k < 4; k++) put(&w, (uint64_t)figures[k], 8);
  put(&w, (uint64_t)path->parameter_count, 4);
  for (int64_t k = 0; k < path->parameter_count; k++) put(&w, (uint32_t)places[k], 4);
  put(&w, (uint64_t)w.ir->count, 4);
  for (int64_t k = 0; k < w.ir->count; k++) {
    put_value(&w, &w.ir->nodes[k]);
    if (w.ir->nodes[k].kind == MG_IR_INPUT) inputs[w.ir->nodes[k].a] = 1;
  }
  for (int64_t k = 0; k < path->root_count; k++) put_ref(&w, path->roots[k]);
  put(&w, (uint64_t)path->guard_count, 4);
  for (int64_t k = 0; k < path->guard_count; k++) {
    const mg_ir_guard *guard = &path->guards[k];
    put_ref(&w, guard->left);
    put_ref(&w, guard->right);
    put(&w, guard->relation, 1);
    put(&w, guard->holds, 1);
    put(&w, (uint32_t)guard->comparison, 4);
  }
  return NULL;
}

uint32_t mg_checksum(const uint8_t *bytes, int64_t count) {
  uint32_t table[256], remainder = UINT32_MAX;
  for (uint32_t k = 0; k < 256; k++) {
    table[k] = k;
    for (int bit = 0; bit < 8; bit++) table[k] = table[k] >> 1 ^ (table[k] & 1 ? UINT32_C(0xedb88320) : 0);
  }
  for (int64_t k = 0; k < count; k++) remainder = remainder >> 8 ^ table[(remainder ^ bytes[k]) & 255];
  return ~remainder;
}
