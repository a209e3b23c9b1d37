import CMicrograd

/// A function with one result that is being recorded at Values, and its gradient.
///
/// What ``InnerFunction`` does for all questions, for the most frequent one alone. Nothing in it is generic, and the functions
/// that use it are inlined, so an inner gradient in a loop looks up no types at run time.
@usableFromInline
internal struct InnerGradient {
  private let tape: UnsafeMutablePointer<mg_tape>
  private let first: mg_node
  private let count: Int
  private let outer: Int64

  /// Begins the recording with copies of the Values: nodes that nothing else uses. `nil` where nothing is recorded.
  @usableFromInline
  internal init?(at x: [Value]) {
    tape = Value.tape(of: x) ?? currentTape()
    if x.isEmpty || mg_tape_is_paused(tape) { return nil }
    count = x.count
    first = Value.withNodes(of: x, on: tape) { [tape] in mg_block_copy(tape, $0, 1, 1, Int64(x.count)) }
    if first == Value.noNode { trapFull(tape, adding: x.count) }
    outer = mg_tape_enter_function(tape, first)
  }

  /// The arguments of the function.
  @usableFromInline
  internal var arguments: [Value] { (0..<Int32(count)).map { Value(live: first + $0, on: tape) } }

  /// Ends the recording; called once, whether the function returns or throws.
  @usableFromInline
  internal func end() { mg_tape_restore_function(tape, outer) }

  /// The gradient of a result, recorded.
  @usableFromInline
  internal func gradient(of result: Value) -> [Value] {
    guard let pointer = result.pointer else { return Array(repeating: .zero, count: count) }
    if pointer != tape { trapMixed() }
    let node = result.node(on: tape)
    return RecordedSweep.over(tape, arguments: first..<first + Int32(count), results: CollectionOfOne(node)) { sweep in
      sweep.adjoints(of: CollectionOfOne((node, .constant(1))))
    }
  }
}

extension Value {
  /// The value and the gradient of a function at Values, recorded.
  @inlinable
  public static func valueWithRecordedGradient<Failure: Error>(
    at x: [Value], of f: ([Value]) throws(Failure) -> Value
  ) throws(Failure) -> (value: Value, gradient: [Value]) {
    guard let inner = InnerGradient(at: x) else { return try unrecordedGradient(at: x, of: f) }
    let value = try recorded(inner, f)
    return (value, inner.gradient(of: value))
  }

  @inlinable
  internal static func recorded<Failure: Error>(
    _ inner: InnerGradient, _ f: ([Value]) throws(Failure) -> Value
  ) throws(Failure) -> Value {
    defer { inner.end() }
    return try f(inner.arguments)
  }

  @usableFromInline
  internal static func unrecordedGradient<Failure: Error>(
    at x: [Value], of f: ([Value]) throws(Failure) -> Value
  ) throws(Failure) -> (value: Value, gradient: [Value]) {
    try withResult(at: x, of: f) { ($0.values[0], $0.gradient) }
  }
}
