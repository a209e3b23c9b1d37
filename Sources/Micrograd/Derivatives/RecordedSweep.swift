import CMicrograd

/// A sweep whose own arithmetic is recorded, so that what it computes are Values again.
///
/// It goes over the nodes between the lowest argument and the highest result and looks only at those that depend on an
/// argument, so that derivatives taken at two levels do not mix: each level has its own arguments, which are nodes that
/// nothing else uses.
internal struct RecordedSweep {
  private let tape: UnsafeMutablePointer<mg_tape>
  private let low: mg_node
  private let high: mg_node
  private let arguments: Range<mg_node>
  /// For each node, by its index above `low`: 0 if it depends on no argument, 1 if it does, 2 if it is one.
  private let marks: UnsafeMutableBufferPointer<UInt8>

  /// Calls `body` with a sweep over what was computed from `arguments`, and from `others` that count as arguments too, up to the
  /// highest of `results`.
  ///
  /// Marks and adjoints lie on the stack if there are few: an inner gradient of a few nodes spends most of its time on memory
  /// otherwise.
  internal static func over<Result>(
    _ tape: UnsafeMutablePointer<mg_tape>, arguments: Range<mg_node>, others: [mg_node] = [],
    results: some Sequence<mg_node>, _ body: (RecordedSweep) -> Result
  ) -> Result {
    let low = min(arguments.lowerBound, others.min() ?? arguments.lowerBound)
    var high = low - 1
    for result in results { high = max(high, RuledNode(tape: tape, node: result).entry) }
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Int(high - low) + 1) { marks in
      marks.initialize(repeating: 0)
      for argument in arguments where argument <= high { marks[Int(argument - low)] = 2 }
      for other in others where other <= high { marks[Int(other - low)] = 2 }
      if let start = marks.baseAddress { mg_mark_dependents(tape, low, high, start) }
      return body(RecordedSweep(tape: tape, low: low, high: high, arguments: arguments, marks: marks))
    }
  }

  /// Returns true for an argument. Another that was not copied may be the output of an operation, where the sweep ends.
  private func isArgument(_ node: mg_node) -> Bool { marks[Int(node - low)] == 2 }

  private func depends(_ node: mg_node) -> Bool { node >= low && node <= high && marks[Int(node - low)] != 0 }

  /// The derivatives of Σ seed · result by each argument; a constant 0 where there is no dependence.
  internal func adjoints(of seeds: some Sequence<(result: mg_node, seed: Value)>) -> [Value] {
    adjoints(of: seeds, by: arguments)
  }

  /// The same by some of the arguments and others.
  internal func adjoints(
    of seeds: some Sequence<(result: mg_node, seed: Value)>, by nodes: some Sequence<mg_node>
  ) -> [Value] {
    withUnsafeTemporaryAllocation(of: Carried?.self, capacity: marks.count) { adjoints in
      adjoints.initialize(repeating: nil)
      func add(_ contribution: Carried, to node: mg_node) {
        let place = Int(node - low)
        adjoints[place] = adjoints[place].map { $0 + contribution } ?? contribution
      }
      for (result, seed) in seeds where depends(result) { add(Carried(value: seed), to: result) }
      let rows = RowCache()
      for place in marks.indices.reversed() {
        let node = RuledNode(tape: tape, node: low + Int32(place))
        if node.op == .block {
          let contributions = node.customPullback { isArgument($0) ? nil : adjoints[Int($0 - low)]?.value }
          for (operand, contribution) in contributions where depends(operand) {
            add(Carried(value: contribution), to: operand)
          }
        }
        guard marks[place] == 1 else { continue }
        node.pull(rows, adjoint: { adjoints[Int($0 - low)] }, wanted: depends, add: add)
      }
      return nodes.map { depends($0) ? adjoints[Int($0 - low)]?.outcome ?? .zero : .zero }
    }
  }

  /// The derivatives of each result along the direction in which the arguments move, and others that count as arguments.
  internal func tangents(
    of results: [mg_node], along direction: [Value], others: [(node: mg_node, tangent: Value)] = []
  ) -> [Value] {
    var tangents = [Carried?](repeating: nil, count: marks.count)
    // What lies below the arguments and is not among the others does not move.
    for place in 0..<min(Int(arguments.lowerBound - low), marks.count) where marks[place] == 1 { marks[place] = 0 }
    for (argument, tangent) in Array(zip(arguments, direction)) + others where depends(argument) {
      if tangent.isConstant && tangent.unwatchedData == 0 { continue }
      tangents[Int(argument - low)] = Carried(value: tangent)
    }
    func tangent(_ node: mg_node) -> Carried? { depends(node) ? tangents[Int(node - low)] : nil }
    let rows = RowCache()
    for place in marks.indices where marks[place] == 1 {
      let node = RuledNode(tape: tape, node: low + Int32(place))
      if node.op == .custom {
        tangents[place] = node.customTangent { tangent($0)?.value }.map { Carried(value: $0) }
        continue
      }
      if node.isShare {
        guard node.column == 0 else { continue }
        let row = node.shareTangents((0..<node.columns).map { tangent(node.operandNode($0)) }, rows)
        tangents.replaceSubrange(place..<place + row.count, with: row)
        continue
      }
      for k in 0..<node.operandCount {
        guard let tangent = tangent(node.operandNode(k)), let contribution = node.partial(by: k, rows).times(tangent)
        else { continue }
        tangents[place] = tangents[place].map { $0 + contribution } ?? contribution
      }
    }
    return results.map { depends($0) ? tangents[Int($0 - low)]?.outcome ?? .zero : .zero }
  }

  /// The derivatives of a node by all under it, parameters included.
  internal static func adjointsUnder(
    _ root: mg_node, on tape: UnsafeMutablePointer<mg_tape>, seed: Value
  ) -> [mg_node: Value] {
    var adjoints = [root: Carried(value: seed)]
    // The lowest node that has an adjoint. Parameters are below all nodes, and need no visit.
    var low = max(root, 0)
    func add(_ contribution: Carried, to node: mg_node) {
      if node >= 0 { low = min(low, node) }
      adjoints[node] = adjoints[node].map { $0 + contribution } ?? contribution
    }
    let rows = RowCache()
    // What is recorded on the way lies above the root.
    var index = RuledNode(tape: tape, node: root).entry
    while index >= low {
      let node = RuledNode(tape: tape, node: index)
      if node.op == .block {
        for (operand, contribution) in node.customPullback({ adjoints[$0]?.value }) {
          add(Carried(value: contribution), to: operand)
        }
      }
      node.pull(rows, adjoint: { adjoints[$0] }, wanted: { _ in true }, add: add)
      index -= 1
    }
    return adjoints.mapValues(\.outcome)
  }
}

extension RuledNode {
  /// Adds to the adjoints of the operands that are wanted what that of this node contributes; of a row whose elements have their
  /// derivatives together, at its last element.
  fileprivate func pull(
    _ rows: RowCache, adjoint: (mg_node) -> Carried?, wanted: (mg_node) -> Bool, add: (Carried, mg_node) -> Void
  ) {
    if isShare {
      guard column == columns - 1 else { return }
      let row = (0..<columns).map { adjoint(node - Int32(columns - 1 - $0)) }
      for (k, contribution) in sharePullback(row, rows).enumerated() where wanted(operandNode(k)) {
        if let contribution { add(contribution, operandNode(k)) }
      }
      return
    }
    guard let adjoint = adjoint(node) else { return }
    for k in 0..<operandCount where wanted(operandNode(k)) {
      if let contribution = partial(by: k, rows).times(adjoint) { add(contribution, operandNode(k)) }
    }
  }
}
