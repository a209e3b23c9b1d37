import CMicrograd
import RealModule

// A function written once as `func f<T: AlgebraicField & ElementaryFunctions>(_ x: T) -> T` runs on `Double` for speed
// and on `Value` for its gradient.
extension Value: AlgebraicField {
  /// The number of an integer as a leaf, `nil` where a Double cannot hold it exactly.
  public init?(exactly source: some BinaryInteger) {
    guard let data = Double(exactly: source) else { return nil }
    self.init(data)
  }

  /// 0 as a constant.
  @inlinable
  public static var zero: Value { .constant(0) }

  /// The absolute value. Derivative: the sign of x, 0 at 0.
  @inlinable
  public var magnitude: Value { Value.apply(.absolute, to: self) }

  /// 1 / x as one node, `nil` for 0.
  @inlinable
  public var reciprocal: Value? { self == 0 ? nil : 1 / self }

  /// Replaces this Value by its negative.
  @inlinable
  public mutating func negate() { self = -self }
}

// Comparisons look at the data alone, as IEEE 754 orders it: nothing is equal to NaN.
extension Value: Comparable {
  /// Whether the data are equal; two Values that are equal need not be the same node.
  @inlinable
  public static func == (a: Value, b: some ValueConvertible) -> Bool { holds(a, .equal, b.value) }
  /// Whether the data of the first is less.
  @inlinable
  public static func < (a: Value, b: some ValueConvertible) -> Bool { holds(a, .less, b.value) }
  /// Whether the data of the first is less or equal.
  @inlinable
  public static func <= (a: Value, b: some ValueConvertible) -> Bool { holds(a, .atMost, b.value) }
  /// Whether the data of the first is greater.
  @inlinable
  public static func > (a: Value, b: some ValueConvertible) -> Bool { holds(a, .greater, b.value) }
  /// Whether the data of the first is greater or equal.
  @inlinable
  public static func >= (a: Value, b: some ValueConvertible) -> Bool { holds(a, .atLeast, b.value) }
}

// With plain numbers. These are on the protocol, where they take no part in comparisons of plain numbers with literals,
// which would else become Values.
extension ValueConvertible {
  /// Whether the data is equal to a number.
  @inlinable
  public static func == (a: Self, b: Double) -> Bool { Value.holds(a.value, .equal, .constant(b)) }
  /// Whether a number is equal to the data.
  @inlinable
  public static func == (a: Double, b: Self) -> Bool { Value.holds(.constant(a), .equal, b.value) }
  /// Whether the data differs from a number.
  @inlinable
  public static func != (a: Self, b: Double) -> Bool { Value.holds(a.value, .unequal, .constant(b)) }
  /// Whether a number differs from the data.
  @inlinable
  public static func != (a: Double, b: Self) -> Bool { Value.holds(.constant(a), .unequal, b.value) }
  /// Whether the data is less than a number.
  @inlinable
  public static func < (a: Self, b: Double) -> Bool { Value.holds(a.value, .less, .constant(b)) }
  /// Whether a number is less than the data.
  @inlinable
  public static func < (a: Double, b: Self) -> Bool { Value.holds(.constant(a), .less, b.value) }
  /// Whether the data is at most a number.
  @inlinable
  public static func <= (a: Self, b: Double) -> Bool { Value.holds(a.value, .atMost, .constant(b)) }
  /// Whether a number is at most the data.
  @inlinable
  public static func <= (a: Double, b: Self) -> Bool { Value.holds(.constant(a), .atMost, b.value) }
  /// Whether the data is greater than a number.
  @inlinable
  public static func > (a: Self, b: Double) -> Bool { Value.holds(a.value, .greater, .constant(b)) }
  /// Whether a number is greater than the data.
  @inlinable
  public static func > (a: Double, b: Self) -> Bool { Value.holds(.constant(a), .greater, b.value) }
  /// Whether the data is at least a number.
  @inlinable
  public static func >= (a: Self, b: Double) -> Bool { Value.holds(a.value, .atLeast, .constant(b)) }
  /// Whether a number is at least the data.
  @inlinable
  public static func >= (a: Double, b: Self) -> Bool { Value.holds(.constant(a), .atLeast, b.value) }
}
