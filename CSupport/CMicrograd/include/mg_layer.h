// Recording a layer of neurons, neuron by neuron.
#pragma once

#include "mg_record.h"

MG_ASSUME_NONNULL_BEGIN

// Each of `outputs` neurons is activation(bias + sum over i of weight[i] * input[i]). The weights are parameters (or
// any consecutive nodes), row-major, one row of `input_count` a neuron; the biases follow one another too.
typedef struct {
  mg_node weights;
  mg_node biases;
  int32_t input_count;
  int32_t output_count;
  bool relu;  // else the identity
} mg_layer;

typedef enum MG_CLOSED_ENUM MG_SWIFT_NAME(LayerRecording) {
  // One node an addition, multiplication and activation, in micrograd's order: bias first, then each product added.
  MG_LAYER_SCALAR MG_SWIFT_NAME(scalar) = 0,
  // One node a neuron.
  MG_LAYER_FUSED MG_SWIFT_NAME(fused),
} mg_layer_recording;

// Records the layer for one sample, neuron by neuron (as one block: mg_block_layer), and writes the output nodes. Either
// all is recorded or nothing.
mg_status mg_record_layer(mg_tape *tape, const mg_layer *layer, mg_layer_recording recording, const mg_node *inputs,
                          mg_node *outputs);

// For each of `rows` rows of weights, consecutive nodes row-major, the sum over i of weight[i] * input[i] from left to
// right, each multiplication and addition a node; writes the nodes of the sums. There is at least one input. Either all is
// recorded or nothing.
mg_status mg_record_weighted_sums(mg_tape *tape, mg_node weights, int64_t rows, const mg_node *inputs, int64_t count,
                                  mg_node *sums);

// The same numbers as of mg_record_layer from plain ones, to the same bits: weights [outputs, inputs] row-major.
void mg_evaluate_neurons(const double *weights, const double *biases, int64_t inputs, int64_t outputs, bool relu,
                         mg_layer_recording recording, const double *x, double *v);

MG_ASSUME_NONNULL_END
