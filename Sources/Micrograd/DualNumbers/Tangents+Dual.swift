import CMicrograd

// Tangents of dual numbers that are numbers of dual numbers themselves. With a tangent d, a derivative f' at x, and the tangents
// d' and x' of both, the product f'(x) d has the tangent f'(x) d' + f''(x) x' d.
extension Dual {
  /// Adds two tangents.
  @inlinable @inline(__always)
  public static func tangentSum(_ a: Self, _ b: Self) -> Self {
    Self(value: Number.tangentSum(a.value, b.value), tangent: Number.tangentSum(a.tangent, b.tangent))
  }

  /// Multiplies a tangent and a derivative; a zero meets nothing.
  @inlinable @inline(__always)
  public static func tangentProduct(_ tangent: Self, _ derivative: Self) -> Self {
    Self(
      value: Number.tangentProduct(tangent.value, derivative.value),
      tangent: Number.tangentSum(
        Number.tangentProduct(tangent.tangent, derivative.value),
        Number.tangentProduct(derivative.tangent, tangent.value)))
  }

  /// Multiplies a tangent and a derivative of a function of the engine's table.
  @inlinable @inline(__always)
  public static func tangent(
    of function: FunctionCode, order: Int, at x: Self, value: Self, along tangent: Self
  ) -> Self {
    func times(_ order: Int, _ factor: Number) -> Number {
      Number.tangent(of: function, order: order, at: x.value, value: value.value, along: factor)
    }
    return Self(
      value: times(order, tangent.value),
      tangent: Number.tangentSum(
        times(order, tangent.tangent), times(order + 1, Number.tangentProduct(tangent.value, x.tangent))))
  }

  /// Multiplies a tangent and a derivative of an operation on a number and a constant.
  @inlinable @inline(__always)
  public static func tangent(
    of op: OpCode, order: Int, at x: Self, constant c: Double, value: Self, along tangent: Self
  ) -> Self {
    func times(_ order: Int, _ factor: Number) -> Number {
      Number.tangent(of: op, order: order, at: x.value, constant: c, value: value.value, along: factor)
    }
    return Self(
      value: times(order, tangent.value),
      tangent: Number.tangentSum(
        times(order, tangent.tangent), times(order + 1, Number.tangentProduct(tangent.value, x.tangent))))
  }

  /// Multiplies a tangent and a derivative of an operation on two numbers.
  @inlinable @inline(__always)
  public static func tangent(
    of op: OpCode, orders: (x: Int, y: Int), at x: Self, _ y: Self, value: Self, along tangent: Self
  ) -> Self {
    func times(_ i: Int, _ j: Int, _ factor: Number) -> Number {
      Number.tangent(
        of: op, orders: (orders.x + i, orders.y + j), at: x.value, y.value, value: value.value, along: factor)
    }
    let byX = times(1, 0, Number.tangentProduct(tangent.value, x.tangent))
    let byY = times(0, 1, Number.tangentProduct(tangent.value, y.tangent))
    return Self(
      value: times(0, 0, tangent.value),
      tangent: Number.tangentSum(times(0, 0, tangent.tangent), Number.tangentSum(byX, byY)))
  }

  /// The derivatives p of `logSumExp` by each term; their tangents are p (s - Σ p s) for the tangents s of the terms.
  @inlinable
  public static func logSumExpDerivatives(_ terms: [Self]) -> [Self] {
    let shares = Number.logSumExpDerivatives(terms.map { $0.value })
    // From the largest share: what is left of the others is small where that is nearly 1.
    guard let top = shares.indices.max(by: { shares[$0].number < shares[$1].number }) else { return [] }
    let fromTop = terms.map { $0.tangent - terms[top].tangent }
    var shift = Number.zero
    for k in terms.indices where k != top {
      shift = Number.tangentSum(shift, Number.tangentProduct(fromTop[k], shares[k]))
    }
    return terms.indices.map { k in
      Self(value: shares[k], tangent: Number.tangentProduct(fromTop[k] - shift, shares[k]))
    }
  }
}
