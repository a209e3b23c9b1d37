import Micrograd

/// The results within a step, y + Σ bᵢ(θ) sᵢ with the stages sᵢ, or h times them, at fractions θ = (τ - t) / h of the step.
internal struct StepResults {
  private let interpolant: [[Double]]
  /// True if results have the size of the step as a factor of the stages.
  private let isBySize: Bool
  /// The weights bᵢ(θ), and their derivatives by θ.
  private var weights: [Double]
  private var slopes: [Double]

  init(_ interpolant: [[Double]], isBySize: Bool) {
    (self.interpolant, self.isBySize) = (interpolant, isBySize)
    weights = [Double](repeating: 0, count: interpolant.count)
    slopes = weights
  }

  private mutating func setWeights(_ fraction: Double) {
    for i in interpolant.indices {
      weights[i] = interpolation(interpolant[i], at: fraction)
      slopes[i] = interpolationSlope(interpolant[i], at: fraction)
    }
  }

  /// Adds what the adjoints of the results at some times contribute.
  mutating func pullback(
    _ adjoints: ArraySlice<Double>, at times: ArraySlice<Double>, of step: SolvedStep, stages: StageRows,
    byStages: StageRows, _ by: inout StepAdjoint
  ) {
    let (n, factor) = (by.state.count, isBySize ? step.size : 1)
    var first = adjoints.startIndex
    for time in times {
      let fraction = (time - step.time) / step.size
      setWeights(fraction)
      var byFraction = 0.0
      for k in 0..<n {
        let adjoint = adjoints[first + k]
        by.state[k] += adjoint
        byFraction += adjoint * factor * stages.sum(slopes, k)
        if isBySize { by.size += adjoint * stages.sum(weights, k) }
        for i in weights.indices { byStages[i, k] += factor * weights[i] * adjoint }
      }
      by.add(ofResult: byFraction, at: fraction, size: step.size)
      first += n
    }
  }

  /// Returns the derivatives of the results at some times along a direction.
  ///
  /// - Parameters:
  ///   - start: The derivative of the time at the start of the step.
  ///   - changes: The derivatives of the times.
  ///   - moved: The derivative of a state of a result with its weights held constant.
  ///   - stages: The stages.
  mutating func pushforward(
    _ changes: ArraySlice<Double>, start: Double, at times: ArraySlice<Double>, of step: SolvedStep, stages: StageRows,
    moved: ([Double], Int) -> Double
  ) -> [Double] {
    var found: [Double] = []
    found.reserveCapacity(times.count * stages.width)
    let factor = isBySize ? step.size : 1
    for (time, byTime) in zip(times, changes) {
      let fraction = (time - step.time) / step.size
      setWeights(fraction)
      // The size falls as the time at the start grows.
      let change = (byTime - start + fraction * start) / step.size
      for k in 0..<stages.width { found.append(moved(weights, k) + factor * stages.sum(slopes, k) * change) }
    }
    return found
  }
}
