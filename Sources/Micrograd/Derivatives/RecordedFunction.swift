import CMicrograd

/// A function that was recorded at one point. It gives any number of derivatives there without recording again.
///
/// `withDerivatives(at:of:do:)` passes it to a closure; it is valid only there. Each derivative is a sweep over the
/// recording and is computed again at each call, so keep results that you need again.
public struct RecordedFunction: RecordedDerivatives {
  internal let tape: UnsafeMutablePointer<mg_tape>
  /// The first of the arguments, which follow one another.
  internal let first: mg_node
  /// The number of arguments.
  public let argumentCount: Int
  /// The function's results, as Values of the recording.
  internal let results: [Value]

  /// The number of results.
  public var resultCount: Int { results.count }

  /// The results.
  public var values: [Double] { results.map(\.data) }

  /// The result of a function with one result.
  ///
  /// - Precondition: The function has one result.
  public var value: Double { onlyResult.data }

  private var onlyResult: Value {
    require(results.count == 1, "the function has \(results.count) results: ask for its values or its jacobian")
    return results[0]
  }

  /// The gradient of a function with one result, by one reverse sweep: one number per argument.
  ///
  /// - Precondition: The function has one result.
  public var gradient: [Double] {
    var root = node(onlyResult), seed = 1.0
    return sweep(&root, &seed, 1)
  }

  /// Returns the weighted sum of the results' gradients, Σ weights[i] · ∇result[i], by one reverse sweep.
  ///
  /// - Parameter weights: One per result.
  /// - Returns: One number per argument.
  public func vectorJacobianProduct(along weights: [Double]) -> [Double] {
    requireWeights(weights)
    return sweep(results.map(node), weights, results.count)
  }

  private func sweep(_ roots: UnsafePointer<mg_node>, _ seeds: UnsafePointer<Double>, _ count: Int) -> [Double] {
    if mg_tape_backward_from(tape, first, roots, seeds, Int64(count)) != .ok { trapFull(tape) }
    return Array(UnsafeBufferPointer(start: tape.pointee.grads + Int(first), count: argumentCount))
  }

  /// Returns the derivatives of all results along a direction, by one tangent sweep.
  ///
  /// - Parameter direction: One number per argument.
  /// - Returns: One number per result.
  public func jacobianVectorProduct(along direction: [Double]) -> [Double] {
    let last = results.reduce(-1) { max($0, node($1)) }
    return withDirections(direction, upTo: last) { directions in
      mg_tape_push_tangents(tape, first, last)
      // As of any sum that begins at 0, -0 is none of them.
      return results.map { isRecorded($0) ? directions.tangents[Int(node($0))] + 0.0 : 0 }
    }
  }

  /// Returns the product of the Hessian of a function with one result and a direction: the derivative of the gradient along
  /// it.
  ///
  /// Uses one forward and one reverse sweep over the recording (Pearlmutter 1994), at about three times the cost of the
  /// gradient.
  ///
  /// - Parameter direction: One number per argument.
  /// - Returns: One number per argument.
  /// - Precondition: The function has one result.
  public func hessianVectorProduct(along direction: [Double]) -> [Double] {
    let root = node(onlyResult)
    return withDirections(direction, upTo: root) { directions in
      guard root >= first else { return [Double](repeating: 0, count: argumentCount) }
      mg_tape_push_tangents(tape, first, root)
      directions.adjoints[Int(root)] = 1
      mg_tape_pull_adjoints(tape, first, root)
      return Array(UnsafeBufferPointer(start: directions.adjoint_tangents + Int(first), count: argumentCount))
    }
  }

  // MARK: - Inside

  /// Calls `body` with the arguments' tangents set, and clears what it leaves at the arguments and all nodes up to `last`.
  private func withDirections(
    _ direction: [Double], upTo last: mg_node, _ body: (mg_directions) -> [Double]
  ) -> [Double] {
    requireDirection(direction)
    let values = tape.pointee.values
    var directions = mg_directions(tangents: values, adjoints: values, adjoint_tangents: values)
    if mg_tape_directions(tape, first, &directions) != .ok { trapFull(tape) }
    for (k, number) in direction.enumerated() { directions.tangents[Int(first) + k] = number }
    // The last argument may lie above a result that is itself an argument, or was not recorded here.
    defer { mg_tape_clear_directions(tape, first, max(last, first + Int32(argumentCount) - 1)) }
    return body(directions)
  }

  private func node(_ result: Value) -> mg_node { result.pointer == nil ? -1 : result.node(on: tape) }

  /// Returns true if a result was recorded in the function's scope; false for a constant or a Value from outside.
  private func isRecorded(_ result: Value) -> Bool { node(result) >= first }
}

extension RecordedFunction {
  /// Records a function on a tape that has no scope open, to stay there: what sweeps cost is measured on it.
  package init(at x: [Double], keptOn kept: Tape, of f: ([Value]) -> [Value]) {
    let pointer = kept.pointer
    (tape, first, argumentCount) = (pointer, mg_leaf_run(pointer, x, Int64(x.count)), x.count)
    let arguments = (0..<Int32(x.count)).map { [first] in Value(pointer, first + $0) }
    results = kept.use { f(arguments) }
  }
}

/// Records a function of any number of numbers and calls `body` with the recording, which gives its derivatives.
///
/// ```swift
/// withDerivatives(at: [1, 2]) { x in
///   x[0] * x[0] * x[1]
/// } do: { f in
///   print(f.value, f.gradient, f.hessianVectorProduct(along: [1, 0]))  // 2.0 [4.0, 1.0] [4.0, 2.0]
/// }
/// ```
///
/// Nothing remains on the tape, and the gradients of all other nodes and parameters do not change. Errors of the function
/// or of `body` are rethrown.
///
/// - Parameters:
///   - x: The point.
///   - f: The function. It is called once.
///   - body: Computes derivatives and returns the result of this call.
@inline(__always)
public func withDerivatives<Result, Failure: Error>(
  at x: [Double], of f: ([Value]) throws(Failure) -> Value, do body: (RecordedFunction) throws(Failure) -> Result
) throws(Failure) -> Result {
  try withDerivatives(at: x, of: { (x: [Value]) throws(Failure) in [try f(x)] }, do: body)
}

/// Records a function with any number of results and calls `body` with the recording.
///
/// ```swift
/// withDerivatives(at: [2, 3]) { x in
///   [x[0] * x[1], x[0] + x[1]]
/// } do: { f in
///   print(f.values, f.jacobian, f.jacobianVectorProduct(along: [1, 1]))
///   // [6.0, 5.0] [[3.0, 2.0], [1.0, 1.0]] [5.0, 2.0]
/// }
/// ```
@inline(__always)
public func withDerivatives<Result, Failure: Error>(
  at x: [Double], of f: ([Value]) throws(Failure) -> [Value], do body: (RecordedFunction) throws(Failure) -> Result
) throws(Failure) -> Result {
  try withRecording(
    at: x,
    of: { (tape: UnsafeMutablePointer<mg_tape>, first: mg_node) throws(Failure) in
      try f((0..<Int32(x.count)).map { Value(tape, first + $0) })
    }, do: body)
}

/// Records a function of one vector and calls `body` with the recording. Operations on whole vectors do not touch single
/// elements.
///
/// - Precondition: There is at least one number in `x`.
@_disfavoredOverload @inline(__always)
public func withDerivatives<Result, Failure: Error>(
  at x: [Double], of f: (Vector) throws(Failure) -> Value, do body: (RecordedFunction) throws(Failure) -> Result
) throws(Failure) -> Result {
  require(!x.isEmpty, "a vector has at least one element")
  return try withRecording(
    at: x,
    of: { (tape: UnsafeMutablePointer<mg_tape>, first: mg_node) throws(Failure) in
      [try f(Vector(Matrix(tape, first: first, rows: 1, columns: x.count)))]
    }, do: body)
}

@inline(__always)
private func withRecording<Result, Failure: Error>(
  at x: [Double], of f: (UnsafeMutablePointer<mg_tape>, mg_node) throws(Failure) -> [Value],
  do body: (RecordedFunction) throws(Failure) -> Result
) throws(Failure) -> Result {
  let tape = currentTape()
  // Inside withoutGradients the function's own derivative is still wanted.
  let pauses = mg_tape_suspend_pauses(tape)
  defer { mg_tape_restore_pauses(tape, pauses) }
  if mg_tape_begin_function(tape) != .ok { trapFull(tape) }
  defer { mg_tape_end_scope(tape) }
  let first = mg_leaf_run(tape, x, Int64(x.count))
  if first == Value.noNode { trapFull(tape, adding: x.count) }
  let results = try f(tape, first)
  for result in results where result.pointer != nil && result.pointer != tape { trapMixed() }
  if pauses == 0, mg_tape_loses_dependence(tape) { trapLostDependence() }
  return try body(RecordedFunction(tape: tape, first: first, argumentCount: x.count, results: results))
}
