/// Decides which trial points are better: those with a lower value or a smaller violation than the last point, and than
/// points before it. A. Wächter and L. T. Biegler, *On the implementation of an interior-point filter line-search
/// algorithm for large-scale nonlinear programming* (2006).
internal struct StepFilter {
  /// The sum of the residuals and the value with the barrier.
  struct Entry {
    var violation: Double
    var value: Double
  }

  /// What a trial point was accepted for.
  enum Verdict {
    case refused
    /// The value falls as its slope says.
    case descent
    /// The violation or the value is smaller.
    case progress
  }

  private var entries: [Entry] = []
  private let smallest: Double
  private let largest: Double

  /// - Parameter violation: The violation at the first point.
  init(startingAt violation: Double) {
    smallest = 1e-4 * max(1, violation)
    largest = 1e4 * max(1, violation)
  }

  /// Judges a trial point after a step.
  ///
  /// - Parameters:
  ///   - trial: The trial point.
  ///   - point: The last point.
  ///   - step: The length of the step, as a part of the whole.
  ///   - slope: The derivative of the value along the whole step.
  func verdict(of trial: Entry, after point: Entry, step: Double, slope: Double) -> Verdict {
    guard trial.violation.isFinite, trial.value.isFinite, trial.violation <= largest else { return .refused }
    for entry in entries where trial.violation >= entry.violation && trial.value >= entry.value { return .refused }
    let rounding = 10 * Double.ulpOfOne * abs(point.value)
    let rise = trial.value - point.value - rounding
    let falls = slope < 0 && step * Double.pow(-slope, 2.3) > Double.pow(point.violation, 1.1)
    if falls, point.violation <= smallest { return rise <= 1e-4 * step * slope ? .descent : .refused }
    let isBetter = trial.violation <= (1 - 1e-5) * point.violation || rise <= -1e-5 * point.violation
    return isBetter ? .progress : .refused
  }

  /// Refuses points that are not better than this one from now on.
  mutating func add(_ point: Entry) {
    entries.append(Entry(violation: (1 - 1e-5) * point.violation, value: point.value - 1e-5 * point.violation))
  }
}
