import CMicrograd

/// The coefficients of a truncated power series, from order 0 on, while a Taylor series is computed. All series of one sweep have
/// one length.
internal struct Series {
  internal var coefficients: [Double]

  /// A series whose first coefficient is known and whose others are still 0.
  internal init(from value: Double, order: Int) {
    coefficients = [Double](repeating: 0, count: order + 1)
    coefficients[0] = value
  }

  internal init(_ coefficients: ArraySlice<Double>) { self.coefficients = Array(coefficients) }

  internal var order: Int { coefficients.count - 1 }
  internal var value: Double { coefficients[0] }
  internal var isConstant: Bool { coefficients.dropFirst().allSatisfy { $0 == 0 } }

  internal subscript(_ k: Int) -> Double {
    get { coefficients[k] }
    set { coefficients[k] = newValue }
  }

  /// k · c_k: the coefficients of the derivative, one place further up.
  internal var slopes: Series {
    var result = self
    for k in coefficients.indices { result[k] *= Double(k) }
    return result
  }

  /// The coefficients from 1 on through a function, and a value of its own.
  internal func changed(value: Double, _ change: (Double) -> Double) -> Series {
    var result = self
    for k in coefficients.indices { result[k] = change(coefficients[k]) }
    result[0] = value
    return result
  }

  internal func scaled(by factor: Double) -> Series {
    changed(value: Double.tangentProduct(value, factor)) { Double.tangentProduct($0, factor) }
  }

  internal static func + (a: Series, b: Series) -> Series { a.combined(b, +) }
  internal static func - (a: Series, b: Series) -> Series { a.combined(b, -) }

  private func combined(_ other: Series, _ operation: (Double, Double) -> Double) -> Series {
    var result = self
    for k in coefficients.indices { result[k] = operation(self[k], other[k]) }
    return result
  }

  /// Σ self[j] · other[k - j] over a range of j. A zero meets nothing, as in sweeps.
  internal func convolved(_ other: Series, _ k: Int, _ range: ClosedRange<Int>) -> Double {
    coefficients.withUnsafeBufferPointer { a in
      other.coefficients.withUnsafeBufferPointer { b in
        var sum = 0.0
        for j in range where a[j] != 0 && b[k - j] != 0 { sum += a[j] * b[k - j] }
        return sum
      }
    }
  }

  /// Σ self[j] · other[k - j] over the j from 1 to k - 1.
  internal func inner(_ other: Series, _ k: Int) -> Double { k < 2 ? 0 : convolved(other, k, 1...(k - 1)) }

  internal static func * (a: Series, b: Series) -> Series {
    var result = a
    for k in a.coefficients.indices { result[k] = a.convolved(b, k, 0...k) }
    return result
  }

  internal func squared() -> Series { self * self }

  /// self / divisor; the divisor's value is not 0.
  internal func divided(by divisor: Series, value: Double) -> Series {
    var result = Series(from: value, order: order)
    for k in stride(from: 1, through: order, by: 1) {
      result[k] = (self[k] - divisor.convolved(result, k, 1...k)) / divisor[0]
    }
    return result
  }

  /// 1 / self, of a value that is not 0.
  internal func reciprocal() -> Series { Series(from: 1, order: order).divided(by: self, value: 1 / value) }

  /// The series v of v′ = slope · u′, for the slopes of u: its k-th coefficient, where the slope is known to order k - 1.
  internal static func integral(_ slope: Series, _ slopesOfArgument: Series, _ k: Int) -> Double {
    slopesOfArgument.convolved(slope, k, 1...k) / Double(k)
  }

  /// The series v of v′ = slope · u′ with a value.
  internal static func integral(from value: Double, of slope: Series, along u: Series) -> Series {
    var result = Series(from: value, order: u.order)
    let slopes = u.slopes
    for k in stride(from: 1, through: u.order, by: 1) { result[k] = integral(slope, slopes, k) }
    return result
  }

  /// f(self) for the coefficients f⁽ᵏ⁾ / k! of a function at the value, by Horner's rule.
  internal func composed(with outer: (Int) -> Double) -> Series {
    if coefficients.dropFirst(2).allSatisfy({ $0 == 0 }) {
      var result = self, power = 1.0
      for k in coefficients.indices {
        result[k] = power == 0 ? 0 : outer(k) * power
        if order > 0 { power *= self[1] }
      }
      return result
    }
    var rest = self
    rest[0] = 0
    var result = Series(from: outer(order), order: order)
    for k in stride(from: order - 1, through: 0, by: -1) {
      result = result * rest
      result[0] = outer(k)
    }
    return result
  }

  /// A function at an infinite number: its first derivative alone counts.
  internal func linear(value: Double, slope: Double) -> Series {
    changed(value: value) { Double.tangentProduct($0, slope) }
  }

  /// A function at the end of its domain, where the first derivative is not finite.
  internal func atEdge(value: Double, slope: Double) -> Series {
    var result = changed(value: value) { _ in .nan }
    if order > 0 { result[1] = Double.tangentProduct(self[1], slope) }
    return result
  }
}
