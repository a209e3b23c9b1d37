import CMicrograd

/// The position of a layer in a block of parameters: the weights in row-major order, one row per neuron, then the biases.
package struct LayerPlace {
  package let parameters: Parameters
  package let weights: Int
  package let biases: Int
  package let inputCount: Int
  package let outputCount: Int
  package let isNonlinear: Bool

  // What recording reads. Kept here, as a reference to `parameters` would be counted for every layer and sample.
  fileprivate let engineLayer: mg_layer
  fileprivate let tape: UnsafeMutablePointer<mg_tape>

  package init(
    parameters: Parameters, weights: Int, biases: Int, inputCount: Int, outputCount: Int, isNonlinear: Bool
  ) {
    self.parameters = parameters
    self.weights = weights
    self.biases = biases
    self.inputCount = inputCount
    self.outputCount = outputCount
    self.isNonlinear = isNonlinear
    let first = parameters.block.first
    engineLayer = mg_layer(
      weights: first + Int32(weights), biases: first + Int32(biases), input_count: Int32(inputCount),
      output_count: Int32(outputCount), relu: isNonlinear)
    tape = parameters.tape.pointer
  }

  package var weightMatrix: Matrix { parameters.matrix(rows: outputCount, columns: inputCount, from: weights) }
  package var biasVector: Vector { Vector(parameters.matrix(rows: 1, columns: outputCount, from: biases)) }
}

/// Passes one sample through layers, one after the other. Only the outputs of the last layer become Values.
package func evaluate(_ layers: [LayerPlace], _ inputs: [Value], _ evaluation: Evaluation) -> [Value] {
  evaluate(layers, 1, inputs.count, evaluation) { tape, nodes in
    Value.withNodes(of: inputs, on: tape) { found in
      nodes.update(from: found, count: inputs.count)
      return 0
    } != Value.noNode
  } data: {
    inputs.map(\.unwatchedData)
  }
}

/// Passes one sample of plain numbers, which become leaves, through layers.
package func evaluate(_ layers: [LayerPlace], _ inputs: [Double], _ evaluation: Evaluation) -> [Value] {
  evaluate(layers, 1, inputs.count, evaluation) { tape, nodes in
    for (k, input) in inputs.enumerated() {
      nodes[k] = mg_leaf(tape, input)
      if nodes[k] == Value.noNode { return false }
    }
    return true
  } data: {
    inputs
  }
}

/// Passes a batch through layers, one row per sample.
package func evaluate(_ layers: [LayerPlace], _ batch: Matrix, _ evaluation: Evaluation) -> Matrix {
  if evaluation == .blas || evaluation == .automatic {
    return layers.reduce(batch) { x, layer in
      x.affine(weights: layer.weightMatrix, bias: layer.biasVector.matrix, relu: layer.isNonlinear)
    }
  }
  guard !layers.isEmpty, case let tape = layers[0].tape, !mg_tape_is_paused(tape) else {
    return layers.reduce(batch) { $1.evaluatePlainly($0, evaluation) }
  }
  let first = batch.first(on: tape)
  let (last, values) = pass(layers, batch.rows, batch.columns, evaluation, on: tape) { nodes in
    for k in 0..<batch.count { nodes[k] = first + Int32(k) }
    return true
  } outputs: { nodes, columns in
    Matrix.gathered(nodes, rows: batch.rows, columns: columns, on: tape)
  }
  if values == Value.noNode { trapFull(tape) }
  return Matrix(tape, first: values, rows: batch.rows, columns: last)
}

private func evaluate(
  _ layers: [LayerPlace], _ rows: Int, _ inputCount: Int, _ evaluation: Evaluation,
  fill: (UnsafeMutablePointer<mg_tape>, UnsafeMutablePointer<mg_node>) -> Bool, data: () -> [Double]
) -> [Value] {
  if layers.isEmpty { return data().map { .constant($0) } }
  let tape = layers[0].tape
  if mg_tape_is_paused(tape) {
    let sample = Matrix.constant(rows: 1, columns: inputCount, data())
    return layers.reduce(sample) { $1.evaluatePlainly($0, evaluation) }.values
  }
  return pass(layers, 1, inputCount, evaluation, on: tape) {
    fill(tape, $0)
  } outputs: { nodes, count in
    (0..<count).map { Value(tape, nodes[$0]) }
  }.outputs
}

/// Records layer by layer, within a layer sample by sample, and hands over the nodes of the last one's outputs.
private func pass<Outputs>(
  _ layers: [LayerPlace], _ rows: Int, _ inputCount: Int, _ evaluation: Evaluation,
  on tape: UnsafeMutablePointer<mg_tape>, fill: (UnsafeMutablePointer<mg_node>) -> Bool,
  outputs: (UnsafeMutablePointer<mg_node>, Int) -> Outputs
) -> (columns: Int, outputs: Outputs) {
  // By index: a copy of a place would count references to its parameters.
  var widest = inputCount
  for k in layers.indices { widest = max(widest, layers[k].outputCount) }
  return withUnsafeTemporaryAllocation(of: mg_node.self, capacity: 2 * widest * rows) { buffer in
    let base = buffer.baseAddress.unsafelyUnwrapped
    var (from, to) = (base, base + widest * rows)
    guard fill(from) else { trapFull(tape) }
    for k in layers.indices {
      let status = withUnsafePointer(to: layers[k].engineLayer) { record($0, rows, evaluation, from, to, on: tape) }
      if status != .ok { trapFull(tape) }
      (from, to) = (to, from)
    }
    #if DEBUG
      mg_tape_note_origin(tape, MG_ORIGIN_DEPTH)
    #endif
    let columns = layers.isEmpty ? inputCount : layers[layers.count - 1].outputCount
    return (columns, outputs(from, columns))
  }
}

private func record(
  _ layer: UnsafePointer<mg_layer>, _ rows: Int, _ evaluation: Evaluation, _ inputs: UnsafeMutablePointer<mg_node>,
  _ outputs: UnsafeMutablePointer<mg_node>, on tape: UnsafeMutablePointer<mg_tape>
) -> EngineStatus {
  let (inputCount, outputCount) = (Int(layer.pointee.input_count), Int(layer.pointee.output_count))
  guard let recording = evaluation.recording(weights: inputCount * outputCount) else {
    let run = Matrix.gathered(inputs, rows: rows, columns: inputCount, on: tape)
    let first = run == Value.noNode ? run : mg_block_layer(tape, layer.pointee, run, Int64(rows))
    for k in 0..<rows * outputCount { outputs[k] = first &+ Int32(k) }
    return first == Value.noNode ? .outOfMemory : .ok
  }
  for row in 0..<rows {
    let status = mg_record_layer(tape, layer, recording, inputs + row * inputCount, outputs + row * outputCount)
    if status != .ok { return status }
  }
  return .ok
}
