import Micrograd

/// A condition that a minimum has to satisfy: functions of the parameters that equal a level, or stay on one side of it.
///
/// ```swift
/// let onTheSphere = Constraint.equal(to: 40) { x in dot(x, x) }
/// let largeEnough = Constraint.atLeast(25) { x in x[0] * x[1] * x[2] * x[3] }
/// let eachDefect = Constraint.eachEqual(to: 0) { x in [x[1] - x[0] - 0.1 * x[2], x[2] - 0.9 * x[0]] }
/// ```
///
/// Pass constraints to ``minimize(_:from:subjectTo:bounds:options:progress:)``. Ranges of single parameters are better
/// given as bounds: a bound always holds, also during the iteration, and a constraint holds only at its end.
///
/// The functions should be twice differentiable. Units do not matter: each function is measured by its slopes at the start.
public struct Constraint {
  /// The lowest value that the functions may have; minus infinity if there is none.
  public let lower: Double
  /// The highest value that the functions may have; infinity if there is none.
  public let upper: Double
  /// Returns the values that are constrained; always the same number.
  public let functions: ([Value]) -> [Value]

  private init(_ lower: Double, _ upper: Double, _ functions: @escaping ([Value]) -> [Value]) {
    (self.lower, self.upper, self.functions) = (lower, upper, functions)
  }

  // MARK: - One function

  /// A function that equals a level.
  public static func equal(to level: Double, _ f: @escaping ([Value]) -> Value) -> Constraint {
    Constraint(level, level) { [f($0)] }
  }

  /// A function that is not below a level.
  public static func atLeast(_ level: Double, _ f: @escaping ([Value]) -> Value) -> Constraint {
    Constraint(level, .infinity) { [f($0)] }
  }

  /// A function that is not above a level.
  public static func atMost(_ level: Double, _ f: @escaping ([Value]) -> Value) -> Constraint {
    Constraint(-.infinity, level) { [f($0)] }
  }

  /// A function that stays within a range.
  public static func within(_ range: ClosedRange<Double>, _ f: @escaping ([Value]) -> Value) -> Constraint {
    Constraint(range.lowerBound, range.upperBound) { [f($0)] }
  }

  // MARK: - Several functions

  /// Functions that all equal a level.
  public static func eachEqual(to level: Double, _ f: @escaping ([Value]) -> [Value]) -> Constraint {
    Constraint(level, level, f)
  }

  /// Functions that are all at least a level.
  public static func eachAtLeast(_ level: Double, _ f: @escaping ([Value]) -> [Value]) -> Constraint {
    Constraint(level, .infinity, f)
  }

  /// Functions that are all at most a level.
  public static func eachAtMost(_ level: Double, _ f: @escaping ([Value]) -> [Value]) -> Constraint {
    Constraint(-.infinity, level, f)
  }

  /// Functions that all stay within a range.
  public static func eachWithin(_ range: ClosedRange<Double>, _ f: @escaping ([Value]) -> [Value]) -> Constraint {
    Constraint(range.lowerBound, range.upperBound, f)
  }
}
