import Micrograd

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Makes interleaved spirals, one class per arm. A network without hidden layers cannot separate them.
///
/// Point *i* of the *n* points of arm *a*, of *k* arms, is at radius *t* = (*i* + 1) / *n* and angle 2π (`turns` · *t* +
/// *a* / *k*): an Archimedean spiral that ends on the unit circle. No point is at (0, 0), where all arms would meet. Then
/// the points are shuffled, and then noise is added.
///
/// ```swift
/// var random = NumPyRandom(seed: 0)
/// let spirals = makeSpirals(count: 8, arms: 2, shuffled: false, using: &random)
/// spirals.labels     // [0, 0, 0, 0, 1, 1, 1, 1]
/// spirals.inputs[1]  // [-0.5, 0.0] up to rounding: half way, after half a turn
/// ```
///
/// - Parameters:
///   - count: The number of points, at least 1. They are distributed evenly; if `count` is no multiple, the first arms get
///     one more.
///   - arms: The number of arms, at least 1. With fewer points than arms, the last arms are empty.
///   - turns: The number of turns of each arm around the centre: counterclockwise, or clockwise if negative; finite.
///   - noise: The standard deviation of the noise in each coordinate, at least 0. With 0, no noise is drawn.
///   - shuffled: True for a random order; false for arm after arm.
///   - generator: The random stream: first the order is drawn, then the noise, as in `makeMoons`.
public func makeSpirals(
  count: Int = 100, arms: Int = 2, turns: Double = 1, noise: Double = 0, shuffled: Bool = true,
  using generator: inout NumPyRandom
) -> LabeledPoints {
  require(count >= 1, "Cannot make \(count) points: ask for 1 or more.")
  require(arms >= 1, "Cannot make \(arms) arms: ask for 1 or more.")
  require(turns.isFinite, "The arms have \(turns) turns: give a finite number.")

  var inputs: [[Double]] = []
  var labels: [Int] = []
  for (arm, share) in evenShares(of: count, among: arms).enumerated() {
    for index in 0..<share {
      let radius = Double(index + 1) / Double(share)
      let angle = 2 * Double.pi * (turns * radius + Double(arm) / Double(arms))
      inputs.append([radius * cos(angle), radius * sin(angle)])
      labels.append(arm)
    }
  }
  return LabeledPoints(inputs: inputs, labels: labels)
    .disturbed(noise: noise, shuffled: shuffled, using: &generator)
}
