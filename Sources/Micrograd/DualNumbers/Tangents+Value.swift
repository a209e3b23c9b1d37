import CMicrograd

// Tangents that are Values: they are recorded as the rules of recorded derivatives say, so they can be differentiated again.
// What is a constant 0 makes no node.
extension Value {
  private var isZero: Bool { isConstant && unwatchedData == 0 }

  /// Adds two tangents; a constant 0 makes no node.
  public static func tangentSum(_ a: Value, _ b: Value) -> Value { a.isZero ? b : b.isZero ? a : a + b }

  /// Multiplies a tangent and a derivative; a zero meets no infinity and no NaN.
  public static func tangentProduct(_ tangent: Value, _ derivative: Value) -> Value {
    if tangent.isZero || derivative.isZero { return .zero }
    return product(tangent, derivative.isConstant ? .number(derivative.unwatchedData) : .value(derivative))
  }

  /// Multiplies a tangent and a derivative of a function of the engine's table.
  public static func tangent(
    of function: FunctionCode, order: Int, at x: Value, value: Value, along tangent: Value
  ) -> Value {
    if tangent.isZero { return .zero }
    if x.isConstant || value.isConstant {
      return product(
        tangent, .number(Double.tangent(of: function, order: order, at: x.number, value: value.number, along: 1)))
    }
    if order == 1 { return product(tangent, value.rule { $0.partial(by: 0, $1) }) }
    return tangentProduct(tangent, derivative(at: x, order: order) { .apply(function, to: $0) })
  }

  /// Multiplies a tangent and a derivative of an operation on a number and a constant.
  public static func tangent(
    of op: OpCode, order: Int, at x: Value, constant c: Double, value: Value, along tangent: Value
  ) -> Value {
    if tangent.isZero { return .zero }
    if x.isConstant || value.isConstant {
      return product(
        tangent, .number(Double.tangent(of: op, order: order, at: x.number, constant: c, value: value.number, along: 1))
      )
    }
    if order == 1 { return product(tangent, value.rule { $0.partial(by: 0, $1) }) }
    return tangentProduct(tangent, derivative(at: x, order: order) { of(op, $0, c) })
  }

  /// Multiplies a tangent and a derivative of an operation on two numbers.
  public static func tangent(
    of op: OpCode, orders: (x: Int, y: Int), at x: Value, _ y: Value, value: Value, along tangent: Value
  ) -> Value {
    if tangent.isZero { return .zero }
    if value.isConstant {
      return product(
        tangent, .number(Double.tangent(of: op, orders: orders, at: x.number, y.number, value: value.number, along: 1)))
    }
    // An operation with a constant is recorded as one on a single number.
    let byX = orders.x == 1
    if orders.x + orders.y == 1, value.recordedOp == op || !(byX ? x : y).isConstant {
      return product(tangent, value.rule { $0.partial(by: byX || $0.op != op ? 0 : 1, $1) })
    }
    return tangentProduct(tangent, HigherTangents.partial(of: op, orders, at: x, y))
  }

  /// The derivatives of `logSumExp` by each term.
  public static func logSumExpDerivatives(_ terms: [Value]) -> [Value] { gradient(at: terms) { logSumExp($0) } }

  // MARK: Inside

  /// An operation on a number and perhaps a constant, as it is recorded from Swift.
  private static func of(_ op: OpCode, _ x: Value, _ c: Double) -> Value {
    switch op {
    case .negate: -x
    case .relu: x.relu()
    case .square: x.squared()
    case .cube: x.cubed()
    default: .apply(op, to: x, constant: c)
    }
  }

  private static func product(_ tangent: Value, _ partial: Partial) -> Value {
    partial.times(Carried(value: tangent, mask: nil))?.outcome ?? .zero
  }

  /// The operation that computed this Value; a leaf's for constants.
  private var recordedOp: OpCode { pointer.map { mg_node_op($0, node(on: $0)) } ?? .leaf }

  /// A derivative of the node that computed this Value.
  private func rule(_ partial: (RuledNode, RowCache) -> Partial) -> Partial {
    guard let tape = pointer else { return .zero }
    return partial(RuledNode(tape: tape, node: node(on: tape)), RowCache())
  }
}
