import Micrograd

/// Finds out why a method found no lower point.
internal struct DescentEnd {
  let point: Point
  let objective: Objective

  private var box: Box { objective.box }

  private var criticality: Double { objective.criticality(point) }

  /// Returns true if the value or a parameter is this many times its size at the start.
  static func isUnbounded(_ point: Point, beyond factor: Double) -> Bool {
    point.value < -factor || point.position.largestMagnitude > factor
  }

  /// Returns the reason why there is no lower point. Tries two short steps of steepest descent, along which a smooth
  /// function falls as its derivative predicts, up to an error in proportion to the step.
  var reason: StoppingReason {
    if Self.isUnbounded(point, beyond: 1e15) { return .unbounded }
    let gradient = point.gradient
    let size = max(1, point.position.largestMagnitude)
    let (far, near) = (1e-5 * size, 1e-7 * size)
    let downhill = vector(gradient.count) { k in
      box.isHeld(k, point.position, gradient: gradient, margin: far) ? 0 : -gradient[k]
    }
    let slope = euclideanNorm(downhill)
    guard slope.isFinite else { return .stepNotFinite }
    guard slope > 0 else { return isFlat ? .rounding : .stalled }
    let direction = downhill.map { $0 / slope }
    guard let farther = excess(far, direction, slope), let nearer = excess(near, direction, slope) else {
      return .stalled
    }
    let rounding = 100 * Double.ulpOfOne * abs(point.value) / near
    if nearer > max(0.5 * farther, 0.5 * slope, rounding) { return .notDifferentiable }
    // The minimum of the parabola is too near to be told by values.
    if criticality <= 1e-6, farther > 0, slope * far / (2 * farther) <= Double.ulpOfOne.squareRoot() * size {
      return .rounding
    }
    return isFlat || isMinimum ? .rounding : .stalled
  }

  /// Returns true if the Newton step is too short for values to show it.
  private var isMinimum: Bool {
    newtonStepByDifferences(from: point, of: objective, within: box).map { point.isShort($0, within: box) } ?? false
  }

  /// Returns the slope of the chord of a step minus the slope at its start; `nil` if the function is not finite.
  private func excess(_ step: Double, _ direction: [Double], _ slope: Double) -> Double? {
    let next = objective.point(at: box.point(point.position, step: step, along: direction))
    return next.value.isFinite ? (next.value - point.value) / step + slope : nil
  }

  /// Returns true if changing every parameter by the square root of the machine epsilon does not change the value.
  private var isFlat: Bool {
    let norm = criticality
    let gain = point.position.reduce(0) { $0 + norm * Double.ulpOfOne.squareRoot() * max(1, abs($1)) }
    return gain <= 1e3 * Double.ulpOfOne * max(abs(point.value), Double.leastNormalMagnitude)
  }
}
