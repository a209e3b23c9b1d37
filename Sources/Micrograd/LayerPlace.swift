import CMicrograd

/// A layer's place in a block of parameters: weights row-major, one row a neuron, then the biases.
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

  fileprivate var engineLayer: mg_layer {
    let first = parameters.block.first
    return mg_layer(
      weights: first + Int32(weights), biases: first + Int32(biases), input_count: Int32(inputCount),
      output_count: Int32(outputCount), relu: isNonlinear)
  }
}

/// Passes inputs through layers, one after the other; only the last one's outputs become Values.
package func evaluate(_ layers: [LayerPlace], _ inputs: [Value], _ evaluation: Evaluation) -> [Value] {
  pass(layers, inputs.count, evaluation) { tape, nodes in
    Value.withNodes(of: inputs, on: tape) { found in
      nodes.update(from: found, count: inputs.count)
      return 0
    } != Value.noNode
  } data: {
    inputs.map(\.data)
  }
}

/// The same from plain numbers, which are recorded as leaves.
package func evaluate(_ layers: [LayerPlace], _ inputs: [Double], _ evaluation: Evaluation) -> [Value] {
  pass(layers, inputs.count, evaluation) { tape, nodes in
    for (k, input) in inputs.enumerated() {
      nodes[k] = mg_leaf(tape, input)
      if nodes[k] == Value.noNode { return false }
    }
    return true
  } data: {
    inputs
  }
}

private func pass(
  _ layers: [LayerPlace], _ inputCount: Int, _ evaluation: Evaluation,
  fill: (UnsafeMutablePointer<mg_tape>, UnsafeMutablePointer<mg_node>) -> Bool, data: () -> [Double]
) -> [Value] {
  guard let tape = layers.first?.parameters.tape.pointer else { return data().map { .constant($0) } }
  if mg_tape_is_paused(tape) { return passPlain(layers, data(), evaluation, tape) }
  let widest = layers.reduce(inputCount) { max($0, $1.outputCount) }
  return withUnsafeTemporaryAllocation(of: mg_node.self, capacity: 2 * widest) { buffer in
    guard let base = buffer.baseAddress else { return [] }
    var (from, to) = (base, base + widest)
    guard fill(tape, from) else { trapFull(tape) }
    for layer in layers {
      let recording = evaluation.recording(weights: layer.inputCount * layer.outputCount)
      if mg_record_layer(tape, layer.engineLayer, recording, from, to) != .ok { trapFull(tape) }
      (from, to) = (to, from)
    }
    return (0..<(layers.last?.outputCount ?? 0)).map { Value(tape, from[$0]) }
  }
}

private func passPlain(
  _ layers: [LayerPlace], _ data: [Double], _ evaluation: Evaluation, _ tape: UnsafeMutablePointer<mg_tape>
) -> [Value] {
  var data = data
  for layer in layers {
    let recording = evaluation.recording(weights: layer.inputCount * layer.outputCount)
    data = [Double](unsafeUninitializedCapacity: layer.outputCount) { outputs, count in
      if let start = outputs.baseAddress {
        mg_evaluate_layer(tape, layer.engineLayer, recording, data, start)
      }
      count = layer.outputCount
    }
  }
  return data.map { .constant($0) }
}
