import Micrograd

/// The stopping criteria of a fit.
public struct FitOptions: Sendable, Equatable {
  /// The fit ends if the cosine of the angle between the residuals and each column of the Jacobian is at most this. Columns
  /// of parameters that a bound holds do not count.
  public var gradientTolerance: Double
  /// The fit ends if the actual and the predicted decrease of the sum of squares are at most this times the sum. The
  /// parameters then have about half as many digits. 0 turns the criterion off.
  public var valueTolerance: Double
  /// The fit ends if a full step is at most this times the parameters, both measured by their effect on the residuals, and
  /// the gradient shows that the minimum is near.
  public var stepTolerance: Double
  /// The maximum number of iterations, at least 0.
  public var maximumIterations: Int
  /// True if the model or the residuals are compiled when they are evaluated again and again. What is compiled is not called any
  /// more, so set this to false for a function that does something else besides, such as printing or counting.
  public var compiles: Bool

  /// Creates options. Each argument has a default.
  public init(
    gradientTolerance: Double = 1e-14, valueTolerance: Double = 0, stepTolerance: Double = 1e-12,
    maximumIterations: Int = 1000, compiles: Bool = true
  ) {
    self.gradientTolerance = gradientTolerance
    self.valueTolerance = valueTolerance
    self.stepTolerance = stepTolerance
    self.maximumIterations = maximumIterations
    self.compiles = compiles
  }
}

extension FitOptions {
  /// Traps if an option is out of range.
  internal func check() {
    requireTolerance(gradientTolerance, "gradientTolerance")
    requireTolerance(valueTolerance, "valueTolerance")
    requireTolerance(stepTolerance, "stepTolerance")
    require(maximumIterations >= 0, "maximumIterations is \(maximumIterations): give at least 0")
  }
}
