import Micrograd

/// Makes round clouds of points about random centres, one class each.
///
/// The centres are drawn first, evenly from `centerBox` in every coordinate; what follows is
/// `makeBlobs(count:centers:clusterStandardDeviation:shuffled:using:)` about them. Draws are in the order of
/// scikit-learn's `make_blobs`, so the same seed gives the same points.
///
/// ```swift
/// var random = NumPyRandom(seed: 0)
/// let blobs = makeBlobs(count: 10, centers: 3, using: &random)
/// blobs.inputs[0]  // [1.120…, 5.758…]
/// blobs.labels     // [0, 0, 1, 0, 2, 2, 2, 1, 1, 0]
/// ```
///
/// - Parameters:
///   - count: How many points, at least 1. The clouds get as many each; the first ones one more if it does not divide.
///   - centers: How many clouds, at least 1. With fewer points than clouds, the last clouds stay empty.
///   - features: How many coordinates a point has, at least 1.
///   - clusterStandardDeviation: How far points scatter about their centre in each coordinate, at least 0.
///   - centerBox: Where centres may lie, in each coordinate; its width must be finite.
///   - shuffled: True for a random order; false to list class after class.
///   - generator: The stream to draw from; it is left where scikit-learn would leave it.
public func makeBlobs(
  count: Int = 100, centers: Int = 3, features: Int = 2, clusterStandardDeviation: Double = 1,
  centerBox: ClosedRange<Double> = -10...10, shuffled: Bool = true, using generator: inout NumPyRandom
) -> LabeledPoints {
  require(centers >= 1, "Cannot make \(centers) blobs: ask for 1 or more.")
  require(features >= 1, "Cannot make points of \(features) coordinates: ask for 1 or more.")
  let places = (0..<centers).map { _ in
    generator.uniform(centerBox.lowerBound, centerBox.upperBound, count: features)
  }
  return makeBlobs(
    count: count, centers: places, clusterStandardDeviation: clusterStandardDeviation, shuffled: shuffled,
    using: &generator)
}

/// Makes round clouds of points about given centres, one class each.
///
/// A point is its centre plus a normal deviate a coordinate. Draws are in the order of scikit-learn's `make_blobs`,
/// so the same seed gives the same points.
///
/// ```swift
/// var random = NumPyRandom(seed: 0)
/// let blobs = makeBlobs(count: 2, centers: [[-5, 0], [5, 0]], shuffled: false, using: &random)
/// blobs.inputs  // [[-3.235…, 0.400…], [5.978…, 2.240…]]
/// blobs.labels  // [0, 1]
/// ```
///
/// - Parameters:
///   - count: How many points, at least 1. The clouds get as many each; the first ones one more if it does not divide.
///   - centers: The centre of each class: at least one, all of the same length of 1 or more.
///   - clusterStandardDeviation: How far points scatter about their centre in each coordinate, at least 0.
///   - shuffled: True for a random order; false to list class after class.
///   - generator: The stream to draw from; it is left where scikit-learn would leave it.
public func makeBlobs(
  count: Int = 100, centers: [[Double]], clusterStandardDeviation: Double = 1, shuffled: Bool = true,
  using generator: inout NumPyRandom
) -> LabeledPoints {
  require(count >= 1, "Cannot make \(count) points: ask for 1 or more.")
  require(!centers.isEmpty, "There are no centers: give one a class.")
  require(!centers[0].isEmpty, "The centers have no coordinates: give them 1 or more.")

  var inputs: [[Double]] = []
  var labels: [Int] = []
  for (label, share) in evenShares(of: count, among: centers.count).enumerated() {
    for _ in 0..<share {
      inputs.append(
        centers[label].map { generator.normal(mean: $0, standardDeviation: clusterStandardDeviation) })
      labels.append(label)
    }
  }
  return LabeledPoints(inputs: inputs, labels: labels).disturbed(noise: 0, shuffled: shuffled, using: &generator)
}
