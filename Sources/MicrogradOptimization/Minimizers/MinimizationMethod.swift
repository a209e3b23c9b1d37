/// How a minimum is searched.
public enum MinimizationMethod: Sendable, CaseIterable {
  /// L-BFGS (Liu & Nocedal, 1989): needs gradients only, in memory that grows with the number of parameters. With bounds,
  /// projected as by Bertsekas (1982).
  case lbfgs
  /// Newton's method, each step solved by conjugate gradients with exact Hessian-vector products and searched along; few
  /// iterations, each of several products.
  case newtonCG
  /// The same in a region that is trusted (Steihaug, 1983; with bounds, Lin & Moré, 1999): the most robust where the
  /// function is not convex.
  case trustRegion
}

/// When a minimisation ends, and what L-BFGS remembers.
public struct MinimizationOptions: Sendable, Equatable {
  /// The minimum is reached where no derivative is larger than this times `max(1, |value|)`; derivatives across a bound at
  /// which a parameter lies do not count. At least 0.
  public var gradientTolerance: Double
  /// The iteration ends where a step lowers the value by no more than this times its magnitude. At 0 that is never asked.
  public var valueTolerance: Double
  /// The iteration ends where a step changes no parameter by more than this times `max(1, |parameter|)`. At 0 that is
  /// never asked.
  public var stepTolerance: Double
  /// How many iterations are made at most, at least 0.
  public var maximumIterations: Int
  /// How many iterations L-BFGS remembers, at least 1.
  public var historySize: Int

  /// Options; each may be left out.
  public init(
    gradientTolerance: Double = 1e-8, valueTolerance: Double = 0, stepTolerance: Double = 0,
    maximumIterations: Int = 1000, historySize: Int = 10
  ) {
    self.gradientTolerance = gradientTolerance
    self.valueTolerance = valueTolerance
    self.stepTolerance = stepTolerance
    self.maximumIterations = maximumIterations
    self.historySize = historySize
  }
}
