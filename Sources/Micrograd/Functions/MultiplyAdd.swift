import CMicrograd

// The step of Horner's scheme, of sums of products and of integrators, recorded faster than by two operators.

/// The product of two Values plus a third, `a * b + c`: the same two nodes and the same numbers, recorded at once.
///
/// Both operations round, so the result is that of `a * b + c` and not of a fused multiplication and addition.
/// Derivatives: b, a and 1.
@inlinable @inline(__always)
public func multiplyAdd(_ a: Value, _ b: Value, _ c: Value) -> Value {
  let tape = a.base, epoch = tape.pointee.epoch
  guard _fastPath(tape == b.base && tape == c.base),
    _fastPath((a.bits ^ epoch) | (b.bits ^ epoch) | (c.bits ^ epoch) < Value.nodeLimit),
    _fastPath(mg_has_room_for_two(tape))
  else { return a * b + c }
  let place = FastPlace(tape, epoch)
  return Value(place, mg_put_multiply_add(tape, place.node(a), place.node(b), place.node(c)))
}

/// `a * b + c` for numbers of any kind, with two roundings.
@inlinable @inline(__always) @_disfavoredOverload
public func multiplyAdd<T: DifferentiableNumber>(_ a: T, _ b: T, _ c: T) -> T { a * b + c }
