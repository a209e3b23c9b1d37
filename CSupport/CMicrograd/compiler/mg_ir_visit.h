// The values that a value is computed from, one by one.
#pragma once

#include "mg_ir.h"

// Inlined with the visitor: a loop over a list is then one, without a call for each.
#define MG_VISITS inline __attribute__((always_inline))

typedef void (*mg_ref_visitor)(void *context, mg_ref *operand);

static MG_VISITS void mg_ir_visit_list(const mg_ir *ir, int32_t first, int64_t count, mg_ref_visitor visit, void *context) {
  for (int64_t k = 0; k < count; k++)
    if (ir->refs[first + k] >= 0) visit(context, &ir->refs[first + k]);
}

// Calls `visit` for each weight and bias of a map.
static MG_VISITS void mg_ir_visit_weights(const mg_ir *ir, const mg_ir_map *map, mg_ref_visitor visit, void *context) {
  mg_ir_visit_list(ir, map->weights, (int64_t)map->inputs * map->outputs, visit, context);
  if (map->biases >= 0) mg_ir_visit_list(ir, map->biases, map->outputs, visit, context);
}

// Calls `visit` for each value that a value is computed from: of a row, for all that its map is, but not for its weights,
// which may be many, and are those of other maps too.
static MG_VISITS void mg_ir_visit(const mg_ir *ir, mg_ref ref, mg_ref_visitor visit, void *context) {
  mg_ir_node *n = &ir->nodes[ref];
  switch ((mg_ir_kind)n->kind) {
  case MG_IR_CONSTANT:
  case MG_IR_PARAMETER:
  case MG_IR_INPUT: return;
  case MG_IR_APPLY:
    visit(context, &n->a);
    if (n->b >= 0) visit(context, &n->b);
    return;
  case MG_IR_DETACH:
  case MG_IR_OUTPUT:
  case MG_IR_INPUT_ADJOINT: visit(context, &n->a); return;
  case MG_IR_SUM: {
    mg_ir_sum *sum = &ir->sums[n->a];
    if (sum->start >= 0) visit(context, &sum->start);
    for (int64_t k = 0; k < sum->scaled_count; k++) {
      visit(context, &ir->scaled[sum->scaled + k].factor);
      visit(context, &ir->scaled[sum->scaled + k].x);
    }
    for (int64_t k = 0; k < sum->product_count; k++) {
      mg_ir_product *product = &ir->products[sum->products + k];
      if (product->factor >= 0) visit(context, &product->factor);
      visit(context, &product->left);
      visit(context, &product->right);
    }
    return;
  }
  case MG_IR_ROW: {
    const mg_ir_map *map = &ir->maps[n->a];
    mg_ir_visit_list(ir, map->x, map->inputs, visit, context);
    return;
  }
  case MG_IR_COLUMN: {
    const mg_ir_map *map = &ir->maps[n->a];
    mg_ir_visit_list(ir, map->adjoints, map->outputs, visit, context);
    return;
  }
  case MG_IR_SOFTMAX:
  case MG_IR_NORM:
  case MG_IR_SELECT:
  case MG_IR_PICK:
  case MG_IR_CUSTOM:
  case MG_IR_PARTIAL:
  case MG_IR_SOFTMAX_PULLBACK:
  case MG_IR_SELECT_PARTIAL:
  case MG_IR_PICK_PARTIAL:
  case MG_IR_PULLBACK: mg_ir_visit_list(ir, n->a, n->b, visit, context); return;
  }
}
