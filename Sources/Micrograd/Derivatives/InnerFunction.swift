import CMicrograd

/// A function that was recorded at Values, as part of whatever is being recorded, and whose derivatives are recorded too.
internal struct InnerFunction {
  private let tape: UnsafeMutablePointer<mg_tape>
  internal let arguments: [mg_node]
  internal let results: [Value]

  /// Records f at copies of the Values in x: nodes that nothing else uses, so that what is derived is f alone.
  private init<Failure: Error>(
    _ tape: UnsafeMutablePointer<mg_tape>, at x: [Value], of f: ([Value]) throws(Failure) -> [Value]
  ) throws(Failure) {
    self.tape = tape
    var first: mg_node = 0
    if !x.isEmpty {
      first = Value.withNodes(of: x, on: tape) { mg_block_copy(tape, $0, 1, 1, Int64(x.count)) }
      if first == Value.noNode { trapFull(tape, adding: x.count) }
    }
    arguments = (0..<Int32(x.count)).map { first + $0 }
    let outer = mg_tape_enter_function(tape, x.isEmpty ? .max : first)
    defer { mg_tape_restore_function(tape, outer) }
    results = try f(arguments.map { Value(live: $0, on: tape) })
    for result in results where result.pointer != nil && result.pointer != tape { trapMixed() }
  }

  /// Records f and what `derive` makes of it.
  ///
  /// While nothing is recorded, the derivatives are wanted all the same, but as constants: they are recorded in a scope, of
  /// which the numbers are taken.
  internal static func derive<Failure: Error>(
    at x: [Value], of f: ([Value]) throws(Failure) -> [Value], _ derive: (InnerFunction) -> [[Value]]
  ) throws(Failure) -> (values: [Value], derivatives: [[Value]]) {
    let tape = Value.tape(of: x) ?? currentTape()
    if !mg_tape_is_paused(tape) {
      let inner = try InnerFunction(tape, at: x, of: f)
      return (inner.results, derive(inner))
    }
    let pauses = mg_tape_suspend_pauses(tape)
    defer { mg_tape_restore_pauses(tape, pauses) }
    return try Tape(tape).scope { () throws(Failure) in
      let inner = try InnerFunction(tape, at: x, of: f)
      return (inner.results.map(\.asConstant), derive(inner).map { $0.map(\.asConstant) })
    }
  }

  /// The same for a function with one result.
  internal static func derive<Failure: Error>(
    at x: [Value], of f: ([Value]) throws(Failure) -> Value, _ derive: (InnerFunction) -> [[Value]]
  ) throws(Failure) -> (value: Value, derivatives: [[Value]]) {
    let (values, derivatives) = try InnerFunction.derive(
      at: x, of: { (x: [Value]) throws(Failure) in [try f(x)] }, derive)
    return (values[0], derivatives)
  }

  private func node(_ value: Value) -> mg_node { value.pointer == nil ? -1 : value.node(on: tape) }

  /// Σ weights[i] · ∇results[i].
  internal func vectorJacobianProduct(along weights: [Value]) -> [Value] {
    gradient(of: zip(results, weights).map { (node($0), $1) })
  }

  /// The gradient of one Value that was computed from the arguments.
  internal func gradient(of value: Value) -> [Value] { gradient(of: [(node(value), .constant(1))]) }

  private func gradient(of seeds: [(result: mg_node, seed: Value)]) -> [Value] {
    RecordedSweep(tape, arguments: arguments, results: seeds.map(\.result)).adjoints(of: seeds, by: arguments)
  }

  /// The derivatives of the results along a direction.
  internal func jacobianVectorProduct(along direction: [Value]) -> [Value] {
    tangents(of: results, along: direction)
  }

  /// The derivatives of Values that were computed from the arguments.
  internal func tangents(of values: [Value], along direction: [Value]) -> [Value] {
    let nodes = values.map(node)
    return RecordedSweep(tape, arguments: arguments, results: nodes)
      .tangents(of: nodes, along: zip(arguments, direction).map { ($0, $1) })
  }
}
