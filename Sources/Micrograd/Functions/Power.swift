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
  public static func ** (x: Value, y: Value) -> Value {
    slow(.power, x, y)
  }

  /// The power with a constant exponent, of any sign and size; squares and cubes are multiplied out.
  ///
  /// Literals in the exponent are Doubles: `x ** (1 / 2)` is the square root. But `x ** (m / n)` with `Int` variables
  /// divides whole numbers, as everywhere in Swift: 1 / 2 is 0 then. Write `x ** (Double(m) / Double(n))`.
  @inlinable @inline(__always)
  public static func ** (x: Value, y: Double) -> Value {
    if y == 2 { return x.squared() }
    if y == 3 { return x.cubed() }
    return slow(.power_constant, x, constant: y)
  }

  /// The power with a whole number as exponent, of either sign.
  @inlinable @inline(__always) @_disfavoredOverload
  public static func ** (x: Value, n: Int) -> Value { x ** Double(n) }

  /// The power of a constant base.
  @inlinable @inline(__always)
  public static func ** (x: Double, y: Value) -> Value {
    slow(.constant_power, y, constant: x)
  }

  /// Replaces `x` by its power.
  @inlinable @inline(__always)
  public static func **= (x: inout Value, y: Value) { x = x ** y }

  /// Replaces `x` by its power with a constant exponent.
  @inlinable @inline(__always) @_disfavoredOverload
  public static func **= (x: inout Value, y: Double) { x = x ** y }

  /// The square. Derivative: 2 x.
  @inlinable @inline(__always)
  public func squared() -> Value {
    guard let place = Value.fastPlace(self) else { return Value.slow(.square, self) }
    return Value(place, mg_put_square(place.tape, place.node(self)))
  }

  /// The cube. Derivative: 3 x².
  @inlinable @inline(__always)
  public func cubed() -> Value {
    guard let place = Value.fastPlace(self) else { return Value.slow(.cube, self) }
    return Value(place, mg_put_cube(place.tape, place.node(self)))
  }
}

// Powers of plain numbers stay plain, with the bits that a Value would have.
extension Double {
  /// The power x ** y of plain numbers; squares and cubes are multiplied out.
  @inlinable
  public static func ** (x: Double, y: Double) -> Double {
    if y == 2 { return x * x }
    if y == 3 { return x * x * x }
    return mg_op_value(.power, x, y)
  }

  /// The power with a whole number as exponent, of either sign.
  @inlinable @_disfavoredOverload
  public static func ** (x: Double, n: Int) -> Double { x ** Double(n) }

  /// Replaces `x` by its power.
  @inlinable
  public static func **= (x: inout Double, y: Double) { x = x ** y }
}

extension SIMD where Scalar == Double {
  /// The powers of each pair of elements.
  ///
  /// Its presence has a second use. The compiler ranks the overloads of an operator by their operands where the operator is
  /// one of arithmetic or one that SIMD vectors have too, and tries all of them in turn where it is not. With this overload,
  /// formulas that are full of `**` type-check in a hundredth of the steps.
  @_disfavoredOverload
  public static func ** (x: Self, y: Self) -> Self {
    var result = Self()
    for k in result.indices { result[k] = x[k] ** y[k] }
    return result
  }
}
