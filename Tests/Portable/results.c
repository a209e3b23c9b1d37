// Computes with the engine alone and prints the results as bits, to compare processors: .ci/portable.
//
// A line is: what was computed, at which point, and the bits of a result. All NaNs are printed alike.
#include <CMicrograd.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double numbers[] = {-20.5, -3.3, -0.71, -0.05, 0, 0.06, 0.37, 0.82, 2.6, 7.9, 41.5};
static const double seconds[] = {-2.5, 0.6, 3};
enum {
  NUMBERS = sizeof numbers / sizeof *numbers,
  SECONDS = sizeof seconds / sizeof *seconds,
  POINTS = NUMBERS * SECONDS,
};

static void print_result(const char *group, const char *name, int64_t point, const char *what, double result) {
  uint64_t bits;
  memcpy(&bits, &result, sizeof bits);
  if (result != result) printf("%s %s %" PRId64 " %s nan\n", group, name, point, what);
  else printf("%s %s %" PRId64 " %s %016" PRIx64 "\n", group, name, point, what, bits);
}

static void *checked(void *pointer, const char *what) {
  if (pointer) return pointer;
  fprintf(stderr, "no memory for %s\n", what);
  exit(1);
}

static void check(mg_status status, const char *what) {
  if (status == MG_OK) return;
  fprintf(stderr, "%s: status %d\n", what, (int)status);
  exit(1);
}

static mg_tape *tape;

// A number from 0.5 to 1.5 for each k, with many digits: sums of such lose none.
static double moderate(int64_t k) { return 0.5 + (double)(k * 7919 % 1009) / 1009; }

// MARK: Derivatives of what was recorded

// Value and gradient of a root by the leaves from `first` on; its tangent and a column of its Hessian for each of them.
static void print_derivatives(const char *group, const char *name, int64_t point, mg_node first, int64_t count,
                              mg_node root) {
  print_result(group, name, point, "value", tape->values[root]);
  mg_tape_backward(tape, root, 1.25);
  for (int64_t k = 0; k < count; k++) print_result(group, name, point, "gradient", tape->grads[first + k]);
  mg_directions directions;
  check(mg_tape_directions(tape, 0, &directions), name);
  for (int64_t column = 0; column < count; column++) {
    directions.tangents[first + column] = 1;
    mg_tape_push_tangents(tape, first, root);
    print_result(group, name, point, "tangent", directions.tangents[root]);
    directions.adjoints[root] = 1;
    mg_tape_pull_adjoints(tape, first, root);
    for (int64_t k = 0; k < count; k++)
      print_result(group, name, point, "second", directions.adjoint_tangents[first + k]);
    mg_tape_clear_directions(tape, first, root);
  }
}

// MARK: Every op of the table

// How an op is recorded from x and y, or from x and the constant y.
typedef struct {
  const char *name;
  mg_op op;
  mg_function function;
  int64_t operands;  // 2, or 1
} op_case;

static const op_case ops[] = {
#define CASE(name, ...) {#name, MG_OP_##name, 0, 2},
  MG_BINARY_OPS(CASE)
#undef CASE
#define CASE(name, ...) {#name, MG_OP_##name, 0, 1},
  MG_CONSTANT_OPS(CASE)
  MG_UNARY_OPS(CASE)
#undef CASE
#define CASE(name, ...) {#name, MG_OP_function, MG_FUNCTION_##name, 1},
  MG_FUNCTIONS(CASE)
#undef CASE
};
enum { OPS = sizeof ops / sizeof *ops };

static bool has_second(const op_case *c) { return c->operands == 2 || mg_op_has_constant(c->op); }

static mg_node record_op(const op_case *c, mg_node x, mg_node y, double constant) {
  if (c->operands == 2) return mg_record_binary(tape, c->op, x, y);
  if (mg_op_has_constant(c->op)) return mg_record_constant(tape, c->op, x, constant);
  if (c->op == MG_OP_function) return mg_record_function(tape, c->function, x);
  return mg_record_unary(tape, c->op, x);
}

static void print_op(const op_case *c) {
  for (int64_t k = 0; k < (has_second(c) ? POINTS : NUMBERS); k++) {
    double second = c->op == MG_OP_polygamma_function ? (double)(k / NUMBERS) : seconds[k / NUMBERS];
    const double point[] = {numbers[k % NUMBERS], second};
    check(mg_tape_begin_scope(tape), c->name);
    mg_node first = mg_leaf_run(tape, point, c->operands);
    mg_node root = record_op(c, first, first + 1, second);
    print_derivatives("recorded", c->name, k, first, c->operands, root);
    mg_tape_end_scope(tape);
  }
}

// MARK: Compiled programs

// Runs the function that was recorded from `first` on over samples, and prints values and gradients.
static void print_program(const char *name, mg_node first, int64_t inputs, mg_node output, const double *samples,
                          int64_t count, int64_t threads, bool parameters) {
  mg_path_fault fault = MG_PATH_NO_MEMORY;
  mg_node node = MG_NO_NODE;
  mg_path_request request = {.start = first, .first_input = first, .input_count = inputs, .gradient_count = inputs, .outputs = &output,
                              .output_numbers = &tape->values[output], .output_count = 1};
  mg_path *path = checked(mg_path_create(tape, request, &fault, &node), name);
  int32_t wants = MG_WANT_VALUES | MG_WANT_INPUTS | (parameters ? MG_WANT_PARAMETERS : 0);
  mg_program *program = checked(mg_program_create(path, wants), name);
  double *values = checked(calloc((size_t)count, sizeof *values), name);
  double *gradients = checked(calloc((size_t)(count * inputs), sizeof *gradients), name);
  mg_batch batch = {.samples = samples, .count = count, .threads = threads, .scale = 1, .values = values,
                    .input_gradients = gradients};
  mg_batch_result result;
  check(mg_program_run(program, tape, batch, &result), name);
  for (int64_t k = 0; k < count; k++) {
    print_result("compiled", name, k, "value", values[k]);
    for (int64_t i = 0; i < inputs; i++) print_result("compiled", name, k, "gradient", gradients[k * inputs + i]);
  }
  if (parameters) print_result("compiled", name, count, "total", result.total);
  mg_single *single = checked(mg_single_create(program), name);
  for (int64_t k = 0; k < count && !parameters; k++) {
    mg_single_result alone;
    check(mg_single_run(single, tape, samples + k * inputs, values, gradients, &alone), name);
    print_result("single", name, k, "value", values[0]);
    for (int64_t i = 0; i < inputs; i++) print_result("single", name, k, "gradient", gradients[i]);
  }
  mg_single_free(single);
  free(gradients);
  free(values);
  mg_program_free(program);
  mg_path_free(path);
}

static void print_compiled_op(const op_case *c, double constant) {
  static double samples[2 * POINTS];
  int64_t count = c->operands == 2 ? POINTS : NUMBERS;
  for (int64_t k = 0; k < count; k++) {
    samples[k * c->operands] = numbers[k % NUMBERS];
    if (c->operands == 2) samples[k * 2 + 1] = seconds[k / NUMBERS];
  }
  check(mg_tape_begin_scope(tape), c->name);
  mg_node first = mg_leaf_run(tape, samples, c->operands);
  mg_node output = record_op(c, first, first + 1, constant);
  print_program(c->name, first, c->operands, output, samples, count, 1, false);
  mg_tape_end_scope(tape);
}

// log Σ exp of five tanh neurons, for a thousand samples of three numbers: several segments, so several threads.
static void print_compiled_network(int64_t threads) {
  enum { COUNT = 1000, INPUTS = 3, HIDDEN = 5 };
  static double samples[COUNT * INPUTS];
  for (int64_t k = 0; k < COUNT * INPUTS; k++) samples[k] = moderate(k);
  mg_parameters weights;
  check(mg_tape_allocate_parameters(tape, HIDDEN * (INPUTS + 1), &weights), "parameters");
  for (int64_t k = 0; k < weights.count; k++) tape->values[weights.first + k] = 0.3 * moderate(3 * k + 1);
  check(mg_tape_begin_scope(tape), "the network");
  mg_node first = mg_leaf_run(tape, samples, INPUTS), inputs[INPUTS], hidden[HIDDEN];
  for (int32_t i = 0; i < INPUTS; i++) inputs[i] = first + i;
  mg_layer layer = {weights.first, weights.first + HIDDEN * INPUTS, INPUTS, HIDDEN, false};
  check(mg_record_layer(tape, &layer, MG_LAYER_SCALAR, inputs, hidden), "the layer");
  for (int32_t k = 0; k < HIDDEN; k++) hidden[k] = mg_hyperbolic_tangent(tape, hidden[k]);
  mg_node output = mg_log_sum_exp(tape, hidden, HIDDEN);
  mg_zero_gradients(tape, weights.first, weights.count);
  char name[32];
  snprintf(name, sizeof name, "network_%d_threads", (int)threads);
  print_program(name, first, INPUTS, output, samples, COUNT, threads, true);
  for (int64_t k = 0; k < weights.count; k++)
    print_result("compiled", name, k, "parameter", tape->grads[weights.first + k]);
  mg_tape_end_scope(tape);
  mg_tape_free_parameters(tape, weights);
}

// MARK: Ops of many operands, layers, and the README's expression

static void print_many_operands(int64_t count) {
  double values[40], weights[40];
  mg_node nodes[40], others[40];
  for (int64_t k = 0; k < 2 * count; k++) values[k] = moderate(k);
  for (int64_t k = 0; k < count; k++) weights[k] = moderate(5 * k + 3);
  for (int32_t way = 0; way < 9; way++) {
    check(mg_tape_begin_scope(tape), "operands");
    mg_node first = mg_leaf_run(tape, values, 2 * count);
    for (int32_t k = 0; k < count; k++) nodes[k] = first + k, others[k] = first + (int32_t)count + k;
    mg_node index = mg_leaf(tape, (double)(count / 2)), root = MG_NO_NODE;
    const char *name = "";
    switch (way) {
    case 0: name = "sum", root = mg_sum(tape, nodes, count); break;
    case 1: name = "sum_run", root = mg_sum_run(tape, first, count); break;
    case 2: name = "dot", root = mg_dot(tape, nodes, others, count); break;
    case 3: name = "dot_runs", root = mg_dot_runs(tape, first, first + (int32_t)count, count); break;
    case 4: name = "weighted_sum", root = mg_weighted_sum(tape, weights, nodes, count); break;
    case 5: name = "log_sum_exp", root = mg_log_sum_exp(tape, nodes, count); break;
    case 6: name = "log_sum_exp_run", root = mg_log_sum_exp_run(tape, first, count); break;
    case 7: name = "select", root = mg_select(tape, nodes[0], MG_LESS, nodes[1], nodes[0], others[0]); break;
    case 8: name = "pick", root = mg_pick(tape, index, nodes, count); break;
    }
    print_derivatives("many", name, count, first, 2 * count, root);
    mg_tape_end_scope(tape);
  }
}

static void print_layers(void) {
  enum { ROWS = 4, INPUTS = 6, OUTPUTS = 5, WEIGHTS = OUTPUTS * (INPUTS + 1) };
  double numbers_of_all[WEIGHTS + ROWS * INPUTS];
  for (int64_t k = 0; k < WEIGHTS + ROWS * INPUTS; k++) numbers_of_all[k] = moderate(11 * k);
  static const char *const names[] = {"scalar", "fused", "block"};
  for (int32_t way = 0; way < 3; way++) {
    check(mg_tape_begin_scope(tape), "a layer");
    mg_node first = mg_leaf_run(tape, numbers_of_all, WEIGHTS + ROWS * INPUTS), x = first + WEIGHTS;
    mg_layer layer = {first, first + OUTPUTS * INPUTS, INPUTS, OUTPUTS, true};
    mg_node outputs[ROWS * OUTPUTS], inputs[INPUTS];
    for (int32_t row = 0; row < (way < 2 ? ROWS : 0); row++) {
      for (int32_t k = 0; k < INPUTS; k++) inputs[k] = x + row * INPUTS + k;
      mg_layer_recording recording = way == 1 ? MG_LAYER_FUSED : MG_LAYER_SCALAR;
      check(mg_record_layer(tape, &layer, recording, inputs, outputs + row * OUTPUTS), "a layer");
    }
    if (way == 2) {
      mg_node block = mg_block_layer(tape, layer, x, ROWS);
      for (int32_t k = 0; k < ROWS * OUTPUTS; k++) outputs[k] = block + k;
    }
    mg_node loss = mg_dot(tape, outputs, outputs, ROWS * OUTPUTS);
    print_derivatives("layer", names[way], 0, first, WEIGHTS + ROWS * INPUTS, loss);
    mg_tape_end_scope(tape);
  }
}

static void print_readme(void) {
  check(mg_tape_begin_scope(tape), "the README");
  const double point[] = {-4, 2};
  mg_node a = mg_leaf_run(tape, point, 2), b = a + 1;
  mg_node c = mg_add(tape, a, b);
  mg_node d = mg_add(tape, mg_multiply(tape, a, b), mg_cube(tape, b));
  c = mg_add(tape, c, mg_add_constant(tape, c, 1));
  c = mg_add(tape, c, mg_add(tape, mg_add_constant(tape, c, 1), mg_negate(tape, a)));
  d = mg_add(tape, d, mg_add(tape, mg_multiply_constant(tape, d, 2), mg_relu(tape, mg_add(tape, b, a))));
  d = mg_add(tape, d, mg_add(tape, mg_multiply_constant(tape, d, 3), mg_relu(tape, mg_subtract(tape, b, a))));
  mg_node f = mg_square(tape, mg_subtract(tape, c, d));
  mg_node g = mg_divide_by_constant(tape, f, 2);
  g = mg_add(tape, g, mg_divide_constant(tape, f, 10));
  print_derivatives("README", "expression", 0, a, 2, g);
  mg_tape_end_scope(tape);
}

int main(void) {
  tape = checked(mg_tape_create(NULL), "a tape");
  mg_tape *previous = NULL;
  check(mg_tape_enter(tape, &previous), "entering the tape");
  print_readme();
  for (int64_t k = 0; k < OPS; k++) {
    print_op(&ops[k]);
    print_compiled_op(&ops[k], ops[k].op == MG_OP_polygamma_function ? 1 : 0.6);
  }
  for (int64_t count = 1; count <= 20; count += 6) print_many_operands(count < 2 ? 2 : count);
  print_layers();
  print_compiled_network(1);
  print_compiled_network(4);
  mg_tape_leave(tape, previous);
  mg_tape_release(tape);
  return 0;
}
