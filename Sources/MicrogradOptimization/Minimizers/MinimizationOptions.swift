import Micrograd

/// The stopping criteria of a minimiser, and the memory of L-BFGS.
public struct MinimizationOptions: Sendable, Equatable {
  /// The iteration ends if every derivative is at most this times the size of the value at the start, divided by the size of
  /// the parameter at the start. Derivatives that point across a bound do not count. At least 0. If rounding prevents such
  /// small derivatives, the reason to stop is ``StoppingReason/rounding``.
  ///
  /// Beside an enormous value at the start, the gradient of a plateau is small too. So the iteration goes on, with the sizes
  /// of the position reached, unless the gradient is within the tolerance beside these as well, or the step to the
  /// minimum is short.
  public var gradientTolerance: Double
  /// The iteration ends if a step lowers the value by at most this times its magnitude. 0 turns the criterion off.
  public var valueTolerance: Double
  /// The iteration ends if a step changes every parameter by at most this times its size, or times its size at the start if
  /// that is larger. 0 turns the criterion off.
  public var stepTolerance: Double
  /// The maximum number of iterations, at least 0.
  public var maximumIterations: Int
  /// The number of iterations that L-BFGS remembers, at least 1.
  public var historySize: Int
  /// True if the function is compiled when it is evaluated again and again. A compiled function is not called any more, so set this to
  /// false for a function that does something else besides, such as printing or counting.
  public var compiles: Bool

  /// Creates options. Each argument has a default.
  public init(
    gradientTolerance: Double = 1e-12, valueTolerance: Double = 0, stepTolerance: Double = 0,
    maximumIterations: Int = 1000, historySize: Int = 10, compiles: Bool = true
  ) {
    self.gradientTolerance = gradientTolerance
    self.valueTolerance = valueTolerance
    self.stepTolerance = stepTolerance
    self.maximumIterations = maximumIterations
    self.historySize = historySize
    self.compiles = compiles
  }
}

extension MinimizationOptions {
  /// Traps if an option is out of range.
  internal func check() {
    requireTolerance(gradientTolerance, "gradientTolerance")
    requireTolerance(valueTolerance, "valueTolerance")
    requireTolerance(stepTolerance, "stepTolerance")
    require(maximumIterations >= 0, "maximumIterations is \(maximumIterations): give at least 0")
    require(historySize >= 1, "historySize is \(historySize): give at least 1")
  }
}

internal func requireTolerance(_ number: Double, _ name: String) {
  require(number >= 0, "\(name) is \(number): give a number of at least 0")
}
