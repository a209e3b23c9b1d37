import CMicrograd

/// A number over which a function is written once: it runs on `Double` for its value and on ``Value`` for its gradient.
///
/// ```swift
/// func decay<T: DifferentiableNumber>(_ t: Double, _ p: [T]) -> T { p[0] * .exp(-p[1] * t) + p[2] }
///
/// decay(2, [3, 0.5, 1])  // 2.103638
/// gradient(at: [3, 0.5, 1]) { p in decay(2, p) }  // [0.367879, -2.207277, 1.0]
/// ```
///
/// It has what a ``Value`` has: operators with another number and with a `Double` on either side, comparisons, `**`, and
/// every function of <doc:Operations> as a static function: `T.exp(x)`, `T.erf(x)`, `T.max(x, 0)`, `T.select(x > 0, x, y)`.
/// No other import is needed. On `Double` and on ``Value`` a function gives the same bits, except for the order in which
/// ``sum(_:)`` and the dot products add up their terms: that of a vector unit for Doubles and for consecutive Values, from
/// left to right for other Values.
///
/// Derivatives nest: `gradient(at:of:)` and its kin take numbers of any such type (<doc:Derivatives>).
///
/// The compiler specialises generic code for a type within a module and where functions are `@inlinable`. Then it costs what
/// the same code costs when it is written for that type.
public protocol DifferentiableNumber: ConditionalNumber {
  /// The numbers on which a function is recorded to be differentiated at numbers of this type: ``Value`` for `Double`.
  associatedtype Recorded: RecordedNumber where Recorded.Recorded == Recorded

  /// A number of one's own. On ``Value`` it is a leaf.
  init(_ number: Double)

  /// The number itself, without what it was computed from.
  var number: Double { get }

  /// The number as a constant of a function that is being differentiated inside of this one.
  ///
  /// ```swift
  /// func slope<T: DifferentiableNumber>(_ x: T) -> T {
  ///   gradient(at: T(1)) { y in x.lifted * y * y }  // 2 x
  /// }
  /// ```
  var lifted: Recorded { get }

  // MARK: Operators

  // Disfavoured, so that they do not slow down the type checker where the operators of Double and Value will do. The
  // mixed ones come first: the compiler tries them in this order, and a literal is a Double.

  /// The sum with a plain number.
  @_disfavoredOverload static func + (a: Self, b: Double) -> Self
  /// The sum of a plain number and a number.
  @_disfavoredOverload static func + (a: Double, b: Self) -> Self
  /// The sum.
  @_disfavoredOverload static func + (a: Self, b: Self) -> Self
  /// The difference to a plain number.
  @_disfavoredOverload static func - (a: Self, b: Double) -> Self
  /// The difference of a plain number and a number.
  @_disfavoredOverload static func - (a: Double, b: Self) -> Self
  /// The difference.
  @_disfavoredOverload static func - (a: Self, b: Self) -> Self
  /// The product with a plain number.
  @_disfavoredOverload static func * (a: Self, b: Double) -> Self
  /// The product of a plain number and a number.
  @_disfavoredOverload static func * (a: Double, b: Self) -> Self
  /// The product.
  @_disfavoredOverload static func * (a: Self, b: Self) -> Self
  /// The quotient by a plain number.
  @_disfavoredOverload static func / (a: Self, b: Double) -> Self
  /// The quotient of a plain number and a number.
  @_disfavoredOverload static func / (a: Double, b: Self) -> Self
  /// The quotient.
  @_disfavoredOverload static func / (a: Self, b: Self) -> Self
  /// The power with a constant exponent.
  @_disfavoredOverload static func ** (x: Self, y: Double) -> Self
  /// The power of a constant base.
  @_disfavoredOverload static func ** (x: Double, y: Self) -> Self
  /// The power.
  @_disfavoredOverload static func ** (x: Self, y: Self) -> Self
  /// The negative.
  @_disfavoredOverload static prefix func - (a: Self) -> Self

  /// Returns true if the first is less.
  @_disfavoredOverload static func < (a: Self, b: Self) -> Bool
  /// Returns true if the first is less or equal.
  @_disfavoredOverload static func <= (a: Self, b: Self) -> Bool
  /// Returns true if the first is greater.
  @_disfavoredOverload static func > (a: Self, b: Self) -> Bool
  /// Returns true if the first is greater or equal.
  @_disfavoredOverload static func >= (a: Self, b: Self) -> Bool

  // MARK: Functions

  // These have names that Double has for its own.

  /// The absolute value. Derivative: the sign of x, 0 at 0.
  var magnitude: Self { get }
  /// A whole number next to this one; the rule is `Double`'s. Derivative: 0.
  func rounded(_ rule: FloatingPointRoundingRule) -> Self
  /// The remainder x - n y for the whole number n closest to x / y, of two the even one.
  func remainder(dividingBy y: Self) -> Self
  /// The remainder x - n y for x / y cut to a whole number n, also called fmod.
  func truncatingRemainder(dividingBy y: Self) -> Self
  /// The square. Derivative: 2 x.
  func squared() -> Self
  /// The cube. Derivative: 3 x².
  func cubed() -> Self
  /// max(x, 0). Derivative: 1 for x > 0, 0 for x ≤ 0. NaN stays NaN.
  static func relu(_ x: Self) -> Self
  /// The n-th root, of negative x for odd n only; see ``Value/root(_:_:)``.
  static func root(_ x: Self, _ n: Int) -> Self

  // MARK: Many operands

  /// The sum of the terms; 0 of nothing.
  static func sum(_ terms: [Self]) -> Self
  /// Σ left[i] · right[i] of two lists of one length.
  static func dot(_ left: [Self], _ right: [Self]) -> Self
  /// Σ weights[i] · terms[i] with plain numbers as weights, of two lists of one length.
  static func dot(_ weights: [Double], _ terms: [Self]) -> Self
  /// log Σ exp(terms[i]) without overflow; -∞ of nothing.
  static func logSumExp(_ terms: [Self]) -> Self
  /// The element of a table at a place that is a number; see ``pick(_:at:)-([Value],_)``.
  static func pick(_ table: [Self], at index: Self) -> Self

  // MARK: For conforming types

  /// Computes a function of the engine's table.
  static func apply(_ function: FunctionCode, to x: Self) -> Self
  /// Computes an operation of the engine's table on a number and a constant.
  static func apply(_ op: OpCode, to x: Self, constant c: Double) -> Self
  /// Computes an operation of the engine's table on two numbers.
  static func apply(_ op: OpCode, to x: Self, _ y: Self) -> Self

  // MARK: For dual numbers

  // What a ``Dual`` over numbers of this type computes its tangent with. A zero meets nothing: where a tangent is zero, or a
  // derivative is, their product is zero, even if the other is infinite or NaN. No tangent is -0.

  /// Adds two tangents.
  static func tangentSum(_ a: Self, _ b: Self) -> Self
  /// Multiplies a tangent and a derivative.
  static func tangentProduct(_ tangent: Self, _ derivative: Self) -> Self
  /// Multiplies a tangent and a derivative of a function of the engine's table at `x`, `value` being the function there.
  static func tangent(of function: FunctionCode, order: Int, at x: Self, value: Self, along tangent: Self) -> Self
  /// The same for an operation on a number and a constant; operations on a number alone ignore the constant.
  static func tangent(
    of op: OpCode, order: Int, at x: Self, constant c: Double, value: Self, along tangent: Self
  ) -> Self
  /// The same for an operation on two numbers, with an order for each.
  static func tangent(
    of op: OpCode, orders: (x: Int, y: Int), at x: Self, _ y: Self, value: Self, along tangent: Self
  ) -> Self
  /// The derivatives of ``logSumExp(_:)`` by each term: exp(terms[i]) / Σ exp(terms[j]).
  static func logSumExpDerivatives(_ terms: [Self]) -> [Self]

  /// Records a function at `x` and asks for derivatives; see `withDerivatives(at:of:do:)`.
  static func withRecording<Result, Failure: Error>(
    at x: [Self], of f: ([Recorded]) throws(Failure) -> [Recorded],
    do body: (any RecordedDerivatives<Self>) throws(Failure) -> Result
  ) throws(Failure) -> Result

  /// The value and the gradient of a function at `x`: what `withRecording` gives, for types that have a faster way.
  static func valueWithRecordedGradient<Failure: Error>(
    at x: [Self], of f: ([Recorded]) throws(Failure) -> Recorded
  ) throws(Failure) -> (value: Self, gradient: [Self])
}

/// A number on which functions are recorded: ``Value``.
///
/// Inside of a generic function, the closure of `gradient(at:of:)` gets numbers of such a type. They have the functions as
/// methods too: `y.exp()`, `y.sin()`, `y.relu()`.
public protocol RecordedNumber: DifferentiableNumber, ElementwiseFunctions {}

// Operators and comparisons that follow from others. Those with plain numbers are generic in the number as well: with a
// Double in its place, the compiler would prefer them to the comparisons of Doubles.

extension DifferentiableNumber {
  /// 0 as a constant.
  @inlinable
  public static var zero: Self { Self(constant: 0) }

  /// The number itself.
  @_disfavoredOverload @inlinable
  public static prefix func + (a: Self) -> Self { a }

  /// Replaces `a` by the sum.
  @_disfavoredOverload @inlinable @inline(__always)
  public static func += (a: inout Self, b: Self) { a = a + b }
  /// Replaces `a` by the sum with a plain number.
  @_disfavoredOverload @inlinable @inline(__always)
  public static func += (a: inout Self, b: Double) { a = a + b }
  /// Replaces `a` by the difference.
  @_disfavoredOverload @inlinable @inline(__always)
  public static func -= (a: inout Self, b: Self) { a = a - b }
  /// Replaces `a` by the difference to a plain number.
  @_disfavoredOverload @inlinable @inline(__always)
  public static func -= (a: inout Self, b: Double) { a = a - b }
  /// Replaces `a` by the product.
  @_disfavoredOverload @inlinable @inline(__always)
  public static func *= (a: inout Self, b: Self) { a = a * b }
  /// Replaces `a` by the product with a plain number.
  @_disfavoredOverload @inlinable @inline(__always)
  public static func *= (a: inout Self, b: Double) { a = a * b }
  /// Replaces `a` by the quotient.
  @_disfavoredOverload @inlinable @inline(__always)
  public static func /= (a: inout Self, b: Self) { a = a / b }
  /// Replaces `a` by the quotient by a plain number.
  @_disfavoredOverload @inlinable @inline(__always)
  public static func /= (a: inout Self, b: Double) { a = a / b }
  /// Replaces `x` by its power.
  @_disfavoredOverload @inlinable @inline(__always)
  public static func **= (x: inout Self, y: Self) { x = x ** y }
  /// Replaces `x` by its power with a constant exponent.
  @_disfavoredOverload @inlinable @inline(__always)
  public static func **= (x: inout Self, y: Double) { x = x ** y }

  /// Returns true if a number is equal to a plain one.
  @_disfavoredOverload @inlinable
  public static func == (a: Self, b: some PlainNumber) -> Bool { a == Self(constant: b.plainNumber) }
  /// Returns true if a plain number is equal to a number.
  @_disfavoredOverload @inlinable
  public static func == (a: some PlainNumber, b: Self) -> Bool { Self(constant: a.plainNumber) == b }
  /// Returns true if a number differs from a plain one.
  @_disfavoredOverload @inlinable
  public static func != (a: Self, b: some PlainNumber) -> Bool { a != Self(constant: b.plainNumber) }
  /// Returns true if a plain number differs from a number.
  @_disfavoredOverload @inlinable
  public static func != (a: some PlainNumber, b: Self) -> Bool { Self(constant: a.plainNumber) != b }
  /// Returns true if a number is less than a plain one.
  @_disfavoredOverload @inlinable
  public static func < (a: Self, b: some PlainNumber) -> Bool { a < Self(constant: b.plainNumber) }
  /// Returns true if a plain number is less than a number.
  @_disfavoredOverload @inlinable
  public static func < (a: some PlainNumber, b: Self) -> Bool { Self(constant: a.plainNumber) < b }
  /// Returns true if a number is at most a plain one.
  @_disfavoredOverload @inlinable
  public static func <= (a: Self, b: some PlainNumber) -> Bool { a <= Self(constant: b.plainNumber) }
  /// Returns true if a plain number is at most a number.
  @_disfavoredOverload @inlinable
  public static func <= (a: some PlainNumber, b: Self) -> Bool { Self(constant: a.plainNumber) <= b }
  /// Returns true if a number is greater than a plain one.
  @_disfavoredOverload @inlinable
  public static func > (a: Self, b: some PlainNumber) -> Bool { a > Self(constant: b.plainNumber) }
  /// Returns true if a plain number is greater than a number.
  @_disfavoredOverload @inlinable
  public static func > (a: some PlainNumber, b: Self) -> Bool { Self(constant: a.plainNumber) > b }
  /// Returns true if a number is at least a plain one.
  @_disfavoredOverload @inlinable
  public static func >= (a: Self, b: some PlainNumber) -> Bool { a >= Self(constant: b.plainNumber) }
  /// Returns true if a plain number is at least a number.
  @_disfavoredOverload @inlinable
  public static func >= (a: some PlainNumber, b: Self) -> Bool { Self(constant: a.plainNumber) >= b }
}

/// A `Double` or an `Int` beside a number of another type, as a constant: the `n` of `max(x, n)`.
///
/// It makes no difference to a gradient.
public protocol PlainNumber {
  /// The number to compute with.
  var plainNumber: Double { get }
}

extension Double: PlainNumber {
  /// The number itself.
  @inlinable
  public var plainNumber: Double { self }
}

extension Int: PlainNumber {
  /// The number as a Double, rounded where it has more than 53 bits.
  @inlinable
  public var plainNumber: Double { Double(self) }
}
