import CMicrograd

// Tangents of plain numbers. First and second derivatives are those of the engine's table, with the bits that a sweep over a
// recording has.
extension Double {
  /// Adds two tangents.
  @inlinable @inline(__always)
  public static func tangentSum(_ a: Double, _ b: Double) -> Double { a + b }

  /// Multiplies a tangent and a derivative; a zero meets nothing.
  @inlinable @inline(__always)
  public static func tangentProduct(_ tangent: Double, _ derivative: Double) -> Double {
    let product = tangent * derivative + 0
    return product == product ? product : mg_carried(tangent, derivative)
  }

  /// Multiplies a tangent and a derivative of a function of the engine's table.
  @inlinable @inline(__always)
  public static func tangent(
    of function: FunctionCode, order: Int, at x: Double, value: Double, along tangent: Double
  ) -> Double {
    order <= 2
      ? mg_function_tangent(function, Int32(order), x, value, tangent)
      : HigherTangents.tangent(of: function, order: order, at: x, value: value, along: tangent)
  }

  /// Multiplies a tangent and a derivative of an operation on a number and a constant.
  @inlinable @inline(__always)
  public static func tangent(
    of op: OpCode, order: Int, at x: Double, constant c: Double, value: Double, along tangent: Double
  ) -> Double {
    order <= 2
      ? mg_op_tangent(op, Int32(order), x, c, value, tangent)
      : HigherTangents.tangent(of: op, order: order, at: x, constant: c, along: tangent)
  }

  /// Multiplies a tangent and a derivative of an operation on two numbers.
  @inlinable @inline(__always)
  public static func tangent(
    of op: OpCode, orders: (x: Int, y: Int), at x: Double, _ y: Double, value: Double, along tangent: Double
  ) -> Double {
    orders.x + orders.y <= 2
      ? mg_binary_tangent(op, Int32(orders.x), Int32(orders.y), x, y, value, tangent)
      : HigherTangents.tangent(of: op, orders: orders, at: x, y, value: value, along: tangent)
  }

  /// The derivatives of `logSumExp` by each term.
  public static func logSumExpDerivatives(_ terms: [Double]) -> [Double] {
    var shares = [Double](repeating: 0, count: terms.count)
    if !terms.isEmpty { mg_row_values(.softmax, terms, &shares, 1, Int64(terms.count)) }
    return shares
  }
}
