import Micrograd

/// Makes Gaussian clouds of points around random centres, one class per cloud: scikit-learn's `make_blobs`.
///
/// Draws the centres uniformly from `centerBox` in every coordinate, then calls
/// `makeBlobs(count:centers:clusterStandardDeviation:shuffled:using:)`. Numbers are drawn in scikit-learn's order, so the
/// same seed gives the same points.
///
/// ```swift
/// var random = NumPyRandom(seed: 0)
/// let blobs = makeBlobs(count: 10, centers: 3, using: &random)
/// blobs.inputs[0]  // [1.120…, 5.758…]
/// blobs.labels     // [0, 0, 1, 0, 2, 2, 2, 1, 1, 0]
/// ```
///
/// - Parameters:
///   - count: The number of points, at least 1. They are distributed evenly; if `count` is no multiple, the first clouds
///     get one more.
///   - centers: The number of clouds, at least 1. With fewer points than clouds, the last clouds are empty.
///   - features: The number of coordinates, at least 1.
///   - clusterStandardDeviation: The standard deviation in each coordinate, at least 0.
///   - centerBox: The range of the centres in each coordinate. Its width must be finite.
///   - shuffled: True for a random order; false for class after class.
///   - generator: The random stream. It ends in the state in which scikit-learn would leave it.
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

/// Makes Gaussian clouds of points around given centres, one class per cloud.
///
/// A point is its centre plus a normal deviate per coordinate. Numbers are drawn in the order of scikit-learn's
/// `make_blobs`, so the same seed gives the same points.
///
/// ```swift
/// var random = NumPyRandom(seed: 0)
/// let blobs = makeBlobs(count: 2, centers: [[-5, 0], [5, 0]], shuffled: false, using: &random)
/// blobs.inputs  // [[-3.235…, 0.400…], [5.978…, 2.240…]]
/// blobs.labels  // [0, 1]
/// ```
///
/// - Parameters:
///   - count: The number of points, at least 1. They are distributed evenly; if `count` is no multiple, the first clouds
///     get one more.
///   - centers: The centre of each class: at least one, all of the same length of 1 or more.
///   - clusterStandardDeviation: The standard deviation in each coordinate, at least 0.
///   - shuffled: True for a random order; false for class after class.
///   - generator: The random stream. It ends in the state in which scikit-learn would leave it.
public func makeBlobs(
  count: Int = 100, centers: [[Double]], clusterStandardDeviation: Double = 1, shuffled: Bool = true,
  using generator: inout NumPyRandom
) -> LabeledPoints {
  require(count >= 1, "Cannot make \(count) points: ask for 1 or more.")
  require(!centers.isEmpty, "There are no centers: give one per class.")
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
