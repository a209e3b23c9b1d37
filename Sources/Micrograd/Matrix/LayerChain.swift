import CMicrograd

/// Layers of one tape, one after the other, laid out as recording reads them: nothing is looked up for a sample, and no
/// reference is counted.
package final class LayerChain {
  package let places: [LayerPlace]
  private let layers: UnsafeMutableBufferPointer<mg_layer>
  private let tape: UnsafeMutablePointer<mg_tape>
  private let widest: Int

  /// - Precondition: There is at least one layer, and all are on one tape.
  package init(_ places: [LayerPlace]) {
    self.places = places
    layers = .allocate(capacity: places.count)
    _ = layers.initialize(from: places.map(\.engineLayer))
    tape = places[0].parameters.tape.pointer
    widest = places.reduce(places[0].inputCount) { max($0, $1.outputCount) }
  }

  deinit { layers.deallocate() }

  /// Passes one sample through the layers. Only the outputs of the last layer become Values.
  package func evaluate(_ inputs: [Value], _ evaluation: Evaluation) -> [Value] {
    evaluate(evaluation) { [tape] nodes in
      Value.withNodes(of: inputs, on: tape) { found in
        nodes.update(from: found, count: inputs.count)
        return 0
      } != Value.noNode
    } data: {
      inputs.map(\.unwatchedData)
    }
  }

  /// Passes one sample of plain numbers, which become leaves, through the layers.
  package func evaluate(_ inputs: [Double], _ evaluation: Evaluation) -> [Value] {
    evaluate(evaluation) { [tape] nodes in
      for (k, input) in inputs.enumerated() {
        nodes[k] = mg_leaf(tape, input)
        if nodes[k] == Value.noNode { return false }
      }
      return true
    } data: {
      inputs
    }
  }

  /// Passes a batch through the layers, one row per sample.
  package func evaluate(_ batch: Matrix, _ evaluation: Evaluation) -> Matrix {
    if evaluation == .blas || evaluation == .automatic {
      return places.reduce(batch) { x, layer in
        x.affine(weights: layer.weightMatrix, bias: layer.biasVector.matrix, relu: layer.isNonlinear)
      }
    }
    if mg_tape_is_paused(tape) { return places.reduce(batch) { $1.evaluatePlainly($0, evaluation) } }
    let first = batch.first(on: tape)
    let (last, values) = pass(batch.rows, evaluation) { nodes in
      for k in 0..<batch.count { nodes[k] = first + Int32(k) }
      return true
    } outputs: { [tape] nodes, columns in
      (columns, Matrix.gathered(nodes, rows: batch.rows, columns: columns, on: tape))
    }
    if values == Value.noNode { trapFull(tape) }
    return Matrix(tape, first: values, rows: batch.rows, columns: last)
  }

  @inline(__always)
  private func evaluate(
    _ evaluation: Evaluation, fill: (UnsafeMutablePointer<mg_node>) -> Bool, data: () -> [Double]
  ) -> [Value] {
    if mg_tape_is_paused(tape) {
      let sample = Matrix.constant(rows: 1, columns: places[0].inputCount, data())
      return places.reduce(sample) { $1.evaluatePlainly($0, evaluation) }.values
    }
    return pass(1, evaluation, fill: fill) { [tape] nodes, count in (0..<count).map { Value(tape, nodes[$0]) } }
  }

  /// Records layer by layer, within a layer sample by sample, and hands over the nodes of the last one's outputs.
  @inline(__always)
  private func pass<Outputs>(
    _ rows: Int, _ evaluation: Evaluation, fill: (UnsafeMutablePointer<mg_node>) -> Bool,
    outputs: (UnsafeMutablePointer<mg_node>, Int) -> Outputs
  ) -> Outputs {
    withUnsafeTemporaryAllocation(of: mg_node.self, capacity: 2 * widest * rows) { buffer in
      let base = buffer.baseAddress.unsafelyUnwrapped
      var (from, to) = (base, base + widest * rows)
      guard fill(from) else { trapFull(tape) }
      for layer in layers.indices {
        let status = record(layers.baseAddress.unsafelyUnwrapped + layer, rows, evaluation, from, to)
        if status != .ok { trapFull(tape) }
        (from, to) = (to, from)
      }
      #if DEBUG
        mg_tape_note_origin(tape, MG_ORIGIN_DEPTH)
      #endif
      return outputs(from, Int(layers[layers.count - 1].output_count))
    }
  }

  private func record(
    _ layer: UnsafePointer<mg_layer>, _ rows: Int, _ evaluation: Evaluation, _ inputs: UnsafeMutablePointer<mg_node>,
    _ outputs: UnsafeMutablePointer<mg_node>
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
}
