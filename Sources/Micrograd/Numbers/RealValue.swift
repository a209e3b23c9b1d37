import RealModule

/// A ``Value`` as a number of swift-numerics, for generic code that is already written over `Real`, `AlgebraicField` or
/// `ElementaryFunctions`.
///
/// ```swift
/// import RealModule
///
/// func bump<T: AlgebraicField & ElementaryFunctions>(_ x: T) -> T { .exp(-x * x / 2) }
///
/// bump(0.5)  // 0.882497
/// gradient(at: 0.5) { x in bump(RealValue(x)).value }  // -0.441248
/// ```
///
/// Literals become constants. New code is better written over ``DifferentiableNumber``, which has more functions and needs
/// no wrapper. Comparisons, hashing and everything else that is not a function with a derivative look at the data alone.
public struct RealValue: Real {
  /// The Value that is wrapped.
  public var value: Value

  /// Wraps a Value.
  @inlinable
  public init(_ value: Value) { self.value = value }

  @inlinable
  internal init(constant number: Double) { value = .constant(number) }
}

// MARK: - Numbers

extension RealValue: AlgebraicField, ExpressibleByFloatLiteral {
  /// The absolute value is a number of the same kind.
  public typealias Magnitude = RealValue

  /// A literal with a decimal point, as a constant.
  @inlinable
  public init(floatLiteral number: Double) { self.init(constant: number) }
  /// A whole literal, as a constant.
  @inlinable
  public init(integerLiteral number: Int) { self.init(constant: Double(number)) }
  /// A whole number as a constant, `nil` where a Double cannot hold it exactly.
  public init?(exactly source: some BinaryInteger) {
    guard let number = Double(exactly: source) else { return nil }
    self.init(constant: number)
  }

  /// 0 as a constant.
  @inlinable
  public static var zero: RealValue { RealValue(constant: 0) }
  /// The sum.
  @inlinable
  public static func + (a: RealValue, b: RealValue) -> RealValue { RealValue(a.value + b.value) }
  /// The difference.
  @inlinable
  public static func - (a: RealValue, b: RealValue) -> RealValue { RealValue(a.value - b.value) }
  /// The product.
  @inlinable
  public static func * (a: RealValue, b: RealValue) -> RealValue { RealValue(a.value * b.value) }
  /// The quotient.
  @inlinable
  public static func / (a: RealValue, b: RealValue) -> RealValue { RealValue(a.value / b.value) }
  /// The negative.
  @inlinable
  public static prefix func - (a: RealValue) -> RealValue { RealValue(-a.value) }
  /// Replaces `a` by the sum.
  @inlinable
  public static func += (a: inout RealValue, b: RealValue) { a = a + b }
  /// Replaces `a` by the difference.
  @inlinable
  public static func -= (a: inout RealValue, b: RealValue) { a = a - b }
  /// Replaces `a` by the product.
  @inlinable
  public static func *= (a: inout RealValue, b: RealValue) { a = a * b }
  /// Replaces `a` by the quotient.
  @inlinable
  public static func /= (a: inout RealValue, b: RealValue) { a = a / b }

  /// The absolute value. Derivative: the sign of x, 0 at 0.
  @inlinable
  public var magnitude: RealValue { RealValue(value.magnitude) }
  /// 1 / x as one node, `nil` for 0.
  @inlinable
  public var reciprocal: RealValue? { value == 0 ? nil : RealValue(1 / value) }
  /// Replaces this number by its negative.
  @inlinable
  public mutating func negate() { self = -self }
}

// MARK: - Functions

extension RealValue: ElementaryFunctions, RealFunctions {
  /// e^x.
  public static func exp(_ x: RealValue) -> RealValue { RealValue(.exp(x.value)) }
  /// e^x - 1 without cancellation near 0.
  public static func expMinusOne(_ x: RealValue) -> RealValue { RealValue(.expMinusOne(x.value)) }
  /// 2^x.
  public static func exp2(_ x: RealValue) -> RealValue { RealValue(.exp2(x.value)) }
  /// 10^x.
  public static func exp10(_ x: RealValue) -> RealValue { RealValue(.exp10(x.value)) }
  /// The natural logarithm.
  public static func log(_ x: RealValue) -> RealValue { RealValue(.log(x.value)) }
  /// log(1 + x) without cancellation near 0.
  public static func log(onePlus x: RealValue) -> RealValue { RealValue(.log(onePlus: x.value)) }
  /// The logarithm to base 2.
  public static func log2(_ x: RealValue) -> RealValue { RealValue(.log2(x.value)) }
  /// The logarithm to base 10.
  public static func log10(_ x: RealValue) -> RealValue { RealValue(.log10(x.value)) }
  /// The cosine of x radians.
  public static func cos(_ x: RealValue) -> RealValue { RealValue(.cos(x.value)) }
  /// The sine of x radians.
  public static func sin(_ x: RealValue) -> RealValue { RealValue(.sin(x.value)) }
  /// The tangent of x radians.
  public static func tan(_ x: RealValue) -> RealValue { RealValue(.tan(x.value)) }
  /// The angle in [0, π] whose cosine is x.
  public static func acos(_ x: RealValue) -> RealValue { RealValue(.acos(x.value)) }
  /// The angle in [-π/2, π/2] whose sine is x.
  public static func asin(_ x: RealValue) -> RealValue { RealValue(.asin(x.value)) }
  /// The angle in (-π/2, π/2) whose tangent is x.
  public static func atan(_ x: RealValue) -> RealValue { RealValue(.atan(x.value)) }
  /// The angle of the point (x, y).
  public static func atan2(y: RealValue, x: RealValue) -> RealValue { RealValue(.atan2(y: y.value, x: x.value)) }
  /// The hyperbolic cosine.
  public static func cosh(_ x: RealValue) -> RealValue { RealValue(.cosh(x.value)) }
  /// The hyperbolic sine.
  public static func sinh(_ x: RealValue) -> RealValue { RealValue(.sinh(x.value)) }
  /// The hyperbolic tangent.
  public static func tanh(_ x: RealValue) -> RealValue { RealValue(.tanh(x.value)) }
  /// The inverse of cosh.
  public static func acosh(_ x: RealValue) -> RealValue { RealValue(.acosh(x.value)) }
  /// The inverse of sinh.
  public static func asinh(_ x: RealValue) -> RealValue { RealValue(.asinh(x.value)) }
  /// The inverse of tanh.
  public static func atanh(_ x: RealValue) -> RealValue { RealValue(.atanh(x.value)) }
  /// x to the power of y.
  public static func pow(_ x: RealValue, _ y: RealValue) -> RealValue { RealValue(x.value ** y.value) }
  /// x to the power of a whole number, of either sign.
  public static func pow(_ x: RealValue, _ n: Int) -> RealValue { RealValue(x.value ** Double(n)) }
  /// The square root.
  public static func sqrt(_ x: RealValue) -> RealValue { RealValue(.sqrt(x.value)) }
  /// The n-th root.
  public static func root(_ x: RealValue, _ n: Int) -> RealValue { RealValue(.root(x.value, n)) }
  /// √(x² + y²) without overflow.
  public static func hypot(_ x: RealValue, _ y: RealValue) -> RealValue { RealValue(.hypot(x.value, y.value)) }
  /// The error function.
  public static func erf(_ x: RealValue) -> RealValue { RealValue(.erf(x.value)) }
  /// 1 - erf(x), without cancellation.
  public static func erfc(_ x: RealValue) -> RealValue { RealValue(.erfc(x.value)) }
  /// Γ(x).
  public static func gamma(_ x: RealValue) -> RealValue { RealValue(.gamma(x.value)) }
  /// log |Γ(x)|.
  public static func logGamma(_ x: RealValue) -> RealValue { RealValue(.logGamma(x.value)) }
  #if !os(Windows)
    /// The sign of Γ(x), which ``logGamma(_:)`` leaves out.
    public static func signGamma(_ x: RealValue) -> FloatingPointSign { Double.signGamma(x.value.data) }
  #endif
}

// MARK: - Floating point

extension RealValue: FloatingPoint {
  /// An exponent is an integer.
  public typealias Exponent = Double.Exponent

  private var data: Double { value.data }

  /// A number of a sign, an exponent and a significand; derivatives flow into the significand.
  public init(sign: FloatingPointSign, exponent: Int, significand: RealValue) {
    let scale = Double(sign: sign, exponent: exponent, significand: 1)
    self.init(significand.value * scale)
  }
  /// The magnitude of one number with the sign of another.
  public init(signOf sign: RealValue, magnitudeOf magnitude: RealValue) {
    self = sign.sign == magnitude.sign ? magnitude : -magnitude
  }
  /// A whole number as a constant.
  public init(_ number: Int) { self.init(constant: Double(number)) }
  /// A whole number as a constant, rounded to the nearest Double.
  public init(_ number: some BinaryInteger) { self.init(constant: Double(number)) }

  /// 2.
  public static var radix: Int { Double.radix }
  /// NaN as a constant.
  public static var nan: RealValue { RealValue(constant: .nan) }
  /// A signaling NaN as a constant.
  public static var signalingNaN: RealValue { RealValue(constant: .signalingNaN) }
  /// Infinity as a constant.
  public static var infinity: RealValue { RealValue(constant: .infinity) }
  /// The largest finite number, as a constant.
  public static var greatestFiniteMagnitude: RealValue { RealValue(constant: .greatestFiniteMagnitude) }
  /// π rounded towards zero, as a constant.
  public static var pi: RealValue { RealValue(constant: .pi) }
  /// The least positive normal number, as a constant.
  public static var leastNormalMagnitude: RealValue { RealValue(constant: .leastNormalMagnitude) }
  /// The least positive number, as a constant.
  public static var leastNonzeroMagnitude: RealValue { RealValue(constant: .leastNonzeroMagnitude) }

  /// The unit in the last place, as a constant.
  public var ulp: RealValue { RealValue(constant: data.ulp) }
  /// The sign of the data.
  public var sign: FloatingPointSign { data.sign }
  /// The exponent of the data.
  public var exponent: Int { data.exponent }
  /// The significand, scaled by a power of two that counts as a constant.
  public var significand: RealValue {
    guard data.isFinite, data != 0 else { return RealValue(constant: data.significand) }
    return RealValue(value.magnitude / Double(sign: .plus, exponent: data.exponent, significand: 1))
  }
  /// The next number above, as a constant.
  public var nextUp: RealValue { RealValue(constant: data.nextUp) }

  /// Replaces this number by the remainder of a division, the quotient rounded to the nearest whole number.
  public mutating func formRemainder(dividingBy other: RealValue) {
    value = value.remainder(dividingBy: other.value)
  }
  /// Replaces this number by the remainder of a division, the quotient cut to a whole number.
  public mutating func formTruncatingRemainder(dividingBy other: RealValue) {
    value = value.truncatingRemainder(dividingBy: other.value)
  }
  /// Replaces this number by its square root.
  public mutating func formSquareRoot() { value = .sqrt(value) }
  /// Adds a product, which is rounded before it is added.
  public mutating func addProduct(_ a: RealValue, _ b: RealValue) { value += a.value * b.value }
  /// Rounds this number to a whole one. Derivative: 0.
  public mutating func round(_ rule: FloatingPointRoundingRule) { value = value.rounded(rule) }

  /// Returns true if the data are equal.
  public func isEqual(to other: RealValue) -> Bool { value == other.value }
  /// Returns true if the data is less.
  public func isLess(than other: RealValue) -> Bool { value < other.value }
  /// Returns true if the data is less or equal.
  public func isLessThanOrEqualTo(_ other: RealValue) -> Bool { value <= other.value }

  /// Returns true if the data comes no later in IEEE 754's total order.
  public func isTotallyOrdered(belowOrEqualTo other: RealValue) -> Bool {
    data.isTotallyOrdered(belowOrEqualTo: other.data)
  }

  /// Returns true if the data is a normal number.
  public var isNormal: Bool { data.isNormal }
  /// Returns true if the data is neither infinite nor NaN.
  public var isFinite: Bool { data.isFinite }
  /// Returns true if the data is zero.
  public var isZero: Bool { value == 0 }
  /// Returns true if the data is subnormal.
  public var isSubnormal: Bool { data.isSubnormal }
  /// Returns true if the data is infinite.
  public var isInfinite: Bool { data.isInfinite }
  /// Returns true if the data is NaN.
  public var isNaN: Bool { data.isNaN }
  /// Returns true if the data is a signaling NaN.
  public var isSignalingNaN: Bool { data.isSignalingNaN }
  /// Returns true.
  public var isCanonical: Bool { data.isCanonical }

  /// Feeds the data to a hasher.
  public func hash(into hasher: inout Hasher) { hasher.combine(data) }
  /// The difference to another number.
  public func distance(to other: RealValue) -> RealValue { other - self }
  /// This number moved by another.
  public func advanced(by n: RealValue) -> RealValue { self + n }
}

extension RealValue: CustomStringConvertible {
  /// The Value's own: `Value(data: 24.7041, grad: 1.0)`.
  public var description: String { value.description }
}
