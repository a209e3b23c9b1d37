import Micrograd

/// A measure of a model's quality, reported besides the loss.
public struct Metric: Sendable {
  /// The name in reports.
  public let name: String
  /// True if higher is better, as for an accuracy.
  public let isBetterWhenHigher: Bool
  private var measure: @Sendable (Matrix, Dataset.Targets) -> Double
  /// Returns the sum over the elements of the targets whose mean is the metric; nil if it is not such a mean.
  private var sum: (@Sendable (Matrix, Dataset.Targets) -> Double)?
  /// True if it is a mean for classes only.
  private let isForClasses: Bool

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
    (sum, isForClasses) = (nil, false)
  }

  /// Creates a metric that is a mean over the elements of the targets.
  ///
  /// - Parameters:
  ///   - name: The name in reports.
  ///   - isBetterWhenHigher: True if higher is better.
  ///   - isForClasses: True if, for numbers, the sum of parts may not be the sum of the whole.
  ///   - sum: Computes the sum over the elements.
  private init(
    meanNamed name: String, isBetterWhenHigher: Bool, isForClasses: Bool = false,
    _ sum: @escaping @Sendable (Matrix, Dataset.Targets) -> Double
  ) {
    self.name = name
    self.isBetterWhenHigher = isBetterWhenHigher
    measure = { sum($0, $1) / Double($1.elementCount) }
    (self.sum, self.isForClasses) = (sum, isForClasses)
  }

  /// Returns the metric of outputs, one row per sample. Records nothing.
  public func callAsFunction(_ outputs: Matrix, _ targets: Dataset.Targets) -> Double {
    measure(outputs.detached, targets)
  }

  /// Returns the sum over the elements of the targets whose mean is the metric: it can be summed in parts. Returns nil if
  /// the metric of such targets is not a mean.
  package func sum(_ outputs: Matrix, _ targets: Dataset.Targets) -> Double? {
    isMean(of: targets) ? sum?(outputs.detached, targets) : nil
  }

  /// True if ``sum(_:_:)`` is not nil for targets of this kind.
  package func isMean(of targets: Dataset.Targets) -> Bool {
    if isForClasses, case .numbers = targets { return false }
    return sum != nil
  }

  /// Returns the metric in other units.
  package func scaled(by factor: Double) -> Metric {
    var scaled = self
    scaled.measure = { [measure] in measure($0, $1) * factor }
    if let sum { scaled.sum = { sum($0, $1) * factor } }
    return scaled
  }

  /// The fraction of samples, 0 to 1, whose predicted class is correct. The prediction is the class of the largest output; a
  /// single output predicts by its sign.
  ///
  /// Numeric targets above 0.5 mean the second class; if some targets are negative, those above 0.
  public static let accuracy = Metric(meanNamed: "accuracy", isBetterWhenHigher: true, isForClasses: true) {
    outputs, targets in
    switch targets {
    case .classes(let classes, _) where outputs.columns > 1: return Double(rightClasses(outputs, classes))
    case .classes(let classes, _): return Double(rightSigns(outputs.data, classes.map { $0 == 0 ? -1 : 1 }))
    case .numbers(let numbers, _):
      let boundary = numbers.contains { $0 < 0 } ? 0 : 0.5
      return Double(rightSigns(outputs.data, numbers.map { $0 - boundary }))
    }
  }

  /// The mean of |output - target|; NaN for classes.
  public static let meanAbsoluteError = Metric(meanNamed: "mean absolute error", isBetterWhenHigher: false) {
    outputs, targets in
    guard case .numbers(let numbers, _) = targets else { return .nan }
    return zip(outputs.data, numbers).reduce(0) { $0 + abs($1.0 - $1.1) }
  }

  /// The mean of (output - target)²; NaN for classes.
  public static let meanSquaredError = Metric(meanNamed: "mean squared error", isBetterWhenHigher: false) {
    outputs, targets in
    guard case .numbers(let numbers, _) = targets else { return .nan }
    return zip(outputs.data, numbers).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  }
}

extension Dataset.Targets {
  /// The number of all numbers, or of all classes.
  package var elementCount: Int {
    switch self {
    case .numbers(let numbers, _): numbers.count
    case .classes(let classes, _): classes.count
    }
  }
}
