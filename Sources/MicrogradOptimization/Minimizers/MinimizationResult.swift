/// Where a minimisation ended.
public struct MinimizationResult: Sendable, Equatable {
  /// The parameters with the lowest value that was found.
  public let position: [Double]
  /// The function's value there.
  public let value: Double
  /// Its gradient there.
  public let gradient: [Double]
  /// The largest derivative, times the size of its parameter over that of the value, both at the start; of parameters at a
  /// bound, only as far as it points inside: 0 where the conditions of Karush, Kuhn and Tucker hold.
  public let gradientNorm: Double
  /// The number of iterations.
  public let iterations: Int
  /// The number of evaluations of each kind.
  public let evaluations: EvaluationCounts
  /// How the function and its gradient were evaluated.
  public let evaluation: FunctionEvaluation
  /// The reason for stopping.
  public let reason: StoppingReason

  /// Whether the position is a minimum to the tolerances, or to rounding.
  public var isConverged: Bool { reason.isConvergence }
}
