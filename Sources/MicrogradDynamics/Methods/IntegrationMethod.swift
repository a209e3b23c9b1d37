/// A method that solves differential equations step by step.
public enum IntegrationMethod: Sendable, Hashable {
  /// Dormand and Prince's method of order 5, with steps that keep the tolerances.
  case dormandPrince5
  /// Tsitouras's method of order 5, with steps that keep the tolerances.
  case tsitouras5
  /// The classical method of order 4, with so many steps of one size, at least 1. Its errors are not estimated.
  case rungeKutta4(steps: Int)

  /// The coefficients of an explicit Runge–Kutta method.
  public var tableau: RungeKuttaTableau? {
    switch self {
    case .dormandPrince5: .dormandPrince5
    case .tsitouras5: .tsitouras5
    case .rungeKutta4: .rungeKutta4
    }
  }
}
