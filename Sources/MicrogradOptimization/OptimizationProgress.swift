/// The state of a minimiser or a fit after an iteration.
public struct OptimizationProgress: Sendable, Equatable {
  /// The number of iterations so far, at least 1.
  public let iteration: Int
  /// The parameters.
  public let position: [Double]
  /// The value of the function; for a fit, the residual sum of squares.
  public let value: Double
  /// The number that is compared with the gradient tolerance.
  public let gradientNorm: Double

  /// The decision of the progress callback.
  public enum Decision: Sendable {
    /// Continue.
    case goOn
    /// Stop and return the current result, with ``StoppingReason/stopped``.
    case stop
  }
}

/// The number of evaluations of each kind.
public struct EvaluationCounts: Sendable, Equatable {
  /// Values of the function, or vectors of residuals, with or without derivatives.
  public internal(set) var values = 0
  /// Gradients of the function, or Jacobians of the residuals.
  public internal(set) var derivatives = 0
  /// Products of the Hessian and a vector.
  public internal(set) var hessianVectorProducts = 0

  internal init() {}
}
