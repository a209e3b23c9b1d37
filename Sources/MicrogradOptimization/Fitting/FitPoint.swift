import Micrograd

/// Scaled residuals and their derivatives at some parameters.
///
/// Residuals are divided by a power of two near the largest one, and columns of the Jacobian by their lengths. So no
/// decision depends on the units of the parameters or of the residuals, and no sum of squares overflows or underflows.
///
/// Of the Jacobian only R of its QR factors is kept: all that a step depends on.
internal struct FitPoint {
  let parameters: [Double]
  /// r, as the function returned them; of a fit on several ranks, those of this rank.
  let residuals: [Double]
  /// The number of all residuals.
  let residualCount: Int
  /// |r|, which may overflow.
  let norm: Double
  /// The power of two that divides the residuals.
  let unit: Double
  /// |r| / unit
  let length: Double
  /// The lengths of the Jacobian's columns.
  let lengths: [Double]
  /// R of the QR factors of the directions: the Jacobian's columns, each divided by its length; zero for a column of length 0.
  let triangle: Columns
  /// The first elements of Qᵀr / unit, one for each parameter.
  let projection: [Double]
  /// The norm of the sums of each row's effects of the parameters, without their signs.
  private let effects: Double

  /// - Parameters:
  ///   - parameters: The parameters.
  ///   - residuals: The residuals.
  ///   - jacobian: Their derivatives, or those of the linear model.
  ///   - linear: The residuals of the linear model, if they are others.
  init(parameters: [Double], residuals: [Double], jacobian: consuming Columns, linear: [Double]? = nil) {
    self.parameters = parameters
    self.residuals = residuals
    residualCount = residuals.count
    norm = euclideanNorm(residuals)
    let unit = Self.unit(of: residuals)
    self.unit = unit
    let values = residuals.map { $0 / unit }
    length = euclideanNorm(values)
    let modelled = linear.map { $0.map { $0 / unit } } ?? values
    let lengths = jacobian.norms.map { min($0, .greatestFiniteMagnitude) }
    self.lengths = lengths
    jacobian.divideColumns(by: lengths)
    (triangle, projection) = QRFactorization.triangle(of: jacobian, and: modelled)
    // Finite, so that a parameter does not round residuals that it does not move, however large its effect on others is.
    let sizes = parameters.indices.map {
      min(abs(product(parameters[$0], lengths[$0], over: unit)), .greatestFiniteMagnitude)
    }
    effects = euclideanNorm(jacobian.magnitudesTimes(sizes))
  }

  /// A point from rows whose derivatives are used up already; `nil` if a length is out of their range.
  ///
  /// - Parameters:
  ///   - parameters: The parameters.
  ///   - rows: The rows, with the parameters' magnitudes for weights.
  init?(parameters: [Double], rows: ReducedRows) {
    let norm = euclideanNorm(rows.values)
    self.init(
      parameters: parameters, residuals: rows.values, count: rows.values.count, norm: norm,
      unit: Self.unit(of: rows.values), triangle: rows.triangle, square: rows.square, allowsNothing: false)
  }

  /// A point from the triangle of all rows; this rank has some of them. Returns `nil` if a length is out of their range.
  ///
  /// - Parameters:
  ///   - parameters: The parameters.
  ///   - residuals: The residuals of this rank.
  ///   - count: The number of all residuals.
  ///   - triangle: R of [J r], of all rows.
  ///   - square: ``ReducedRows/square`` of all rows.
  init?(parameters: [Double], residuals: [Double], count: Int, triangle: [Double], square: Double) {
    let norm = euclideanNorm(Array(triangle.suffix(parameters.count + 1)))
    let mean = norm / Double(count).squareRoot()
    self.init(
      parameters: parameters, residuals: residuals, count: count, norm: norm,
      unit: mean > 0 && mean.isFinite ? mean.binade : 1, triangle: triangle, square: square, allowsNothing: true)
  }

  /// - Parameter allowsNothing: True if columns and residuals may be zero.
  private init?(
    parameters: [Double], residuals: [Double], count: Int, norm: Double, unit: Double, triangle: [Double],
    square: Double, allowsNothing: Bool
  ) {
    let width = parameters.count, range = 1e-100...1e100
    let all = (0...width).map { k in euclideanNorm(Array(triangle[k * (width + 1)...k * (width + 1) + k])) }
    guard all.allSatisfy({ range.contains($0) || allowsNothing && $0 == 0 }), square <= 1e200 else { return nil }
    self.parameters = parameters
    self.residuals = residuals
    residualCount = count
    self.norm = norm
    self.unit = unit
    length = norm / unit
    lengths = Array(all.dropLast())
    var (part, projection) = QRFactorization.split(triangle, columns: width)
    for k in 0..<width {
      for i in 0...k { part[i, k] = lengths[k] > 0 ? part[i, k] / lengths[k] : 0 }
      projection[k] /= unit
    }
    (self.triangle, self.projection) = (part, projection)
    effects = square.squareRoot() / unit
  }

  /// A power of two near the largest residual.
  private static func unit(of residuals: [Double]) -> Double {
    let largest = residuals.largestMagnitude
    return largest > 0 ? largest.binade : 1
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
    let tiny = Double.leastNonzeroMagnitude / unit * Double(residualCount).squareRoot()
    return 4 * Double.ulpOfOne * max(16, effects / length) + 4 * tiny / length
  }
}

/// Returns `a b / c` for positive c, even if an intermediate result would overflow or underflow.
internal func product(_ a: Double, _ b: Double, over c: Double) -> Double {
  guard a != 0, b != 0, a.isFinite, b.isFinite, c.isFinite, c > 0 else { return a * b / c }
  let significand = a.significand * b.significand / c.significand
  let magnitude = Double(sign: .plus, exponent: a.exponent + b.exponent - c.exponent, significand: significand)
  return (a < 0) == (b < 0) ? magnitude : -magnitude
}
