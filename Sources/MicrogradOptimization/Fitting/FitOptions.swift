/// What is known of the scatter of a curve's data.
public enum Weighting: Sendable, Equatable {
  /// All responses scatter alike; by how much, the residuals say.
  case equal
  /// Each squared residual counts so many times: 1 / variance, but for a factor that the residuals say. A row of weight 0
  /// does not count at all.
  case weights([Double])
  /// The standard deviation of each response is known, so the covariance follows from these alone.
  case standardDeviations([Double])
}

/// When a fit ends.
public struct FitOptions: Sendable, Equatable {
  /// The fit ends where the cosine of the angle between the residuals and each column of the Jacobian is no larger; columns
  /// of parameters at a bound across which the sum would fall do not count.
  public var gradientTolerance: Double
  /// The fit ends where a step lowers the sum of squares, and was expected to, by no more than this times the sum. At 0
  /// that is never asked. Parameters have about half as many digits then.
  public var valueTolerance: Double
  /// The fit ends where steps are no longer than this times the parameters, both scaled by the columns of the Jacobian.
  public var stepTolerance: Double
  /// How many iterations are made at most, at least 0.
  public var maximumIterations: Int

  /// Options; each may be left out.
  public init(
    gradientTolerance: Double = 1e-14, valueTolerance: Double = 0, stepTolerance: Double = 1e-12,
    maximumIterations: Int = 1000
  ) {
    self.gradientTolerance = gradientTolerance
    self.valueTolerance = valueTolerance
    self.stepTolerance = stepTolerance
    self.maximumIterations = maximumIterations
  }
}
