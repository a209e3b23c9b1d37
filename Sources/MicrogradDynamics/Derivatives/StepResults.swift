import Micrograd

/// The results within a step, y + Σ bᵢ(θ) sᵢ with the stages sᵢ, or h times them, at fractions θ = (τ - t) / h of the step.
internal struct StepResults {
  private let fractions: [Double]
  private let size: Double
  private let interpolant: [[Double]]

  init(_ times: ArraySlice<Double>, of step: TrajectoryStep, _ interpolant: [[Double]]) {
    (size, self.interpolant) = (step.size, interpolant)
    fractions = times.map { ($0 - step.time) / step.size }
  }

  /// Returns the weights bᵢ(θ), and their derivatives by θ.
  private func weights(_ fraction: Double) -> (values: [Double], slopes: [Double]) {
    (interpolant.map { interpolation($0, at: fraction) }, interpolant.map { interpolationSlope($0, at: fraction) })
  }

  /// Adds what the adjoints of the results contribute.
  ///
  /// - Parameter isBySize: True if results have the size of the step as a factor of the stages.
  func pullback(
    _ adjoints: [Double], stages: StageRows, isBySize: Bool, byStages: inout StageRows, _ by: inout StepAdjoint
  ) {
    let (n, factor) = (by.state.count, isBySize ? size : 1)
    for (r, fraction) in fractions.enumerated() {
      let adjoint = Array(adjoints[(r * n)..<((r + 1) * n)])
      let (values, slopes) = weights(fraction)
      var byFraction = 0.0
      for k in 0..<n {
        by.state[k] += adjoint[k]
        byFraction += adjoint[k] * factor * stages.sum(slopes, k)
        if isBySize { by.size += adjoint[k] * stages.sum(values, k) }
        for i in values.indices { byStages[i, k] += factor * values[i] * adjoint[k] }
      }
      by.resultTimes.append(byFraction / size)
      by.time -= byFraction / size
      by.size -= byFraction * fraction / size
    }
  }

  /// Returns the derivatives of the results along a direction.
  ///
  /// - Parameters:
  ///   - moved: The derivative of a state of a result with its weights held constant.
  ///   - slope: The derivative of a state of a result by θ, from the derivatives of the weights.
  func pushforward(
    _ direction: [Double], states: Int, moved: ([Double], Int) -> Double, slope: ([Double], Int) -> Double
  ) -> [Double] {
    zip(fractions, direction.suffix(fractions.count)).flatMap { fraction, time in
      let (values, slopes) = weights(fraction)
      // The size falls as the time at the start grows.
      let change = (time - direction[0] + fraction * direction[0]) / size
      return vector(states) { moved(values, $0) + slope(slopes, $0) * change }
    }
  }
}

/// The adjoints of the arguments of a step.
internal struct StepAdjoint {
  var time = 0.0
  var size = 0.0
  var state: [Double]
  var parameters: [Double]
  var resultTimes: [Double] = []

  init(state: [Double], parameters: Int) {
    self.state = state
    self.parameters = [Double](repeating: 0, count: parameters)
  }

  /// Adds adjoints of the time, the states and the parameters.
  mutating func add(_ adjoints: [Double], states: Int) {
    time += adjoints[0]
    for k in 0..<states { state[k] += adjoints[1 + k] }
    for k in parameters.indices { parameters[k] += adjoints[1 + states + k] }
  }

  /// All adjoints, in the order of the arguments. The end of the step is fixed, so its size falls as the time grows.
  var list: [Double] { [time - size] + state + parameters + resultTimes }
}
