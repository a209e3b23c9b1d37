import CMicrograd

/// A loop over Values: recorded step by step, or as one operation.
internal struct RecordedLoop {
  internal let steps: Range<Int>
  internal let body: (Value, [Value]) -> [Value]

  /// Up to so many nodes, a loop is recorded step by step unless a number of checkpoints is asked for.
  private static let shortNodes = 200_000
  /// How often a loop begins anew because a path captures more Values.
  private static let mostStarts = 16

  /// The state at the end, and how it was computed.
  internal func result(from start: [Value], checkpoints: Int?) -> (end: [Value], evaluation: FunctionEvaluation) {
    if steps.isEmpty || start.isEmpty {
      return (recorded(from: start), .recorded(reason: "the loop has no steps, or its state no numbers"))
    }
    let pointer = Value.tape(of: start) ?? currentTape()
    if let reason = Self.whatNeedsSteps(pointer) { return (recorded(from: start), .recorded(reason: reason)) }
    let tape = Tape(pointer)
    do throws(LoopBody.Fault) {
      return (try operation(from: start, checkpoints: checkpoints, on: tape), .compiled)
    } catch {
      return (tape.use { recorded(from: start) }, .recorded(reason: error.reason))
    }
  }

  /// Why a loop is recorded step by step on a tape, whatever its body; `nil` if it is not.
  private static func whatNeedsSteps(_ tape: UnsafeMutablePointer<mg_tape>) -> String? {
    if mg_tape_is_paused(tape) { return "nothing is recorded here (withoutGradients)" }
    if tape.pointee.watch != nil { return "the loop is inside of a function that is being compiled" }
    if mg_tape_is_in_rule(tape) { return "the loop is inside of a rule of an operation" }
    return nil
  }

  /// Records the loop step by step.
  private func recorded(from start: [Value]) -> [Value] {
    var state = start
    for step in steps { state = next(state, .constant(Double(step)), step) }
    return state
  }

  private func next(_ state: [Value], _ step: Value, _ number: Int) -> [Value] {
    let next = body(step, state)
    requireStates(next.count, state.count, number)
    return next
  }

  private func operation(from start: [Value], checkpoints: Int?, on tape: Tape) throws(LoopBody.Fault) -> [Value] {
    let width = start.count, first = steps.lowerBound
    let function = { [self] (x: [Value]) in next(Array(x[..<width]), x[width], first) }
    let numbers = start.map(\.unwatchedData)
    let recording = try tape.use { () throws(LoopBody.Fault) in
      try LoopBody.Recording(of: function, at: numbers + [Double(first)])
    }
    let isShort = recording.nodeCount * steps.count <= Self.shortNodes
    if checkpoints == nil && isShort {
      throw .notCompiled(
        """
        the loop is short: it records about \(recording.nodeCount * steps.count) nodes, and up to \(Self.shortNodes) are recorded \
        step by step unless checkpoints are given
        """)
    }
    var captured = recording.captured
    for _ in 0..<Self.mostStarts {
      let body = LoopBody(function, width: width, capturing: captured, on: tape)
      let loop = CheckpointedLoop(
        body, steps: steps, width: width,
        checkpoints: checkpoints ?? CheckpointSchedule.usualCount(steps: steps.count))
      do throws(LoopBody.Fault) {
        _ = try loop.run(numbers + captured.map(\.unwatchedData))
        return operation(of: loop, width: width, capturedCount: captured.count)(start + captured)
      } catch {
        guard case .capturesMore = error else { throw error }
        captured += body.missing
      }
    }
    throw .notCompiled("its paths capture ever more Values")
  }

  private func operation(of loop: CheckpointedLoop, width: Int, capturedCount: Int) -> CustomOperation {
    let tangents = loop.withTangents()
    func required() -> CheckpointedLoop {
      guard let tangents else {
        trap(
          """
          second derivatives of a loop whose body contains operations of one's own, or derivatives that cannot be compiled: \
          record the loop step by step, with a for loop in place of iterate
          """)
      }
      return tangents
    }
    /// The state, its tangents and those of the captured Values; then the captured Values.
    func doubled(_ inputs: [Double], _ direction: [Double]) -> [Double] {
      inputs[..<width] + direction + inputs[width...]
    }
    let forward: CustomOperation.Rule<Double> = { inputs, _, direction in
      let ends = Self.finished { () throws(LoopBody.Fault) in try required().run(doubled(inputs, direction)) }
      return Array(ends[width..<2 * width])
    }
    let operation = CustomOperation(
      "iterate", inputCount: width + capturedCount, outputCount: width,
      value: { inputs in Self.finished { () throws(LoopBody.Fault) in try loop.run(inputs) } },
      vectorJacobianProduct: { inputs, _, weights in
        Self.finished { () throws(LoopBody.Fault) in try loop.pullback(inputs, weights) }
      },
      jacobianVectorProduct: tangents == nil ? nil : forward,
      recordedVectorJacobianProduct: { [self] inputs, _, weights in
        let (start, captured) = (Array(inputs[..<width]), Array(inputs[width...]))
        return InnerFunction.record(at: start, of: { recorded(from: $0) }) { (whole: InnerFunction) in
          whole.vectorJacobianProduct(along: weights)
            + (captured.isEmpty ? [] : whole.vectorJacobianProduct(along: weights, byCaptured: captured))
        }
      })
    // The gradient of Σ weight · tangent + change · state at the end.
    operation.numericTangent = { inputs, direction, weights, change in
      let ends = change + weights + [Double](repeating: 0, count: capturedCount)
      let gradient = Self.finished { () throws(LoopBody.Fault) in
        try required().pullback(doubled(inputs, direction), ends)
      }
      return Array(gradient[..<width] + gradient[(2 * width + capturedCount)...])
    }
    return operation
  }

  /// The result of a loop whose paths are all known.
  private static func finished(_ run: () throws(LoopBody.Fault) -> [Double]) -> [Double] {
    do throws(LoopBody.Fault) {
      return try run()
    } catch {
      trap("the body of iterate cannot be run again at changed numbers: \(error). Call iterate again")
    }
  }
}
