import CMicrograd

/// Returns the first Value if the condition holds, else the second.
///
/// ```swift
/// gradient(at: 0) { x in select(x > 0, sqrt(x), 0) }  // 0.0, though the slope of the root is infinite there
/// ```
///
/// Derivatives flow into the chosen Value. The other is computed too, but its derivatives have no effect, even if they are
/// infinite or NaN. The compared Values have no derivative. If either side is NaN, only `!=` holds.
///
/// A `Bool` is not a condition: with one, write `flag ? a : b`.
public func select(_ condition: Condition<Value>, _ a: Value, _ b: Value) -> Value {
  // No watch is told: the operation compares again.
  let (left, right) = (condition.left.unwatchedData, condition.right.unwatchedData)
  let chosen = mg_relation_holds(condition.relation, left, right) ? a : b
  guard let tape = Value.tape(of: [condition.left, condition.right, a, b]) else { return chosen }
  let node = Value.withNodes(of: [condition.left, condition.right, a, b], on: tape) {
    mg_select(tape, $0[0], condition.relation, $0[1], $0[2], $0[3])
  }
  return node == Value.noNode ? Value.unrecorded(tape, chosen.unwatchedData) : Value(tape, node)
}

/// Returns a Value if the condition holds, else a number; see ``select(_:_:_:)-(_,Value,Value)``.
public func select(_ condition: Condition<Value>, _ a: Value, _ b: Double) -> Value {
  select(condition, a, .constant(b))
}

/// Returns a number if the condition holds, else a Value; see ``select(_:_:_:)-(_,Value,Value)``.
public func select(_ condition: Condition<Value>, _ a: Double, _ b: Value) -> Value {
  select(condition, .constant(a), b)
}
