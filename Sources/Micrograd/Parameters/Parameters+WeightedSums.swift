import CMicrograd

extension Parameters {
  /// Σ weights[row, k] · x[k] for each row of weights, from left to right, every multiplication and addition a node: what
  /// the operators record, in one go.
  ///
  /// - Precondition: There is at least one Value in `x`, and the parameters are as many as rows times those.
  package func weightedSums(of x: [Value], rows: Int) -> [Value] {
    require(!x.isEmpty && rows * x.count == count, "\(count) weights do not make \(rows) rows for \(x.count) numbers")
    let tape = owner.pointer
    if mg_tape_is_paused(tape) { return plainSums(of: x.map(\.data), rows: rows) }
    return withUnsafeTemporaryAllocation(of: mg_node.self, capacity: x.count + rows) { nodes in
      let inputs = nodes.baseAddress.unsafelyUnwrapped, sums = inputs + x.count
      for (k, value) in x.enumerated() {
        inputs[k] = value.listedNode(on: tape)
        if inputs[k] == Value.noNode { trapFull(tape) }
      }
      let status = mg_record_weighted_sums(tape, block.first, Int64(rows), inputs, Int64(x.count), sums)
      if status != .ok { trapFull(tape) }
      return (0..<rows).map { Value(tape, sums[$0]) }
    }
  }

  private func plainSums(of x: [Double], rows: Int) -> [Value] {
    let weights = owner.pointer.pointee.values + Int(block.first)
    return (0..<rows).map { row in
      let first = weights + row * x.count
      return .constant((1..<x.count).reduce(first[0] * x[0]) { $0 + first[$1] * x[$1] })
    }
  }
}
