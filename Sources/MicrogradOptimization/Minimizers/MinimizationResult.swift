import Micrograd

/// The result of a minimisation.
public struct MinimizationResult: Sendable, Equatable {
  /// The parameters with the lowest value found.
  public let position: [Double]
  /// The value of the function there.
  public let value: Double
  /// The gradient there.
  public let gradient: [Double]
  /// The largest derivative, times the size of its parameter divided by the size of the value, both at the start. At a
  /// bound, only derivatives that point inside count. It is 0 if the Karush–Kuhn–Tucker conditions hold.
  public let gradientNorm: Double
  /// The number of iterations.
  public let iterations: Int
  /// The number of evaluations of each kind.
  public let evaluations: EvaluationCounts
  /// How the function and its gradient were evaluated.
  public let evaluation: FunctionEvaluation
  /// How products of the Hessian and a vector were computed; `nil` if there were none.
  public let hessianEvaluation: FunctionEvaluation?
  /// The reason for stopping.
  public let reason: StoppingReason

  /// True if the position is a minimum, to the tolerances or to rounding.
  public var isConverged: Bool { reason.isConvergence }
}
