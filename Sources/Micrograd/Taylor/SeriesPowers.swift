import CMicrograd

// Powers, logarithms and exponentials of series.

extension Series {
  /// e^self times a constant, for the value of it.
  internal func exponential(value: Double) -> Series {
    var result = Series(from: value, order: order)
    let slopes = slopes
    for k in stride(from: 1, through: order, by: 1) { result[k] = Series.integral(result, slopes, k) }
    return result
  }

  /// log |self|, of a value that is not 0.
  internal func logarithm(value: Double) -> Series {
    var result = Series(from: value, order: order), slopes = result
    for k in stride(from: 1, through: order, by: 1) {
      result[k] = (self[k] - slopes.inner(self, k) / Double(k)) / self[0]
      slopes[k] = result[k] * Double(k)
    }
    return result
  }

  /// The power with a constant exponent; `slope` is its first derivative.
  internal func power(_ exponent: Double, value: Double, slope: Double) -> Series {
    if exponent == 0 { return Series(from: value, order: order) }
    let isWhole = exponent > 0 && exponent == exponent.rounded()
    if isWhole && (exponent <= 32 || self[0] == 0 && exponent < 1e9) {
      var result = multiplied(Int(exponent))
      result[0] = value
      return result
    }
    if self[0] == 0 { return atZero(exponent, value: value, slope: slope) }
    var result = Series(from: value, order: order)
    for k in stride(from: 1, through: order, by: 1) {
      var sum = 0.0
      for j in 1...k where self[j] != 0 && result[k - j] != 0 {
        sum += (Double(j) * exponent - Double(k - j)) * self[j] * result[k - j]
      }
      result[k] = sum / (Double(k) * self[0])
    }
    return result
  }

  /// The power with a whole exponent of 1 or more, by multiplication.
  private func multiplied(_ exponent: Int) -> Series {
    var result: Series?
    var square = self, rest = exponent
    while true {
      if rest % 2 == 1 { result = result.map { $0 * square } ?? square }
      rest /= 2
      guard rest > 0 else { return result ?? square }
      square = square.squared()
    }
  }

  /// The power of 0 with an exponent that is not whole or is large or negative: its derivatives are 0 below the exponent.
  private func atZero(_ exponent: Double, value: Double, slope: Double) -> Series {
    var result = atEdge(value: value, slope: slope)
    let first = Double(coefficients.firstIndex { $0 != 0 } ?? 0)
    for k in stride(from: 2, through: order, by: 1) where Double(k) < exponent * first { result[k] = 0 }
    return result
  }

  /// self to the power of a series.
  internal func power(_ exponent: Series, value: Double) -> Series {
    let (x, y) = (self[0], exponent[0])
    if exponent.isConstant || x == 0 && y >= 0 {
      return power(y, value: value, slope: mg_binary_tangent(.power, 1, 0, x, y, value, 1))
    }
    return (exponent * logarithm(value: Double.log(x))).exponential(value: value)
  }

  /// A constant to the power of self.
  internal func power(ofBase base: Double, value: Double) -> Series {
    if base == 0 && self[0] >= 0 { return Series(from: value, order: order) }
    return scaled(by: Double.log(base)).exponential(value: value)
  }
}
