import CMicrograd

/// Derivatives of plain numbers beyond the second, which the engine's table does not have: for dual numbers that are nested
/// three times and deeper.
///
/// Derivatives of arithmetic, of powers that are multiplied out and of the exponential are formulas. All others are the
/// derivatives of a recording.
@usableFromInline
internal enum HigherTangents {
  @usableFromInline
  internal static func tangent(
    of function: FunctionCode, order: Int, at x: Double, value: Double, along tangent: Double
  ) -> Double {
    if tangent == 0 { return 0 }
    let derivative =
      switch function {
      case .absolute, .sign, .floor, .ceiling, .round, .round_to_even, .truncate, .detach: 0.0
      case .exponential: value
      case .exponential_minus_one: Double.exp(x)
      case .sine, .cosine: circular(function, order, x)
      default: derivative(at: x, order: order) { .apply(function, to: $0) }
      }
    return Double.tangentProduct(tangent, derivative)
  }

  @usableFromInline
  internal static func tangent(
    of op: OpCode, order: Int, at x: Double, constant c: Double, along tangent: Double
  ) -> Double {
    if tangent == 0 { return 0 }
    let derivative =
      switch op {
      case .add_constant, .subtract_from_constant, .multiply_constant, .divide_by_constant, .clamp_below, .clamp_above,
        .leaky_relu, .negate, .relu, .square:
        0.0
      case .cube: order == 3 ? 6.0 : 0.0
      default: derivative(at: x, order: order) { .apply(op, to: $0, constant: c) }
      }
    return Double.tangentProduct(tangent, derivative)
  }

  @usableFromInline
  internal static func tangent(
    of op: OpCode, orders: (x: Int, y: Int), at x: Double, _ y: Double, value: Double, along tangent: Double
  ) -> Double {
    if tangent == 0 { return 0 }
    let derivative: Double
    switch op {
    case .add, .subtract, .multiply, .maximum, .minimum, .remainder, .truncating_remainder: derivative = 0
    case .divide: derivative = orders.x > 1 ? 0 : quotient(orders, y, value)
    default:
      derivative =
        orders.x > 0
        ? gradient(at: x, y) { partial(of: op, (orders.x - 1, orders.y), at: $0, $1) }.0
        : gradient(at: x, y) { partial(of: op, (orders.x, orders.y - 1), at: $0, $1) }.1
    }
    return Double.tangentProduct(tangent, derivative)
  }

  /// The derivative of x / y, at most once by x and j times by y: (-1)ʲ j! / yʲ of 1 / y, or of x / y itself.
  private static func quotient(_ orders: (x: Int, y: Int), _ y: Double, _ value: Double) -> Double {
    var result: Double = orders.x == 1 ? 1 / y : value
    for k in 0..<orders.y { result = result / y * -Double(k + 1) }
    return result
  }

  private static func circular(_ function: FunctionCode, _ order: Int, _ x: Double) -> Double {
    let (sine, cosine) = (Double.sin(x), Double.cos(x))
    // The derivatives of the sine; the cosine is the first of them.
    let all = [sine, cosine, -sine, -cosine]
    return all[(order + (function == .sine ? 0 : 1)) % 4]
  }

  /// A derivative of an operation on two Values, recorded with all that it depends on.
  internal static func partial(of op: OpCode, _ orders: (x: Int, y: Int), at x: Value, _ y: Value) -> Value {
    if orders.x > 0 {
      return gradient(at: [x, y]) { (z: [Value]) in partial(of: op, (orders.x - 1, orders.y), at: z[0], z[1]) }[0]
    }
    if orders.y > 0 {
      return gradient(at: [x, y]) { (z: [Value]) in partial(of: op, (0, orders.y - 1), at: z[0], z[1]) }[1]
    }
    return .apply(op, to: x, y)
  }

  private static func derivative(at x: Double, order: Int, of f: (Value) -> Value) -> Double {
    Double.derivative(at: x, order: order, of: f)
  }
}
