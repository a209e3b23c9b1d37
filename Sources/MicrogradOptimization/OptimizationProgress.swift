/// Where a minimiser or a fit is after an iteration.
public struct OptimizationProgress: Sendable, Equatable {
  /// How many iterations were made, from 1.
  public let iteration: Int
  /// The parameters.
  public let position: [Double]
  /// The function's value there; of a fit, the residual sum of squares.
  public let value: Double
  /// What the gradient tolerance is compared with.
  public let gradientNorm: Double

  /// What the callback answers.
  public enum Decision: Sendable {
    /// Iterate on.
    case goOn
    /// Return what there is, with ``StoppingReason/stopped``.
    case stop
  }
}

/// How much was computed.
public struct EvaluationCounts: Sendable, Equatable {
  /// Values of the function, or vectors of residuals, with or without derivatives.
  public internal(set) var values = 0
  /// Gradients of the function, or Jacobians of the residuals.
  public internal(set) var derivatives = 0
  /// Products of the Hessian and a vector.
  public internal(set) var hessianVectorProducts = 0

  internal init() {}
}
