/// A method that solves differential equations step by step.
public enum IntegrationMethod: Sendable, Hashable {
  /// Tsitouras's method, and ``rodas4`` as long as the equation is found to be stiff.
  case automatic
  /// Dormand and Prince's method of order 5, with steps that keep the tolerances.
  case dormandPrince5
  /// Tsitouras's method of order 5, with steps that keep the tolerances.
  case tsitouras5
  /// Dormand and Prince's method of order 8, with steps that keep the tolerances. It takes 12 evaluations per step, and three
  /// more if the solution is continuous or has events. Below relative tolerances of about 1e-8 it takes fewer evaluations than
  /// the methods of order 5: half of them at 1e-11, a third at 1e-12.
  case dormandPrince8
  /// A Rosenbrock method of order 4 for stiff equations, with steps that keep the tolerances. It uses the Jacobian of the
  /// right-hand side at every step.
  case rodas4
  /// The classical method of order 4, with so many steps of one size, at least 1. Its errors are not estimated.
  case rungeKutta4(steps: Int)

  /// The coefficients, if this is an explicit Runge–Kutta method.
  public var tableau: RungeKuttaTableau? {
    switch self {
    case .dormandPrince5: .dormandPrince5
    case .tsitouras5: .tsitouras5
    case .dormandPrince8: .dormandPrince8
    case .rungeKutta4: .rungeKutta4
    case .automatic, .rodas4: nil
    }
  }

  /// The coefficients, if this is a Rosenbrock method.
  public var rosenbrockTableau: RosenbrockTableau? { self == .rodas4 ? .rodas4 : nil }

  /// The number of polynomial coefficients that a continuous solution stores for each state, a multiple of 4.
  internal var degree: Int { ((tableau?.interpolant[0].count ?? 4) + 3) / 4 * 4 }

  internal func stepper(_ equation: DifferentialEquation) -> any Stepper {
    if let tableau { return ExplicitStepper(equation.rightHandSide, tableau) }
    return RosenbrockStepper(equation, .rodas4)
  }
}
