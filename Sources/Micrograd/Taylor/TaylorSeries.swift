/// The first terms of a Taylor series: a function along a line, as a polynomial of the way t along it.
///
/// ```swift
/// let series = taylor(at: 0, order: 4) { x in exp(2 * x) }
/// series.coefficients  // [1.0, 2.0, 2.0, 1.3333, 0.6667], which are 2ᵏ / k!
/// series.derivatives  // [1.0, 2.0, 4.0, 8.0, 16.0]
/// series(0.1)  // 1.2214
/// ```
///
/// `taylor(at:order:of:)` and `taylor(at:along:order:of:)` make one.
public struct TaylorSeries: Sendable, Equatable {
  /// The coefficients c₀, c₁, …: the k-th derivative divided by k!.
  public let coefficients: [Double]

  /// Of derivatives, none is -0.
  internal init(_ coefficients: [Double]) {
    self.coefficients = coefficients.enumerated().map { $0 == 0 ? $1 : $1 + 0 }
  }

  /// The order of the last term.
  public var order: Int { coefficients.count - 1 }

  /// The value of the function at the start of the line.
  public var value: Double { coefficients[0] }

  /// The derivatives along the line, from the value itself on: the k-th is k! times the k-th coefficient.
  ///
  /// A derivative overflows to infinity if k! times the coefficient is out of range.
  public var derivatives: [Double] {
    var factorial = 1.0
    return coefficients.enumerated().map { k, coefficient in
      if k > 0 { factorial *= Double(k) }
      return coefficient == 0 ? 0 : coefficient * factorial
    }
  }

  /// Returns the k-th derivative along the line, k! times the k-th coefficient.
  ///
  /// - Precondition: The order is from 0 to the order of the series.
  public func derivative(_ order: Int) -> Double {
    require(
      coefficients.indices.contains(order),
      "the derivative of order \(order) of a series of order \(self.order): ask taylor for a higher order")
    return derivatives[order]
  }

  /// Returns the value of the polynomial at a distance t from the start, by Horner's rule.
  ///
  /// Whether it is close to the function depends on t and the order: the series converges up to the nearest singularity in
  /// the complex plane.
  public func callAsFunction(_ t: Double) -> Double {
    coefficients.dropLast().reversed().reduce(coefficients[order]) { $0 * t + $1 }
  }
}
