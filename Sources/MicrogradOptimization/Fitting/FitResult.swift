import Micrograd

/// The result of a fit, and how well the data determine the parameters.
///
/// The covariance is that of the linear model around the parameters, `s² (JᵀJ)⁻¹`. s is the residual standard deviation, or
/// 1 if the standard deviations of the data are given. A parameter that a bound holds is treated as known: its variance
/// is 0. For a robust loss, s is that of P. J. Huber's *Robust Statistics* (1981), 7.6: it follows from the losses, also if
/// standard deviations are given.
///
/// `print(fit)` prints a table of the parameters and of what else one asks of a fit.
public struct FitResult: Sendable, Equatable {
  /// The names of the parameters; `p[0]`, `p[1]`, … if the fit was given none.
  public let names: [String]
  /// The parameters with the lowest sum of squares.
  public let parameters: [Double]
  /// The (weighted) residuals there, before a robust loss.
  public let residuals: [Double]
  /// The sum of squared residuals, weighted if weights or standard deviations are given. It may overflow to infinity or
  /// underflow to 0; the other results stay correct.
  public let residualSumOfSquares: Double
  /// The number that was minimised: the sum of the losses of all residuals. It is ``residualSumOfSquares`` unless the loss is robust.
  public let lossSum: Double
  /// The number of rows with a weight above 0, minus the number of fitted parameters.
  public let degreesOfFreedom: Int
  /// √(residualSumOfSquares / degreesOfFreedom); `nil` without degrees of freedom.
  public let residualStandardDeviation: Double?
  /// The covariance of the parameters; `nil` if some are undetermined, or if no degrees of freedom are left to estimate the
  /// scatter.
  public let covariance: [[Double]]?
  /// The standard error of each parameter: the square root of its variance.
  public let standardErrors: [Double]?
  /// The correlation matrix of the parameters, -1 to 1. It is 0 for parameters that a bound holds, and 1 on the diagonal.
  public let correlation: [[Double]]?
  /// The numerical rank of the Jacobian of the fitted parameters.
  public let rank: Int
  /// The indices of parameters that the data do not determine: they can change, alone or together, while every residual
  /// stays the same. Empty if the rank is full.
  public let undetermined: [Int]
  /// The indices of parameters that a bound holds: they lie on it, and the sum of squares would fall beyond it.
  public let heldByBounds: [Int]
  /// The number of iterations.
  public let iterations: Int
  /// The number of evaluations of each kind.
  public let evaluations: EvaluationCounts
  /// How the residuals were evaluated.
  public let evaluation: FunctionEvaluation
  /// The reason for stopping.
  public let reason: StoppingReason

  /// |residuals|, which does not overflow where its square would.
  internal let residualNorm: Double
  /// The weighting and the loss.
  internal let data: FitData
  internal let bounds: [ClosedRange<Double>]?
  internal let options: FitOptions
  /// L of the covariance L Lᵀ, row by row.
  internal let covarianceFactor: [[Double]]?

  /// The loss function that was minimised.
  public var loss: FitLoss { data.loss }

  internal var totalNorm: Double? { data.totalNorm }

  /// True if the standard deviations of the data are given, and are all that the covariance follows from.
  internal var isScatterKnown: Bool { data.weighting.isKnownScatter && loss == .squares }

  /// True if the parameters are a minimum, to the tolerances or to rounding.
  public var isConverged: Bool { reason.isConvergence }

  /// True if the data do not determine all parameters.
  public var isRankDeficient: Bool { !undetermined.isEmpty }
}
