import CMicrograd

/// The position of a layer in a block of parameters: the weights in row-major order, one row per neuron, then the biases.
package struct LayerPlace {
  package let parameters: Parameters
  package let weights: Int
  package let biases: Int
  package let inputCount: Int
  package let outputCount: Int
  package let isNonlinear: Bool

  package init(
    parameters: Parameters, weights: Int, biases: Int, inputCount: Int, outputCount: Int, isNonlinear: Bool
  ) {
    self.parameters = parameters
    self.weights = weights
    self.biases = biases
    self.inputCount = inputCount
    self.outputCount = outputCount
    self.isNonlinear = isNonlinear
  }

  internal var engineLayer: mg_layer {
    let first = parameters.block.first
    return mg_layer(
      weights: first + Int32(weights), biases: first + Int32(biases), input_count: Int32(inputCount),
      output_count: Int32(outputCount), relu: isNonlinear)
  }

  package var weightMatrix: Matrix { parameters.matrix(rows: outputCount, columns: inputCount, from: weights) }
  package var biasVector: Vector { Vector(parameters.matrix(rows: 1, columns: outputCount, from: biases)) }
}
