import Micrograd

/// When a minimisation ends, and what L-BFGS remembers.
public struct MinimizationOptions: Sendable, Equatable {
  /// The minimum is reached where no derivative is larger than this, times the size of the value at the start over that of
  /// the parameter; derivatives across a bound at which a parameter lies do not count. At least 0. Where rounding does not
  /// let it become so small, the reason to stop is ``StoppingReason/rounding``.
  public var gradientTolerance: Double
  /// The iteration ends where a step lowers the value by no more than this times its magnitude. At 0 that is never asked.
  public var valueTolerance: Double
  /// The iteration ends where a step changes no parameter by more than this times its size, or its size at the start if
  /// that is larger. At 0 that is never asked.
  public var stepTolerance: Double
  /// How many iterations are made at most, at least 0.
  public var maximumIterations: Int
  /// How many iterations L-BFGS remembers, at least 1.
  public var historySize: Int

  /// Options; each may be left out.
  public init(
    gradientTolerance: Double = 1e-12, valueTolerance: Double = 0, stepTolerance: Double = 0,
    maximumIterations: Int = 1000, historySize: Int = 10
  ) {
    self.gradientTolerance = gradientTolerance
    self.valueTolerance = valueTolerance
    self.stepTolerance = stepTolerance
    self.maximumIterations = maximumIterations
    self.historySize = historySize
  }
}

extension MinimizationOptions {
  /// Stops the program where an option is none.
  internal func check() {
    requireTolerance(gradientTolerance, "gradientTolerance")
    requireTolerance(valueTolerance, "valueTolerance")
    requireTolerance(stepTolerance, "stepTolerance")
    require(maximumIterations >= 0, "maximumIterations is \(maximumIterations): it is at least 0")
    require(historySize >= 1, "historySize is \(historySize): at least one iteration is remembered")
  }
}

internal func requireTolerance(_ number: Double, _ name: String) {
  require(number >= 0, "\(name) is \(number): it is a number of 0 or more")
}
