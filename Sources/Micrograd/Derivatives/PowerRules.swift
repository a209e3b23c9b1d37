import CMicrograd

// Derivatives of powers, with those of the derivatives at the edges of their domain as in the engine's table.

extension RuledNode {
  /// d(x^y)/dx, 0 where y is, even where x is 0 or NaN; there is a derivative by y all the same, 1 / x.
  internal func powerByBase() -> Partial {
    let slope = { powerSlope(y, x ** (y - 1)) { x ** (0.5 * y) } }
    if isWatched {
      let isZeroth = choice(abs(x), .greater, 0, .value(slope()), .zero)
      return choice(y, .equal, 0, isZeroth, .value(slope()))
    }
    let base = x.unwatchedData, exponent = y.unwatchedData
    if exponent == 0 && base.isNaN { return .zero }
    guard base == 0 else { return .value(slope()) }
    if exponent == 0 { return .value(steep(y, .nan)) }
    if exponent == 1 { return .value(1 + steep(y, -.infinity)) }
    return .value(exponent > 0 && exponent < 1 ? x ** (y - 1) : slope())
  }

  /// d(x^y)/dy, 0 where x is 0 and y ≥ 0, and NaN where x is below 0.
  internal func powerByExponent() -> Partial {
    let slope = { powerTimes(log(x), isPlain: x.unwatchedData == 0 || !x.unwatchedData.isFinite) { x ** (0.5 * y) } }
    if isWatched {
      return choice(x, .equal, 0, choice(y, .atLeast, 0, .zero, .value(slope())), .value(slope()))
    }
    let base = x.unwatchedData, exponent = y.unwatchedData
    if base < 0 { return .value((x + y) * Double.nan) }
    guard base == 0 && exponent >= 0 else { return .value(slope()) }
    return exponent > 1 ? .zero : .value(steep(x, exponent == 0 ? .nan : -.infinity))
  }

  /// exponent · power for power = x^(exponent - 1): by v = x^exponent, or its root, where the power has left the range, or
  /// lost digits, and the product perhaps has not.
  internal func powerSlope(_ exponent: Double, _ power: Value, root: () -> Value) -> Value {
    powerSlope(.constant(exponent), power, root: root)
  }

  private func powerSlope(_ exponent: Value, _ power: Value, root: () -> Value) -> Value {
    let base = x.unwatchedData, p = power.unwatchedData
    let isPlain = isWatched || p.isNormal || p.isNaN || !(base > 0 && base.isFinite && exponent.unwatchedData.isFinite)
    if isPlain { return exponent * power }
    let product = exponent * v
    if product.unwatchedData.isNormal && v.unwatchedData.isNormal { return product / x }
    let root = root()
    return root / x * exponent * root
  }

  /// factor · v: by the root of v where v has left the range, or lost digits, and the product perhaps has not.
  internal func powerTimes(_ factor: Value, isPlain: Bool, root: () -> Value) -> Value {
    if isWatched || isPlain || v.unwatchedData.isNormal || v.unwatchedData.isNaN { return v * factor }
    let root = root()
    return root * factor * root
  }

  /// 0, whose derivative by a Value is infinite, or NaN.
  private func steep(_ x: Value, _ slope: Double) -> Value {
    let root = { sqrt(x - x.unwatchedData) }
    // Of two roots, which are two nodes, one has an infinite slope and the other minus that.
    return slope.isNaN ? root() - root() : slope > 0 ? root() : 0 - root()
  }
}
