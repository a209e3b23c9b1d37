import Micrograd

/// When a fit ends.
public struct FitOptions: Sendable, Equatable {
  /// The fit ends where the cosine of the angle between the residuals and each column of the Jacobian is no larger; columns
  /// of parameters at a bound across which the sum would fall do not count.
  public var gradientTolerance: Double
  /// The fit ends where a step lowers the sum of squares, and was expected to, by no more than this times the sum. At 0
  /// that is never asked. Parameters have about half as many digits then.
  public var valueTolerance: Double
  /// The fit ends where a full step is no longer than this times the parameters, both measured by their effect on the
  /// residuals, and the gradient agrees that the minimum is near.
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

extension FitOptions {
  /// Stops the program where an option is none.
  internal func check() {
    requireTolerance(gradientTolerance, "gradientTolerance")
    requireTolerance(valueTolerance, "valueTolerance")
    requireTolerance(stepTolerance, "stepTolerance")
    require(maximumIterations >= 0, "maximumIterations is \(maximumIterations): it is at least 0")
  }
}
