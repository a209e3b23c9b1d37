import CMicrograd
import RealModule

extension Value: RealFunctions {
  /// The angle of the point (x, y), in [-π, π]. Derivatives: x / (x² + y²) by y and -y / (x² + y²) by x, 0 at the origin.
  public static func atan2(y: Value, x: Value) -> Value { apply(.angle, to: y, x) }

  /// √(x² + y²) without overflow. Derivatives: x / hypot and y / hypot.
  ///
  /// At the origin, where the function has no derivative, all are 0, as those of PyTorch's `norm` (its `hypot` gives NaN).
  public static func hypot(_ x: Value, _ y: Value) -> Value { apply(.hypotenuse, to: x, y) }

  /// The error function, 2/√π times the integral of exp(-t²) from 0 to x. Derivative: 2/√π exp(-x²).
  public static func erf(_ x: Value) -> Value { apply(.error_function, to: x) }

  /// 1 - erf(x), without cancellation. Derivative: -2/√π exp(-x²).
  public static func erfc(_ x: Value) -> Value { apply(.complementary_error_function, to: x) }

  /// 2^x. Derivative: 2^x log 2.
  public static func exp2(_ x: Value) -> Value { apply(.exponential_base_2, to: x) }

  /// 10^x. Derivative: 10^x log 10.
  public static func exp10(_ x: Value) -> Value { apply(.exponential_base_10, to: x) }

  /// The logarithm to base 2: -∞ at 0, NaN below. Derivative: 1 / (x log 2), on either side of 0.
  public static func log2(_ x: Value) -> Value { apply(.logarithm_base_2, to: x) }

  /// The logarithm to base 10: -∞ at 0, NaN below. Derivative: 1 / (x log 10), on either side of 0.
  public static func log10(_ x: Value) -> Value { apply(.logarithm_base_10, to: x) }

  /// Γ(x), which is (x - 1)! at whole numbers: infinite at 0, NaN at negative whole numbers. Derivative: Γ(x) ψ(x).
  public static func gamma(_ x: Value) -> Value { apply(.gamma_function, to: x) }

  #if !os(Windows)
    /// log |Γ(x)|: infinite at 0 and at negative whole numbers. Derivative: ψ(x), which is ``digamma(_:)-(Value)``.
    public static func logGamma(_ x: Value) -> Value { apply(.log_gamma_function, to: x) }

    /// The sign of Γ(x), which ``logGamma(_:)`` leaves out.
    public static func signGamma(_ x: Value) -> FloatingPointSign { Double.signGamma(x.data) }
  #endif
}

extension Value {
  /// The node of an operation on two Values, of which a constant becomes a leaf.
  internal static func apply(_ op: OpCode, to x: Value, _ y: Value) -> Value {
    guard let tape = x.pointer ?? y.pointer else { return .constant(mg_op_value(op, x.unwatchedData, y.unwatchedData)) }
    let a = x.listedNode(on: tape), b = a == noNode ? noNode : y.listedNode(on: tape)
    let node = b == noNode ? noNode : mg_record_binary(tape, op, a, b)
    return node == noNode ? unrecorded(tape, mg_op_value(op, x.unwatchedData, y.unwatchedData)) : Value(tape, node)
  }
}

// MARK: - Free functions

/// The angle of the point (x, y); see ``Value/atan2(y:x:)``.
public func atan2(_ y: some ValueConvertible, _ x: some ValueConvertible) -> Value {
  Value.atan2(y: y.value, x: x.value)
}
/// The angle of the point (x, y) at a constant x.
public func atan2(_ y: some ValueConvertible, _ x: some PlainNumber) -> Value {
  Value.atan2(y: y.value, x: .constant(x.plainNumber))
}
/// The angle of the point (x, y) at a constant y.
public func atan2(_ y: some PlainNumber, _ x: some ValueConvertible) -> Value {
  Value.atan2(y: .constant(y.plainNumber), x: x.value)
}
/// √(x² + y²) without overflow; see ``Value/hypot(_:_:)``.
public func hypot(_ x: some ValueConvertible, _ y: some ValueConvertible) -> Value { Value.hypot(x.value, y.value) }
/// √(x² + y²) of a Value and a constant.
public func hypot(_ x: some ValueConvertible, _ y: some PlainNumber) -> Value {
  Value.hypot(x.value, .constant(y.plainNumber))
}
/// √(x² + y²) of a constant and a Value.
public func hypot(_ x: some PlainNumber, _ y: some ValueConvertible) -> Value {
  Value.hypot(.constant(x.plainNumber), y.value)
}
/// The error function; see ``Value/erf(_:)``.
public func erf(_ x: Value) -> Value { Value.erf(x) }
/// 1 - erf(x), without cancellation; see ``Value/erfc(_:)``.
public func erfc(_ x: Value) -> Value { Value.erfc(x) }
/// 2^x; see ``Value/exp2(_:)``.
public func exp2(_ x: Value) -> Value { Value.exp2(x) }
/// 10^x; see ``Value/exp10(_:)``.
public func exp10(_ x: Value) -> Value { Value.exp10(x) }
/// The logarithm to base 2; see ``Value/log2(_:)``.
public func log2(_ x: Value) -> Value { Value.log2(x) }
/// The logarithm to base 10; see ``Value/log10(_:)``.
public func log10(_ x: Value) -> Value { Value.log10(x) }
/// Γ(x); see ``Value/gamma(_:)``.
public func gamma(_ x: Value) -> Value { Value.gamma(x) }
#if !os(Windows)
  /// log |Γ(x)|; see ``Value/logGamma(_:)``.
  public func logGamma(_ x: Value) -> Value { Value.logGamma(x) }
#endif
