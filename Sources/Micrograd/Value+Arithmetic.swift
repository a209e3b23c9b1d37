import CMicrograd

// Each operator has three overloads: two Values, a Value and a Double, a Double and a Value. All are concrete, and Value
// takes no literals, so a literal beside a Value is a Double and makes no node. Operators that are generic or belong to
// other types are disfavoured: the compiler then finds these at once, and ordinary formulas type-check in milliseconds.

// MARK: - Recording an operation

// Each operator has a fast half, inlined where it is used: operands of the innermost scope of one tape, room for a node.
// Behind it, out of line, the arithmetic of two Values has a function each that knows parameters too. Everything else,
// constants, nodes of outer scopes, growth, pauses and broken contracts, is met in the slow half, one function for all
// operators of a shape.

/// Where the fast half records: a tape that this thread is inside and that has room, and the epoch of its innermost scope.
///
/// Both are read once an operation. What is recorded in between could change them, as far as the compiler knows.
@frozen @usableFromInline
internal struct FastPlace {
  @usableFromInline internal let tape: UnsafeMutablePointer<mg_tape>
  @usableFromInline internal let epoch: UInt64

  @inlinable @inline(__always)
  internal init(_ tape: UnsafeMutablePointer<mg_tape>, _ epoch: UInt64) {
    (self.tape, self.epoch) = (tape, epoch)
  }

  /// The node of a Value of the innermost scope.
  @inlinable @inline(__always)
  internal func node(_ x: Value) -> mg_node { mg_node(truncatingIfNeeded: x.bits ^ epoch) }
}

extension Value {
  /// The place where the fast half may record an operation on `a` and `b`. There is none for constants: their tape has no
  /// thread and no room.
  @inlinable @inline(__always)
  internal static func fastPlace(_ a: Value, _ b: Value) -> FastPlace? {
    let tape = a.base, epoch = tape.pointee.epoch
    guard _fastPath(tape == b.base), _fastPath((a.bits ^ epoch) | (b.bits ^ epoch) < nodeLimit),
      _fastPath(mg_has_room(tape))
    else { return nil }
    return FastPlace(tape, epoch)
  }

  /// The place where the fast half may record an operation on `a`.
  @inlinable @inline(__always)
  internal static func fastPlace(_ a: Value) -> FastPlace? {
    let tape = a.base, epoch = tape.pointee.epoch
    guard _fastPath(a.bits ^ epoch < nodeLimit), _fastPath(mg_has_room(tape)) else { return nil }
    return FastPlace(tape, epoch)
  }

  /// The tape and the nodes of `a` and `b` when both are of the innermost scope or parameters and there is room.
  @inline(__always)
  private static func usualOperands(
    _ a: Value, _ b: Value
  ) -> (tape: UnsafeMutablePointer<mg_tape>, a: mg_node, b: mg_node)? {
    let tape = a.base
    guard tape == b.base, mg_has_room(tape) else { return nil }
    let (x, y) = (mg_tape_resolve_usual(tape, a.bits), mg_tape_resolve_usual(tape, b.bits))
    return x == noNode || y == noNode ? nil : (tape, x, y)
  }

  @inlinable @inline(__always)
  internal static var nodeLimit: UInt64 { UInt64(MG_NODE_LIMIT) }

  @inline(never) @usableFromInline
  internal static func addAnywhere(_ a: Value, _ b: Value) -> Value {
    guard let (tape, x, y) = usualOperands(a, b) else { return slow(.add, a, b) }
    return Value(tape, mg_add(tape, x, y))
  }

  @inline(never) @usableFromInline
  internal static func subtractAnywhere(_ a: Value, _ b: Value) -> Value {
    guard let (tape, x, y) = usualOperands(a, b) else { return slow(.subtract, a, b) }
    return Value(tape, mg_subtract(tape, x, y))
  }

  @inline(never) @usableFromInline
  internal static func multiplyAnywhere(_ a: Value, _ b: Value) -> Value {
    guard let (tape, x, y) = usualOperands(a, b) else { return slow(.multiply, a, b) }
    return Value(tape, mg_multiply(tape, x, y))
  }

  @inline(never) @usableFromInline
  internal static func divideAnywhere(_ a: Value, _ b: Value) -> Value {
    guard let (tape, x, y) = usualOperands(a, b) else { return slow(.divide, a, b) }
    return Value(tape, mg_divide(tape, x, y))
  }

  @inline(never) @usableFromInline
  internal static func slow(_ op: OpCode, _ a: Value, _ b: Value) -> Value {
    guard let tape = a.pointer else {
      let constant = Double(bitPattern: a.bits)
      switch op {
      case .add: return b + constant
      case .subtract: return constant - b
      case .multiply: return b * constant
      case .divide: return constant / b
      default: return constant ** b
      }
    }
    guard let other = b.pointer else {
      let constant = Double(bitPattern: b.bits)
      switch op {
      case .add: return a + constant
      case .subtract: return a - constant
      case .multiply: return a * constant
      case .divide: return a / constant
      default: return a ** constant
      }
    }
    if tape != other { trapMixed() }
    let node = mg_record_binary(tape, op, a.node(on: tape), b.node(on: tape))
    return node == noNode ? unrecorded(tape, mg_op_value(op, a.unwatchedData, b.unwatchedData)) : Value(tape, node)
  }

  @inline(never) @usableFromInline
  internal static func slow(_ op: OpCode, _ a: Value, constant: Double) -> Value {
    guard let tape = a.pointer else { return .constant(mg_op_value(op, a.unwatchedData, constant)) }
    let node = mg_record_constant(tape, op, a.node(on: tape), constant)
    return node == noNode ? unrecorded(tape, mg_op_value(op, a.unwatchedData, constant)) : Value(tape, node)
  }

  @inline(never) @usableFromInline
  internal static func slow(_ op: OpCode, _ a: Value) -> Value {
    guard let tape = a.pointer else { return .constant(mg_op_value(op, a.unwatchedData, 0)) }
    let node = mg_record_unary(tape, op, a.node(on: tape))
    return node == noNode ? unrecorded(tape, mg_op_value(op, a.unwatchedData, 0)) : Value(tape, node)
  }
}

// MARK: - + - * /

extension Value {
  /// The sum. Derivatives: 1 and 1.
  @inlinable @inline(__always)
  public static func + (a: Value, b: Value) -> Value {
    guard let place = fastPlace(a, b) else { return addAnywhere(a, b) }
    return Value(place, mg_put_add(place.tape, place.node(a), place.node(b)))
  }

  /// The sum of a Value and a constant.
  @inlinable @inline(__always)
  public static func + (a: Value, b: Double) -> Value {
    guard let place = fastPlace(a) else { return slow(.add_constant, a, constant: b) }
    return Value(place, mg_put_add_constant(place.tape, place.node(a), b))
  }

  /// The sum of a constant and a Value.
  @inlinable @inline(__always)
  public static func + (a: Double, b: Value) -> Value { b + a }

  /// The difference. Derivatives: 1 and -1.
  @inlinable @inline(__always)
  public static func - (a: Value, b: Value) -> Value {
    guard let place = fastPlace(a, b) else { return subtractAnywhere(a, b) }
    return Value(place, mg_put_subtract(place.tape, place.node(a), place.node(b)))
  }

  /// The difference of a Value and a constant.
  @inlinable @inline(__always)
  public static func - (a: Value, b: Double) -> Value { a + (-b) }

  /// The difference of a constant and a Value.
  @inlinable @inline(__always)
  public static func - (a: Double, b: Value) -> Value {
    guard let place = fastPlace(b) else { return slow(.subtract_from_constant, b, constant: a) }
    return Value(place, mg_put_subtract_from_constant(place.tape, place.node(b), a))
  }

  /// The product. Derivatives: each the other factor.
  @inlinable @inline(__always)
  public static func * (a: Value, b: Value) -> Value {
    guard let place = fastPlace(a, b) else { return multiplyAnywhere(a, b) }
    return Value(place, mg_put_multiply(place.tape, place.node(a), place.node(b)))
  }

  /// The product of a Value and a constant.
  @inlinable @inline(__always)
  public static func * (a: Value, b: Double) -> Value {
    guard let place = fastPlace(a) else { return slow(.multiply_constant, a, constant: b) }
    return Value(place, mg_put_multiply_constant(place.tape, place.node(a), b))
  }

  /// The product of a constant and a Value.
  @inlinable @inline(__always)
  public static func * (a: Double, b: Value) -> Value { b * a }

  /// The quotient x / y. Derivatives: 1 / y and -x / y². Division by zero follows IEEE 754.
  @inlinable @inline(__always)
  public static func / (a: Value, b: Value) -> Value {
    guard let place = fastPlace(a, b) else { return divideAnywhere(a, b) }
    return Value(place, mg_put_divide(place.tape, place.node(a), place.node(b)))
  }

  /// The quotient of a Value and a constant.
  @inlinable @inline(__always)
  public static func / (a: Value, b: Double) -> Value {
    guard let place = fastPlace(a) else { return slow(.divide_by_constant, a, constant: b) }
    return Value(place, mg_put_divide_by_constant(place.tape, place.node(a), b))
  }

  /// The quotient of a constant and a Value.
  @inlinable @inline(__always)
  public static func / (a: Double, b: Value) -> Value {
    guard let place = fastPlace(b) else { return slow(.divide_constant, b, constant: a) }
    return Value(place, mg_put_divide_constant(place.tape, place.node(b), a))
  }

  /// The negative. Derivative: -1.
  @inlinable @inline(__always)
  public static prefix func - (a: Value) -> Value {
    guard let place = fastPlace(a) else { return slow(.negate, a) }
    return Value(place, mg_put_negate(place.tape, place.node(a)))
  }

  /// The Value itself.
  @inlinable
  public static prefix func + (a: Value) -> Value { a }
}

// MARK: - Compound assignment

// Those with a Double are disfavoured: once the right side has been found to be a Value, the type checker would try it again
// as a Double, with every literal in it.

extension Value {
  /// Replaces `a` by the sum; the old node stays an operand.
  @inlinable @inline(__always)
  public static func += (a: inout Value, b: Value) { a = a + b }
  /// Replaces `a` by the sum with a constant.
  @inlinable @inline(__always) @_disfavoredOverload
  public static func += (a: inout Value, b: Double) { a = a + b }
  /// Replaces `a` by the difference; the old node stays an operand.
  @inlinable @inline(__always)
  public static func -= (a: inout Value, b: Value) { a = a - b }
  /// Replaces `a` by the difference with a constant.
  @inlinable @inline(__always) @_disfavoredOverload
  public static func -= (a: inout Value, b: Double) { a = a - b }
  /// Replaces `a` by the product; the old node stays an operand.
  @inlinable @inline(__always)
  public static func *= (a: inout Value, b: Value) { a = a * b }
  /// Replaces `a` by the product with a constant.
  @inlinable @inline(__always) @_disfavoredOverload
  public static func *= (a: inout Value, b: Double) { a = a * b }
  /// Replaces `a` by the quotient; the old node stays an operand.
  @inlinable @inline(__always)
  public static func /= (a: inout Value, b: Value) { a = a / b }
  /// Replaces `a` by the quotient with a constant.
  @inlinable @inline(__always) @_disfavoredOverload
  public static func /= (a: inout Value, b: Double) { a = a / b }
}
