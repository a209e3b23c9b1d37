/// Scores of predicted numbers.
///
/// ```swift
/// let scores = RegressionScores(predicted: [2.5, 0, 2, 8], expected: [3, -0.5, 2, 7])
/// scores.rSquared               // 0.9486…
/// scores.rootMeanSquaredError   // 0.6123…
/// scores.meanAbsoluteError      // 0.5
/// ```
public struct RegressionScores: Sendable, Equatable {
  /// The coefficient of determination, 1 − Σ(expected − predicted)² / Σ(expected − mean)².
  ///
  /// 1 for perfect predictions, 0 for those of the mean, below 0 for worse ones. NaN if all expected numbers are equal.
  public let rSquared: Double
  /// The square root of the mean squared error, in the units of the numbers.
  public let rootMeanSquaredError: Double
  /// The mean of |expected − predicted|, in the units of the numbers.
  public let meanAbsoluteError: Double

  /// Compares predictions, at least one, with as many expected numbers.
  ///
  /// Numbers are scaled before they are squared, so that the squares neither overflow nor underflow.
  public init(predicted: [Double], expected: [Double]) {
    precondition(
      predicted.count == expected.count && !expected.isEmpty, "Give as many predictions as numbers, at least 1.")
    let count = Double(expected.count)
    let errors = zip(predicted, expected).map { $0 - $1 }
    let mean = expected.reduce(0) { $0 + $1 / count }
    let residual = Self.length(errors)
    let spread = Self.length(expected.map { $0 - mean })
    let isConstant = expected.allSatisfy { $0 == expected[0] }
    rSquared = isConstant ? .nan : 1 - (residual / spread) * (residual / spread)
    rootMeanSquaredError = residual / count.squareRoot()
    meanAbsoluteError = errors.reduce(0) { $0 + abs($1) / count }
  }

  /// Returns the square root of the sum of squares.
  private static func length(_ numbers: [Double]) -> Double {
    let largest = numbers.reduce(0) { max($0, abs($1)) }
    guard largest > 0, largest.isFinite else { return numbers.contains { $0.isNaN } ? .nan : largest }
    return largest * numbers.reduce(0) { $0 + ($1 / largest) * ($1 / largest) }.squareRoot()
  }
}
