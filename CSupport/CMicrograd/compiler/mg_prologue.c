// Prologue: what does not depend on the sample, recorded on a tape of its own.
//
// In:     the ir, how often each value is used, and numbers for the parameters.
// Out:    a tape that begins with the parameters as leaves, and the node of each uniform value.
// After:  the tape is swept forward once a run, before the samples, and backward once a run, after them: sums over samples
//         are the seeds of its nodes, and its gradients go to the parameters.
// Cost:   linear in the uniform values and operands; products of a long sum are sorted.
//
// Example, exp(v0 * x0 + v0²) with the parameter v0:
//   v1 = v0 * v0, uniform                     node 1 = node 0 * node 0; node 0 is the parameter
//   v4 = v1 + v0 * v2, sample                 not here: uniforms 0 and 1 are copied from nodes 1 and 0
//   total of v5 to v1                         sum 2 is the seed of node 1: the sweep adds 2 v0 times it to node 0
//   total of v2 * v5 to v0                    sum 1 is added to the gradient of node 0
#include <stdlib.h>
#include <string.h>

#include "mg_blocks.h"
#include "mg_instructions.h"
#include "mg_nary.h"
#include "mg_record.h"
#include "mg_tape_internal.h"

typedef struct {
  mg_tape *tape;
  const mg_ir *ir;
  mg_node *nodes;  // by ref
  mg_node *list;   // room for the operands of one value
  double *numbers; // and for as many weights
} recorder;

static mg_node node_of(recorder *r, mg_ref ref) {
  if (r->nodes[ref] == MG_NO_NODE) r->nodes[ref] = mg_leaf(r->tape, r->ir->nodes[ref].c);  // a constant
  return r->nodes[ref];
}

typedef struct {
  mg_node left, right;
} pair;

// Stable, by the left: merges what is in order already, of which parameters come in long runs.
static void sort_pairs(pair *pairs, pair *merged, int64_t count) {
  for (int64_t runs = 2; runs > 1;) {
    runs = 0;
    for (int64_t first = 0, middle, end; first < count; first = end, runs++) {
      for (middle = first + 1; middle < count && pairs[middle - 1].left <= pairs[middle].left;) middle++;
      for (end = middle + (middle < count); end < count && pairs[end - 1].left <= pairs[end].left;) end++;
      for (int64_t a = first, b = middle, k = first; k < end; k++)
        merged[k] = b == end || (a < middle && pairs[a].left <= pairs[b].left) ? pairs[a++] : pairs[b++];
    }
    memcpy(pairs, merged, (size_t)count * sizeof *pairs);
  }
}

// Plain products as one dot product, in the order of the left factors, so that parameters in a row are read as they lie.
static mg_node record_products(recorder *r, const mg_ir_sum *sum, int64_t *weighted) {
  pair *pairs = (pair *)r->list;
  int64_t count = 0;
  for (int32_t k = sum->products; k < sum->products + sum->product_count; k++) {
    const mg_ir_product *p = &r->ir->products[k];
    if (p->factor == MG_PLUS) pairs[count++] = (pair){node_of(r, p->left), node_of(r, p->right)};
  }
  mg_node dot = MG_NO_NODE;
  if (count == 1) dot = mg_multiply(r->tape, pairs[0].left, pairs[0].right);
  else if (count > 1) {
    sort_pairs(pairs, pairs + count, count);
    mg_node *left = r->list + 2 * count, *right = left + count;
    for (int64_t k = 0; k < count; k++) {
      left[k] = pairs[k].left;
      right[k] = pairs[k].right;
    }
    dot = mg_dot(r->tape, left, right, count);
  }
  *weighted = 0;
  for (int32_t k = sum->products; k < sum->products + sum->product_count; k++) {
    const mg_ir_product *p = &r->ir->products[k];
    if (p->factor == MG_PLUS) continue;
    r->numbers[*weighted] = mg_factor_number(r->ir, p->factor);
    r->list[(*weighted)++] = mg_multiply(r->tape, node_of(r, p->left), node_of(r, p->right));
  }
  return dot;
}

// Adds factor * x to a sum, which may be MG_NO_NODE yet. False: no memory.
static bool add_multiple(recorder *r, mg_node *sum, double factor, mg_node x) {
  if (x != MG_NO_NODE && factor != 1) x = mg_multiply_constant(r->tape, x, factor);
  if (x == MG_NO_NODE) return false;
  *sum = *sum == MG_NO_NODE ? x : mg_add(r->tape, *sum, x);
  return *sum != MG_NO_NODE;
}

// A sum of few terms, one by one: such a sum of zeros may be -0.
static mg_node record_short_sum(recorder *r, const mg_ir_sum *sum) {
  const mg_ir *ir = r->ir;
  mg_node result = sum->start < 0 ? MG_NO_NODE : node_of(r, sum->start);
  bool is_done = true;
  for (int32_t k = sum->scaled; k < sum->scaled + sum->scaled_count && is_done; k++)
    is_done = add_multiple(r, &result, ir->nodes[ir->scaled[k].factor].c, node_of(r, ir->scaled[k].x));
  for (int32_t k = sum->products; k < sum->products + sum->product_count && is_done; k++) {
    const mg_ir_product *p = &ir->products[k];
    mg_node product = mg_multiply(r->tape, node_of(r, p->left), node_of(r, p->right));
    is_done = add_multiple(r, &result, mg_factor_number(ir, p->factor), product);
  }
  return is_done ? result : MG_NO_NODE;
}

// Longer sums begin at 0.
enum { SHORT_SUM = 4 };

static mg_node record_sum(recorder *r, const mg_ir_sum *sum) {
  if (sum->scaled_count + sum->product_count <= SHORT_SUM) return record_short_sum(r, sum);
  int64_t weighted;
  mg_node result = record_products(r, sum, &weighted);
  for (int32_t k = sum->scaled; k < sum->scaled + sum->scaled_count; k++) {
    r->numbers[weighted] = r->ir->nodes[r->ir->scaled[k].factor].c;
    r->list[weighted++] = node_of(r, r->ir->scaled[k].x);
  }
  if (weighted > 0) {
    bool plain = true;
    for (int64_t k = 0; k < weighted; k++) plain = plain && r->numbers[k] == 1;
    mg_node other = weighted == 1 ? mg_multiply_constant(r->tape, r->list[0], r->numbers[0])
                    : plain       ? mg_sum(r->tape, r->list, weighted)
                                  : mg_weighted_sum(r->tape, r->numbers, r->list, weighted);
    result = result == MG_NO_NODE || other == MG_NO_NODE ? other : mg_add(r->tape, result, other);
  }
  if (sum->start < 0 || result == MG_NO_NODE) return result;
  return mg_is_constant(r->ir, sum->start) ? mg_add_constant(r->tape, result, r->ir->nodes[sum->start].c)
                                           : mg_add(r->tape, result, node_of(r, sum->start));
}

static mg_node record_apply(recorder *r, const mg_ir_node *n) {
  mg_op op = (mg_op)n->op;
  mg_node a = node_of(r, n->a);
  if (mg_op_is_binary(op)) return mg_record_binary(r->tape, op, a, node_of(r, n->b));
  if (n->b >= 0) return mg_block_target(r->tape, op, n->c, a, &r->ir->nodes[n->b].c, 1, 1);
  switch (op) {
#define CASE(name, ...) case MG_OP_##name:
    MG_CONSTANT_OPS(CASE)
#undef CASE
    return mg_record_constant(r->tape, op, a, n->c);
  case MG_OP_function: return mg_record_function(r->tape, (mg_function)n->function, a);
  default: return mg_record_unary(r->tape, op, a);
  }
}

static mg_node record_custom(recorder *r, const mg_ir_node *n) {
  const mg_custom *op = r->ir->customs[(int64_t)n->c];
  double *x = malloc((size_t)(op->inputs + op->outputs) * sizeof *x);
  if (!x) return MG_NO_NODE;
  for (int32_t k = 0; k < op->inputs; k++) x[k] = r->tape->values[r->list[k]];
  op->value(op->context, x, x + op->inputs);
  mg_node first = mg_block_custom(r->tape, op, r->list, x + op->inputs);
  free(x);
  return first;
}

// p, log Σ exp and the logarithms of p, a block each, in this order; returns the first.
static mg_node record_softmax(recorder *r, int32_t count) {
  mg_node x = mg_block_copy(r->tape, r->list, 1, 1, count);
  if (x == MG_NO_NODE) return x;
  mg_node first = mg_block_rows(r->tape, MG_OP_softmax, x, 1, count);
  if (first == MG_NO_NODE || mg_block_rows(r->tape, MG_OP_log_sum_exp, x, 1, count) == MG_NO_NODE) return MG_NO_NODE;
  return mg_block_rows(r->tape, MG_OP_log_softmax, x, 1, count) == MG_NO_NODE ? MG_NO_NODE : first;
}

// The caps of such blocks that lie below output b.
static int32_t skipped_caps(const mg_ir_node *of, int32_t b) {
  return of->kind != MG_IR_SOFTMAX ? 0 : b < of->b ? 0 : b == of->b ? 1 : 2;
}

static mg_node record_norm(recorder *r, int32_t count) {
  mg_node norm = mg_record_function(r->tape, MG_FUNCTION_absolute, r->list[0]);
  for (int32_t k = 1; k < count && norm != MG_NO_NODE; k++)
    norm = mg_record_binary(r->tape, MG_OP_hypotenuse, norm, r->list[k]);
  return norm;
}

static mg_node record(recorder *r, mg_ref ref) {
  const mg_ir_node *n = &r->ir->nodes[ref];
  switch ((mg_ir_kind)n->kind) {
  case MG_IR_APPLY: return record_apply(r, n);
  case MG_IR_SUM: return record_sum(r, &r->ir->sums[n->a]);
  case MG_IR_DETACH: return mg_record_function(r->tape, MG_FUNCTION_detach, node_of(r, n->a));
  case MG_IR_OUTPUT: return node_of(r, n->a) + n->b + skipped_caps(&r->ir->nodes[n->a], n->b);
  default: break;
  }
  for (int32_t k = 0; k < n->b; k++) r->list[k] = node_of(r, r->ir->refs[n->a + k]);
  switch ((mg_ir_kind)n->kind) {
  case MG_IR_SOFTMAX: return record_softmax(r, n->b);
  case MG_IR_NORM: return record_norm(r, n->b);
  case MG_IR_SELECT:
    return mg_select(r->tape, r->list[0], (mg_relation)n->function, r->list[1], r->list[2], r->list[3]);
  case MG_IR_PICK: return mg_pick(r->tape, r->list[0], r->list + 1, n->b - 1);
  case MG_IR_CUSTOM: return record_custom(r, n);
  default: return MG_NO_NODE;
  }
}

static int64_t longest_list(const mg_ir *ir) {
  int64_t most = 16;
  for (int64_t k = 0; k < ir->sum_count; k++)
    most = mg_max(most, ir->sums[k].scaled_count + 4 * (int64_t)ir->sums[k].product_count);
  for (int64_t k = 0; k < ir->count; k++)
    if (ir->nodes[k].kind == MG_IR_SOFTMAX || ir->nodes[k].kind == MG_IR_NORM || ir->nodes[k].kind == MG_IR_PICK ||
        ir->nodes[k].kind == MG_IR_CUSTOM)
      most = mg_max(most, ir->nodes[k].b);
  return most;
}

bool mg_prologue_create(mg_prologue *prologue, const mg_ir *ir, const int32_t *uses, const double *parameters,
                        int64_t parameter_count) {
  int64_t most = longest_list(ir);
  recorder r = {.tape = mg_tape_create(NULL), .ir = ir};
  r.nodes = malloc((size_t)(ir->count + 1) * sizeof *r.nodes);
  r.list = malloc((size_t)most * sizeof *r.list);
  r.numbers = malloc((size_t)most * sizeof *r.numbers);
  prologue->tape = r.tape;
  prologue->nodes = r.nodes;
  bool is_done = r.tape && r.nodes && r.list && r.numbers;
  if (is_done) {
    for (int64_t k = 0; k <= ir->count; k++) r.nodes[k] = MG_NO_NODE;
    for (int64_t k = 0; k < parameter_count && is_done; k++) is_done = mg_leaf(r.tape, parameters[k]) != MG_NO_NODE;
    for (int64_t i = 0; i < ir->count; i++)
      if (ir->nodes[i].kind == MG_IR_PARAMETER) r.nodes[i] = ir->nodes[i].a;
    for (int64_t i = 0; i < ir->count && is_done; i++)
      if (ir->nodes[i].class == MG_UNIFORM_VALUE && uses[i] > 0 && ir->nodes[i].kind != MG_IR_PARAMETER) {
        prologue->computes = true;
        is_done = (r.nodes[i] = record(&r, (mg_ref)i)) != MG_NO_NODE;
      }
  }
  free(r.list);
  free(r.numbers);
  return is_done;
}

void mg_prologue_free(mg_prologue *prologue) {
  if (prologue->tape) mg_tape_release(prologue->tape);
  free(prologue->nodes);
}
