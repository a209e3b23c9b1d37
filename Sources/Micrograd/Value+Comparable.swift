import CMicrograd

// Comparisons look at the data alone, as IEEE 754 orders it: nothing is equal to NaN.
//
// Value is not Comparable. Swift's own `max` and `min`, which are for all that is, would be candidates wherever a formula
// has `max(x, 0)`; the type checker tries them first, and takes seconds for two of them. They would also compare where
// the operation `maximum` is meant.
extension Value: Equatable {
  /// Returns true if the data are equal. Two equal Values need not be the same node: compare ``id`` for that.
  @inlinable
  public static func == (a: Value, b: Value) -> Bool { holds(a, .equal, b) }
  /// Returns true if the data differ.
  @inlinable
  public static func != (a: Value, b: Value) -> Bool { holds(a, .unequal, b) }
  /// Returns true if the data of the first is less.
  @inlinable
  public static func < (a: Value, b: Value) -> Bool { holds(a, .less, b) }
  /// Returns true if the data of the first is less or equal.
  @inlinable
  public static func <= (a: Value, b: Value) -> Bool { holds(a, .atMost, b) }
  /// Returns true if the data of the first is greater.
  @inlinable
  public static func > (a: Value, b: Value) -> Bool { holds(a, .greater, b) }
  /// Returns true if the data of the first is greater or equal.
  @inlinable
  public static func >= (a: Value, b: Value) -> Bool { holds(a, .atLeast, b) }
}

// With plain numbers.
extension Value {
  /// Returns true if the data is equal to a number.
  @inlinable
  public static func == (a: Value, b: Double) -> Bool { holds(a, .equal, .constant(b)) }
  /// Returns true if a number is equal to the data.
  @inlinable
  public static func == (a: Double, b: Value) -> Bool { holds(.constant(a), .equal, b) }
  /// Returns true if the data differs from a number.
  @inlinable
  public static func != (a: Value, b: Double) -> Bool { holds(a, .unequal, .constant(b)) }
  /// Returns true if a number differs from the data.
  @inlinable
  public static func != (a: Double, b: Value) -> Bool { holds(.constant(a), .unequal, b) }
  /// Returns true if the data is less than a number.
  @inlinable
  public static func < (a: Value, b: Double) -> Bool { holds(a, .less, .constant(b)) }
  /// Returns true if a number is less than the data.
  @inlinable
  public static func < (a: Double, b: Value) -> Bool { holds(.constant(a), .less, b) }
  /// Returns true if the data is at most a number.
  @inlinable
  public static func <= (a: Value, b: Double) -> Bool { holds(a, .atMost, .constant(b)) }
  /// Returns true if a number is at most the data.
  @inlinable
  public static func <= (a: Double, b: Value) -> Bool { holds(.constant(a), .atMost, b) }
  /// Returns true if the data is greater than a number.
  @inlinable
  public static func > (a: Value, b: Double) -> Bool { holds(a, .greater, .constant(b)) }
  /// Returns true if a number is greater than the data.
  @inlinable
  public static func > (a: Double, b: Value) -> Bool { holds(.constant(a), .greater, b) }
  /// Returns true if the data is at least a number.
  @inlinable
  public static func >= (a: Value, b: Double) -> Bool { holds(a, .atLeast, .constant(b)) }
  /// Returns true if a number is at least the data.
  @inlinable
  public static func >= (a: Double, b: Value) -> Bool { holds(.constant(a), .atLeast, b) }
}

extension Value: Identifiable {
  /// Tells nodes apart: equal for every copy of one Value, different for two nodes, whatever their data.
  ///
  /// Constants have no node; theirs are equal if their numbers have the same bits.
  public struct ID: Hashable, Sendable {
    private let tape: UInt
    private let bits: UInt64

    fileprivate init(_ value: Value) {
      tape = UInt(bitPattern: value.pointer)
      bits = value.bits
    }
  }

  /// Tells this node from all others, in a set or as a key of a dictionary, where `==` compares numbers.
  ///
  /// ```swift
  /// let x = Value(2), y = Value(2)
  /// print(x == y, x.id == y.id)  // true false
  /// ```
  public var id: ID { ID(self) }
}
