import Micrograd

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Makes two concentric circles, one class each: scikit-learn's `make_circles`. No straight line separates them.
///
/// Label 0 is the unit circle around (0, 0); label 1 is the circle of radius `factor` around the same centre. Points are
/// spaced evenly along each circle, counterclockwise from the positive x axis. Then they are shuffled, and then noise is
/// added.
///
/// Numbers are drawn and computed in scikit-learn's order, so the same seed gives the same points, up to the last bit of
/// the platform's sine and cosine.
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
///   - count: The number of points, at least 1. Half of them, rounded down, are on the outer circle.
///   - noise: The standard deviation of the noise in each coordinate, at least 0. With 0, no noise is drawn, as with
///     scikit-learn's default `noise=None`.
///   - factor: The radius of the inner circle, from 0 up to but not including 1.
///   - shuffled: True for a random order; false to list the points of label 0 first.
///   - generator: The random stream. It ends in the state in which scikit-learn would leave it.
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

/// Returns `count` angles, evenly spaced from 0 up to but not including 2π: multiples of the rounded step.
private func fullTurn(_ count: Int) -> [Double] {
  let step = 2 * Double.pi / Double(count)
  return (0..<count).map { Double($0) * step }
}
