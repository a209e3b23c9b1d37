import Micrograd

/// Residuals and their derivatives at some parameters, brought to ordinary size.
///
/// Residuals are divided by a power of two near the largest, columns of the Jacobian by their lengths. So nothing depends on
/// the units of the parameters or of the residuals, and no sum of squares overflows or underflows.
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
  /// How long each column of the Jacobian is.
  let lengths: [Double]
  /// The columns of the Jacobian, each divided by its length; zero where that is 0.
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

  /// What a change of a parameter does to the residuals, to first order: the length of its effect, in parts of `unit`.
  func effect(_ k: Int, of change: Double) -> Double { product(change, lengths[k], over: unit) }

  /// The change of a parameter that has an effect.
  func change(_ k: Int, withEffect effect: Double) -> Double { product(effect, unit, over: lengths[k]) }

  /// How long the parameters' own effect is: a measure of them that is free of their units.
  var size: Double { euclideanNorm(parameters.indices.map { effect($0, of: parameters[$0]) }) }

  /// Returns true if no residual would notice if the parameter were 0 or twice as large.
  func isFaint(_ k: Int) -> Bool {
    parameters[k] != 0 && abs(effect(k, of: parameters[k])) <= Double.ulpOfOne * length
  }

  /// The relative differences between sums of squares that rounding of the parameters and of tiny residuals makes.
  var relativeRounding: Double {
    guard length > 0 else { return 1 }
    var sizes = [Double](repeating: 0, count: values.count)
    for k in parameters.indices {
      let size = abs(effect(k, of: parameters[k]))
      for i in sizes.indices where directions[i, k] != 0 { sizes[i] += size * abs(directions[i, k]) }
    }
    let tiny = Double.leastNonzeroMagnitude / unit * Double(values.count).squareRoot()
    return 4 * Double.ulpOfOne * max(16, euclideanNorm(sizes) / length) + 4 * tiny / length
  }
}

/// `a b / c` for positive c, also where a product or a quotient on the way would overflow or underflow.
internal func product(_ a: Double, _ b: Double, over c: Double) -> Double {
  guard a != 0, b != 0, a.isFinite, b.isFinite, c.isFinite, c > 0 else { return a * b / c }
  let significand = a.significand * b.significand / c.significand
  let magnitude = Double(sign: .plus, exponent: a.exponent + b.exponent - c.exponent, significand: significand)
  return (a < 0) == (b < 0) ? magnitude : -magnitude
}
