import CMicrograd

/// What can stand beside an operator as a Value.
///
/// The operators take `some ValueConvertible` on one side where `Value` would read more plainly, so that a literal there
/// is a `Double`, a constant of the operation, rather than a Value with a node of its own.
public protocol ValueConvertible {
  /// The Value to compute with.
  var value: Value { get }
}

extension Value: ValueConvertible {
  /// Itself.
  @inlinable
  public var value: Value { self }
}

// MARK: - Recording an operation

extension Value {
  /// The node of an operation on two Values, by which of them are recorded.
  @inlinable @inline(__always)
  internal static func combine(
    _ a: Value, _ b: Value, _ op: OpCode,
    both: (UnsafeMutablePointer<mg_tape>, mg_node, mg_node) -> mg_node,
    left: (Value, Double) -> Value, right: (Double, Value) -> Value
  ) -> Value {
    guard let tape = a.pointer else { return right(Double(bitPattern: a.bits), b) }
    guard let other = b.pointer else { return left(a, Double(bitPattern: b.bits)) }
    if tape != other { trapMixed() }
    let node = both(tape, a.node(on: tape), b.node(on: tape))
    return node == noNode ? unrecorded(tape, mg_op_value(op, a.data, b.data)) : Value(tape, node)
  }

  /// The node of an operation on one Value and a constant.
  @inlinable @inline(__always)
  internal static func combine(
    _ a: Value, constant: Double, _ op: OpCode,
    record: (UnsafeMutablePointer<mg_tape>, mg_node, Double) -> mg_node
  ) -> Value {
    guard let tape = a.pointer else { return .constant(mg_op_value(op, a.data, constant)) }
    let node = record(tape, a.node(on: tape), constant)
    return node == noNode ? unrecorded(tape, mg_op_value(op, a.data, constant)) : Value(tape, node)
  }

  /// The node of an operation on one Value.
  @inlinable @inline(__always)
  internal static func apply(
    _ op: OpCode, to a: Value, record: (UnsafeMutablePointer<mg_tape>, mg_node) -> mg_node
  ) -> Value {
    guard let tape = a.pointer else { return .constant(mg_op_value(op, a.data, 0)) }
    let node = record(tape, a.node(on: tape))
    return node == noNode ? unrecorded(tape, mg_op_value(op, a.data, 0)) : Value(tape, node)
  }
}

// MARK: - + - * /

extension Value {
  /// The sum. Derivatives: 1 and 1.
  @inlinable
  public static func + (a: Value, b: some ValueConvertible) -> Value {
    combine(a, b.value, .add, both: mg_add, left: { $0 + $1 }, right: { $0 + $1 })
  }

  /// The sum of a Value and a constant.
  @inlinable
  public static func + (a: Value, b: Double) -> Value {
    combine(a, constant: b, .add_constant, record: mg_add_constant)
  }

  /// The sum of a constant and a Value.
  @inlinable
  public static func + (a: Double, b: Value) -> Value { b + a }

  /// The difference. Derivatives: 1 and -1.
  @inlinable
  public static func - (a: Value, b: some ValueConvertible) -> Value {
    combine(a, b.value, .subtract, both: mg_subtract, left: { $0 - $1 }, right: { $0 - $1 })
  }

  /// The difference of a Value and a constant.
  @inlinable
  public static func - (a: Value, b: Double) -> Value { a + (-b) }

  /// The difference of a constant and a Value.
  @inlinable
  public static func - (a: Double, b: Value) -> Value {
    combine(b, constant: a, .subtract_from_constant, record: mg_subtract_from_constant)
  }

  /// The product. Derivatives: each the other factor.
  @inlinable
  public static func * (a: Value, b: some ValueConvertible) -> Value {
    combine(a, b.value, .multiply, both: mg_multiply, left: { $0 * $1 }, right: { $0 * $1 })
  }

  /// The product of a Value and a constant.
  @inlinable
  public static func * (a: Value, b: Double) -> Value {
    combine(a, constant: b, .multiply_constant, record: mg_multiply_constant)
  }

  /// The product of a constant and a Value.
  @inlinable
  public static func * (a: Double, b: Value) -> Value { b * a }

  /// The quotient x / y. Derivatives: 1 / y and -x / y². Division by zero follows IEEE 754.
  @inlinable
  public static func / (a: Value, b: some ValueConvertible) -> Value {
    combine(a, b.value, .divide, both: mg_divide, left: { $0 / $1 }, right: { $0 / $1 })
  }

  /// The quotient of a Value and a constant.
  @inlinable
  public static func / (a: Value, b: Double) -> Value {
    combine(a, constant: b, .divide_by_constant, record: mg_divide_by_constant)
  }

  /// The quotient of a constant and a Value.
  @inlinable
  public static func / (a: Double, b: Value) -> Value {
    combine(b, constant: a, .divide_constant, record: mg_divide_constant)
  }

  /// The negative. Derivative: -1.
  @inlinable
  public static prefix func - (a: Value) -> Value { apply(.negate, to: a, record: mg_negate) }

  /// The Value itself.
  @inlinable
  public static prefix func + (a: Value) -> Value { a }
}

// MARK: - Compound assignment

extension Value {
  /// Replaces `a` by the sum; the old node stays an operand.
  @inlinable
  public static func += (a: inout Value, b: some ValueConvertible) { a = a + b.value }
  /// Replaces `a` by the sum with a constant.
  @inlinable
  public static func += (a: inout Value, b: Double) { a = a + b }
  /// Replaces `a` by the difference; the old node stays an operand.
  @inlinable
  public static func -= (a: inout Value, b: some ValueConvertible) { a = a - b.value }
  /// Replaces `a` by the difference with a constant.
  @inlinable
  public static func -= (a: inout Value, b: Double) { a = a - b }
  /// Replaces `a` by the product; the old node stays an operand.
  @inlinable
  public static func *= (a: inout Value, b: some ValueConvertible) { a = a * b.value }
  /// Replaces `a` by the product with a constant.
  @inlinable
  public static func *= (a: inout Value, b: Double) { a = a * b }
  /// Replaces `a` by the quotient; the old node stays an operand.
  @inlinable
  public static func /= (a: inout Value, b: some ValueConvertible) { a = a / b.value }
  /// Replaces `a` by the quotient with a constant.
  @inlinable
  public static func /= (a: inout Value, b: Double) { a = a / b }
}
