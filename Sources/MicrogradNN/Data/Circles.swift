import Micrograd

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Makes two concentric circles, one class each. No straight line separates them.
///
/// Label 0 is the unit circle about (0, 0), label 1 the circle of radius `factor` about the same centre. The points
/// lie evenly along each circle, counterclockwise from the positive x axis; then they are shuffled, then moved.
///
/// Draws and arithmetic are in the order of scikit-learn's `make_circles`, so the same seed gives the same points,
/// up to the last bit of the platform's sine and cosine.
///
/// ```swift
/// var random = NumPyRandom(seed: 0)
/// let circles = makeCircles(count: 4, factor: 0.5, shuffled: false, using: &random)
/// circles.inputs[0]  // [1.0, 0.0]
/// circles.inputs[2]  // [0.5, 0.0]
/// circles.labels     // [0, 0, 1, 1]
/// ```
///
/// - Parameters:
///   - count: How many points, at least 1. Half of them, rounded down, are on the outer circle.
///   - noise: The standard deviation of what is added to each coordinate, at least 0. With 0, nothing is drawn for
///     it, as with scikit-learn's default of `noise=None`.
///   - factor: The radius of the inner circle, 0 up to but not including 1.
///   - shuffled: True for a random order; false to list the points of label 0 first.
///   - generator: The stream to draw from; it is left where scikit-learn would leave it.
public func makeCircles(
  count: Int = 100, noise: Double = 0, factor: Double = 0.8, shuffled: Bool = true,
  using generator: inout NumPyRandom
) -> LabeledPoints {
  require(count >= 1, "Cannot make \(count) points: ask for 1 or more.")
  require(factor >= 0 && factor < 1, "The factor is \(factor): give a radius from 0 up to, not including, 1.")

  let outer = fullTurn(count / 2).map { [cos($0), sin($0)] }
  let inner = fullTurn(count - count / 2).map { [cos($0) * factor, sin($0) * factor] }
  return LabeledPoints(
    inputs: outer + inner, labels: outer.map { _ in 0 } + inner.map { _ in 1 }
  ).disturbed(noise: noise, shuffled: shuffled, using: &generator)
}

/// Returns `count` angles spread evenly over 0 to 2π, the end not included: multiples of the rounded step.
private func fullTurn(_ count: Int) -> [Double] {
  let step = 2 * Double.pi / Double(count)
  return (0..<count).map { Double($0) * step }
}
