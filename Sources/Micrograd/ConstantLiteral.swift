import CMicrograd

/// A literal beside an operator: the 2 and the 0.5 of `2 * x + 0.5`.
///
/// It stands for a plain number, so that it makes no node, and is never written by name. It exists because the compiler
/// would else take such a literal for a Value, which has a node, or find `1 - 1e-8` ambiguous. The overloads with a
/// Double are disfavoured for the same reason: they are for variables.
public struct ConstantLiteral: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral, Sendable {
  /// The number that was written.
  public let number: Double

  /// A literal with a decimal point or an exponent.
  @inlinable
  public init(floatLiteral number: Double) { self.number = number }

  /// A whole number.
  @inlinable
  public init(integerLiteral number: Int) { self.number = Double(number) }
}

extension Value {
  /// The sum of a Value and a literal.
  @inlinable @inline(__always)
  public static func + (a: Value, b: ConstantLiteral) -> Value { a + b.number }
  /// The sum of a literal and a Value.
  @inlinable @inline(__always)
  public static func + (a: ConstantLiteral, b: Value) -> Value { a.number + b }
  /// The difference of a Value and a literal.
  @inlinable @inline(__always)
  public static func - (a: Value, b: ConstantLiteral) -> Value { a - b.number }
  /// The difference of a literal and a Value.
  @inlinable @inline(__always)
  public static func - (a: ConstantLiteral, b: Value) -> Value { a.number - b }
  /// The product of a Value and a literal.
  @inlinable @inline(__always)
  public static func * (a: Value, b: ConstantLiteral) -> Value { a * b.number }
  /// The product of a literal and a Value.
  @inlinable @inline(__always)
  public static func * (a: ConstantLiteral, b: Value) -> Value { a.number * b }
  /// The quotient of a Value and a literal.
  @inlinable @inline(__always)
  public static func / (a: Value, b: ConstantLiteral) -> Value { a / b.number }
  /// The quotient of a literal and a Value.
  @inlinable @inline(__always)
  public static func / (a: ConstantLiteral, b: Value) -> Value { a.number / b }
  /// The power with a literal exponent.
  @inlinable @inline(__always)
  public static func ** (a: Value, b: ConstantLiteral) -> Value { a ** b.number }
  /// The power of a literal base.
  @inlinable @inline(__always)
  public static func ** (a: ConstantLiteral, b: Value) -> Value { a.number ** b }
  /// Whether the data is the number written.
  @inlinable
  public static func == (a: Value, b: ConstantLiteral) -> Bool { holds(a, .equal, .constant(b.number)) }
  /// Whether the number written is the data.
  @inlinable
  public static func == (a: ConstantLiteral, b: Value) -> Bool { holds(.constant(a.number), .equal, b) }
  /// Whether the data is not the number written.
  @inlinable
  public static func != (a: Value, b: ConstantLiteral) -> Bool { holds(a, .unequal, .constant(b.number)) }
  /// Whether the number written is not the data.
  @inlinable
  public static func != (a: ConstantLiteral, b: Value) -> Bool { holds(.constant(a.number), .unequal, b) }
  /// Whether the data is less than the number written.
  @inlinable
  public static func < (a: Value, b: ConstantLiteral) -> Bool { holds(a, .less, .constant(b.number)) }
  /// Whether the number written is less than the data.
  @inlinable
  public static func < (a: ConstantLiteral, b: Value) -> Bool { holds(.constant(a.number), .less, b) }
  /// Whether the data is at most the number written.
  @inlinable
  public static func <= (a: Value, b: ConstantLiteral) -> Bool { holds(a, .atMost, .constant(b.number)) }
  /// Whether the number written is at most the data.
  @inlinable
  public static func <= (a: ConstantLiteral, b: Value) -> Bool { holds(.constant(a.number), .atMost, b) }
  /// Whether the data is greater than the number written.
  @inlinable
  public static func > (a: Value, b: ConstantLiteral) -> Bool { holds(a, .greater, .constant(b.number)) }
  /// Whether the number written is greater than the data.
  @inlinable
  public static func > (a: ConstantLiteral, b: Value) -> Bool { holds(.constant(a.number), .greater, b) }
  /// Whether the data is at least the number written.
  @inlinable
  public static func >= (a: Value, b: ConstantLiteral) -> Bool { holds(a, .atLeast, .constant(b.number)) }
  /// Whether the number written is at least the data.
  @inlinable
  public static func >= (a: ConstantLiteral, b: Value) -> Bool { holds(.constant(a.number), .atLeast, b) }
}
