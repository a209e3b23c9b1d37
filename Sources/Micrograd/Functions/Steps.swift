import CMicrograd

// Functions that are flat except for jumps: their derivative is zero everywhere, as PyTorch's.

extension DifferentiableNumber {
  /// The sign of x: 1, -1, or x itself where it is a zero or NaN. Derivative: 0.
  @inlinable @inline(__always)
  public static func sign(_ x: Self) -> Self { apply(.sign, to: x) }
  /// The largest whole number that is not above x. Derivative: 0.
  @inlinable @inline(__always)
  public static func floor(_ x: Self) -> Self { apply(.floor, to: x) }
  /// The smallest whole number that is not below x. Derivative: 0.
  @inlinable @inline(__always)
  public static func ceil(_ x: Self) -> Self { apply(.ceiling, to: x) }
  /// The closest whole number, of two the one away from zero. Derivative: 0.
  @inlinable @inline(__always)
  public static func round(_ x: Self) -> Self { apply(.round, to: x) }
  /// The whole number next to x towards zero. Derivative: 0.
  @inlinable @inline(__always)
  public static func trunc(_ x: Self) -> Self { apply(.truncate, to: x) }

  /// The remainder x - n y for the whole number n closest to x / y, of two the even one.
  ///
  /// Derivatives: 1 by x, -n by y, everywhere, also where n changes. NaN for y = 0 and for infinite x.
  @inlinable @inline(__always)
  public static func remainder(_ x: Self, _ y: Self) -> Self { apply(.remainder, to: x, y) }
  /// The remainder of x / y for a constant y.
  @inlinable @inline(__always)
  public static func remainder(_ x: Self, _ y: Double) -> Self { apply(.remainder, to: x, Self(constant: y)) }
  /// The remainder of x / y for a constant x.
  @inlinable @inline(__always)
  public static func remainder(_ x: Double, _ y: Self) -> Self { apply(.remainder, to: Self(constant: x), y) }

  /// The remainder x - n y for x / y cut to a whole number n, as C's fmod. It has the sign of x.
  ///
  /// Derivatives: 1 by x, -n by y, everywhere, also where n changes. NaN for y = 0 and for infinite x.
  @inlinable @inline(__always)
  public static func fmod(_ x: Self, _ y: Self) -> Self { apply(.truncating_remainder, to: x, y) }
  /// The truncating remainder of x / y for a constant y.
  @inlinable @inline(__always)
  public static func fmod(_ x: Self, _ y: Double) -> Self { apply(.truncating_remainder, to: x, Self(constant: y)) }
  /// The truncating remainder of x / y for a constant x.
  @inlinable @inline(__always)
  public static func fmod(_ x: Double, _ y: Self) -> Self { apply(.truncating_remainder, to: Self(constant: x), y) }

  /// The remainder of a division by a constant; see ``remainder(_:_:)-(Self,Self)``.
  @inlinable @_disfavoredOverload
  public func remainder(dividingBy y: Double) -> Self { remainder(dividingBy: Self(constant: y)) }
  /// The truncating remainder of a division by a constant; see ``fmod(_:_:)-(Self,Self)``.
  @inlinable @_disfavoredOverload
  public func truncatingRemainder(dividingBy y: Double) -> Self { truncatingRemainder(dividingBy: Self(constant: y)) }
}

extension Value {
  /// A whole number next to this one; the rule is `Double`'s. Derivative: 0.
  ///
  /// ```swift
  /// Value(2.5).rounded().data  // 3.0
  /// Value(2.5).rounded(.toNearestOrEven).data  // 2.0
  /// ```
  public func rounded(_ rule: FloatingPointRoundingRule = .toNearestOrAwayFromZero) -> Value {
    switch rule {
    case .toNearestOrAwayFromZero: .round(self)
    case .toNearestOrEven: .apply(.round_to_even, to: self)
    case .down: .floor(self)
    case .up: .ceil(self)
    case .towardZero: .trunc(self)
    case .awayFromZero: .sign(self) * .ceil(magnitude)
    @unknown default: trap("rounded(\(rule)): this rule is not known; round with floor, ceil, round or trunc")
    }
  }

  /// The remainder x - n y for the whole number n closest to x / y, of two the even one, as `Double` has it.
  ///
  /// Derivatives: 1 by x, -n by y, everywhere, also where n changes. NaN for y = 0 and for infinite x.
  public func remainder(dividingBy y: Value) -> Value { Value.apply(.remainder, to: self, y) }

  /// The remainder x - n y for x / y cut to a whole number n, as `Double` has it; also called fmod. It has the sign of x.
  ///
  /// Derivatives: 1 by x, -n by y, everywhere, also where n changes. NaN for y = 0 and for infinite x.
  public func truncatingRemainder(dividingBy y: Value) -> Value { Value.apply(.truncating_remainder, to: self, y) }
}

// MARK: - Free functions

/// The sign of x: 1, -1, or x itself where it is a zero or NaN. Derivative: 0.
@inlinable
public func sign(_ x: Value) -> Value { .sign(x) }
/// The sign of x: 1, -1, or x itself where it is a zero or NaN, of a plain number.
@inlinable
public func sign(_ x: Double) -> Double { Double.apply(.sign, to: x) }
/// The largest whole number that is not above x. Derivative: 0.
@inlinable
public func floor(_ x: Value) -> Value { .floor(x) }
/// The largest whole number that is not above x, of a plain number.
@inlinable @_disfavoredOverload
public func floor(_ x: Double) -> Double { Double.apply(.floor, to: x) }
/// The smallest whole number that is not below x. Derivative: 0.
@inlinable
public func ceil(_ x: Value) -> Value { .ceil(x) }
/// The smallest whole number that is not below x, of a plain number.
@inlinable @_disfavoredOverload
public func ceil(_ x: Double) -> Double { Double.apply(.ceiling, to: x) }
/// The closest whole number, of two the one away from zero. Derivative: 0.
@inlinable
public func round(_ x: Value) -> Value { .round(x) }
/// The closest whole number, of two the one away from zero, of a plain number.
@inlinable @_disfavoredOverload
public func round(_ x: Double) -> Double { Double.apply(.round, to: x) }
/// The whole number next to x towards zero. Derivative: 0.
@inlinable
public func trunc(_ x: Value) -> Value { .trunc(x) }
/// The whole number next to x towards zero, of a plain number.
@inlinable @_disfavoredOverload
public func trunc(_ x: Double) -> Double { Double.apply(.truncate, to: x) }
/// The remainder of x / y; see ``DifferentiableNumber/remainder(_:_:)-(Self,Self)``.
@inlinable
public func remainder(_ x: Value, _ y: Value) -> Value { .remainder(x, y) }
/// The remainder of x / y for a constant y.
@inlinable
public func remainder(_ x: Value, _ y: Double) -> Value { .remainder(x, y) }
/// The remainder of x / y for a constant x.
@inlinable
public func remainder(_ x: Double, _ y: Value) -> Value { .remainder(x, y) }
/// The remainder of x / y of plain numbers.
@available(*, unavailable, message: "import Foundation for remainder of plain numbers")
public func remainder(_ x: Double, _ y: Double) -> Double { fatalError() }
/// The truncating remainder of x / y; see ``DifferentiableNumber/fmod(_:_:)-(Self,Self)``.
@inlinable
public func fmod(_ x: Value, _ y: Value) -> Value { .fmod(x, y) }
/// The truncating remainder of x / y for a constant y.
@inlinable
public func fmod(_ x: Value, _ y: Double) -> Value { .fmod(x, y) }
/// The truncating remainder of x / y for a constant x.
@inlinable
public func fmod(_ x: Double, _ y: Value) -> Value { .fmod(x, y) }
/// The truncating remainder of x / y of plain numbers.
@available(*, unavailable, message: "import Foundation for fmod of plain numbers")
public func fmod(_ x: Double, _ y: Double) -> Double { fatalError() }
