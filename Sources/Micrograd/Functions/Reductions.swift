import CMicrograd

/// The sum of any number of Values, one node.
///
/// Constants among them become leaves. The sum of nothing is the constant 0. Consecutive nodes, such as a layer's
/// parameters, are summed in vectors, so the result may differ from a sum from left to right by rounding.
public func sum(_ values: [Value]) -> Value {
  guard let tape = Value.tape(of: values) else { return .constant(values.reduce(0) { $0 + $1.unwatchedData }) }
  let node = Value.withNodes(of: values, on: tape) { mg_sum(tape, $0, Int64(values.count)) }
  return node == Value.noNode
    ? Value.unrecorded(tape, values.reduce(0) { $0 + $1.unwatchedData }) : Value(tape, node)
}

/// The dot product Σ left[i] · right[i], one node.
///
/// Derivatives: by left[i] it is right[i], and the other way round. `dot(x, x)` is the sum of squares. Constants among
/// the factors become leaves.
///
/// - Precondition: Both have the same length.
public func dot(_ left: [Value], _ right: [Value]) -> Value {
  require(left.count == right.count, "a dot product takes two lists of one length")
  let count = Int64(left.count)
  if let left = Value.run(left), let right = Value.run(right), left.tape == right.tape {
    let node = mg_dot_runs(left.tape, left.first, right.first, count)
    if node != Value.noNode { return Value(left.tape, node) }
  }
  func plain() -> Double { zip(left, right).reduce(0) { $0 + $1.0.unwatchedData * $1.1.unwatchedData } }
  guard let tape = Value.tape(of: left) ?? Value.tape(of: right) else { return .constant(plain()) }
  let node = Value.withNodes(of: left, on: tape) { a in
    Value.withNodes(of: right, on: tape) { b in mg_dot(tape, a, b, count) }
  }
  return node == Value.noNode ? Value.unrecorded(tape, plain()) : Value(tape, node)
}

/// The weighted sum Σ weights[i] · values[i] with plain numbers as weights, one node.
///
/// - Precondition: Both have the same length.
public func dot(_ weights: [Double], _ values: [Value]) -> Value {
  require(weights.count == values.count, "a dot product takes two lists of one length")
  func plain() -> Double { zip(weights, values).reduce(0) { $0 + $1.0 * $1.1.unwatchedData } }
  guard let tape = Value.tape(of: values) else { return .constant(plain()) }
  let node = Value.withNodes(of: values, on: tape) {
    mg_weighted_sum(tape, weights, $0, Int64(values.count))
  }
  return node == Value.noNode ? Value.unrecorded(tape, plain()) : Value(tape, node)
}

/// The weighted sum Σ values[i] · weights[i] with plain numbers as weights, one node.
public func dot(_ values: [Value], _ weights: [Double]) -> Value { dot(weights, values) }

extension Sequence where Element == Value {
  /// The sum of the elements, one node; see ``sum(_:)``.
  public func sum() -> Value { Micrograd.sum(Array(self)) }

  /// The arithmetic mean of the elements; NaN when there are none.
  public func mean() -> Value {
    let values = Array(self)
    return Micrograd.sum(values) / Double(values.count)
  }
}

// Disfavoured, so that a `sum()` of one's own for sequences of numbers is not ambiguous.
extension Sequence where Element: DifferentiableNumber {
  /// The sum of the elements; 0 of none. A sum of Doubles is a Double.
  @_disfavoredOverload
  public func sum() -> Element { Element.sum(Array(self)) }

  /// The arithmetic mean of the elements; NaN when there are none.
  @_disfavoredOverload
  public func mean() -> Element {
    let numbers = Array(self)
    return Element.sum(numbers) / Double(numbers.count)
  }
}

// MARK: - Inside

extension Value {
  /// The tape of the first Value that is not a constant.
  package static func tape(of values: [Value]) -> UnsafeMutablePointer<mg_tape>? {
    for value in values {
      if let tape = value.pointer { return tape }
    }
    return nil
  }

  /// Calls `body` with the nodes of `values`, for which constants are recorded as leaves. Without calling it, the result
  /// is no node where recording is paused.
  package static func withNodes(
    of values: [Value], on tape: UnsafeMutablePointer<mg_tape>, _ body: (UnsafePointer<mg_node>) -> mg_node
  ) -> mg_node {
    if mg_tape_is_paused(tape) { return noNode }
    return withUnsafeTemporaryAllocation(of: mg_node.self, capacity: Swift.max(values.count, 1)) { nodes in
      for (k, value) in values.enumerated() {
        nodes[k] = value.listedNode(on: tape)
        if nodes[k] == noNode { return noNode }
      }
      guard let start = nodes.baseAddress else { return noNode }
      return body(UnsafePointer(start))
    }
  }

  /// The node of a Value in a list, for a constant a new leaf; no node where there is no room for one.
  internal func listedNode(on tape: UnsafeMutablePointer<mg_tape>) -> mg_node {
    guard let pointer else { return mg_leaf(tape, data) }
    if pointer != tape { trapMixed() }
    return node(on: tape)
  }
}
