import CMicrograd

/// A function that was recorded at Values, as part of whatever is being recorded, and whose derivatives are recorded too.
internal final class InnerFunction: RecordedDerivatives {
  private let tape: UnsafeMutablePointer<mg_tape>
  private let arguments: Range<mg_node>
  private let results: [Value]
  /// True where nothing is recorded: then all answers are constants.
  private let isPaused: Bool

  /// Records f at copies of the Values in x: nodes that nothing else uses, so that what is derived is f alone.
  private init<Failure: Error>(
    _ tape: UnsafeMutablePointer<mg_tape>, isPaused: Bool, at x: [Value],
    of f: ([Value]) throws(Failure) -> [Value]
  ) throws(Failure) {
    self.tape = tape
    self.isPaused = isPaused
    var first: mg_node = 0
    if !x.isEmpty {
      first = Value.withNodes(of: x, on: tape) { mg_block_copy(tape, $0, 1, 1, Int64(x.count)) }
      if first == Value.noNode { trapFull(tape, adding: x.count) }
    }
    let arguments = first..<first + Int32(x.count)
    self.arguments = arguments
    let outer = mg_tape_enter_function(tape, x.isEmpty ? .max : first)
    defer { mg_tape_restore_function(tape, outer) }
    results = try f(arguments.map { Value(live: $0, on: tape) })
    for result in results where result.pointer != nil && result.pointer != tape { trapMixed() }
  }

  /// Records f and asks for derivatives.
  ///
  /// While recording is paused, the derivatives are wanted all the same, but as constants: f is recorded in a scope, from
  /// which the numbers are taken.
  internal static func record<Result, Failure: Error>(
    at x: [Value], of f: ([Value]) throws(Failure) -> [Value], do body: (InnerFunction) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let tape = Value.tape(of: x) ?? currentTape()
    if !mg_tape_is_paused(tape) { return try body(InnerFunction(tape, isPaused: false, at: x, of: f)) }
    let pauses = mg_tape_suspend_pauses(tape)
    defer { mg_tape_restore_pauses(tape, pauses) }
    return try Tape(tape).scope { () throws(Failure) in
      try body(InnerFunction(tape, isPaused: true, at: x, of: f))
    }
  }

  internal var argumentCount: Int { arguments.count }

  internal var values: [Value] { answer(results) }

  private func answer(_ values: [Value]) -> [Value] { isPaused ? values.map(\.asConstant) : values }

  private func node(_ value: Value) -> mg_node { value.pointer == nil ? -1 : value.node(on: tape) }

  internal func vectorJacobianProduct(along weights: [Value]) -> [Value] {
    requireWeights(weights)
    return answer(gradient(of: zip(results, weights).map { (node($0), $1) }))
  }

  /// The same by Values that the function captures. The arguments are held constant, and so is every other captured Value.
  internal func vectorJacobianProduct(along weights: [Value], byCaptured variables: [Value]) -> [Value] {
    requireWeights(weights)
    let seeds = zip(results, weights).map { (result: node($0), seed: $1) }
    let nodes = variables.map(node)
    return answer(
      RecordedSweep.over(tape, arguments: arguments, others: nodes, results: seeds.map(\.result)) {
        $0.adjoints(of: seeds, by: nodes)
      })
  }

  internal func jacobianVectorProduct(along direction: [Value]) -> [Value] {
    requireDirection(direction)
    return answer(tangents(of: results, along: direction))
  }

  /// The same where Values that the function captures move too.
  internal func jacobianVectorProduct(
    along direction: [Value], captured variables: [Value], along captured: [Value]
  ) -> [Value] {
    requireDirection(direction)
    let nodes = results.map(node), others = variables.map(node)
    return answer(
      RecordedSweep.over(tape, arguments: arguments, others: others, results: nodes) {
        $0.tangents(of: nodes, along: direction, others: Array(zip(others, captured)).map { ($0, $1) })
      })
  }

  internal func hessianVectorProduct(along direction: [Value]) -> [Value] {
    requireDirection(direction)
    return answer(tangents(of: recordedGradient, along: direction))
  }

  internal var hessian: [[Value]] { recordedGradient.map { answer(gradient(of: [(node($0), .constant(1))])) } }

  /// The gradient of the one result, recorded once.
  private lazy var recordedGradient = {
    require(results.count == 1, "the function has \(results.count) results: a Hessian belongs to a function with one")
    return gradient(of: [(node(results[0]), .constant(1))])
  }()

  private func gradient(of seeds: [(result: mg_node, seed: Value)]) -> [Value] {
    RecordedSweep.over(tape, arguments: arguments, results: seeds.map(\.result)) { $0.adjoints(of: seeds) }
  }

  private func tangents(of values: [Value], along direction: [Value]) -> [Value] {
    let nodes = values.map(node)
    return RecordedSweep.over(tape, arguments: arguments, results: nodes) { $0.tangents(of: nodes, along: direction) }
  }
}
