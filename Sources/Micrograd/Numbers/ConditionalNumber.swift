import CMicrograd

/// A number whose comparisons can be conditions of `select`.
///
/// The comparison operators give a `Bool` wherever one is called for, and a ``Condition`` as the first argument of `select`.
public protocol ConditionalNumber: Equatable {
  /// A plain number: a constant, for which ``Value`` records no node.
  init(constant number: Double)

  /// The first number if the condition holds, else the second; see ``select(_:_:_:)-(_,Value,Value)``.
  static func select(_ condition: Condition<Self>, _ a: Self, _ b: Self) -> Self
}

/// A comparison that stays one: it decides which of two numbers `select` takes.
///
/// The comparison operators make it where `select` asks for it, as in `select(x > 0, sqrt(x), 0)`; everywhere else they
/// give a `Bool`. Unlike an `if`, it is evaluated again when the data change and the tape is recomputed.
public struct Condition<Number: ConditionalNumber> {
  @usableFromInline internal let left: Number
  @usableFromInline internal let relation: Relation
  @usableFromInline internal let right: Number

  @inlinable
  internal init(_ left: Number, _ relation: Relation, _ right: Number) {
    self.left = left
    self.relation = relation
    self.right = right
  }
}

extension Condition where Number: DifferentiableNumber {
  /// Returns true if the condition holds for the numbers of this moment.
  public var isTrue: Bool {
    switch relation {
    case .less: left < right
    case .atMost: left <= right
    case .equal: left == right
    case .unequal: left != right
    case .atLeast: left >= right
    case .greater: left > right
    }
  }
}

// Disfavoured: an `if`, or a variable without a type, gets a Bool.
extension ConditionalNumber {
  /// The condition that the first is less.
  @_disfavoredOverload @inlinable
  public static func < (a: Self, b: Self) -> Condition<Self> { Condition(a, .less, b) }
  /// The condition that the first is less or equal.
  @_disfavoredOverload @inlinable
  public static func <= (a: Self, b: Self) -> Condition<Self> { Condition(a, .atMost, b) }
  /// The condition that the first is greater.
  @_disfavoredOverload @inlinable
  public static func > (a: Self, b: Self) -> Condition<Self> { Condition(a, .greater, b) }
  /// The condition that the first is greater or equal.
  @_disfavoredOverload @inlinable
  public static func >= (a: Self, b: Self) -> Condition<Self> { Condition(a, .atLeast, b) }
  /// The condition that both are equal.
  @_disfavoredOverload @inlinable
  public static func == (a: Self, b: Self) -> Condition<Self> { Condition(a, .equal, b) }
  /// The condition that they differ.
  @_disfavoredOverload @inlinable
  public static func != (a: Self, b: Self) -> Condition<Self> { Condition(a, .unequal, b) }

  /// The condition that a number is less than a plain one.
  @_disfavoredOverload @inlinable
  public static func < (a: Self, b: some PlainNumber) -> Condition<Self> {
    Condition(a, .less, Self(constant: b.plainNumber))
  }
  /// The condition that a plain number is less than a number.
  @_disfavoredOverload @inlinable
  public static func < (a: some PlainNumber, b: Self) -> Condition<Self> {
    Condition(Self(constant: a.plainNumber), .less, b)
  }
  /// The condition that a number is at most a plain one.
  @_disfavoredOverload @inlinable
  public static func <= (a: Self, b: some PlainNumber) -> Condition<Self> {
    Condition(a, .atMost, Self(constant: b.plainNumber))
  }
  /// The condition that a plain number is at most a number.
  @_disfavoredOverload @inlinable
  public static func <= (a: some PlainNumber, b: Self) -> Condition<Self> {
    Condition(Self(constant: a.plainNumber), .atMost, b)
  }
  /// The condition that a number is greater than a plain one.
  @_disfavoredOverload @inlinable
  public static func > (a: Self, b: some PlainNumber) -> Condition<Self> {
    Condition(a, .greater, Self(constant: b.plainNumber))
  }
  /// The condition that a plain number is greater than a number.
  @_disfavoredOverload @inlinable
  public static func > (a: some PlainNumber, b: Self) -> Condition<Self> {
    Condition(Self(constant: a.plainNumber), .greater, b)
  }
  /// The condition that a number is at least a plain one.
  @_disfavoredOverload @inlinable
  public static func >= (a: Self, b: some PlainNumber) -> Condition<Self> {
    Condition(a, .atLeast, Self(constant: b.plainNumber))
  }
  /// The condition that a plain number is at least a number.
  @_disfavoredOverload @inlinable
  public static func >= (a: some PlainNumber, b: Self) -> Condition<Self> {
    Condition(Self(constant: a.plainNumber), .atLeast, b)
  }
  /// The condition that a number is equal to a plain one.
  @_disfavoredOverload @inlinable
  public static func == (a: Self, b: some PlainNumber) -> Condition<Self> {
    Condition(a, .equal, Self(constant: b.plainNumber))
  }
  /// The condition that a plain number is equal to a number.
  @_disfavoredOverload @inlinable
  public static func == (a: some PlainNumber, b: Self) -> Condition<Self> {
    Condition(Self(constant: a.plainNumber), .equal, b)
  }
  /// The condition that a number differs from a plain one.
  @_disfavoredOverload @inlinable
  public static func != (a: Self, b: some PlainNumber) -> Condition<Self> {
    Condition(a, .unequal, Self(constant: b.plainNumber))
  }
  /// The condition that a plain number differs from a number.
  @_disfavoredOverload @inlinable
  public static func != (a: some PlainNumber, b: Self) -> Condition<Self> {
    Condition(Self(constant: a.plainNumber), .unequal, b)
  }

  /// A number if the condition holds, else a plain one.
  @inlinable
  public static func select(_ condition: Condition<Self>, _ a: Self, _ b: Double) -> Self {
    select(condition, a, Self(constant: b))
  }
  /// A plain number if the condition holds, else a number.
  @inlinable
  public static func select(_ condition: Condition<Self>, _ a: Double, _ b: Self) -> Self {
    select(condition, Self(constant: a), b)
  }
}
