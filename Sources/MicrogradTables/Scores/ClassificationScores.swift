/// Scores of predicted classes.
///
/// ```swift
/// let scores = ClassificationScores(predicted: [0, 1, 1, 1], expected: [0, 0, 1, 1], classCount: 2)
/// scores.accuracy          // 0.75
/// scores.confusion         // [[1, 1], [0, 2]]
/// scores.precision(of: 1)  // 0.666…
/// scores.recall(of: 0)     // 0.5
/// ```
public struct ClassificationScores: Sendable, Equatable {
  /// The number of rows of each expected class (first index) with each predicted class (second index).
  public let confusion: [[Int]]

  /// Counts the predictions.
  ///
  /// - Parameters:
  ///   - predicted: The predicted class of each row, from 0 to `classCount` − 1.
  ///   - expected: The class of each row, as many.
  ///   - classCount: The number of classes.
  public init(predicted: [Int], expected: [Int], classCount: Int) {
    precondition(predicted.count == expected.count, "Give as many predicted classes as expected ones.")
    var confusion = Array(repeating: Array(repeating: 0, count: classCount), count: classCount)
    for (predicted, expected) in zip(predicted, expected) { confusion[expected][predicted] += 1 }
    self.confusion = confusion
  }

  /// The number of rows.
  ///
  /// ```swift
  /// ClassificationScores(predicted: [0, 1], expected: [0, 0], classCount: 2).count  // 2
  /// ```
  public var count: Int { confusion.reduce(0) { $0 + $1.reduce(0, +) } }

  /// The fraction of rows whose predicted class is correct; NaN without rows.
  ///
  /// ```swift
  /// ClassificationScores(predicted: [0, 1], expected: [0, 0], classCount: 2).accuracy  // 0.5
  /// ```
  public var accuracy: Double { ratio(confusion.indices.reduce(0) { $0 + confusion[$1][$1] }, count) ?? .nan }

  /// Returns the fraction of the rows with this predicted class that have this class; nil if no row has this prediction.
  ///
  /// ```swift
  /// ClassificationScores(predicted: [0, 1], expected: [0, 0], classCount: 2).precision(of: 1)  // 0.0
  /// ```
  public func precision(of index: Int) -> Double? { ratio(confusion[index][index], predictedCount(of: index)) }

  /// Returns the fraction of the rows of this class that are predicted as such; nil if no row has this class.
  ///
  /// ```swift
  /// ClassificationScores(predicted: [0, 1], expected: [0, 0], classCount: 2).recall(of: 0)  // 0.5
  /// ```
  public func recall(of index: Int) -> Double? { ratio(confusion[index][index], expectedCount(of: index)) }

  /// Returns the harmonic mean of precision and recall; nil if no row has this class or this prediction.
  ///
  /// ```swift
  /// ClassificationScores(predicted: [0, 1], expected: [0, 0], classCount: 2).f1(of: 0)  // 0.666…
  /// ```
  public func f1(of index: Int) -> Double? {
    ratio(2 * confusion[index][index], predictedCount(of: index) + expectedCount(of: index))
  }

  /// Returns the number of rows of this class.
  ///
  /// ```swift
  /// ClassificationScores(predicted: [0, 1], expected: [0, 0], classCount: 2).expectedCount(of: 0)  // 2
  /// ```
  public func expectedCount(of index: Int) -> Int { confusion[index].reduce(0, +) }

  /// Returns the number of rows with this predicted class.
  ///
  /// ```swift
  /// ClassificationScores(predicted: [0, 1], expected: [0, 0], classCount: 2).predictedCount(of: 0)  // 1
  /// ```
  public func predictedCount(of index: Int) -> Int { confusion.reduce(0) { $0 + $1[index] } }

  private func ratio(_ part: Int, _ whole: Int) -> Double? { whole == 0 ? nil : Double(part) / Double(whole) }
}
