/// A comparison of predicted probabilities with how often the predictions are right.
///
/// ```swift
/// let calibration = Calibration(probabilities: [0.95, 0.85, 0.85, 0.6], areRight: [true, true, false, true])
/// calibration.bins.map(\.count)    // [1, 2, 1]
/// calibration.expectedError        // 0.2875
/// ```
public struct Calibration: Sendable, Equatable {
  /// Predictions with about the same probability.
  public struct Bin: Sendable, Equatable {
    /// The bounds of the probabilities. The lower bound is not included, except 0.
    public let range: ClosedRange<Double>
    /// The number of predictions, at least 1.
    public let count: Int
    /// The mean of the probabilities.
    public let meanProbability: Double
    /// The fraction of the predictions that are right.
    public let fractionRight: Double
  }

  /// The bins that have predictions, in order.
  public let bins: [Bin]

  /// Sorts predictions into bins of equal width.
  ///
  /// - Parameters:
  ///   - probabilities: The probability of each prediction, from 0 to 1: of the predicted class, if there are several.
  ///   - areRight: Whether each prediction is right, as many.
  ///   - binCount: The number of bins between 0 and 1, at least 1.
  public init(probabilities: [Double], areRight: [Bool], binCount: Int = 10) {
    precondition(probabilities.count == areRight.count && binCount >= 1, "Give as many probabilities as results.")
    var counts = Array(repeating: 0, count: binCount), right = counts
    var sums = Array(repeating: 0.0, count: binCount)
    let edges = (0...binCount).map { Double($0) / Double(binCount) }
    for (probability, isRight) in zip(probabilities, areRight) {
      let bin = edges[1..<binCount].firstIndex { probability <= $0 }.map { $0 - 1 } ?? binCount - 1
      counts[bin] += 1
      right[bin] += isRight ? 1 : 0
      sums[bin] += probability
    }
    bins = (0..<binCount).filter { counts[$0] > 0 }.map {
      Bin(
        range: edges[$0]...edges[$0 + 1], count: counts[$0], meanProbability: sums[$0] / Double(counts[$0]),
        fractionRight: Double(right[$0]) / Double(counts[$0]))
    }
  }

  /// The expected calibration error: the mean over all predictions of the distance, in their bin, between the mean probability
  /// and the fraction that is right; from 0 to 1. NaN without predictions.
  ///
  /// ```swift
  /// Calibration(probabilities: [0.75, 0.75], areRight: [true, false]).expectedError  // 0.25
  /// ```
  public var expectedError: Double {
    let count = bins.reduce(0) { $0 + $1.count }
    let sum = bins.reduce(0) { $0 + Double($1.count) * abs($1.meanProbability - $1.fractionRight) }
    return sum / Double(count)
  }
}
