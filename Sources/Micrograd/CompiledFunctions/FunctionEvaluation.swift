/// How a function that is evaluated again and again was evaluated: by a fit, a minimiser or a trainer.
public enum FunctionEvaluation: Sendable, Equatable {
  /// Recorded for every evaluation, and why it was not compiled.
  case recorded(reason: String)
  /// Compiled once, then run.
  case compiled

  /// The reason if the options say so.
  package static let unwantedReason = "the options say compiles: false"
}
