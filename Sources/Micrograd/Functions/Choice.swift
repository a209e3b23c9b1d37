import CMicrograd

// Operations that choose by value. They look again when the tape is recomputed; `select` is in Condition.swift.
//
// The overloads with a number take `some ValueConvertible` where `Value` would read more plainly: with `Value` there, the
// literal of `max(x, 0)` could be one, so that the call would be ambiguous for a plain x, and record for a constant.

/// The larger of two Values; NaN where one is.
///
/// Derivative: 1 for the larger, 0 for the other, ½ for each where they are equal, 1 for both where one is NaN.
public func max(_ x: Value, _ y: Value) -> Value { Value.apply(.maximum, to: x, y) }
/// The larger of a Value and a constant.
public func max(_ x: some ValueConvertible, _ y: some PlainNumber) -> Value { max(x.value, .constant(y.plainNumber)) }
/// The larger of a constant and a Value.
public func max(_ x: some PlainNumber, _ y: some ValueConvertible) -> Value { max(.constant(x.plainNumber), y.value) }

/// The smaller of two Values; NaN where one is.
///
/// Derivative: 1 for the smaller, 0 for the other, ½ for each where they are equal, 1 for both where one is NaN.
public func min(_ x: Value, _ y: Value) -> Value { Value.apply(.minimum, to: x, y) }
/// The smaller of a Value and a constant.
public func min(_ x: some ValueConvertible, _ y: some PlainNumber) -> Value { min(x.value, .constant(y.plainNumber)) }
/// The smaller of a constant and a Value.
public func min(_ x: some PlainNumber, _ y: some ValueConvertible) -> Value { min(.constant(x.plainNumber), y.value) }

extension Value {
  /// The number closest to this one within the limits: `x.clamped(to: 0...1)`. NaN stays NaN.
  ///
  /// Derivative: 1 between the limits, 0 at them and outside, as PyTorch's from version 2.15 on.
  public func clamped(to limits: ClosedRange<Double>) -> Value {
    Value.apply(
      .clamp_above, to: Value.apply(.clamp_below, to: self, constant: limits.lowerBound), constant: limits.upperBound)
  }

  /// This Value, or the limit where it is below it. Derivative: 1 above the limit, 0 at it and below.
  public func clamped(to limits: PartialRangeFrom<Double>) -> Value {
    Value.apply(.clamp_below, to: self, constant: limits.lowerBound)
  }

  /// This Value, or the limit where it is above it. Derivative: 1 below the limit, 0 at it and above.
  public func clamped(to limits: PartialRangeThrough<Double>) -> Value {
    Value.apply(.clamp_above, to: self, constant: limits.upperBound)
  }
}

/// x within limits; see ``Value/clamped(to:)-(ClosedRange<Double>)``.
///
/// - Precondition: The lower limit is not above the upper one.
public func clamp(_ x: Value, _ lower: some PlainNumber, _ upper: some PlainNumber) -> Value {
  let (lower, upper) = (lower.plainNumber, upper.plainNumber)
  require(lower <= upper, "clamp between \(lower) and \(upper): give the lower limit first, both numbers")
  return x.clamped(to: lower...upper)
}

/// x within limits that are Values: min(max(x, lower), upper). Derivatives flow into whichever of the three it is.
public func clamp(_ x: Value, _ lower: Value, _ upper: Value) -> Value { min(max(x, lower), upper) }
/// x within a limit that is a Value and one that is a number; see ``clamp(_:_:_:)-(Value,Value,Value)``.
public func clamp(_ x: Value, _ lower: some ValueConvertible, _ upper: some PlainNumber) -> Value {
  min(max(x, lower.value), upper)
}
/// x within a limit that is a number and one that is a Value; see ``clamp(_:_:_:)-(Value,Value,Value)``.
public func clamp(_ x: Value, _ lower: some PlainNumber, _ upper: some ValueConvertible) -> Value {
  min(max(x, lower), upper.value)
}
