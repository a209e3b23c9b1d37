import Micrograd

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Makes spirals that wind about each other, one class each: hard for a network without hidden layers to part.
///
/// Point *i* of the *n* points of arm *a*, of *k* arms, lies at radius *t* = (*i* + 1) / *n* and angle
/// 2π (`turns` · *t* + *a* / *k*): an Archimedean spiral that ends on the unit circle. No point lies at (0, 0), where
/// all arms would meet. Then the points are shuffled, then moved by noise.
///
/// ```swift
/// var random = NumPyRandom(seed: 0)
/// let spirals = makeSpirals(count: 8, arms: 2, shuffled: false, using: &random)
/// spirals.labels     // [0, 0, 0, 0, 1, 1, 1, 1]
/// spirals.inputs[1]  // [-0.5, 0.0] up to rounding: half way, after half a turn
/// ```
///
/// - Parameters:
///   - count: How many points, at least 1. The arms get as many each; the first ones one more if it does not divide.
///   - arms: How many arms, at least 1. With fewer points than arms, the last arms stay empty.
///   - turns: How often each arm winds about the centre: counterclockwise, clockwise if negative; finite.
///   - noise: The standard deviation of what is added to each coordinate, at least 0. With 0, nothing is drawn for it.
///   - shuffled: True for a random order; false to list arm after arm.
///   - generator: The stream to draw from: first the order, then the noise, as for `makeMoons`.
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
