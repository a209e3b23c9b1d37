import Micrograd

/// Makes points at the four corners of exclusive or: the smallest problem that no straight line separates.
///
/// The points go round the corners (0, 0), (0, 1), (1, 0), (1, 1), whose labels are 0, 1, 1, 0; then they are
/// shuffled, then moved by noise.
///
/// ```swift
/// var random = NumPyRandom(seed: 0)
/// let table = makeXOR(count: 4, shuffled: false, using: &random)
/// table.inputs  // [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
/// table.labels  // [0, 1, 1, 0]
/// ```
///
/// - Parameters:
///   - count: How many points, at least 1; from 4 on, every corner is there.
///   - noise: The standard deviation of what is added to each coordinate, at least 0. With 0, nothing is drawn for it.
///   - shuffled: True for a random order; false to repeat the four corners in order.
///   - generator: The stream to draw from: first the order, then the noise, as for `makeMoons`.
public func makeXOR(
  count: Int = 100, noise: Double = 0, shuffled: Bool = true, using generator: inout NumPyRandom
) -> LabeledPoints {
  require(count >= 1, "Cannot make \(count) points: ask for 1 or more.")
  let bits = (0..<count).map { ($0 / 2 % 2, $0 % 2) }
  return LabeledPoints(
    inputs: bits.map { [Double($0), Double($1)] }, labels: bits.map { $0 ^ $1 }
  ).disturbed(noise: noise, shuffled: shuffled, using: &generator)
}
