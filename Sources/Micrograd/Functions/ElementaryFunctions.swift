import CMicrograd

// Exponentials, logarithms, powers and circles. Each function is a static function of every DifferentiableNumber, with
// its documentation, a free function of Values and of Doubles, and a method of Values. The free functions of Doubles are
// disfavoured where Foundation has the same ones: these are taken where it is imported.

extension DifferentiableNumber {
  /// e^x. Derivative: e^x.
  @inlinable @inline(__always)
  public static func exp(_ x: Self) -> Self { apply(.exponential, to: x) }

  /// e^x - 1 without cancellation near 0. Derivative: e^x.
  @inlinable @inline(__always)
  public static func expMinusOne(_ x: Self) -> Self { apply(.exponential_minus_one, to: x) }

  /// e^x - 1 without cancellation near 0, by C's name.
  @inlinable @inline(__always)
  public static func expm1(_ x: Self) -> Self { expMinusOne(x) }

  /// 2^x. Derivative: 2^x log 2.
  @inlinable @inline(__always)
  public static func exp2(_ x: Self) -> Self { apply(.exponential_base_2, to: x) }

  /// 10^x. Derivative: 10^x log 10.
  @inlinable @inline(__always)
  public static func exp10(_ x: Self) -> Self { apply(.exponential_base_10, to: x) }

  /// The natural logarithm: -∞ at 0, NaN below. Derivative: 1 / x, on either side of 0.
  @inlinable @inline(__always)
  public static func log(_ x: Self) -> Self { apply(.logarithm, to: x) }

  /// log(1 + x) without cancellation near 0. Derivative: 1 / (1 + x).
  @inlinable @inline(__always)
  public static func log(onePlus x: Self) -> Self { apply(.logarithm_one_plus, to: x) }

  /// log(1 + x) without cancellation near 0, by C's name.
  @inlinable @inline(__always)
  public static func log1p(_ x: Self) -> Self { log(onePlus: x) }

  /// The logarithm to base 2: -∞ at 0, NaN below. Derivative: 1 / (x log 2), on either side of 0.
  @inlinable @inline(__always)
  public static func log2(_ x: Self) -> Self { apply(.logarithm_base_2, to: x) }

  /// The logarithm to base 10: -∞ at 0, NaN below. Derivative: 1 / (x log 10), on either side of 0.
  @inlinable @inline(__always)
  public static func log10(_ x: Self) -> Self { apply(.logarithm_base_10, to: x) }

  /// The square root: NaN below 0. Derivative: 1 / (2 √x), infinite at 0.
  @inlinable @inline(__always)
  public static func sqrt(_ x: Self) -> Self { apply(.square_root, to: x) }

  /// The cube root, of negative numbers too. Derivative: 1 / (3 ∛x²), infinite at 0.
  @inlinable @inline(__always)
  public static func cbrt(_ x: Self) -> Self { apply(.cube_root, to: x) }

  /// x to the power of y; the operator `**` says what happens at the edges.
  @inlinable @inline(__always)
  public static func pow(_ x: Self, _ y: Self) -> Self { x ** y }

  /// x to the power of a constant.
  @inlinable @inline(__always)
  public static func pow(_ x: Self, _ y: Double) -> Self { x ** y }

  /// A constant to the power of y.
  @inlinable @inline(__always)
  public static func pow(_ x: Double, _ y: Self) -> Self { x ** y }

  /// x to the power of a whole number, of either sign.
  @inlinable @inline(__always) @_disfavoredOverload
  public static func pow(_ x: Self, _ n: Int) -> Self { x ** Double(n) }

  /// The square. Derivative: 2 x.
  @inlinable @inline(__always)
  public static func squared(_ x: Self) -> Self { x.squared() }

  /// The cube. Derivative: 3 x².
  @inlinable @inline(__always)
  public static func cubed(_ x: Self) -> Self { x.cubed() }

  /// The cosine of x radians. Derivative: -sin x.
  @inlinable @inline(__always)
  public static func cos(_ x: Self) -> Self { apply(.cosine, to: x) }

  /// The sine of x radians. Derivative: cos x.
  @inlinable @inline(__always)
  public static func sin(_ x: Self) -> Self { apply(.sine, to: x) }

  /// The tangent of x radians. Derivative: 1 + tan² x.
  @inlinable @inline(__always)
  public static func tan(_ x: Self) -> Self { apply(.tangent, to: x) }

  /// The angle in [0, π] whose cosine is x, for |x| ≤ 1, else NaN. Derivative: -1 / √(1 - x²), infinite at ±1.
  @inlinable @inline(__always)
  public static func acos(_ x: Self) -> Self { apply(.arc_cosine, to: x) }

  /// The angle in [-π/2, π/2] whose sine is x, for |x| ≤ 1, else NaN. Derivative: 1 / √(1 - x²), infinite at ±1.
  @inlinable @inline(__always)
  public static func asin(_ x: Self) -> Self { apply(.arc_sine, to: x) }

  /// The angle in (-π/2, π/2) whose tangent is x. Derivative: 1 / (1 + x²).
  @inlinable @inline(__always)
  public static func atan(_ x: Self) -> Self { apply(.arc_tangent, to: x) }

  /// The angle of the point (x, y), in [-π, π]. Derivatives: x / (x² + y²) by y and -y / (x² + y²) by x, 0 at the origin.
  @inlinable @inline(__always)
  public static func atan2(y: Self, x: Self) -> Self { apply(.angle, to: y, x) }

  /// The angle of the point (x, y) for a constant x.
  @inlinable @inline(__always)
  public static func atan2(y: Self, x: Double) -> Self { apply(.angle, to: y, Self(constant: x)) }

  /// The angle of the point (x, y) for a constant y.
  @inlinable @inline(__always)
  public static func atan2(y: Double, x: Self) -> Self { apply(.angle, to: Self(constant: y), x) }

  /// √(x² + y²) without overflow. Derivatives: x / hypot and y / hypot.
  ///
  /// At the origin, where the function has no derivative, all are 0, as those of PyTorch's `norm` (its `hypot` gives NaN).
  @inlinable @inline(__always)
  public static func hypot(_ x: Self, _ y: Self) -> Self { apply(.hypotenuse, to: x, y) }

  /// √(x² + y²) of a number and a constant.
  @inlinable @inline(__always)
  public static func hypot(_ x: Self, _ y: Double) -> Self { apply(.hypotenuse, to: x, Self(constant: y)) }

  /// √(x² + y²) of a constant and a number.
  @inlinable @inline(__always)
  public static func hypot(_ x: Double, _ y: Self) -> Self { apply(.hypotenuse, to: Self(constant: x), y) }

  /// The hyperbolic cosine. Derivative: sinh x.
  @inlinable @inline(__always)
  public static func cosh(_ x: Self) -> Self { apply(.hyperbolic_cosine, to: x) }

  /// The hyperbolic sine. Derivative: cosh x.
  @inlinable @inline(__always)
  public static func sinh(_ x: Self) -> Self { apply(.hyperbolic_sine, to: x) }

  /// The hyperbolic tangent. Derivative: 1 - tanh² x.
  @inlinable @inline(__always)
  public static func tanh(_ x: Self) -> Self { apply(.hyperbolic_tangent, to: x) }

  /// The inverse of cosh, for x ≥ 1, NaN below. Derivative: 1 / √(x² - 1), infinite at 1.
  @inlinable @inline(__always)
  public static func acosh(_ x: Self) -> Self { apply(.area_cosine, to: x) }

  /// The inverse of sinh. Derivative: 1 / √(x² + 1).
  @inlinable @inline(__always)
  public static func asinh(_ x: Self) -> Self { apply(.area_sine, to: x) }

  /// The inverse of tanh: ±∞ at ±1, NaN beyond. Derivative: 1 / (1 - x²), infinite at ±1.
  @inlinable @inline(__always)
  public static func atanh(_ x: Self) -> Self { apply(.area_tangent, to: x) }
}

extension Value {
  /// The n-th root: of negative x for odd n only, else NaN; of -0 it is -0. Derivative: ⁿ√x / (n x), infinite at 0.
  @inlinable
  public static func root(_ x: Value, _ n: Int) -> Value {
    switch n {
    case 2: return sqrt(x)
    case 3: return cbrt(x)
    default:
      let exponent = 1 / Double(n)
      guard hasMinusSign(x) else { return x ** exponent }
      return n % 2 == 0 && x < 0 ? x * Double.nan : -((-x) ** exponent)
    }
  }

  /// Returns true for numbers below zero and for -0. A watch sees the comparisons.
  @usableFromInline
  internal static func hasMinusSign(_ x: Value) -> Bool {
    if x < 0 { return true }
    guard x == 0 else { return false }
    // Zeros are told apart by their reciprocals, for which only a watch is worth a node.
    return x.pointer?.pointee.watch == nil ? x.unwatchedData.sign == .minus : 1 / x < 0
  }
}

// MARK: - Free functions

// `log(onePlus:)` is missing here: as a free function it would make `map(log)` ambiguous.

/// e^x; see ``DifferentiableNumber/exp(_:)``.
@inlinable
public func exp(_ x: Value) -> Value { .exp(x) }
/// e^x, of a plain number.
@inlinable @_disfavoredOverload
public func exp(_ x: Double) -> Double { Double.apply(.exponential, to: x) }
/// e^x - 1 without cancellation near 0; see ``DifferentiableNumber/expMinusOne(_:)``.
@inlinable
public func expMinusOne(_ x: Value) -> Value { .expMinusOne(x) }
/// e^x - 1 without cancellation near 0, of a plain number.
@inlinable
public func expMinusOne(_ x: Double) -> Double { Double.apply(.exponential_minus_one, to: x) }
/// e^x - 1 without cancellation near 0, by C's name; see ``DifferentiableNumber/expm1(_:)``.
@inlinable
public func expm1(_ x: Value) -> Value { .expm1(x) }
/// e^x - 1 without cancellation near 0, by C's name, of a plain number.
@inlinable @_disfavoredOverload
public func expm1(_ x: Double) -> Double { Double.apply(.exponential_minus_one, to: x) }
/// 2^x; see ``DifferentiableNumber/exp2(_:)``.
@inlinable
public func exp2(_ x: Value) -> Value { .exp2(x) }
/// 2^x, of a plain number.
@inlinable @_disfavoredOverload
public func exp2(_ x: Double) -> Double { Double.apply(.exponential_base_2, to: x) }
/// 10^x; see ``DifferentiableNumber/exp10(_:)``.
@inlinable
public func exp10(_ x: Value) -> Value { .exp10(x) }
/// 10^x, of a plain number.
@inlinable
public func exp10(_ x: Double) -> Double { Double.apply(.exponential_base_10, to: x) }
/// The natural logarithm; see ``DifferentiableNumber/log(_:)``.
@inlinable
public func log(_ x: Value) -> Value { .log(x) }
/// The natural logarithm, of a plain number.
@inlinable @_disfavoredOverload
public func log(_ x: Double) -> Double { Double.apply(.logarithm, to: x) }
/// log(1 + x) without cancellation near 0; see ``DifferentiableNumber/log1p(_:)``.
@inlinable
public func log1p(_ x: Value) -> Value { .log1p(x) }
/// log(1 + x) without cancellation near 0, of a plain number.
@inlinable @_disfavoredOverload
public func log1p(_ x: Double) -> Double { Double.apply(.logarithm_one_plus, to: x) }
/// The logarithm to base 2; see ``DifferentiableNumber/log2(_:)``.
@inlinable
public func log2(_ x: Value) -> Value { .log2(x) }
/// The logarithm to base 2, of a plain number.
@inlinable @_disfavoredOverload
public func log2(_ x: Double) -> Double { Double.apply(.logarithm_base_2, to: x) }
/// The logarithm to base 10; see ``DifferentiableNumber/log10(_:)``.
@inlinable
public func log10(_ x: Value) -> Value { .log10(x) }
/// The logarithm to base 10, of a plain number.
@inlinable @_disfavoredOverload
public func log10(_ x: Double) -> Double { Double.apply(.logarithm_base_10, to: x) }
/// The square root; see ``DifferentiableNumber/sqrt(_:)``.
@inlinable
public func sqrt(_ x: Value) -> Value { .sqrt(x) }
/// The square root, of a plain number.
@inlinable @_disfavoredOverload
public func sqrt(_ x: Double) -> Double { Double.apply(.square_root, to: x) }
/// The cube root, of negative numbers too; see ``DifferentiableNumber/cbrt(_:)``.
@inlinable
public func cbrt(_ x: Value) -> Value { .cbrt(x) }
/// The cube root, of negative numbers too, of a plain number.
@inlinable @_disfavoredOverload
public func cbrt(_ x: Double) -> Double { Double.apply(.cube_root, to: x) }
/// The cosine of x radians; see ``DifferentiableNumber/cos(_:)``.
@inlinable
public func cos(_ x: Value) -> Value { .cos(x) }
/// The cosine of x radians, of a plain number.
@inlinable @_disfavoredOverload
public func cos(_ x: Double) -> Double { Double.apply(.cosine, to: x) }
/// The sine of x radians; see ``DifferentiableNumber/sin(_:)``.
@inlinable
public func sin(_ x: Value) -> Value { .sin(x) }
/// The sine of x radians, of a plain number.
@inlinable @_disfavoredOverload
public func sin(_ x: Double) -> Double { Double.apply(.sine, to: x) }
/// The tangent of x radians; see ``DifferentiableNumber/tan(_:)``.
@inlinable
public func tan(_ x: Value) -> Value { .tan(x) }
/// The tangent of x radians, of a plain number.
@inlinable @_disfavoredOverload
public func tan(_ x: Double) -> Double { Double.apply(.tangent, to: x) }
/// The angle in [0, π] whose cosine is x; see ``DifferentiableNumber/acos(_:)``.
@inlinable
public func acos(_ x: Value) -> Value { .acos(x) }
/// The angle in [0, π] whose cosine is x, of a plain number.
@inlinable @_disfavoredOverload
public func acos(_ x: Double) -> Double { Double.apply(.arc_cosine, to: x) }
/// The angle in [-π/2, π/2] whose sine is x; see ``DifferentiableNumber/asin(_:)``.
@inlinable
public func asin(_ x: Value) -> Value { .asin(x) }
/// The angle in [-π/2, π/2] whose sine is x, of a plain number.
@inlinable @_disfavoredOverload
public func asin(_ x: Double) -> Double { Double.apply(.arc_sine, to: x) }
/// The angle in (-π/2, π/2) whose tangent is x; see ``DifferentiableNumber/atan(_:)``.
@inlinable
public func atan(_ x: Value) -> Value { .atan(x) }
/// The angle in (-π/2, π/2) whose tangent is x, of a plain number.
@inlinable @_disfavoredOverload
public func atan(_ x: Double) -> Double { Double.apply(.arc_tangent, to: x) }
/// The hyperbolic cosine; see ``DifferentiableNumber/cosh(_:)``.
@inlinable
public func cosh(_ x: Value) -> Value { .cosh(x) }
/// The hyperbolic cosine, of a plain number.
@inlinable @_disfavoredOverload
public func cosh(_ x: Double) -> Double { Double.apply(.hyperbolic_cosine, to: x) }
/// The hyperbolic sine; see ``DifferentiableNumber/sinh(_:)``.
@inlinable
public func sinh(_ x: Value) -> Value { .sinh(x) }
/// The hyperbolic sine, of a plain number.
@inlinable @_disfavoredOverload
public func sinh(_ x: Double) -> Double { Double.apply(.hyperbolic_sine, to: x) }
/// The hyperbolic tangent; see ``DifferentiableNumber/tanh(_:)``.
@inlinable
public func tanh(_ x: Value) -> Value { .tanh(x) }
/// The hyperbolic tangent, of a plain number.
@inlinable @_disfavoredOverload
public func tanh(_ x: Double) -> Double { Double.apply(.hyperbolic_tangent, to: x) }
/// The inverse of cosh; see ``DifferentiableNumber/acosh(_:)``.
@inlinable
public func acosh(_ x: Value) -> Value { .acosh(x) }
/// The inverse of cosh, of a plain number.
@inlinable @_disfavoredOverload
public func acosh(_ x: Double) -> Double { Double.apply(.area_cosine, to: x) }
/// The inverse of sinh; see ``DifferentiableNumber/asinh(_:)``.
@inlinable
public func asinh(_ x: Value) -> Value { .asinh(x) }
/// The inverse of sinh, of a plain number.
@inlinable @_disfavoredOverload
public func asinh(_ x: Double) -> Double { Double.apply(.area_sine, to: x) }
/// The inverse of tanh; see ``DifferentiableNumber/atanh(_:)``.
@inlinable
public func atanh(_ x: Value) -> Value { .atanh(x) }
/// The inverse of tanh, of a plain number.
@inlinable @_disfavoredOverload
public func atanh(_ x: Double) -> Double { Double.apply(.area_tangent, to: x) }
/// x to the power of y; see ``DifferentiableNumber/pow(_:_:)-(Self,Self)``.
@inlinable
public func pow(_ x: Value, _ y: Value) -> Value { x ** y }
/// x to the power of y, for a constant y.
@inlinable
public func pow(_ x: Value, _ y: Double) -> Value { x ** y }
/// x to the power of y, for a constant x.
@inlinable
public func pow(_ x: Double, _ y: Value) -> Value { x ** y }
/// x to the power of y, for a whole number y.
@inlinable @_disfavoredOverload
public func pow(_ x: Value, _ y: Int) -> Value { pow(x, Double(y)) }
/// x to the power of y, for a whole number x.
@inlinable @_disfavoredOverload
public func pow(_ x: Int, _ y: Value) -> Value { pow(Double(x), y) }
/// x to the power of y, of plain numbers.
@available(*, unavailable, message: "import Foundation for pow of plain numbers")
public func pow(_ x: Double, _ y: Double) -> Double { fatalError() }
/// The angle of the point (x, y); see ``DifferentiableNumber/atan2(y:x:)-(Self,Self)``.
@inlinable
public func atan2(_ y: Value, _ x: Value) -> Value { .atan2(y: y, x: x) }
/// The angle of the point (x, y), for a constant x.
@inlinable
public func atan2(_ y: Value, _ x: Double) -> Value { .atan2(y: y, x: x) }
/// The angle of the point (x, y), for a constant y.
@inlinable
public func atan2(_ y: Double, _ x: Value) -> Value { .atan2(y: y, x: x) }
/// The angle of the point (x, y), for a whole number x.
@inlinable @_disfavoredOverload
public func atan2(_ y: Value, _ x: Int) -> Value { atan2(y, Double(x)) }
/// The angle of the point (x, y), for a whole number y.
@inlinable @_disfavoredOverload
public func atan2(_ y: Int, _ x: Value) -> Value { atan2(Double(y), x) }
/// The angle of the point (x, y), of plain numbers.
@available(*, unavailable, message: "import Foundation for atan2 of plain numbers")
public func atan2(_ y: Double, _ x: Double) -> Double { fatalError() }
/// √(x² + y²) without overflow; see ``DifferentiableNumber/hypot(_:_:)-(Self,Self)``.
@inlinable
public func hypot(_ x: Value, _ y: Value) -> Value { .hypot(x, y) }
/// √(x² + y²) without overflow, for a constant y.
@inlinable
public func hypot(_ x: Value, _ y: Double) -> Value { .hypot(x, y) }
/// √(x² + y²) without overflow, for a constant x.
@inlinable
public func hypot(_ x: Double, _ y: Value) -> Value { .hypot(x, y) }
/// √(x² + y²) without overflow, for a whole number y.
@inlinable @_disfavoredOverload
public func hypot(_ x: Value, _ y: Int) -> Value { hypot(x, Double(y)) }
/// √(x² + y²) without overflow, for a whole number x.
@inlinable @_disfavoredOverload
public func hypot(_ x: Int, _ y: Value) -> Value { hypot(Double(x), y) }
/// √(x² + y²) without overflow, of plain numbers.
@available(*, unavailable, message: "import Foundation for hypot of plain numbers")
public func hypot(_ x: Double, _ y: Double) -> Double { fatalError() }

// MARK: - Methods

extension RecordedNumber {
  /// e^x - 1 without cancellation near 0; see ``DifferentiableNumber/expMinusOne(_:)``.
  @inlinable
  public func expMinusOne() -> Self { .expMinusOne(self) }
  /// e^x - 1 without cancellation near 0, by C's name; see ``DifferentiableNumber/expm1(_:)``.
  @inlinable
  public func expm1() -> Self { .expm1(self) }
  /// 2^x; see ``DifferentiableNumber/exp2(_:)``.
  @inlinable
  public func exp2() -> Self { .exp2(self) }
  /// 10^x; see ``DifferentiableNumber/exp10(_:)``.
  @inlinable
  public func exp10() -> Self { .exp10(self) }
  /// log(1 + x) without cancellation near 0; see ``DifferentiableNumber/log1p(_:)``.
  @inlinable
  public func log1p() -> Self { .log1p(self) }
  /// The logarithm to base 2; see ``DifferentiableNumber/log2(_:)``.
  @inlinable
  public func log2() -> Self { .log2(self) }
  /// The logarithm to base 10; see ``DifferentiableNumber/log10(_:)``.
  @inlinable
  public func log10() -> Self { .log10(self) }
  /// The cube root, of negative numbers too; see ``DifferentiableNumber/cbrt(_:)``.
  @inlinable
  public func cbrt() -> Self { .cbrt(self) }
  /// The cosine of x radians; see ``DifferentiableNumber/cos(_:)``.
  @inlinable
  public func cos() -> Self { .cos(self) }
  /// The sine of x radians; see ``DifferentiableNumber/sin(_:)``.
  @inlinable
  public func sin() -> Self { .sin(self) }
  /// The tangent of x radians; see ``DifferentiableNumber/tan(_:)``.
  @inlinable
  public func tan() -> Self { .tan(self) }
  /// The angle in [0, π] whose cosine is x; see ``DifferentiableNumber/acos(_:)``.
  @inlinable
  public func acos() -> Self { .acos(self) }
  /// The angle in [-π/2, π/2] whose sine is x; see ``DifferentiableNumber/asin(_:)``.
  @inlinable
  public func asin() -> Self { .asin(self) }
  /// The angle in (-π/2, π/2) whose tangent is x; see ``DifferentiableNumber/atan(_:)``.
  @inlinable
  public func atan() -> Self { .atan(self) }
  /// The hyperbolic cosine; see ``DifferentiableNumber/cosh(_:)``.
  @inlinable
  public func cosh() -> Self { .cosh(self) }
  /// The hyperbolic sine; see ``DifferentiableNumber/sinh(_:)``.
  @inlinable
  public func sinh() -> Self { .sinh(self) }
  /// The inverse of cosh; see ``DifferentiableNumber/acosh(_:)``.
  @inlinable
  public func acosh() -> Self { .acosh(self) }
  /// The inverse of sinh; see ``DifferentiableNumber/asinh(_:)``.
  @inlinable
  public func asinh() -> Self { .asinh(self) }
  /// The inverse of tanh; see ``DifferentiableNumber/atanh(_:)``.
  @inlinable
  public func atanh() -> Self { .atanh(self) }
}
