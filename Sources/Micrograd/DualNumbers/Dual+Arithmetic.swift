import CMicrograd

// The operators are witnesses by other names: an operator of Dual's own would be one more overload that the type checker tries
// in every formula. Formulas over dual numbers take the operators of DifferentiableNumber.

extension Dual {
  /// The sum with a plain number.
  @inlinable @inline(__always) @_implements(DifferentiableNumber,+(_:_:))
  public static func adding(_ a: Self, _ b: Double) -> Self { Self(value: a.value + b, tangent: a.tangent) }
  /// The sum of a plain number and a number.
  @inlinable @inline(__always) @_implements(DifferentiableNumber,+(_:_:))
  public static func adding(_ a: Double, _ b: Self) -> Self { Self(value: a + b.value, tangent: b.tangent) }
  /// The sum.
  @inlinable @inline(__always) @_implements(DifferentiableNumber,+(_:_:))
  public static func adding(_ a: Self, _ b: Self) -> Self {
    Self(value: a.value + b.value, tangent: Number.tangentSum(a.tangent, b.tangent))
  }

  /// The difference to a plain number.
  @inlinable @inline(__always) @_implements(DifferentiableNumber,-(_:_:))
  public static func subtracting(_ a: Self, _ b: Double) -> Self { Self(value: a.value - b, tangent: a.tangent) }
  /// The difference of a plain number and a number.
  @inlinable @inline(__always) @_implements(DifferentiableNumber,-(_:_:))
  public static func subtracting(_ a: Double, _ b: Self) -> Self {
    with(.subtract_from_constant, b, constant: a, value: a - b.value)
  }
  /// The difference.
  @inlinable @inline(__always) @_implements(DifferentiableNumber,-(_:_:))
  public static func subtracting(_ a: Self, _ b: Self) -> Self { with(.subtract, a, b, value: a.value - b.value) }

  /// The product with a plain number.
  @inlinable @inline(__always) @_implements(DifferentiableNumber,*(_:_:))
  public static func multiplying(_ a: Self, _ b: Double) -> Self {
    with(.multiply_constant, a, constant: b, value: a.value * b)
  }
  /// The product of a plain number and a number.
  @inlinable @inline(__always) @_implements(DifferentiableNumber,*(_:_:))
  public static func multiplying(_ a: Double, _ b: Self) -> Self {
    with(.multiply_constant, b, constant: a, value: a * b.value)
  }
  /// The product.
  @inlinable @inline(__always) @_implements(DifferentiableNumber,*(_:_:))
  public static func multiplying(_ a: Self, _ b: Self) -> Self {
    let byFirst = Number.tangentProduct(a.tangent, b.value), bySecond = Number.tangentProduct(b.tangent, a.value)
    return Self(value: a.value * b.value, tangent: Number.tangentSum(byFirst, bySecond))
  }

  /// The quotient by a plain number.
  @inlinable @inline(__always) @_implements(DifferentiableNumber,/(_:_:))
  public static func dividing(_ a: Self, _ b: Double) -> Self {
    with(.divide_by_constant, a, constant: b, value: a.value / b)
  }
  /// The quotient of a plain number and a number.
  @inlinable @inline(__always) @_implements(DifferentiableNumber,/(_:_:))
  public static func dividing(_ a: Double, _ b: Self) -> Self {
    with(.divide_constant, b, constant: a, value: a / b.value)
  }
  /// The quotient.
  @inlinable @inline(__always) @_implements(DifferentiableNumber,/(_:_:))
  public static func dividing(_ a: Self, _ b: Self) -> Self { with(.divide, a, b, value: a.value / b.value) }

  /// The power with a constant exponent; squares and cubes are multiplied out.
  @inlinable @inline(__always) @_implements(DifferentiableNumber,**(_:_:))
  public static func power(_ x: Self, _ y: Double) -> Self {
    if y == 2 { return x.squared() }
    if y == 3 { return x.cubed() }
    return with(.power_constant, x, constant: y, value: x.value ** y)
  }
  /// The power of a constant base.
  @inlinable @inline(__always) @_implements(DifferentiableNumber,**(_:_:))
  public static func power(_ x: Double, _ y: Self) -> Self {
    with(.constant_power, y, constant: x, value: x ** y.value)
  }
  /// The power.
  @inlinable @inline(__always) @_implements(DifferentiableNumber,**(_:_:))
  public static func power(_ x: Self, _ y: Self) -> Self { with(.power, x, y, value: x.value ** y.value) }

  /// The negative. A prefix operator cannot have another name.
  @inlinable @inline(__always) @_disfavoredOverload
  public static prefix func - (a: Self) -> Self { with(.negate, a, constant: 0, value: -a.value) }

  /// Returns true if the first value is less.
  @inlinable @inline(__always) @_implements(DifferentiableNumber,<(_:_:))
  public static func isLess(_ a: Self, _ b: Self) -> Bool { a.value < b.value }
  /// Returns true if the first value is less or equal.
  @inlinable @inline(__always) @_implements(DifferentiableNumber,<=(_:_:))
  public static func isAtMost(_ a: Self, _ b: Self) -> Bool { a.value <= b.value }
  /// Returns true if the first value is greater.
  @inlinable @inline(__always) @_implements(DifferentiableNumber,>(_:_:))
  public static func isGreater(_ a: Self, _ b: Self) -> Bool { a.value > b.value }
  /// Returns true if the first value is greater or equal.
  @inlinable @inline(__always) @_implements(DifferentiableNumber,>=(_:_:))
  public static func isAtLeast(_ a: Self, _ b: Self) -> Bool { a.value >= b.value }
}

// MARK: - The engine's table

extension Dual {
  /// A value of an operation on a number and perhaps a constant, with its tangent.
  @inlinable @inline(__always)
  internal static func with(_ op: OpCode, _ x: Self, constant c: Double, value: Number) -> Self {
    Self(
      value: value, tangent: Number.tangent(of: op, order: 1, at: x.value, constant: c, value: value, along: x.tangent))
  }

  /// A value of an operation on two numbers, with its tangent.
  @inlinable @inline(__always)
  internal static func with(_ op: OpCode, _ x: Self, _ y: Self, value: Number) -> Self {
    Self(
      value: value,
      tangent: Number.tangentSum(
        Number.tangent(of: op, orders: (1, 0), at: x.value, y.value, value: value, along: x.tangent),
        Number.tangent(of: op, orders: (0, 1), at: x.value, y.value, value: value, along: y.tangent)))
  }

  /// Computes a function of the engine's table.
  @inlinable @inline(__always)
  public static func apply(_ function: FunctionCode, to x: Self) -> Self {
    let value = Number.apply(function, to: x.value)
    return Self(
      value: value, tangent: Number.tangent(of: function, order: 1, at: x.value, value: value, along: x.tangent))
  }

  /// Computes an operation of the engine's table on a number and a constant.
  @inlinable @inline(__always)
  public static func apply(_ op: OpCode, to x: Self, constant c: Double) -> Self {
    with(op, x, constant: c, value: Number.apply(op, to: x.value, constant: c))
  }

  /// Computes an operation of the engine's table on two numbers.
  @inlinable @inline(__always)
  public static func apply(_ op: OpCode, to x: Self, _ y: Self) -> Self {
    with(op, x, y, value: Number.apply(op, to: x.value, y.value))
  }
}
