import Micrograd

/// A right-hand side that is written once, over any number: it runs on plain numbers, and has exact derivatives.
///
/// ```swift
/// struct Decay: DynamicalSystem {
///   let stateCount = 1, parameterCount = 1
///   func slopes<T: DifferentiableNumber>(at t: T, _ y: [T], _ p: [T]) -> [T] { [-p[0] * y[0]] }
/// }
/// let decay = DifferentialEquation(Decay())
/// ```
public protocol DynamicalSystem {
  /// The number of states.
  var stateCount: Int { get }
  /// The number of parameters.
  var parameterCount: Int { get }
  /// Returns the derivative of each state by time.
  func slopes<T: DifferentiableNumber>(at t: T, _ y: [T], _ p: [T]) -> [T]
}

extension DifferentialEquation {
  /// Creates an equation whose right-hand side runs on plain numbers, as compiled by Swift, and on Values for derivatives.
  @inlinable
  public convenience init<System: DynamicalSystem>(_ system: System) {
    self.init(
      states: system.stateCount, parameters: system.parameterCount,
      values: { t, y, p in system.slopes(at: t, y, p) },
      numbers: { t, y, p, slopes in slopes = system.slopes(at: t, y, p) })
  }
}
