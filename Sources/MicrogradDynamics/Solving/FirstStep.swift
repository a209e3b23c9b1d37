import Micrograd

extension StateFunction {
  /// Chooses the size of the first step, so that its error is about a hundredth of the tolerance.
  ///
  /// After E. Hairer, S. P. Nørsett and G. Wanner, Solving Ordinary Differential Equations I, section II.4, with a rate r of
  /// the solution, from its first and second derivatives, that makes the size independent of units: (h r)ᵖ⁺¹ is a hundredth
  /// of the tolerance. A state that starts at 0 has as scale what its derivative would make of it in a hundredth of the
  /// interval.
  ///
  /// - Parameters:
  ///   - order: The order p of the error estimate.
  ///   - span: The interval, negative if time runs backwards.
  ///   - slope: The derivatives at the start.
  func firstStep(
    order: Int, time: Double, span: Double, state: [Double], slope: [Double], tolerance: Double
  ) throws(DynamicsError.Reason) -> Double {
    let scales = zip(state, slope).map { $0 != 0 ? abs($0) : 0.01 * abs(span * $1) }
    func norm(_ numbers: [Double]) -> Double {
      var sum = 0.0
      for (number, scale) in zip(numbers, scales) where number != 0 && scale != 0 {
        sum += (number / scale) * (number / scale)
      }
      return (sum / Double(numbers.count)).squareRoot()
    }
    let rate = norm(slope), limit = 0.01 * abs(span)
    let trial = rate > 0 ? min(0.01 / rate, limit) : 1e-3 * limit
    let signed = span < 0 ? -trial : trial
    var moved = slope
    try evaluate(time + signed, zip(state, slope).map { $0 + signed * $1 }, into: &moved)
    let curvature = norm(zip(moved, slope).map(-)) / trial
    let steepest = max(rate, curvature.squareRoot())
    guard steepest.isFinite else { return 1e-3 * trial }
    let wanted = steepest > 0 ? Double.pow(0.01 * tolerance, 1 / Double(order + 1)) / steepest : 10 * limit
    return min(100 * trial, wanted, 10 * limit)
  }
}
