import CMicrograd

/// The steps of a loop over plain numbers: forwards, and backwards from a few stored states.
internal final class CheckpointedLoop {
  private let body: LoopBody
  private let steps: Range<Int>
  private let width: Int
  private let mostStates: Int
  /// The states that the last run forwards has stored, and what it started from and gave.
  private var stored: Checkpoints
  private var start: [Double] = []
  /// The state before the last step, with which the way back begins.
  private var last: [Double] = []
  private var end: [Double] = []

  internal init(_ body: LoopBody, steps: Range<Int>, width: Int, checkpoints: Int) {
    (self.body, self.steps, self.width, mostStates) = (body, steps, width, checkpoints)
    stored = Checkpoints(width: width, limit: checkpoints)
  }

  /// The loop that carries along tangents; `nil` if its body cannot be compiled.
  internal func withTangents() -> CheckpointedLoop? {
    guard let both = body.withTangents() else { return nil }
    return CheckpointedLoop(both, steps: steps, width: 2 * width + capturedCount, checkpoints: mostStates)
  }

  private var capturedCount: Int { body.captured.count }

  /// The inputs of the body with room for weights: captured Values, state, step, weights.
  private func bodyInputs(_ inputs: [Double]) -> [Double] {
    inputs[width...] + inputs[..<width] + [Double](repeating: 0, count: 1 + width)
  }

  /// The state at the end, for the inputs of the operation: the state, then the captured Values.
  internal func run(_ inputs: [Double]) throws(LoopBody.Fault) -> [Double] {
    if inputs.hasBits(of: start) { return end }
    start = []
    stored = Checkpoints(width: width, limit: mostStates)
    var current = bodyInputs(inputs), next = [Double](repeating: 0, count: width)
    stored.append(0, state(current))
    var target = stored.nextPlace(end: steps.count)
    for k in 0..<steps.count {
      if k == target {
        stored.append(k, state(current))
        target = stored.nextPlace(end: steps.count)
      }
      current[capturedCount + width] = Double(steps.lowerBound + k)
      if k == steps.count - 1 { last = Array(state(current)) }
      try body.advance(&current, &next)
    }
    (start, end) = (inputs, next)
    return next
  }

  private func state(_ current: [Double]) -> ArraySlice<Double> { current[capturedCount..<capturedCount + width] }

  /// What the adjoints of the end contribute to the state at the start and to the captured Values.
  internal func pullback(_ inputs: [Double], _ weights: [Double]) throws(LoopBody.Fault) -> [Double] {
    _ = try run(inputs)
    var states = stored
    var current = bodyInputs(inputs), next = [Double](repeating: 0, count: width)
    var gradient = [Double](repeating: 0, count: capturedCount + width)
    var ofCaptured = [Double](repeating: 0, count: capturedCount)
    for k in 0..<width { current[capturedCount + width + 1 + k] = weights[k] }
    var end = steps.count
    while end > 0 {
      let place = states.latestPlace, target = min(states.nextPlace(end: end), end - 1)
      let isKnown = target == steps.count - 1
      current.replaceSubrange(capturedCount..<capturedCount + width, with: isKnown ? last[...] : states.latestState)
      for k in place..<(isKnown ? place : target) {
        current[capturedCount + width] = Double(steps.lowerBound + k)
        try body.advance(&current, &next)
      }
      if target < end - 1 || target > place && !states.isFull {
        states.append(target, state(current))
        continue
      }
      current[capturedCount + width] = Double(steps.lowerBound + end - 1)
      try body.pull(current, into: &gradient)
      for k in 0..<capturedCount { ofCaptured[k] += gradient[k] }
      for k in 0..<width { current[capturedCount + width + 1 + k] = gradient[capturedCount + k] }
      end -= 1
      if end == place { states.removeLast() }
    }
    return Array(current.suffix(width)) + ofCaptured
  }
}

extension [Double] {
  /// True if all numbers are the same to the bit; of NaN, too.
  fileprivate func hasBits(of other: [Double]) -> Bool {
    count == other.count && zip(self, other).allSatisfy { $0.bitPattern == $1.bitPattern }
  }
}
