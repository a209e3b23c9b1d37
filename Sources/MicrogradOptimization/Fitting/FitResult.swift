/// Where a fit ended, and how well its parameters are determined.
///
/// The covariance is that of the linear model around the parameters, `s² (JᵀJ)⁻¹`, with s the residual standard deviation, or
/// 1 where standard deviations of the data were given. Parameters that lie on a bound across which the sum of squares would
/// fall count as given, not as fitted: their variance is 0.
public struct FitResult: Sendable, Equatable {
  /// The parameters with the lowest sum of squares that was found.
  public let parameters: [Double]
  /// The (weighted) residuals there.
  public let residuals: [Double]
  /// Σ residual², each times its weight or over its variance where such were given; infinite or 0 where it overflows or
  /// underflows, which harms nothing else.
  public let residualSumOfSquares: Double
  /// How many rows count, less how many parameters were fitted.
  public let degreesOfFreedom: Int
  /// √(residualSumOfSquares / degreesOfFreedom); `nil` where there are no degrees of freedom.
  public let residualStandardDeviation: Double?
  /// The covariance of the parameters; `nil` where some are undetermined, or there are no degrees of freedom to tell the
  /// scatter from.
  public let covariance: [[Double]]?
  /// The standard error of each parameter, the root of its variance.
  public let standardErrors: [Double]?
  /// The correlation of each two parameters, -1 to 1; 0 with parameters that a bound holds, 1 on the diagonal.
  public let correlation: [[Double]]?
  /// How many independent columns the Jacobian of the fitted parameters has, to rounding.
  public let rank: Int
  /// The parameters, by index, that the data do not determine: they can change, alone or together, without a change of any
  /// residual. Empty where the rank is full.
  public let undetermined: [Int]
  /// The parameters, by index, that a bound holds.
  public let heldByBounds: [Int]
  /// How many iterations were made.
  public let iterations: Int
  /// How much was computed.
  public let evaluations: EvaluationCounts
  /// Why it ended.
  public let reason: StoppingReason

  /// Whether the parameters are a minimum to the tolerances, or to rounding.
  public var isConverged: Bool { reason.isConvergence }

  /// Whether the data determine the parameters only in part.
  public var isRankDeficient: Bool { !undetermined.isEmpty }
}
