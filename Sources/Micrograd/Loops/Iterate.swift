import CMicrograd

// Loops whose gradient takes little memory. A recording of a loop grows with the number of steps; these store a few states and
// compute the others again during the reverse sweep.

/// Repeats a step: `count` times, the state becomes what the body makes of it.
///
/// ```swift
/// let rate = Value(0.1)
/// let y = iterate(1000, from: [Value(2)]) { y in [y[0] - 0.01 * rate * y[0]] }
/// y[0].backward()
/// print(y[0].data, rate.grad)  // 0.7354 -7.3613
/// ```
///
/// The loop is recorded as one operation. Only a few states are stored; the reverse sweep computes the others again by a
/// binomial schedule (Griewank and Walther, Algorithm 799: revolve, 2000). The gradient is that of the loop recorded step by
/// step, to rounding; to the bit where a step adds up no sums of many terms and uses each captured Value once.
///
/// The body may capture Values, such as `rate` here. They get their gradients. To be run again, the body is recorded once and
/// compiled, with a new recording for every path through its comparisons. A body that cannot be compiled, because it reads
/// `data` or draws random numbers, is recorded step by step: the result is the same, but it takes memory for every step. So is
/// a loop of fewer than 200 000 nodes if `checkpoints` is `nil`, and one inside of a function that is being compiled. A body
/// should compute the same from the same numbers.
///
/// Products with Hessians have checkpoints too. Derivatives of derivatives that are recorded, as in nested calls of
/// `gradient(at:of:)`, and Taylor series record the loop step by step.
///
/// - Parameters:
///   - count: How often the body is called, 0 or more.
///   - start: The state at the start. Any number of numbers.
///   - checkpoints: How many states to store at most, 1 or more; about √(2 · count) by default: then no step is computed more than
///     three times. With r evaluations of each step, s states are enough for (s + r)! / (s! r!) steps.
///   - body: The state after a step, as many numbers as before.
/// - Returns: The state at the end; the start itself if `count` is 0.
/// - Precondition: `count` is not negative, `checkpoints` is at least 1, and the body returns as many numbers as it is given.
/// - SeeAlso: `loopEvaluation(over:from:checkpoints:body:)`, which says why a body is not compiled.
public func iterate(
  _ count: Int, from start: [Value], checkpoints: Int? = nil, body: @escaping ([Value]) -> [Value]
) -> [Value] {
  requireSteps(count)
  return recorded(0..<count, start, checkpoints) { _, state in body(state) }
}

/// Repeats a step on numbers of any type, for functions that are written over ``DifferentiableNumber``.
///
/// On plain numbers and dual numbers it is the plain loop; on Values it is `iterate(_:from:checkpoints:body:)`. Name the
/// type of the state in the closure, as below: the compiler may not find it out in time.
///
/// ```swift
/// iterate(3, fromNumbers: [1.0, 0]) { (s: [Double]) in [s[0] + s[1], s[1] + 1] }  // [4.0, 3.0]
/// ```
public func iterate<Number: DifferentiableNumber>(
  _ count: Int, fromNumbers start: [Number], checkpoints: Int? = nil, body: @escaping ([Number]) -> [Number]
) -> [Number] {
  requireSteps(count)
  return repeated(0..<count, start, checkpoints) { _, state in body(state) }
}

/// Repeats a step that depends on its number: for each number of a range, the state becomes what the body makes of both.
///
/// ```swift
/// let x = Value(1)
/// let sum = iterate(over: 1..<11, from: [Value(0)]) { k, sum in [sum[0] + x / k] }
/// sum[0].backward()
/// print(sum[0].data, x.grad)  // 2.929 2.929: the sum of 1 / k
/// ```
///
/// The step is a number to compute with, as the time of a simulation. A body that looks something up by it should use
/// `pick`: what reads the step's `data` cannot be compiled, and is recorded step by step. Everything else is as in
/// `iterate(_:from:checkpoints:body:)`.
///
/// - Parameters:
///   - steps: The numbers of the steps.
///   - start: The state at the start.
///   - checkpoints: How many states to store at most, 1 or more; about √(2 n) of n steps by default.
///   - body: The state after a step, for the step's number and the state before.
/// - Returns: The state at the end; the start itself if the range is empty.
public func iterate(
  over steps: Range<Int>, from start: [Value], checkpoints: Int? = nil,
  body: @escaping (_ step: Value, _ state: [Value]) -> [Value]
) -> [Value] {
  recorded(steps, start, checkpoints, body)
}

/// Repeats a step that depends on its number, on numbers of any type.
///
/// ```swift
/// iterate(over: 0..<4, fromNumbers: [0.5]) { (k: Double, s: [Double]) in [s[0] + k] }  // [6.5]
/// ```
public func iterate<Number: DifferentiableNumber>(
  over steps: Range<Int>, fromNumbers start: [Number], checkpoints: Int? = nil,
  body: @escaping (_ step: Number, _ state: [Number]) -> [Number]
) -> [Number] {
  repeated(steps, start, checkpoints, body)
}

private func recorded(
  _ steps: Range<Int>, _ start: [Value], _ checkpoints: Int?, _ body: @escaping (Value, [Value]) -> [Value]
) -> [Value] {
  if let checkpoints { require(checkpoints >= 1, "\(checkpoints) checkpoints: a loop stores 1 state or more") }
  return RecordedLoop(steps: steps, body: body).result(from: start, checkpoints: checkpoints).end
}

private func repeated<Number: DifferentiableNumber>(
  _ steps: Range<Int>, _ start: [Number], _ checkpoints: Int?, _ body: @escaping (Number, [Number]) -> [Number]
) -> [Number] {
  if let start = start as? [Value], let body = body as? (Value, [Value]) -> [Value],
    let end = recorded(steps, start, checkpoints, body) as? [Number]
  {
    return end
  }
  var state = start
  for step in steps {
    let next = body(Number(constant: Double(step)), state)
    requireStates(next.count, state.count, step)
    state = next
  }
  return state
}

private func requireSteps(_ count: Int) {
  require(count >= 0, "iterate(\(count)): a loop has 0 steps or more")
}

internal func requireStates(_ count: Int, _ expected: Int, _ step: Int) {
  require(
    count == expected,
    "the body of iterate returns \(count) numbers at step \(step) for a state of \(expected): return as many as it is given"
  )
}
