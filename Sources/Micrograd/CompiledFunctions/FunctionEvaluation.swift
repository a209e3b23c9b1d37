/// How a function that is evaluated again and again was evaluated: by a fit, a minimiser or a trainer.
public enum FunctionEvaluation: Sendable, Equatable {
  /// Recorded for every evaluation, and why it was not compiled.
  case recorded(reason: String)
  /// Compiled once, then run.
  case compiled

  /// The reason if the options say so.
  package static let unwantedReason = "the options say compiles: false"
}

extension [Double] {
  /// True if numbers are the same to a billionth of a scale: rounding, enlarged a millionfold.
  package func agrees(with other: [Double], scale: Double) -> Bool {
    count == other.count
      && zip(self, other).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) || abs($0 - $1) <= 1e-9 * scale }
  }
}
