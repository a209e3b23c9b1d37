import Micrograd

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Makes two interleaving half circles, one class each: scikit-learn's `make_moons`, the data of micrograd's demo.
///
/// Label 0 is the upper half of the unit circle around (0, 0); label 1 is the lower half of the unit circle around (1,
/// 0.5). Points are spaced evenly along their arcs, ends included. Then they are shuffled, and then noise is added.
///
/// Numbers are drawn and computed in scikit-learn's order, so the same seed gives the same points, up to the last bit of
/// the platform's sine and cosine. The shuffled order and the noise are those of `NumPyRandom`.
///
/// ```swift
/// var random = NumPyRandom(seed: 1337)
/// let moons = makeMoons(count: 100, noise: 0.1, using: &random)
/// moons.inputs[0]  // [1.122…, 0.081…]
/// moons.labels[0]  // 0
/// ```
///
/// - Parameters:
///   - count: The number of points, at least 1. Half of them, rounded down, are on the first moon.
///   - noise: The standard deviation of the noise in each coordinate, at least 0. With 0, no noise is drawn, as with
///     scikit-learn's default `noise=None`.
///   - shuffled: True for a random order; false to list the points of label 0 first.
///   - generator: The random stream. It ends in the state in which scikit-learn would leave it.
public func makeMoons(
  count: Int = 100, noise: Double = 0, shuffled: Bool = true, using generator: inout NumPyRandom
) -> LabeledPoints {
  require(count >= 1, "Cannot make \(count) points: ask for 1 or more.")

  let upperCount = count / 2
  let upper = halfTurn(upperCount).map { [cos($0), sin($0)] }
  let lower = halfTurn(count - upperCount).map { [1 - cos($0), 1 - sin($0) - 0.5] }
  return LabeledPoints(
    inputs: upper + lower, labels: upper.map { _ in 0 } + lower.map { _ in 1 }
  ).disturbed(noise: noise, shuffled: shuffled, using: &generator)
}

/// Returns `count` angles, evenly spaced from 0 to π, ends included. A single angle is 0.
///
/// As in `np.linspace`, an angle is a multiple of the rounded step, except the last, which is π.
private func halfTurn(_ count: Int) -> [Double] {
  guard count > 1 else { return Array(repeating: 0, count: count) }
  let step = Double.pi / Double(count - 1)
  return (0..<count - 1).map { Double($0) * step } + [Double.pi]
}
