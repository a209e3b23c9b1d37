import CMicrograd
import RealModule

extension Value {
  /// The node of a function of one Value.
  @inline(never) @usableFromInline
  internal static func apply(_ function: FunctionCode, to x: Value) -> Value {
    guard let tape = x.pointer else { return .constant(mg_function_value(function, x.unwatchedData)) }
    let node = mg_record_function(tape, function, x.node(on: tape))
    return node == noNode ? unrecorded(tape, mg_function_value(function, x.unwatchedData)) : Value(tape, node)
  }

  /// The node of an operation on a Value and a constant.
  internal static func apply(_ op: OpCode, to x: Value, constant c: Double) -> Value {
    guard let tape = x.pointer else { return .constant(mg_op_value(op, x.unwatchedData, c)) }
    let node = mg_record_constant(tape, op, x.node(on: tape), c)
    return node == noNode ? unrecorded(tape, mg_op_value(op, x.unwatchedData, c)) : Value(tape, node)
  }
}

// MARK: - Activations

extension Value {
  /// max(x, 0). Derivative: 1 for x > 0, 0 for x ≤ 0. NaN stays NaN.
  @inlinable @inline(__always)
  public func relu() -> Value {
    guard let tape = Value.fastTape(self) else { return Value.slow(.relu, self) }
    return Value(tape, mg_relu(tape, innermostNode(on: tape)))
  }

  /// 1 / (1 + exp(-x)), without overflow at either end. Derivative: s (1 - s).
  @inlinable
  public func sigmoid() -> Value { Value.apply(.sigmoid, to: self) }

  /// x for x > 0, else slope · x (Maas, Hannun and Ng 2013). Derivative: 1 for x > 0, else the slope.
  public func leakyReLU(slope: Double = 0.01) -> Value { Value.apply(.leaky_relu, to: self, constant: slope) }

  /// x for x > 0, else scale · (eˣ - 1) (Clevert, Unterthiner and Hochreiter 2016).
  ///
  /// Derivative: 1 for x > 0, else scale · eˣ.
  public func elu(scale: Double = 1) -> Value { Value.apply(.elu, to: self, constant: scale) }

  /// x · Φ(x), Φ being the normal distribution (Hendrycks and Gimpel 2016). Derivative: Φ(x) + x φ(x).
  public func gelu() -> Value { Value.apply(.gelu, to: self) }

  /// x · (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2, which comes close to ``gelu()`` (Hendrycks and Gimpel 2016).
  public func geluTanh() -> Value { Value.apply(.gelu_tanh, to: self) }

  /// x · sigmoid(x), also called swish (Elfwing, Uchibe and Doya 2018). Derivative: s (1 + x (1 - s)).
  public func silu() -> Value { Value.apply(.silu, to: self) }

  /// log(1 + eˣ), without overflow. Derivative: sigmoid(x).
  ///
  /// PyTorch's jumps to x itself above 20, where the two differ by 2·10⁻⁹; this one does not.
  public func softplus() -> Value { Value.apply(.softplus, to: self) }
}

// MARK: - Methods

extension Value {
  /// e to the power of this Value.
  @inlinable
  public func exp() -> Value { Value.exp(self) }

  /// The natural logarithm; see ``Value/log(_:)`` for its edges.
  @inlinable
  public func log() -> Value { Value.log(self) }

  /// The hyperbolic tangent.
  @inlinable
  public func tanh() -> Value { Value.tanh(self) }

  /// The square root; see ``Value/sqrt(_:)`` for its edges.
  @inlinable
  public func sqrt() -> Value { Value.sqrt(self) }
}

// MARK: - ElementaryFunctions

extension Value: ElementaryFunctions {
  /// e^x. Derivative: e^x.
  @inlinable
  public static func exp(_ x: Value) -> Value { apply(.exponential, to: x) }

  /// e^x - 1 without cancellation near 0. Derivative: e^x.
  @inlinable
  public static func expMinusOne(_ x: Value) -> Value {
    apply(.exponential_minus_one, to: x)
  }

  /// The hyperbolic cosine. Derivative: sinh x.
  @inlinable
  public static func cosh(_ x: Value) -> Value { apply(.hyperbolic_cosine, to: x) }

  /// The hyperbolic sine. Derivative: cosh x.
  @inlinable
  public static func sinh(_ x: Value) -> Value { apply(.hyperbolic_sine, to: x) }

  /// The hyperbolic tangent. Derivative: 1 - tanh² x.
  @inlinable
  public static func tanh(_ x: Value) -> Value { apply(.hyperbolic_tangent, to: x) }

  /// The cosine of x radians. Derivative: -sin x.
  @inlinable
  public static func cos(_ x: Value) -> Value { apply(.cosine, to: x) }

  /// The sine of x radians. Derivative: cos x.
  @inlinable
  public static func sin(_ x: Value) -> Value { apply(.sine, to: x) }

  /// The tangent of x radians. Derivative: 1 + tan² x.
  @inlinable
  public static func tan(_ x: Value) -> Value { apply(.tangent, to: x) }

  /// The natural logarithm: -∞ at 0, NaN below. Derivative: 1 / x, on either side of 0.
  @inlinable
  public static func log(_ x: Value) -> Value { apply(.logarithm, to: x) }

  /// log(1 + x) without cancellation near 0. Derivative: 1 / (1 + x).
  @inlinable
  public static func log(onePlus x: Value) -> Value {
    apply(.logarithm_one_plus, to: x)
  }

  /// The inverse of cosh, for x ≥ 1, NaN below. Derivative: 1 / √(x² - 1), infinite at 1.
  @inlinable
  public static func acosh(_ x: Value) -> Value { apply(.area_cosine, to: x) }

  /// The inverse of sinh. Derivative: 1 / √(x² + 1).
  @inlinable
  public static func asinh(_ x: Value) -> Value { apply(.area_sine, to: x) }

  /// The inverse of tanh: ±∞ at ±1, NaN beyond. Derivative: 1 / (1 - x²), infinite at ±1.
  @inlinable
  public static func atanh(_ x: Value) -> Value { apply(.area_tangent, to: x) }

  /// The angle in [0, π] whose cosine is x, for |x| ≤ 1, else NaN. Derivative: -1 / √(1 - x²), infinite at ±1.
  @inlinable
  public static func acos(_ x: Value) -> Value { apply(.arc_cosine, to: x) }

  /// The angle in [-π/2, π/2] whose sine is x, for |x| ≤ 1, else NaN. Derivative: 1 / √(1 - x²), infinite at ±1.
  @inlinable
  public static func asin(_ x: Value) -> Value { apply(.arc_sine, to: x) }

  /// The angle in (-π/2, π/2) whose tangent is x. Derivative: 1 / (1 + x²).
  @inlinable
  public static func atan(_ x: Value) -> Value { apply(.arc_tangent, to: x) }

  /// x to the power of y; the operator `**` says what happens at the edges.
  @inlinable
  public static func pow(_ x: Value, _ y: Value) -> Value { x ** y }

  /// x to the power of a whole number, of either sign.
  @inlinable
  public static func pow(_ x: Value, _ n: Int) -> Value { x ** Double(n) }

  /// The square root: NaN below 0. Derivative: 1 / (2 √x), infinite at 0.
  @inlinable
  public static func sqrt(_ x: Value) -> Value { apply(.square_root, to: x) }

  /// The n-th root: of negative x for odd n only, else NaN; of -0 it is -0. Derivative: ⁿ√x / (n x), infinite at 0.
  @inlinable
  public static func root(_ x: Value, _ n: Int) -> Value {
    switch n {
    case 2: return sqrt(x)
    case 3: return apply(.cube_root, to: x)
    default:
      let exponent = 1 / Double(n)
      guard hasMinusSign(x) else { return x ** exponent }
      return n % 2 == 0 && x < 0 ? x * Double.nan : -((-x) ** exponent)
    }
  }
}

extension Value {
  /// Whether the number is below zero or -0, as comparisons of which a watch is told.
  @usableFromInline
  internal static func hasMinusSign(_ x: Value) -> Bool {
    if x < 0 { return true }
    guard x == 0 else { return false }
    // Zeros are told apart by their reciprocals, for which only a watch is worth a node.
    return x.pointer?.pointee.watch == nil ? x.unwatchedData.sign == .minus : 1 / x < 0
  }
}

// MARK: - Free functions

/// e^x; see ``Value/exp(_:)``.
@inlinable
public func exp(_ x: Value) -> Value { Value.exp(x) }
/// The natural logarithm; see ``Value/log(_:)``.
@inlinable
public func log(_ x: Value) -> Value { Value.log(x) }
/// The square root; see ``Value/sqrt(_:)``.
@inlinable
public func sqrt(_ x: Value) -> Value { Value.sqrt(x) }
/// The sine; see ``Value/sin(_:)``.
@inlinable
public func sin(_ x: Value) -> Value { Value.sin(x) }
/// The cosine; see ``Value/cos(_:)``.
@inlinable
public func cos(_ x: Value) -> Value { Value.cos(x) }
/// The tangent; see ``Value/tan(_:)``.
@inlinable
public func tan(_ x: Value) -> Value { Value.tan(x) }
/// The hyperbolic tangent; see ``Value/tanh(_:)``.
@inlinable
public func tanh(_ x: Value) -> Value { Value.tanh(x) }
/// max(x, 0); see ``Value/relu()``.
@inlinable
public func relu(_ x: Value) -> Value { x.relu() }
/// 1 / (1 + exp(-x)); see ``Value/sigmoid()``.
@inlinable
public func sigmoid(_ x: Value) -> Value { x.sigmoid() }
/// x to the power of y; see ``Value/**(_:_:)-(Value,ValueConvertible)`` for the edges.
@inlinable
public func pow(_ x: some ValueConvertible, _ y: some ValueConvertible) -> Value { x.value ** y.value }
/// x to the power of a constant.
@inlinable
public func pow(_ x: some ValueConvertible, _ y: some PlainNumber) -> Value { x.value ** y.plainNumber }
/// A constant to the power of y.
@inlinable
public func pow(_ x: some PlainNumber, _ y: some ValueConvertible) -> Value { x.plainNumber ** y.value }
/// The absolute value. Derivative: the sign of x, 0 at 0.
@inlinable
public func abs(_ x: Value) -> Value { x.magnitude }
/// e^x - 1 without cancellation near 0; see ``Value/expMinusOne(_:)``.
public func expMinusOne(_ x: Value) -> Value { Value.expMinusOne(x) }
/// e^x - 1 by C's name.
public func expm1(_ x: Value) -> Value { Value.expMinusOne(x) }
/// log(1 + x) without cancellation near 0, by C's name: a free `log(onePlus:)` would make `map(log)` ambiguous.
public func log1p(_ x: Value) -> Value { Value.log(onePlus: x) }
/// The cube root, of negative numbers too. Derivative: 1 / (3 ∛x²), infinite at 0.
public func cbrt(_ x: Value) -> Value { Value.root(x, 3) }
/// The angle in [-π/2, π/2] whose sine is x; see ``Value/asin(_:)``.
public func asin(_ x: Value) -> Value { Value.asin(x) }
/// The angle in [0, π] whose cosine is x; see ``Value/acos(_:)``.
public func acos(_ x: Value) -> Value { Value.acos(x) }
/// The angle in (-π/2, π/2) whose tangent is x; see ``Value/atan(_:)``.
public func atan(_ x: Value) -> Value { Value.atan(x) }
/// The hyperbolic sine; see ``Value/sinh(_:)``.
public func sinh(_ x: Value) -> Value { Value.sinh(x) }
/// The hyperbolic cosine; see ``Value/cosh(_:)``.
public func cosh(_ x: Value) -> Value { Value.cosh(x) }
/// The inverse of sinh; see ``Value/asinh(_:)``.
public func asinh(_ x: Value) -> Value { Value.asinh(x) }
/// The inverse of cosh; see ``Value/acosh(_:)``.
public func acosh(_ x: Value) -> Value { Value.acosh(x) }
/// The inverse of tanh; see ``Value/atanh(_:)``.
public func atanh(_ x: Value) -> Value { Value.atanh(x) }
