import Micrograd

/// A number by which people judge a model, beside the loss.
public struct Metric: Sendable {
  /// The name under which it is reported.
  public let name: String
  /// Whether more is better, as of an accuracy.
  public let isBetterWhenHigher: Bool
  private let measure: @Sendable (Matrix, Dataset.Targets) -> Double

  /// A metric of one's own.
  ///
  /// - Parameters:
  ///   - name: The name under which it is reported.
  ///   - isBetterWhenHigher: Whether more is better.
  ///   - measure: The metric of outputs, a row a sample, and what was expected.
  public init(
    _ name: String, isBetterWhenHigher: Bool, _ measure: @escaping @Sendable (Matrix, Dataset.Targets) -> Double
  ) {
    self.name = name
    self.isBetterWhenHigher = isBetterWhenHigher
    self.measure = measure
  }

  /// The metric of outputs, a row a sample, of which only the numbers are seen.
  public func callAsFunction(_ outputs: Matrix, _ targets: Dataset.Targets) -> Double {
    measure(outputs.detached, targets)
  }

  /// The share of samples, 0 to 1, whose class is right: that of the largest output, or of the sign of a single one.
  ///
  /// Targets that are numbers count as the second class where they are above 0.5, and above 0 where some are negative.
  public static let accuracy = Metric("accuracy", isBetterWhenHigher: true) { outputs, targets in
    switch targets {
    case .classes(let classes, _) where outputs.columns > 1: classAccuracy(logits: outputs, classes: classes)
    case .classes(let classes, _): signAccuracy(scores: outputs.data, expected: classes.map { $0 == 0 ? -1 : 1 })
    case .numbers(let numbers, _):
      signAccuracy(
        scores: outputs.data, expected: numbers.map { $0 - (numbers.contains { $0 < 0 } ? 0 : 0.5) })
    }
  }

  /// The mean of |output - target|; NaN for classes.
  public static let meanAbsoluteError = Metric("mean absolute error", isBetterWhenHigher: false) { outputs, targets in
    guard case .numbers(let numbers, _) = targets else { return .nan }
    return zip(outputs.data, numbers).reduce(0) { $0 + abs($1.0 - $1.1) } / Double(numbers.count)
  }

  /// The mean of (output - target)²; NaN for classes.
  public static let meanSquaredError = Metric("mean squared error", isBetterWhenHigher: false) { outputs, targets in
    guard case .numbers(let numbers, _) = targets else { return .nan }
    return zip(outputs.data, numbers).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / Double(numbers.count)
  }
}
