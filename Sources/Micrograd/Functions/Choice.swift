import CMicrograd

// Operations that choose by value. They choose again when the tape is recomputed; `select` is in Condition.swift.

extension DifferentiableNumber {
  /// The larger of two numbers; NaN where one is.
  ///
  /// Derivative: 1 for the larger, 0 for the other, ½ for each where they are equal, 1 for both where one is NaN.
  @inlinable @inline(__always)
  public static func max(_ x: Self, _ y: Self) -> Self { apply(.maximum, to: x, y) }
  /// The larger of a number and a constant.
  @inlinable @inline(__always)
  public static func max(_ x: Self, _ y: Double) -> Self { apply(.maximum, to: x, Self(constant: y)) }
  /// The larger of a constant and a number.
  @inlinable @inline(__always)
  public static func max(_ x: Double, _ y: Self) -> Self { apply(.maximum, to: Self(constant: x), y) }

  /// The smaller of two numbers; NaN where one is.
  ///
  /// Derivative: 1 for the smaller, 0 for the other, ½ for each where they are equal, 1 for both where one is NaN.
  @inlinable @inline(__always)
  public static func min(_ x: Self, _ y: Self) -> Self { apply(.minimum, to: x, y) }
  /// The smaller of a number and a constant.
  @inlinable @inline(__always)
  public static func min(_ x: Self, _ y: Double) -> Self { apply(.minimum, to: x, Self(constant: y)) }
  /// The smaller of a constant and a number.
  @inlinable @inline(__always)
  public static func min(_ x: Double, _ y: Self) -> Self { apply(.minimum, to: Self(constant: x), y) }

  /// The absolute value. Derivative: the sign of x, 0 at 0.
  @inlinable @inline(__always)
  public static func abs(_ x: Self) -> Self { x.magnitude }

  /// The number closest to x within the limits: `T.clamped(x, to: 0...1)`. NaN stays NaN.
  ///
  /// Derivative: 1 between the limits, 0 at them and outside, as PyTorch's from version 2.15 on.
  @inlinable
  public static func clamped(_ x: Self, to limits: ClosedRange<Double>) -> Self {
    apply(.clamp_above, to: apply(.clamp_below, to: x, constant: limits.lowerBound), constant: limits.upperBound)
  }
  /// x, or the limit where x is below it. Derivative: 1 above the limit, 0 at it and below.
  @inlinable
  public static func clamped(_ x: Self, to limits: PartialRangeFrom<Double>) -> Self {
    apply(.clamp_below, to: x, constant: limits.lowerBound)
  }
  /// x, or the limit where x is above it. Derivative: 1 below the limit, 0 at it and above.
  @inlinable
  public static func clamped(_ x: Self, to limits: PartialRangeThrough<Double>) -> Self {
    apply(.clamp_above, to: x, constant: limits.upperBound)
  }

  /// x within limits that are numbers of its type: min(max(x, lower), upper). Derivatives flow into whichever of the three
  /// it is.
  @inlinable
  public static func clamp(_ x: Self, _ lower: Self, _ upper: Self) -> Self { min(max(x, lower), upper) }
  /// x within constant limits; see ``clamped(_:to:)-(_,ClosedRange<Double>)``.
  ///
  /// - Precondition: The lower limit is not above the upper one.
  @inlinable
  public static func clamp(_ x: Self, _ lower: Double, _ upper: Double) -> Self {
    require(lower <= upper, "clamp between \(lower) and \(upper): give the lower limit first, both numbers")
    return clamped(x, to: lower...upper)
  }

  /// The number closest to this one within the limits; see ``clamped(_:to:)-(_,ClosedRange<Double>)``.
  @inlinable
  public func clamped(to limits: ClosedRange<Double>) -> Self { Self.clamped(self, to: limits) }
  /// This number, or the limit where it is below it; see ``clamped(_:to:)-(_,PartialRangeFrom<Double>)``.
  @inlinable
  public func clamped(to limits: PartialRangeFrom<Double>) -> Self { Self.clamped(self, to: limits) }
  /// This number, or the limit where it is above it; see ``clamped(_:to:)-(_,PartialRangeThrough<Double>)``.
  @inlinable
  public func clamped(to limits: PartialRangeThrough<Double>) -> Self { Self.clamped(self, to: limits) }
}

extension Value {
  /// The absolute value. Derivative: the sign of x, 0 at 0.
  @inlinable
  public var magnitude: Value { Value.apply(.absolute, to: self) }
}

// MARK: - Free functions

/// The absolute value. Derivative: the sign of x, 0 at 0.
@inlinable
public func abs(_ x: Value) -> Value { x.magnitude }

/// The larger of two Values; see ``DifferentiableNumber/max(_:_:)-(Self,Self)``.
@inlinable
public func max(_ x: Value, _ y: Value) -> Value { .max(x, y) }
/// The larger of a Value and a constant.
@inlinable
public func max(_ x: Value, _ y: Double) -> Value { .max(x, y) }
/// The larger of a constant and a Value.
@inlinable
public func max(_ x: Double, _ y: Value) -> Value { .max(x, y) }
/// The larger of a Value and a whole number.
@inlinable @_disfavoredOverload
public func max(_ x: Value, _ n: Int) -> Value { .max(x, Double(n)) }
/// The larger of a whole number and a Value.
@inlinable @_disfavoredOverload
public func max(_ n: Int, _ y: Value) -> Value { .max(Double(n), y) }

/// The largest of three Values or more; see ``DifferentiableNumber/max(_:_:)-(Self,Self)``.
public func max(_ x: Value, _ y: Value, _ z: Value, _ rest: Value...) -> Value {
  rest.reduce(.max(.max(x, y), z)) { .max($0, $1) }
}

/// The smaller of two Values; see ``DifferentiableNumber/min(_:_:)-(Self,Self)``.
@inlinable
public func min(_ x: Value, _ y: Value) -> Value { .min(x, y) }
/// The smaller of a Value and a constant.
@inlinable
public func min(_ x: Value, _ y: Double) -> Value { .min(x, y) }
/// The smaller of a constant and a Value.
@inlinable
public func min(_ x: Double, _ y: Value) -> Value { .min(x, y) }
/// The smaller of a Value and a whole number.
@inlinable @_disfavoredOverload
public func min(_ x: Value, _ n: Int) -> Value { .min(x, Double(n)) }
/// The smaller of a whole number and a Value.
@inlinable @_disfavoredOverload
public func min(_ n: Int, _ y: Value) -> Value { .min(Double(n), y) }

/// The smallest of three Values or more; see ``DifferentiableNumber/min(_:_:)-(Self,Self)``.
public func min(_ x: Value, _ y: Value, _ z: Value, _ rest: Value...) -> Value {
  rest.reduce(.min(.min(x, y), z)) { .min($0, $1) }
}

/// x within constant limits; see ``DifferentiableNumber/clamp(_:_:_:)-(_,Double,Double)``.
@inlinable
public func clamp(_ x: Value, _ lower: Double, _ upper: Double) -> Value { .clamp(x, lower, upper) }
/// x within limits that are Values: min(max(x, lower), upper). Derivatives flow into whichever of the three it is.
@inlinable
public func clamp(_ x: Value, _ lower: Value, _ upper: Value) -> Value { .clamp(x, lower, upper) }
/// x within a limit that is a Value and one that is a number; see ``clamp(_:_:_:)-(Value,Value,Value)``.
@inlinable
public func clamp(_ x: Value, _ lower: Value, _ upper: Double) -> Value { min(max(x, lower), upper) }
/// x within a limit that is a number and one that is a Value; see ``clamp(_:_:_:)-(Value,Value,Value)``.
@inlinable
public func clamp(_ x: Value, _ lower: Double, _ upper: Value) -> Value { min(max(x, lower), upper) }
