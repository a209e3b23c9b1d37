import CMicrograd

// Functions that are flat but for jumps: their derivative is zero everywhere, as PyTorch's.

/// The sign of x: 1, -1, or x itself where it is a zero or NaN. Derivative: 0.
public func sign(_ x: Value) -> Value { Value.apply(.sign, to: x) }
/// The largest whole number that is not above x. Derivative: 0.
public func floor(_ x: Value) -> Value { Value.apply(.floor, to: x) }
/// The smallest whole number that is not below x. Derivative: 0.
public func ceil(_ x: Value) -> Value { Value.apply(.ceiling, to: x) }
/// The closest whole number, of two the one away from zero. Derivative: 0.
public func round(_ x: Value) -> Value { Value.apply(.round, to: x) }
/// The whole number next to x towards zero. Derivative: 0.
public func trunc(_ x: Value) -> Value { Value.apply(.truncate, to: x) }

extension Value {
  /// A whole number next to this one; the rule is `Double`'s. Derivative: 0.
  ///
  ///     Value(2.5).rounded().data  // 3.0
  ///     Value(2.5).rounded(.toNearestOrEven).data  // 2.0
  public func rounded(_ rule: FloatingPointRoundingRule = .toNearestOrAwayFromZero) -> Value {
    switch rule {
    case .toNearestOrAwayFromZero: round(self)
    case .toNearestOrEven: Value.apply(.round_to_even, to: self)
    case .down: floor(self)
    case .up: ceil(self)
    case .towardZero: trunc(self)
    case .awayFromZero: sign(self) * ceil(magnitude)
    @unknown default: trap("rounded(\(rule)): this rule is not known; round with floor, ceil, round or trunc")
    }
  }

  /// The remainder x - n y for the whole number n closest to x / y, of two the even one, as `Double` has it.
  ///
  /// Derivatives: 1 by x, -n by y, everywhere, also where n changes. NaN for y = 0 and for infinite x.
  public func remainder(dividingBy y: Value) -> Value { Value.apply(.remainder, to: self, y) }
  /// The remainder of a division by a constant.
  public func remainder(dividingBy y: some PlainNumber) -> Value { remainder(dividingBy: .constant(y.plainNumber)) }

  /// The remainder x - n y for x / y cut to a whole number n, as `Double` has it; also called fmod. It has the sign of x.
  ///
  /// Derivatives: 1 by x, -n by y, everywhere, also where n changes. NaN for y = 0 and for infinite x.
  public func truncatingRemainder(dividingBy y: Value) -> Value { Value.apply(.truncating_remainder, to: self, y) }
  /// The truncating remainder of a division by a constant.
  public func truncatingRemainder(dividingBy y: some PlainNumber) -> Value {
    truncatingRemainder(dividingBy: .constant(y.plainNumber))
  }
}

/// The remainder of x / y; see ``Value/remainder(dividingBy:)-(Value)``.
public func remainder(_ x: some ValueConvertible, _ y: some ValueConvertible) -> Value {
  x.value.remainder(dividingBy: y.value)
}
/// The remainder of x / y for a constant y.
public func remainder(_ x: some ValueConvertible, _ y: some PlainNumber) -> Value {
  x.value.remainder(dividingBy: y)
}
/// The remainder of x / y for a constant x.
public func remainder(_ x: some PlainNumber, _ y: some ValueConvertible) -> Value {
  Value.constant(x.plainNumber).remainder(dividingBy: y.value)
}
/// The truncating remainder of x / y; see ``Value/truncatingRemainder(dividingBy:)-(Value)``.
public func fmod(_ x: some ValueConvertible, _ y: some ValueConvertible) -> Value {
  x.value.truncatingRemainder(dividingBy: y.value)
}
/// The truncating remainder of x / y for a constant y.
public func fmod(_ x: some ValueConvertible, _ y: some PlainNumber) -> Value {
  x.value.truncatingRemainder(dividingBy: y)
}
/// The truncating remainder of x / y for a constant x.
public func fmod(_ x: some PlainNumber, _ y: some ValueConvertible) -> Value {
  Value.constant(x.plainNumber).truncatingRemainder(dividingBy: y.value)
}
