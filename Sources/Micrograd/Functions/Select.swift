import CMicrograd

/// A comparison of Values that stays one: which of two Values ``select(_:_:_:)-(_,Value,Value)`` takes.
///
/// Made by the comparison operators where `select` asks for it, as in `select(x > 0, sqrt(x), 0)`; everywhere else these
/// give a `Bool`. Unlike an `if`, it is looked at again when the data change and the tape is recomputed.
public struct Condition {
  internal let left: Value
  internal let relation: Relation
  internal let right: Value

  @usableFromInline
  internal init(_ left: Value, _ relation: Relation, _ right: Value) {
    self.left = left
    self.relation = relation
    self.right = right
  }

  /// Whether it holds for the data of this moment.
  public var isTrue: Bool { Value.holds(left, relation, right) }

  /// The same for an operation that will look again.
  internal var holdsUnwatched: Bool { mg_relation_holds(relation, left.unwatchedData, right.unwatchedData) }
}

// Disfavoured: an `if`, or a variable without a type, is to get a Bool.
extension ValueConvertible {
  /// Whether the first is less, for ``select(_:_:_:)-(_,Value,Value)``.
  @_disfavoredOverload
  public static func < (a: Self, b: some ValueConvertible) -> Condition { Condition(a.value, .less, b.value) }
  /// Whether the first is less or equal, for ``select(_:_:_:)-(_,Value,Value)``.
  @_disfavoredOverload
  public static func <= (a: Self, b: some ValueConvertible) -> Condition { Condition(a.value, .atMost, b.value) }
  /// Whether the first is greater, for ``select(_:_:_:)-(_,Value,Value)``.
  @_disfavoredOverload
  public static func > (a: Self, b: some ValueConvertible) -> Condition { Condition(a.value, .greater, b.value) }
  /// Whether the first is greater or equal, for ``select(_:_:_:)-(_,Value,Value)``.
  @_disfavoredOverload
  public static func >= (a: Self, b: some ValueConvertible) -> Condition { Condition(a.value, .atLeast, b.value) }
  /// Whether both are equal, for ``select(_:_:_:)-(_,Value,Value)``.
  @_disfavoredOverload
  public static func == (a: Self, b: some ValueConvertible) -> Condition { Condition(a.value, .equal, b.value) }
  /// Whether they differ, for ``select(_:_:_:)-(_,Value,Value)``.
  @_disfavoredOverload
  public static func != (a: Self, b: some ValueConvertible) -> Condition { Condition(a.value, .unequal, b.value) }

  /// Whether the first is less than a number, for ``select(_:_:_:)-(_,Value,Value)``.
  @_disfavoredOverload
  public static func < (a: Self, b: some PlainNumber) -> Condition {
    Condition(a.value, .less, .constant(b.plainNumber))
  }
  /// Whether the first is at most a number, for ``select(_:_:_:)-(_,Value,Value)``.
  @_disfavoredOverload
  public static func <= (a: Self, b: some PlainNumber) -> Condition {
    Condition(a.value, .atMost, .constant(b.plainNumber))
  }
  /// Whether the first is greater than a number, for ``select(_:_:_:)-(_,Value,Value)``.
  @_disfavoredOverload
  public static func > (a: Self, b: some PlainNumber) -> Condition {
    Condition(a.value, .greater, .constant(b.plainNumber))
  }
  /// Whether the first is at least a number, for ``select(_:_:_:)-(_,Value,Value)``.
  @_disfavoredOverload
  public static func >= (a: Self, b: some PlainNumber) -> Condition {
    Condition(a.value, .atLeast, .constant(b.plainNumber))
  }
  /// Whether the first is equal to a number, for ``select(_:_:_:)-(_,Value,Value)``.
  @_disfavoredOverload
  public static func == (a: Self, b: some PlainNumber) -> Condition {
    Condition(a.value, .equal, .constant(b.plainNumber))
  }
  /// Whether the first differs from a number, for ``select(_:_:_:)-(_,Value,Value)``.
  @_disfavoredOverload
  public static func != (a: Self, b: some PlainNumber) -> Condition {
    Condition(a.value, .unequal, .constant(b.plainNumber))
  }
}

/// The first Value where the condition holds, else the second.
///
///     gradient(at: 0) { x in select(x > 0, sqrt(x), 0) }  // 0.0, though the slope of the root is infinite there
///
/// Derivatives flow into the Value that was taken. The other is computed too, but what its derivatives are, infinite or
/// NaN, does not matter. The Values compared have no derivative. With NaN on either side no condition holds but `!=`.
///
/// A `Bool` is not a condition: with one, write `flag ? a : b`.
public func select(_ condition: Condition, _ a: Value, _ b: Value) -> Value {
  let chosen = condition.holdsUnwatched ? a : b
  guard let tape = Value.tape(of: [condition.left, condition.right, a, b]) else { return chosen }
  let node = Value.withNodes(of: [condition.left, condition.right, a, b], on: tape) {
    mg_select(tape, $0[0], condition.relation, $0[1], $0[2], $0[3])
  }
  return node == Value.noNode ? Value.unrecorded(tape, chosen.unwatchedData) : Value(tape, node)
}

/// A Value where the condition holds, else a number; see ``select(_:_:_:)-(_,Value,Value)``.
public func select(_ condition: Condition, _ a: Value, _ b: some PlainNumber) -> Value {
  select(condition, a, .constant(b.plainNumber))
}

/// A number where the condition holds, else a Value; see ``select(_:_:_:)-(_,Value,Value)``.
public func select(_ condition: Condition, _ a: some PlainNumber, _ b: Value) -> Value {
  select(condition, .constant(a.plainNumber), b)
}
