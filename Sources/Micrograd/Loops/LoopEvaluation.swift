/// Says how `iterate` computes a loop: by a compiled body, or recorded step by step and why.
///
/// ```swift
/// loopEvaluation(over: 0..<1000, from: [Value(1)], checkpoints: 10) { k, y in [y[0] + 0.1 * k] }  // compiled
/// ```
///
/// The loop is computed as `iterate(over:from:checkpoints:body:)` does, and what it records is reclaimed. A body that reads the
/// step's `data`, for example, is recorded, and so is a short loop without a number of checkpoints. For `iterate(_:from:checkpoints:body:)`, pass
/// `0..<count`, and a body that ignores the step.
///
/// - Parameters:
///   - steps: The numbers of the steps.
///   - start: The state at the start.
///   - checkpoints: How many states to store at most, as for `iterate`.
///   - body: The state after a step, for the step's number and the state before.
public func loopEvaluation(
  over steps: Range<Int>, from start: [Value], checkpoints: Int? = nil,
  body: @escaping (_ step: Value, _ state: [Value]) -> [Value]
) -> FunctionEvaluation {
  if let checkpoints { require(checkpoints >= 1, "\(checkpoints) checkpoints: a loop stores 1 state or more") }
  return Tape.scope { RecordedLoop(steps: steps, body: body).result(from: start, checkpoints: checkpoints).evaluation }
}
