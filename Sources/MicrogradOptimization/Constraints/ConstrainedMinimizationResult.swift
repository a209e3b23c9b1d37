import Micrograd

/// The result of a minimisation with constraints.
///
/// At a minimum, the gradient is a sum of the constraints' gradients times their multipliers, plus the multipliers of the
/// bounds: ∇f = Σ λᵢ ∇cᵢ + β. So a multiplier is the derivative of the lowest value with respect to the level of its
/// constraint: it is at least 0 for a lower level, at most 0 for an upper level, and 0 if the constraint is not active.
public struct ConstrainedMinimizationResult: Sendable, Equatable {
  /// The parameters.
  public let position: [Double]
  /// The value of the function there.
  public let value: Double
  /// The gradient of the function there.
  public let gradient: [Double]
  /// The constraints at the position, in the order in which they were given.
  public let constraints: [ConstraintState]
  /// One number per parameter: the derivative of the lowest value with respect to the bound that holds the parameter. It
  /// is at least 0 at a lower bound, at most 0 at an upper bound, and 0 elsewhere.
  public let boundMultipliers: [Double]
  /// The largest element of ∇f - Σ λᵢ ∇cᵢ - β, times the size of its parameter divided by the size of the value, both at the
  /// start.
  public let gradientNorm: Double
  /// The largest violation of a constraint, in units of the constraint: the size of its slopes times that of the
  /// parameters, at the start. ``ConstraintState/violation`` is in the units of the function.
  public let constraintViolation: Double
  /// The index of the constraint that is violated most, in those units; `nil` if none is violated.
  public let mostViolated: Int?
  /// The number of iterations.
  public let iterations: Int
  /// The number of evaluations of each kind. The function and its constraints count as one.
  public let evaluations: EvaluationCounts
  /// How the function, its constraints and their gradients were evaluated.
  public let evaluation: FunctionEvaluation
  /// The reason for stopping.
  public let reason: StoppingReason

  /// True if the position satisfies the constraints and the Karush–Kuhn–Tucker conditions, to the tolerances or to rounding.
  public var isConverged: Bool { reason.isConvergence }
}

/// A constraint at the end of a minimisation: one element of each list for each function of the constraint.
public struct ConstraintState: Sendable, Equatable {
  /// The values of the functions.
  public let values: [Double]
  /// The derivatives of the lowest value of the minimised function with respect to the levels of the functions.
  public let multipliers: [Double]
  /// True for each function that is at its level; always true for an equality.
  public let isActive: [Bool]
  /// By how much the worst of the functions misses its level; 0 if none does.
  public let violation: Double

  /// The value of a constraint of one function.
  ///
  /// - Precondition: The constraint has one function.
  public var value: Double { only(values, "values") }

  /// The multiplier of a constraint of one function.
  ///
  /// - Precondition: The constraint has one function.
  public var multiplier: Double { only(multipliers, "multipliers") }

  private func only(_ numbers: [Double], _ name: String) -> Double {
    require(numbers.count == 1, "the constraint has \(numbers.count) functions: ask for its \(name)")
    return numbers[0]
  }
}
