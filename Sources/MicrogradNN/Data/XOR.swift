import Micrograd

/// Makes points at the four corners of exclusive or, the smallest problem that no straight line separates.
///
/// The points repeat the corners (0, 0), (0, 1), (1, 0), (1, 1), with the labels 0, 1, 1, 0. Then they are shuffled, and
/// then noise is added.
///
/// ```swift
/// var random = NumPyRandom(seed: 0)
/// let table = makeXOR(count: 4, shuffled: false, using: &random)
/// table.inputs  // [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
/// table.labels  // [0, 1, 1, 0]
/// ```
///
/// - Parameters:
///   - count: The number of points, at least 1. From 4 on, every corner occurs.
///   - noise: The standard deviation of the noise in each coordinate, at least 0. With 0, no noise is drawn.
///   - shuffled: True for a random order; false to repeat the four corners in order.
///   - generator: The random stream: first the order is drawn, then the noise, as in `makeMoons`.
public func makeXOR(
  count: Int = 100, noise: Double = 0, shuffled: Bool = true, using generator: inout NumPyRandom
) -> LabeledPoints {
  require(count >= 1, "Cannot make \(count) points: ask for 1 or more.")
  let bits = (0..<count).map { ($0 / 2 % 2, $0 % 2) }
  return LabeledPoints(
    inputs: bits.map { [Double($0), Double($1)] }, labels: bits.map { $0 ^ $1 }
  ).disturbed(noise: noise, shuffled: shuffled, using: &generator)
}
