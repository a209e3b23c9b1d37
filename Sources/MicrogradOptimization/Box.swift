/// The bounds of all parameters.
internal struct Box {
  let lower: [Double]
  let upper: [Double]
  /// True if a parameter has a bound.
  let isBounded: Bool

  init(_ bounds: [ClosedRange<Double>]?, around start: [Double]) throws(OptimizationError) {
    guard !start.isEmpty else { throw .noParameters }
    for (k, x) in start.enumerated() where !x.isFinite { throw .startNotFinite(parameter: k, found: x) }
    guard let bounds else {
      lower = [Double](repeating: -.infinity, count: start.count)
      upper = [Double](repeating: .infinity, count: start.count)
      isBounded = false
      return
    }
    guard bounds.count == start.count else {
      throw .boundsCount(bounds: bounds.count, parameters: start.count)
    }
    for (k, range) in bounds.enumerated() {
      guard range.contains(start[k]) else {
        throw .startOutsideBounds(parameter: k, found: start[k], bounds: range)
      }
    }
    lower = bounds.map(\.lowerBound)
    upper = bounds.map(\.upperBound)
    isBounded = lower.contains { $0 > -.infinity } || upper.contains { $0 < .infinity }
  }

  /// The range of each parameter; `nil` without bounds.
  var ranges: [ClosedRange<Double>]? { isBounded ? zip(lower, upper).map { $0...$1 } : nil }

  /// Returns the bounds in other units.
  func scaled(by units: Units) -> Box {
    Box(lower: units.scaled(lower), upper: units.scaled(upper), isBounded: isBounded)
  }

  private init(lower: [Double], upper: [Double], isBounded: Bool) {
    (self.lower, self.upper, self.isBounded) = (lower, upper, isBounded)
  }

  /// Returns the nearest point within the bounds.
  func projected(_ x: [Double]) -> [Double] {
    guard isBounded else { return x }
    return x.indices.map { min(max(x[$0], lower[$0]), upper[$0]) }
  }

  /// Returns the projection of `x + step · direction` onto the bounds.
  func point(_ x: [Double], step: Double, along direction: [Double]) -> [Double] {
    projected(x.indices.map { x[$0] + step * direction[$0] })
  }

  /// Returns the derivative along that path at a point of it. Parameters that have reached a bound stay there.
  func slope(_ x: [Double], step: Double, along direction: [Double], gradient: [Double]) -> Double {
    guard isBounded else { return gradient.dot(direction) }
    return x.indices.reduce(0) { sum, k in
      let wanted = x[k] + step * direction[k]
      let isStopped = direction[k] < 0 ? wanted <= lower[k] : wanted >= upper[k]
      return isStopped ? sum : sum + gradient[k] * direction[k]
    }
  }

  /// The largest element of `P(x - g) - x`, which is zero exactly if the Karush–Kuhn–Tucker conditions hold. Without
  /// bounds, the largest derivative.
  func criticality(_ x: [Double], gradient: [Double]) -> Double {
    guard isBounded else { return gradient.largestMagnitude }
    // Avoids a subtraction, which would lose a small derivative beside a large parameter.
    return x.indices.reduce(0) { largest, k in
      max(largest, min(abs(gradient[k]), gradient[k] > 0 ? x[k] - lower[k] : upper[k] - x[k]))
    }
  }

  /// Returns true if a parameter is on a bound, or within `margin` of it, and the value would fall beyond the bound.
  func isHeld(_ k: Int, _ x: [Double], gradient: [Double], margin: Double = 0) -> Bool {
    (gradient[k] > 0 && x[k] - lower[k] <= margin) || (gradient[k] < 0 && upper[k] - x[k] <= margin)
      || lower[k] == upper[k]
  }
}
