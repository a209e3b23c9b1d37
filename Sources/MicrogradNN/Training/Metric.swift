import Micrograd

/// A measure of a model's quality, reported besides the loss.
public struct Metric: Sendable {
  /// The name in reports.
  public let name: String
  /// True if higher is better, as for an accuracy.
  public let isBetterWhenHigher: Bool
  private let measure: @Sendable (Matrix, Dataset.Targets) -> Double

  /// Creates a metric.
  ///
  /// - Parameters:
  ///   - name: The name in reports.
  ///   - isBetterWhenHigher: True if higher is better.
  ///   - measure: Computes the metric from the outputs, one row per sample, and the targets.
  public init(
    _ name: String, isBetterWhenHigher: Bool, _ measure: @escaping @Sendable (Matrix, Dataset.Targets) -> Double
  ) {
    self.name = name
    self.isBetterWhenHigher = isBetterWhenHigher
    self.measure = measure
  }

  /// Returns the metric of outputs, one row per sample. Records nothing.
  public func callAsFunction(_ outputs: Matrix, _ targets: Dataset.Targets) -> Double {
    measure(outputs.detached, targets)
  }

  /// The fraction of samples, 0 to 1, whose predicted class is correct. The prediction is the class of the largest output; a
  /// single output predicts by its sign.
  ///
  /// Numeric targets above 0.5 mean the second class; if some targets are negative, those above 0.
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
