import Micrograd

/// A system of ordinary differential equations: y' = f(t, y, p), with states y that depend on the time t, and parameters p.
///
/// ```swift
/// let oscillator = DifferentialEquation(states: 2, parameters: 1) { t, y, p in [y[1], -p[0] * y[0]] }
/// let solution = try oscillator.solve(from: [1, 0], parameters: [4], over: 0...10)
/// solution.states.last  // cos 20 and -2 sin 20
/// solution(at: 3.3)  // cos 6.6 and -2 sin 6.6
/// ```
///
/// A right-hand side of Values is compiled at the first solution, and kept. It may contain an `if` on comparisons of Values.
/// One that cannot be compiled is recorded at every evaluation, and ``Trajectory/evaluation`` says why. Its exact
/// derivatives are used by stiff methods. For code on plain numbers, see ``numeric(states:parameters:of:)``; for code over
/// any number, ``DynamicalSystem``.
///
/// Like a compiled function, an equation belongs to one thread at a time.
public final class DifferentialEquation {
  /// The number of states.
  public let stateCount: Int
  /// The number of parameters.
  public let parameterCount: Int

  /// The right-hand side on Values; `nil` if it is known on plain numbers only.
  internal let values: ValueForm?
  internal let rightHandSide: StateFunction
  /// The derivatives of the right-hand side, for stiff methods.
  internal private(set) lazy var stateJacobian = StateJacobian(rightHandSide)

  /// The equation for derivatives.
  internal private(set) lazy var twin = EquationTwin(of: self)

  /// The right-hand side as a function of Values: of the time, the states and the parameters.
  public typealias ValueForm = (_ time: Value, _ states: [Value], _ parameters: [Value]) -> [Value]
  /// The right-hand side on plain numbers, which writes the derivatives into an array of as many numbers as there are states.
  public typealias InPlaceForm = (
    _ time: Double, _ states: [Double], _ parameters: [Double], _ slopes: inout [Double]
  ) -> Void

  /// Creates an equation whose right-hand side is a function of Values.
  ///
  /// - Parameters:
  ///   - states: The number of states, at least 1.
  ///   - parameters: The number of parameters.
  ///   - f: Returns the derivative of each state by time. It should compute the same from the same numbers.
  public convenience init(states: Int, parameters: Int = 0, _ f: @escaping ValueForm) {
    self.init(states: states, parameters: parameters, values: f, numbers: nil)
  }

  /// An equation with a right-hand side in one form or in both.
  @usableFromInline
  internal init(states: Int, parameters: Int, values: ValueForm?, numbers: InPlaceForm?) {
    require(states >= 1, "an equation has \(states) states: give at least 1")
    require(parameters >= 0, "an equation has \(parameters) parameters: give at least 0")
    (stateCount, parameterCount, self.values) = (states, parameters, values)
    rightHandSide = StateFunction(
      states: states, parameters: parameters, results: states, values: values, numbers: numbers)
  }

  /// Creates an equation whose right-hand side is a function of plain numbers, which is neither recorded nor compiled.
  ///
  /// ```swift
  /// let decay = DifferentialEquation.numeric(states: 1, parameters: 1) { t, y, p in [-p[0] * y[0]] }
  /// ```
  ///
  /// Stiff methods approximate its derivatives by differences.
  public static func numeric(
    states: Int, parameters: Int = 0, of f: @escaping (Double, [Double], [Double]) -> [Double]
  ) -> DifferentialEquation {
    DifferentialEquation(states: states, parameters: parameters, values: nil) { t, y, p, slopes in slopes = f(t, y, p) }
  }

  /// Creates an equation whose right-hand side writes derivatives into an array, which saves the memory of a new one.
  ///
  /// ```swift
  /// let decay = DifferentialEquation.inPlace(states: 1, parameters: 1) { t, y, p, slopes in slopes[0] = -p[0] * y[0] }
  /// ```
  public static func inPlace(
    states: Int, parameters: Int = 0, of f: @escaping InPlaceForm
  ) -> DifferentialEquation {
    DifferentialEquation(states: states, parameters: parameters, values: nil, numbers: f)
  }
}
