import CMicrograd

// While a tape is watched (mg_watch.h), what looks at its numbers is noted.

extension Value {
  /// The number, without telling the tape's watch. For code whose recording does not depend on the number.
  @inlinable
  package var unwatchedData: Double {
    guard let pointer else { return Double(bitPattern: bits) }
    return pointer.pointee.values[Int(node(on: pointer))]
  }

  /// The number as a constant, without a node.
  internal var asConstant: Value { .constant(unwatchedData) }

  /// The gradient, without telling the tape's watch. For printing.
  @inlinable
  internal var unwatchedGradient: Double {
    guard let pointer else { return 0 }
    return pointer.pointee.grads[Int(node(on: pointer))]
  }

  /// Returns true if the numbers satisfy a relation. Tells the tape's watch, because with other numbers the code might take
  /// another path.
  @inlinable @inline(__always)
  internal static func holds(_ a: Value, _ relation: Relation, _ b: Value) -> Bool {
    let (x, y) = (a.unwatchedData, b.unwatchedData)
    let holds =
      switch relation {
      case .less: x < y
      case .atMost: x <= y
      case .equal: x == y
      case .unequal: x != y
      case .atLeast: x >= y
      case .greater: x > y
      }
    if a.isWatched || b.isWatched { noteComparison(a, relation, b, holds) }
    return holds
  }

  /// True if the tape has a watch.
  @inlinable @inline(__always)
  internal var isWatched: Bool { base.pointee.watch != nil }

  /// True if the tape's watch wants derivatives recorded so that a zero meets nothing, whatever numbers come.
  internal var isRecordedCarefully: Bool { pointer?.pointee.watch?.pointee.careful ?? false }

  @inline(never) @usableFromInline
  internal func noteRead() {
    if let pointer, let watch = pointer.pointee.watch { mg_watch_read(watch, node(on: pointer)) }
  }

  @inline(never) @usableFromInline
  internal func noteSweep() { pointer?.pointee.watch?.pointee.swept = true }

  @inline(never) @usableFromInline
  internal func noteWrite() { pointer?.pointee.watch?.pointee.written = true }

  /// Notes a comparison on each watched tape. A Value that is not on it counts as a plain number.
  @inline(never) @usableFromInline
  internal static func noteComparison(_ a: Value, _ relation: Relation, _ b: Value, _ holds: Bool) {
    func node(_ value: Value, on tape: UnsafeMutablePointer<mg_tape>) -> mg_node {
      value.pointer == tape ? value.node(on: tape) : noNode
    }
    for (tape, isRepeated) in [(a.pointer, false), (b.pointer, a.pointer == b.pointer)] {
      guard let tape, !isRepeated, let watch = tape.pointee.watch else { continue }
      mg_watch_comparison(
        watch,
        mg_comparison(
          left: node(a, on: tape), right: node(b, on: tape), left_number: a.unwatchedData,
          right_number: b.unwatchedData, relation: relation, holds: holds))
    }
  }
}
