import Micrograd

/// Scaled residuals and their derivatives at some parameters.
///
/// Residuals are divided by a power of two near the largest one, and columns of the Jacobian by their lengths. So no
/// decision depends on the units of the parameters or of the residuals, and no sum of squares overflows or underflows.
internal struct FitPoint {
  let parameters: [Double]
  /// r, as the function returned them.
  let residuals: [Double]
  /// |r|, which may overflow.
  let norm: Double
  /// The power of two that divides the residuals.
  let unit: Double
  /// r / unit, exactly.
  let values: [Double]
  /// |r| / unit
  let length: Double
  /// The lengths of the Jacobian's columns.
  let lengths: [Double]
  /// The columns of the Jacobian, each divided by its length; zero for a column of length 0.
  let directions: Columns

  init(parameters: [Double], residuals: [Double], jacobian: consuming Columns) {
    self.parameters = parameters
    self.residuals = residuals
    norm = euclideanNorm(residuals)
    let largest = residuals.largestMagnitude
    let unit = largest > 0 ? largest.binade : 1
    self.unit = unit
    values = residuals.map { $0 / unit }
    length = euclideanNorm(values)
    let lengths = jacobian.norms.map { min($0, .greatestFiniteMagnitude) }
    self.lengths = lengths
    jacobian.divideColumns(by: lengths)
    directions = jacobian
  }

  /// Returns the effect of a change of a parameter: the first-order change of the residuals, in multiples of `unit`.
  func effect(_ k: Int, of change: Double) -> Double { product(change, lengths[k], over: unit) }

  /// Returns the change of a parameter that has a given effect.
  func change(_ k: Int, withEffect effect: Double) -> Double { product(effect, unit, over: lengths[k]) }

  /// The norm of the effects of the parameters themselves, which does not depend on their units.
  var size: Double { euclideanNorm(parameters.indices.map { effect($0, of: parameters[$0]) }) }

  /// Returns true if setting the parameter to 0, or doubling it, changes no residual.
  func isFaint(_ k: Int) -> Bool {
    parameters[k] != 0 && abs(effect(k, of: parameters[k])) <= Double.ulpOfOne * length
  }

  /// The relative error of a sum of squares from rounding of the parameters and of tiny residuals.
  var relativeRounding: Double {
    guard length > 0 else { return 1 }
    // Finite, so that a parameter does not round residuals that it does not move, however large its effect on others is.
    let effects = parameters.indices.map { min(abs(effect($0, of: parameters[$0])), .greatestFiniteMagnitude) }
    let sizes = directions.magnitudesTimes(effects)
    let tiny = Double.leastNonzeroMagnitude / unit * Double(values.count).squareRoot()
    return 4 * Double.ulpOfOne * max(16, euclideanNorm(sizes) / length) + 4 * tiny / length
  }
}

/// Returns `a b / c` for positive c, even if an intermediate result would overflow or underflow.
internal func product(_ a: Double, _ b: Double, over c: Double) -> Double {
  guard a != 0, b != 0, a.isFinite, b.isFinite, c.isFinite, c > 0 else { return a * b / c }
  let significand = a.significand * b.significand / c.significand
  let magnitude = Double(sign: .plus, exponent: a.exponent + b.exponent - c.exponent, significand: significand)
  return (a < 0) == (b < 0) ? magnitude : -magnitude
}
