// Bytes of a file as a path (mg_path_format.h).
//
// In:     bytes, of whatever origin, and what the rest of the file says: how many inputs, results, comparisons, parameters.
// Out:    the path that mg_path_write was given; or what is wrong, and where.
// After:  each value is computed from values before it, and marked by what it depends on: that is not read but found again. A
//         value that the compiler would not have appended there (an equal one is there, its operands are constants, its
//         operation has other operands) is a fault.
// Cost:   linear in the bytes. No list is longer than the bytes that are left.
#include <stdlib.h>
#include <string.h>

#include "mg_arena.h"
#include "mg_ir.h"
#include "mg_lane_products.h"
#include "mg_path_file.h"
#include "mg_path_format.h"

typedef struct {
  uint8_t kind, code;  // an op, or (kind 1) a function
} operation;

typedef struct {
  const uint8_t *bytes;
  int64_t count, at;
  mg_path_context context;
  mg_path *path;
  mg_ir *ir;
  operation *operations;
  int64_t operation_count;
  uint8_t *has_parameter;  // by the path's parameters: a value is it
  mg_path_file_fault fault;
  int64_t fault_at;
  mg_text *what;
  bool failed;
} reader;

static void fail(reader *r, mg_path_file_fault fault, const char *what) {
  if (r->failed) return;
  r->failed = true;
  r->fault = fault;
  r->fault_at = r->at;
  mg_text_add(r->what, "%s", what);
}

static bool must(reader *r, bool holds, const char *otherwise) {
  if (!holds) fail(r, MG_PATH_FILE_DAMAGED, otherwise);
  return holds && !r->failed;
}

// MARK: Numbers

static uint64_t take(reader *r, int bytes) {
  if (!must(r, r->count - r->at >= bytes, "it ends too early")) return 0;
  uint64_t number = 0;
  for (int k = 0; k < bytes; k++) number |= (uint64_t)r->bytes[r->at + k] << (8 * k);
  r->at += bytes;
  return number;
}

static double take_double(reader *r) {
  uint64_t bits = take(r, 8);
  double x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

// How many elements of so many bytes follow, at least.
static int32_t take_count(reader *r, int64_t least, int64_t bytes) {
  int64_t count = (int64_t)take(r, 4);
  must(r, count >= least, "a list is too short");
  must(r, count <= (r->count - r->at) / bytes, "a list is longer than the rest");
  return r->failed ? 0 : (int32_t)count;
}

static int32_t take_below(reader *r, int64_t limit, const char *otherwise) {
  int64_t number = (int64_t)take(r, 4);
  return must(r, number < limit, otherwise) ? (int32_t)number : 0;
}

static mg_ref take_ref(reader *r) {
  mg_ref ref = take_below(r, r->ir->count, "a value is named that does not come before");
  if (r->failed) return 0;
  must(r, r->ir->nodes[ref].kind != MG_IR_SOFTMAX, "a softmax is named instead of one of its outputs");
  return ref;
}

// A value that depends on the sample, or one that does not.
static mg_ref take_ref_of(reader *r, bool sample) {
  mg_ref ref = take_ref(r);
  if (!r->failed) must(r, mg_is_sample(r->ir, ref) == sample, "a value depends on other things than its place allows");
  return ref;
}

static bool take_bool(reader *r) {
  uint64_t byte = take(r, 1);
  must(r, byte <= 1, "a truth value is neither 0 nor 1");
  return byte == 1;
}

static uint8_t take_relation(reader *r) {
  uint64_t relation = take(r, 1);
  must(r, relation <= MG_GREATER, "a relation is not known");
  return (uint8_t)relation;
}

// MARK: Operations

// The code of a name; -1: none has it.
static int code_of(int kind, const char *name, int64_t length) {
  int count = kind == 0 ? MG_OP_COUNT : MG_FUNCTION_COUNT;
  for (int code = 0; code < count; code++) {
    if (kind == 0 && (code == MG_LEAF || code == MG_OP_function)) continue;
    const char *other = kind == 0 ? mg_op_name((mg_op)code) : mg_function_name((mg_function)code);
    if (strlen(other) == (size_t)length && memcmp(other, name, (size_t)length) == 0) return code;
  }
  return -1;
}

static void read_names(reader *r) {
  r->operation_count = (int64_t)take(r, 2);
  if (!must(r, r->operation_count <= (r->count - r->at) / 2, "a list is longer than the rest")) return;
  r->operations = mg_arena_take(r->operation_count + 1, sizeof *r->operations);
  if (!r->operations) fail(r, MG_PATH_FILE_NO_MEMORY, "");
  for (int64_t k = 0; k < r->operation_count && !r->failed; k++) {
    int kind = take_bool(r);
    int64_t length = (int64_t)take(r, 1);
    if (!must(r, length > 0 && length <= r->count - r->at, "a name is longer than the rest")) return;
    const char *name = (const char *)r->bytes + r->at;
    for (int64_t j = 0; j < length; j++)
      if (!must(r, name[j] > 0x20 && name[j] < 0x7f, "a name is not ASCII")) return;
    int code = code_of(kind, name, length);
    if (code < 0) {
      char text[256] = {0};
      memcpy(text, name, (size_t)length);
      fail(r, MG_PATH_FILE_UNKNOWN, text);
      return;
    }
    r->operations[k] = (operation){(uint8_t)kind, (uint8_t)code};
    r->at += length;
  }
}

static operation take_operation(reader *r) {
  int64_t which = (int64_t)take(r, 2);
  must(r, which < r->operation_count, "an operation is named that is not listed");
  return r->failed ? (operation){0, 0} : r->operations[which];
}

static bool is_unary(operation o) {
  if (o.kind == 1) return o.code != MG_FUNCTION_detach;
  switch (o.code) {
#define CASE(name, ...) case MG_OP_##name:
    MG_CONSTANT_OPS(CASE)
    MG_UNARY_OPS(CASE)
#undef CASE
    return true;
  default: return false;
  }
}

static const char other_operands[] = "an operation has other operands";

static mg_ref read_binary(reader *r) {
  operation o = take_operation(r);
  mg_ref a = take_ref(r), b = take_ref(r);
  if (!must(r, o.kind == 0 && mg_op_is_binary((mg_op)o.code), other_operands)) return 0;
  return mg_ir_binary(r->ir, (mg_op)o.code, a, b);
}

static mg_ref read_apply(reader *r, bool has_target) {
  operation o = take_operation(r);
  mg_ref a = take_ref(r), target = MG_NO_REF;
  double c = take_double(r);
  if (has_target) target = take_ref(r);
  if (r->failed) return 0;
  if (has_target) {
    bool is_number = r->ir->nodes[target].kind == MG_IR_CONSTANT && !mg_is_constant(r->ir, a);
    if (!must(r, o.kind == 0 && mg_op_has_target((mg_op)o.code) && is_number, other_operands)) return 0;
  } else if (!must(r, is_unary(o), other_operands)) {
    return 0;
  }
  if (o.kind == 1) return mg_ir_apply(r->ir, MG_OP_function, (mg_function)o.code, c, target, a);
  return mg_ir_apply(r->ir, (mg_op)o.code, 0, c, target, a);
}

// MARK: Sums

static mg_ref take_number(reader *r) {
  mg_ref ref = take_ref(r);
  if (!r->failed) must(r, r->ir->nodes[ref].kind == MG_IR_CONSTANT, "a factor is not a number");
  return ref;
}

// Whether the value that follows depends on the sample: terms are all of one class, that of the sum.
static bool sample_follows(reader *r, int64_t offset) {
  int64_t at = r->at;
  r->at += offset;
  mg_ref ref = take_ref(r);
  r->at = at;
  return !r->failed && mg_is_sample(r->ir, ref);
}

static mg_ref take_term(reader *r, bool sample) {
  mg_ref ref = take_ref_of(r, sample);
  if (!r->failed) must(r, !mg_is_constant(r->ir, ref), "a term is a constant");
  return ref;
}

static mg_ref read_sum(reader *r) {
  mg_ir *ir = r->ir;
  int64_t start_at = r->at;
  mg_ref start = (mg_ref)(uint32_t)take(r, 4);
  int64_t scaled_count = (int64_t)take(r, 4), product_count = (int64_t)take(r, 4), rest = r->count - r->at;
  must(r, scaled_count <= rest / 8 && product_count <= (rest - 8 * scaled_count) / 12, "a list is longer than the rest");
  if (!must(r, scaled_count + product_count > 0, "a sum has no terms")) return 0;
  bool sample = sample_follows(r, 4);
  if (start != MG_NO_REF) {
    int64_t at = r->at;
    r->at = start_at;
    if (sample) take_ref_of(r, false);
    else take_number(r);
    r->at = at;
  }
  mg_ir_sum sum = {start, (int32_t)ir->scaled_count, (int32_t)scaled_count, (int32_t)ir->product_count, (int32_t)product_count};
  for (int64_t k = 0; k < scaled_count && !r->failed; k++) {
    mg_ref factor = sample ? take_ref_of(r, false) : take_number(r), x = take_term(r, sample);
    if (!r->failed) mg_ir_append_scaled(ir, factor, x);
  }
  for (int64_t k = 0; k < product_count && !r->failed; k++) {
    mg_ref factor = (mg_ref)(uint32_t)take(r, 4);
    if (factor != MG_PLUS && factor != MG_MINUS) {
      r->at -= 4;
      factor = take_number(r);
    }
    mg_ref left = take_term(r, sample), right = take_term(r, sample);
    if (!r->failed) mg_ir_append_product(ir, factor, left, right);
  }
  if (r->failed || ir->failed) return 0;
  return mg_ir_append_sum(ir, sum, sample ? MG_SAMPLE_VALUE : MG_UNIFORM_VALUE);
}

// MARK: Lists and matrices

// Appends values that follow, one of the two classes or any (-1). Returns the highest class.
static mg_ir_class read_refs(reader *r, int64_t count, int sample) {
  mg_ir_class class = MG_CONSTANT_VALUE;
  for (int64_t k = 0; k < count && !r->failed; k++) {
    mg_ref ref = sample < 0 ? take_ref(r) : take_ref_of(r, sample);
    if (r->failed) break;
    if (mg_class_of(r->ir, ref) > class) class = mg_class_of(r->ir, ref);
    mg_ir_append_refs(r->ir, &ref, 1);
  }
  return class;
}

static mg_ref read_list(reader *r, mg_file_kind kind) {
  static const mg_ir_kind kinds[] = {[MG_FILE_NORM] = MG_IR_NORM, [MG_FILE_SELECT] = MG_IR_SELECT, [MG_FILE_PICK] = MG_IR_PICK};
  uint8_t relation = kind == MG_FILE_SELECT ? take_relation(r) : 0;
  int32_t count = kind == MG_FILE_SELECT ? 4 : take_count(r, kind == MG_FILE_PICK ? 2 : 1, 4);
  int32_t list = (int32_t)r->ir->ref_count;
  mg_ir_class class = read_refs(r, count, -1);
  if (!must(r, class > MG_CONSTANT_VALUE, "operands are all constants")) return 0;
  if (kind == MG_FILE_SOFTMAX) return mg_ir_append_softmax(r->ir, class, list, count);
  mg_ir_node node = {.kind = (uint8_t)kinds[kind], .class = (uint8_t)class, .function = relation, .a = list, .b = count};
  return mg_ir_append(r->ir, node);
}

static bool is_of_family(const mg_ir *ir, const mg_ir_map *map, const mg_ir_map *first, int64_t which) {
  if (first->family != which || first->inputs != map->inputs || first->outputs != map->outputs) return false;
  if (map->biases < 0 ? first->biases != map->biases : first->biases < 0) return false;
  size_t weights = (size_t)map->inputs * (size_t)map->outputs * sizeof(mg_ref);
  return memcmp(ir->refs + map->weights, ir->refs + first->weights, weights) == 0 &&
         (map->biases < 0 ||
          memcmp(ir->refs + map->biases, ir->refs + first->biases, (size_t)map->outputs * sizeof(mg_ref)) == 0);
}

static mg_ref read_matrix(reader *r) {
  mg_ir *ir = r->ir;
  int64_t inputs = (int64_t)take(r, 4), outputs = (int64_t)take(r, 4), family = (int64_t)take(r, 4);
  int32_t biases = (int32_t)(uint32_t)take(r, 4);
  if (!must(r, inputs >= 2 && outputs >= 1 && (outputs >= 2 || inputs >= 4), "a matrix is too small")) return 0;
  must(r, biases == 0 || biases == MG_NO_REF || biases == MG_FROM_ZERO, "a matrix has biases that are not known");
  int64_t rest = (r->count - r->at) / 4 - inputs - (biases == 0 ? outputs : 0);
  must(r, inputs <= INT32_MAX / 2 && outputs <= INT32_MAX / 2 && rest >= 0 && outputs <= rest / inputs,
       "a matrix is larger than the rest");
  if (!must(r, family <= ir->map_count, "a matrix is like one that does not come before")) return 0;
  mg_ir_map map = {.inputs = (int32_t)inputs, .outputs = (int32_t)outputs, .adjoints = MG_NO_REF, .biases = biases};
  map.x = (int32_t)ir->ref_count;
  read_refs(r, inputs, true);
  map.weights = (int32_t)ir->ref_count;
  read_refs(r, inputs * outputs, false);
  if (biases == 0) {
    map.biases = (int32_t)ir->ref_count;
    read_refs(r, outputs, false);
  }
  map.family = (int32_t)family;
  if (r->failed || ir->failed) return 0;
  if (family < ir->map_count &&
      !must(r, is_of_family(ir, &map, &ir->maps[family], family), "a matrix is not like the one it is said to be like"))
    return 0;
  int32_t which = mg_ir_append_map(ir, map);
  if (ir->failed) return 0;
  ir->maps[which].rows = (int32_t)ir->ref_count;
  mg_ref first = (mg_ref)ir->count;
  for (int32_t k = 0; k < outputs && !ir->failed; k++) {
    mg_ref row = mg_ir_append(ir, (mg_ir_node){.kind = MG_IR_ROW, .class = MG_SAMPLE_VALUE, .a = which, .b = k});
    mg_ir_append_refs(ir, &row, 1);
  }
  return first;
}

// MARK: Values

static mg_ref read_parameter(reader *r) {
  int32_t which = take_below(r, r->path->parameter_count, "a parameter is named that is not listed");
  if (!must(r, r->path->parameter_count > 0 && !r->has_parameter[which], "a parameter is there twice")) return 0;
  r->has_parameter[which] = 1;
  return mg_ir_append(r->ir, (mg_ir_node){.kind = MG_IR_PARAMETER, .class = MG_UNIFORM_VALUE, .a = which, .b = MG_NO_REF});
}

static mg_ref read_detached(reader *r) {
  mg_ref a = take_ref(r);
  if (r->failed || !must(r, !mg_is_constant(r->ir, a), "operands are all constants")) return 0;
  return mg_ir_append(
    r->ir, (mg_ir_node){.kind = MG_IR_DETACH, .class = r->ir->nodes[a].class, .a = a, .b = MG_NO_REF});
}

static mg_ref read_value(reader *r) {
  uint64_t kind = take(r, 1);
  if (r->failed) return 0;
  switch (kind) {
  case MG_FILE_CONSTANT: {
    double c = take_double(r);
    return r->failed ? 0 : mg_ir_constant(r->ir, c);
  }
  case MG_FILE_PARAMETER: return read_parameter(r);
  case MG_FILE_INPUT: {
    int32_t which = take_below(r, r->context.input_count, "an input is named that the function does not have");
    if (!must(r, r->context.input_count > 0 && r->context.inputs[which] != 0, "an input is used that is listed as unused")) return 0;
    r->context.inputs[which] = 2;
    return mg_ir_leaf(r->ir, MG_IR_INPUT, which);
  }
  case MG_FILE_BINARY: return read_binary(r);
  case MG_FILE_APPLY: return read_apply(r, false);
  case MG_FILE_TARGET: return read_apply(r, true);
  case MG_FILE_SUM: return read_sum(r);
  case MG_FILE_MATRIX: return read_matrix(r);
  case MG_FILE_SOFTMAX:
  case MG_FILE_NORM:
  case MG_FILE_SELECT:
  case MG_FILE_PICK: return read_list(r, (mg_file_kind)kind);
  case MG_FILE_DETACH: return read_detached(r);
  default: fail(r, MG_PATH_FILE_DAMAGED, "a kind of value is not known"); return 0;
  }
}

static void read_values(reader *r) {
  int64_t count = (int64_t)take(r, 4);
  while (!r->failed && r->ir->count < count) {
    int64_t before = r->ir->count;
    mg_ref ref = read_value(r);
    if (r->ir->failed) fail(r, MG_PATH_FILE_NO_MEMORY, "");
    must(r, ref == before, "a value is there twice, or can be computed at once");
  }
  must(r, r->ir->count == count, "there are more values than it says");
}

// MARK: What stands around them

static void read_figures(reader *r) {
  int64_t *figures[] = {&r->path->node_count, &r->path->unused_count, &r->path->merged_count, &r->path->constant_count};
  for (int k = 0; k < 4; k++) {
    uint64_t number = take(r, 8);
    must(r, number <= INT32_MAX, "a count is out of range");
    *figures[k] = (int64_t)number;
  }
}

static void read_parameters(reader *r) {
  mg_path *path = r->path;
  int32_t count = take_count(r, 0, 4);
  path->parameters = malloc((size_t)(count + 1) * sizeof *path->parameters);
  path->numbers = malloc((size_t)(count + 1) * sizeof *path->numbers);
  r->has_parameter = mg_arena_take_zeroed(count + 1, 1);
  uint8_t *is_listed = mg_arena_take_zeroed(r->context.parameter_count + 1, 1);
  if (!path->parameters || !path->numbers || !r->has_parameter || !is_listed) fail(r, MG_PATH_FILE_NO_MEMORY, "");
  for (int32_t k = 0; k < count && !r->failed; k++) {
    int32_t place = take_below(r, r->context.parameter_count, "a parameter is named that the file does not have");
    if (!must(r, !is_listed[place], "a parameter is listed twice")) return;
    is_listed[place] = 1;
    path->parameters[k] = r->context.parameters[place];
    path->numbers[k] = r->context.tape->values[path->parameters[k]];
    path->parameter_count++;
  }
}

static void read_roots(reader *r) {
  int64_t count = r->context.result_count;
  if (!must(r, count <= (r->count - r->at) / 4, "a list is longer than the rest")) return;
  r->path->roots = malloc((size_t)(count + 1) * sizeof *r->path->roots);
  if (!r->path->roots) fail(r, MG_PATH_FILE_NO_MEMORY, "");
  for (int64_t k = 0; k < count && !r->failed; k++) r->path->roots[r->path->root_count++] = take_ref(r);
}

static void read_guards(reader *r) {
  int32_t count = take_count(r, 0, 14), before = -1;
  r->path->guards = malloc((size_t)(count + 1) * sizeof *r->path->guards);
  if (!r->path->guards) fail(r, MG_PATH_FILE_NO_MEMORY, "");
  for (int32_t k = 0; k < count && !r->failed; k++) {
    mg_ir_guard guard = {.left = take_ref(r), .right = take_ref(r)};
    guard.relation = (mg_relation)take_relation(r);
    guard.holds = take_bool(r);
    guard.comparison = take_below(r, r->context.comparison_count, "a comparison is named that is not listed");
    if (r->failed) return;
    must(r, guard.comparison > before, "comparisons are not in order");
    must(r, !mg_is_constant(r->ir, guard.left) || !mg_is_constant(r->ir, guard.right), "a guard compares constants");
    before = guard.comparison;
    r->path->guards[r->path->guard_count++] = guard;
  }
}

mg_path *mg_path_read(const uint8_t *bytes, int64_t count, mg_path_context context, mg_path_file_fault *fault, int64_t *at,
                      mg_text *what) {
  reader r = {.bytes = bytes, .count = count, .context = context, .what = what};
  mg_arena_mark mark = mg_arena_begin();
  r.path = calloc(1, sizeof *r.path);
  r.ir = mg_ir_create(count / 16);
  if (!r.path || !r.ir) fail(&r, MG_PATH_FILE_NO_MEMORY, "");
  else {
    r.path->input_count = r.path->gradient_count = context.input_count;
    r.path->jacobian_count = context.result_count;
  }
  if (!r.failed) read_names(&r);
  if (!r.failed) read_figures(&r);
  if (!r.failed) read_parameters(&r);
  if (!r.failed) read_values(&r);
  if (!r.failed) read_roots(&r);
  if (!r.failed) read_guards(&r);
  must(&r, r.at == r.count, "there is more than belongs to it");
  if (!r.failed && !(r.path->ir = mg_ir_keep(r.ir))) fail(&r, MG_PATH_FILE_NO_MEMORY, "");
  if (r.failed && r.path) mg_path_free(r.path);
  mg_arena_end(mark);
  *fault = r.fault;
  *at = r.fault_at;
  return r.failed ? NULL : r.path;
}
