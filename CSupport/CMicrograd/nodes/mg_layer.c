// Neurons, a layer at a time.
//
// The neurons of one layer and sample share a description in the operand list, to which each adds only its number:
// record a is the description, record b the neuron.
#include "mg_layer.h"

#include <string.h>

#include "mg_block_descriptor.h"
#include "mg_kernels.h"
#include "mg_nary_sweep.h"
#include "mg_node_directional.h"
#include "mg_record.h"
#include "mg_tape_internal.h"

enum {
  WEIGHTS,      // the first weight of neuron 0
  BIASES,       // the bias of neuron 0
  INPUT_COUNT,  // inputs, and weights in a row
  RELU,         // 1: relu, 0: the identity
  FIRST_INPUT,  // the first of consecutive inputs, or MG_NO_NODE
  INPUTS,       // then the list of inputs
};

static inline double activate(double z, bool relu) { return relu && z < 0 ? 0 : z; }

static double neuron_value(const mg_tape *tape, const int32_t *layer, int64_t neuron) {
  const double *values = tape->values;
  int64_t count = layer[INPUT_COUNT];
  const double *weights = values + layer[WEIGHTS] + neuron * count;
  if (layer[FIRST_INPUT] != MG_NO_NODE) {
    double v;
    mg_kernel_neurons(weights, values + layer[BIASES] + neuron, values + layer[FIRST_INPUT], count, 1, layer[RELU], &v);
    return v;
  }
  double z = values[layer[BIASES] + neuron];
  for (int64_t k = 0; k < count; k++) z += weights[k] * values[layer[INPUTS + k]];
  return activate(z, layer[RELU]);
}

double mg_neuron_value(const mg_tape *tape, int64_t node) {
  mg_record record = tape->records[node];
  return neuron_value(tape, tape->operands + mg_record_a(record), mg_record_b(record));
}

int64_t mg_neuron_backward(mg_tape *tape, int64_t node, double d, int64_t low) {
  const double *values = tape->values;
  double *grads = tape->grads;
  mg_record record = tape->records[node];
  const int32_t *layer = tape->operands + mg_record_a(record);
  int64_t neuron = mg_record_b(record), count = layer[INPUT_COUNT];
  if (layer[RELU] && values[node] <= 0) return low;
  int64_t weights = layer[WEIGHTS] + neuron * count, bias = layer[BIASES] + neuron;
  grads[bias] += d;
  low = mg_lower(mg_lower(low, weights), bias);
  if (layer[FIRST_INPUT] != MG_NO_NODE) {
    int64_t inputs = layer[FIRST_INPUT];
    mg_kernel_dot_backward(d, values + weights, values + inputs, grads + weights, grads + inputs, count);
    return mg_lower(low, inputs);
  }
  for (int64_t k = 0; k < count; k++) {
    int64_t input = layer[INPUTS + k];
    grads[weights + k] += d * values[input];
    grads[input] += d * values[weights + k];
    low = mg_lower(low, input);
  }
  return low;
}

double mg_neuron_slope(const mg_tape *tape, int64_t node, int64_t k) {
  const int32_t *layer = tape->operands + mg_record_a(tape->records[node]);
  int64_t inputs = layer[INPUT_COUNT];
  if (layer[RELU] && tape->values[node] <= 0) return 0;
  return k == 0 ? 1 : tape->values[mg_neuron_operand(tape, node, k <= inputs ? k + inputs : k - inputs)];
}

double mg_neuron_tangent(const mg_tape *tape, int64_t node, const double *t) {
  const double *values = tape->values;
  mg_record record = tape->records[node];
  const int32_t *layer = tape->operands + mg_record_a(record);
  int64_t neuron = mg_record_b(record), count = layer[INPUT_COUNT];
  if (layer[RELU] && values[node] <= 0) return 0;
  int64_t weights = layer[WEIGHTS] + neuron * count;
  double sum = t[layer[BIASES] + neuron];
  if (layer[FIRST_INPUT] != MG_NO_NODE)
    return sum + mg_dot_tangent(values + weights, values + layer[FIRST_INPUT], t + weights, t + layer[FIRST_INPUT], count);
  for (int64_t k = 0; k < count; k++) {
    int64_t input = layer[INPUTS + k];
    sum += mg_carried(t[input], values[weights + k]) + mg_carried(t[weights + k], values[input]);
  }
  return sum;
}

void mg_neuron_pull(const mg_tape *tape, int64_t node, mg_directions all) {
  const double *values = tape->values, *t = all.tangents;
  mg_record record = tape->records[node];
  const int32_t *layer = tape->operands + mg_record_a(record);
  int64_t neuron = mg_record_b(record), count = layer[INPUT_COUNT];
  if (layer[RELU] && values[node] <= 0) return;
  double adjoint = all.adjoints[node], adjoint_tangent = all.adjoint_tangents[node];
  int64_t weights = layer[WEIGHTS] + neuron * count, bias = layer[BIASES] + neuron;
  all.adjoints[bias] += adjoint;
  all.adjoint_tangents[bias] += adjoint_tangent;
  for (int64_t k = 0; k < count; k++) {
    int64_t weight = weights + k, input = layer[FIRST_INPUT] != MG_NO_NODE ? layer[FIRST_INPUT] + k : layer[INPUTS + k];
    MG_PULL(adjoint, adjoint_tangent, all.adjoints[weight], all.adjoint_tangents[weight], d * values[input],
            MG_BEND(t[input], 1));
    MG_PULL(adjoint, adjoint_tangent, all.adjoints[input], all.adjoint_tangents[input], d * values[weight],
            MG_BEND(t[weight], 1));
  }
}

int64_t mg_neuron_operand_count(const mg_tape *tape, int64_t node) {
  return 1 + 2 * (int64_t)tape->operands[mg_record_a(tape->records[node]) + INPUT_COUNT];
}

mg_node mg_neuron_operand(const mg_tape *tape, int64_t node, int64_t k) {
  mg_record record = tape->records[node];
  const int32_t *layer = tape->operands + mg_record_a(record);
  int64_t neuron = mg_record_b(record), count = layer[INPUT_COUNT];
  if (k == 0) return (mg_node)(layer[BIASES] + neuron);
  if (k <= count) return (mg_node)(layer[WEIGHTS] + neuron * count + k - 1);
  k -= 1 + count;
  return layer[FIRST_INPUT] != MG_NO_NODE ? (mg_node)(layer[FIRST_INPUT] + k) : layer[INPUTS + k];
}

bool mg_neuron_has_relu(const mg_tape *tape, int64_t node) {
  const mg_block *block = mg_find_block(tape, node);
  return block ? block->relu : tape->operands[mg_record_a(tape->records[node]) + RELU];
}

// MARK: Recording

// Appends the sum, from left to right, of `z`, which is node `sum`, and the products of `count` nodes with weights. The
// running sum stays in a register, where code that records one node at a time would wait for it to come back from memory.
static mg_node append_products(mg_tape *tape, mg_node sum, double z, mg_node weights, const mg_node *inputs,
                               int64_t count) {
  double *const values = tape->values;
  mg_record *const records = tape->records;
  int64_t i = tape->count;
  for (int64_t k = 0; k < count; k++, i += 2) {
    mg_node weight = weights + (mg_node)k, input = inputs[k];
    double product = values[weight] * values[input];
    z += product;
    values[i] = product;
    values[i + 1] = z;
    records[i] = mg_record_make(MG_OP_multiply, weight, input);
    records[i + 1] = mg_record_make(MG_OP_add, sum, (mg_node)i);
    sum = (mg_node)(i + 1);
  }
  tape->count = i;
  return sum;
}

// As micrograd has it: sum((wi * xi for wi, xi in zip(w, x)), b), each addition and multiplication a node.
static void record_scalar(mg_tape *tape, const mg_layer *layer, const mg_node *inputs, mg_node *outputs) {
  for (int64_t j = 0; j < layer->output_count; j++) {
    mg_node weights = layer->weights + (mg_node)(j * layer->input_count), bias = layer->biases + (mg_node)j;
    mg_node sum = append_products(tape, bias, tape->values[bias], weights, inputs, layer->input_count);
    outputs[j] = layer->relu ? mg_append(tape, MG_OP_relu, sum, 0, activate(tape->values[sum], true)) : sum;
  }
}

mg_status mg_record_weighted_sums(mg_tape *tape, mg_node weights, int64_t rows, const mg_node *inputs, int64_t count,
                                  mg_node *sums) {
  MG_VISIT(tape, visit.status);
  MG_ASSERT(count > 0);
  mg_status status = mg_tape_reserve(tape, rows * (2 * count - 1));
  if (status != MG_OK) return status;
  for (int64_t j = 0; j < rows; j++, weights += (mg_node)count) {
    double z = tape->values[weights] * tape->values[inputs[0]];
    mg_node first = mg_append(tape, MG_OP_multiply, weights, inputs[0], z);
    sums[j] = append_products(tape, first, z, weights + 1, inputs + 1, count - 1);
  }
  return MG_OK;
}

static void record_neurons(mg_tape *tape, const mg_layer *layer, const mg_node *inputs, mg_node *outputs) {
  int64_t input_count = layer->input_count, output_count = layer->output_count;
  bool run = mg_is_run(inputs, input_count);
  int32_t *list = tape->operands + tape->operand_count;
  int32_t description = (int32_t)tape->operand_count;
  list[WEIGHTS] = layer->weights;
  list[BIASES] = layer->biases;
  list[INPUT_COUNT] = layer->input_count;
  list[RELU] = layer->relu;
  list[FIRST_INPUT] = run ? inputs[0] : MG_NO_NODE;
  if (!run) memcpy(list + INPUTS, inputs, (size_t)input_count * sizeof *inputs);
  tape->operand_count += INPUTS + (run ? 0 : input_count);

  int64_t first = tape->count;
  double *v = tape->values + first;
  if (run) {
    mg_kernel_neurons(tape->values + layer->weights, tape->values + layer->biases, tape->values + inputs[0], input_count,
                      output_count, layer->relu, v);
  } else {
    for (int64_t j = 0; j < output_count; j++) v[j] = neuron_value(tape, list, j);
  }
  mg_record *records = tape->records + first;
  for (int64_t j = 0; j < output_count; j++) {
    records[j] = mg_record_make(MG_OP_neuron, description, (int32_t)j);
    outputs[j] = (mg_node)(first + j);
  }
  tape->count = first + output_count;
}

mg_status mg_record_layer(mg_tape *tape, const mg_layer *layer, mg_layer_recording recording, const mg_node *inputs,
                          mg_node *outputs) {
  MG_VISIT(tape, visit.status);
  bool scalar = recording == MG_LAYER_SCALAR;
  int64_t nodes_a_neuron = scalar ? 2 * (int64_t)layer->input_count + layer->relu : 1;
  mg_status status = mg_tape_reserve(tape, layer->output_count * nodes_a_neuron);
  if (status == MG_OK && !scalar) status = mg_tape_reserve_lists(tape, INPUTS + layer->input_count, 0);
  if (status != MG_OK) return status;
  if (scalar) record_scalar(tape, layer, inputs, outputs);
  else record_neurons(tape, layer, inputs, outputs);
  return MG_OK;
}

void mg_evaluate_neurons(const double *weights, const double *biases, int64_t inputs, int64_t outputs, bool relu,
                         mg_layer_recording recording, const double *x, double *v) {
  if (recording == MG_LAYER_FUSED) {
    mg_kernel_neurons(weights, biases, x, inputs, outputs, relu, v);
    return;
  }
  for (int64_t j = 0; j < outputs; j++, weights += inputs) {
    double z = biases[j];
    for (int64_t k = 0; k < inputs; k++) {
      double product = weights[k] * x[k];  // rounded before it is added, as a node's value is
      z += product;
    }
    v[j] = activate(z, relu);
  }
}
