import CMicrograd

/// Binds tighter than `*` and to the right: `2 * x ** y ** z` is `2 * (x ** (y ** z))`.
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
  @inlinable @inline(__always)
  public static func ** (x: Value, y: some ValueConvertible) -> Value {
    slow(.power, x, y.value)
  }

  /// The power with a constant exponent, of any sign and size; squares and cubes are multiplied out.
  @inlinable @inline(__always) @_disfavoredOverload
  public static func ** (x: Value, y: Double) -> Value {
    if y == 2 { return x.squared() }
    if y == 3 { return x.cubed() }
    return slow(.power_constant, x, constant: y)
  }

  /// The power of a constant base.
  @inlinable @inline(__always) @_disfavoredOverload
  public static func ** (x: Double, y: Value) -> Value {
    slow(.constant_power, y, constant: x)
  }

  /// Replaces `x` by its power.
  @inlinable @inline(__always)
  public static func **= (x: inout Value, y: some ValueConvertible) { x = x ** y.value }

  /// Replaces `x` by its power with a constant exponent.
  @inlinable @inline(__always)
  public static func **= (x: inout Value, y: Double) { x = x ** y }

  /// The square. Derivative: 2 x.
  @inlinable @inline(__always)
  public func squared() -> Value {
    guard let tape = Value.fastTape(self) else { return Value.slow(.square, self) }
    return Value(tape, mg_square(tape, innermostNode(on: tape)))
  }

  /// The cube. Derivative: 3 x².
  @inlinable @inline(__always)
  public func cubed() -> Value {
    guard let tape = Value.fastTape(self) else { return Value.slow(.cube, self) }
    return Value(tape, mg_cube(tape, innermostNode(on: tape)))
  }
}
