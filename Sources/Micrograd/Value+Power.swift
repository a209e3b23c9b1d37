import CMicrograd

/// Binds tighter than `*` and to the right: `2 * x ** 3 ** 2` is `2 * (x ** (3 ** 2))`.
precedencegroup ExponentiationPrecedence {
  associativity: right
  higherThan: MultiplicationPrecedence
}

infix operator ** : ExponentiationPrecedence
infix operator **= : AssignmentPrecedence

extension Value {
  /// The power x ** y. Derivatives: y x^(y - 1) and x^y log(x).
  ///
  /// As in PyTorch, the derivative by the base is 0 where y = 0, and that by the exponent is 0 where x = 0 and y ≥ 0 and
  /// NaN where x < 0. Unlike in Python, a minus sign binds tighter: `-x ** 2` is `(-x) ** 2`.
  @inlinable
  public static func ** (x: Value, y: some ValueConvertible) -> Value {
    combine(x, y.value, .power, both: mg_power, left: { $0 ** $1 }, right: { $0 ** $1 })
  }

  /// The power with a constant exponent, of any sign and size; squares and cubes are multiplied out.
  @inlinable
  public static func ** (x: Value, y: Double) -> Value {
    if y == 2 { return x.squared() }
    if y == 3 { return apply(.cube, to: x, record: mg_cube) }
    return combine(x, constant: y, .power_constant, record: mg_power_constant)
  }

  /// The power of a constant base.
  @inlinable
  public static func ** (x: Double, y: Value) -> Value {
    combine(y, constant: x, .constant_power, record: mg_constant_power)
  }

  /// Replaces `x` by its power.
  @inlinable
  public static func **= (x: inout Value, y: some ValueConvertible) { x = x ** y.value }

  /// Replaces `x` by its power with a constant exponent.
  @inlinable
  public static func **= (x: inout Value, y: Double) { x = x ** y }

  /// The square. Derivative: 2 x.
  @inlinable
  public func squared() -> Value { Value.apply(.square, to: self, record: mg_square) }
}

extension Double {
  /// The power of plain numbers, so that a function reads the same for Double and Value.
  @inlinable
  public static func ** (x: Double, y: Double) -> Double { mg_op_value(.power, x, y) }
}
