import CMicrograd

// Activations of neural networks, in the same three forms as in ElementaryFunctions.swift.

extension DifferentiableNumber {
  /// x / (1 + |x|): from -1 to 1, at ±∞ too. Derivative: 1 / (1 + |x|)², whose own derivative is 0 at 0, where it jumps.
  @inlinable @inline(__always)
  public static func softsign(_ x: Self) -> Self { apply(.softsign, to: x) }

  /// x · sigmoid(x), also called swish (Elfwing, Uchibe and Doya 2018). Derivative: s (1 + x (1 - s)).
  @inlinable @inline(__always)
  public static func silu(_ x: Self) -> Self { apply(.silu, to: x) }

  /// x · tanh(softplus(x)) (Misra 2019): 0 at -∞. Derivative: t + x (1 - t²) sigmoid(x) for t = tanh(softplus(x)).
  @inlinable @inline(__always)
  public static func mish(_ x: Self) -> Self { apply(.mish, to: x) }

  /// x · Φ(x), Φ being the normal distribution (Hendrycks and Gimpel 2016). Derivative: Φ(x) + x φ(x).
  @inlinable @inline(__always)
  public static func gelu(_ x: Self) -> Self { apply(.gelu, to: x) }

  /// x · (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2, an approximation of ``gelu(_:)`` (Hendrycks and Gimpel 2016).
  @inlinable @inline(__always)
  public static func geluTanh(_ x: Self) -> Self { apply(.gelu_tanh, to: x) }

  /// x for x > 0, else slope · x (Maas, Hannun and Ng 2013). Derivative: 1 for x > 0, else the slope.
  @inlinable @inline(__always)
  public static func leakyReLU(_ x: Self, slope: Double = 0.01) -> Self { apply(.leaky_relu, to: x, constant: slope) }

  /// x for x > 0, else scale · (eˣ - 1) (Clevert, Unterthiner and Hochreiter 2016).
  ///
  /// Derivative: 1 for x > 0, else scale · eˣ.
  @inlinable @inline(__always)
  public static func elu(_ x: Self, scale: Double = 1) -> Self { apply(.elu, to: x, constant: scale) }
}

// MARK: - Free functions

/// x / (1 + |x|); see ``DifferentiableNumber/softsign(_:)``.
@inlinable
public func softsign(_ x: Value) -> Value { .softsign(x) }
/// x / (1 + |x|), of a plain number.
@inlinable
public func softsign(_ x: Double) -> Double { .softsign(x) }
/// x · sigmoid(x); see ``DifferentiableNumber/silu(_:)``.
@inlinable
public func silu(_ x: Value) -> Value { .silu(x) }
/// x · sigmoid(x), of a plain number.
@inlinable
public func silu(_ x: Double) -> Double { Double.apply(.silu, to: x) }
/// x · tanh(softplus(x)); see ``DifferentiableNumber/mish(_:)``.
@inlinable
public func mish(_ x: Value) -> Value { .mish(x) }
/// x · tanh(softplus(x)), of a plain number.
@inlinable
public func mish(_ x: Double) -> Double { .mish(x) }
/// x · Φ(x); see ``DifferentiableNumber/gelu(_:)``.
@inlinable
public func gelu(_ x: Value) -> Value { .gelu(x) }
/// x · Φ(x), of a plain number.
@inlinable
public func gelu(_ x: Double) -> Double { Double.apply(.gelu, to: x) }
/// The tanh approximation of GELU; see ``DifferentiableNumber/geluTanh(_:)``.
@inlinable
public func geluTanh(_ x: Value) -> Value { .geluTanh(x) }
/// The tanh approximation of GELU, of a plain number.
@inlinable
public func geluTanh(_ x: Double) -> Double { Double.apply(.gelu_tanh, to: x) }
/// max(x, 0); see ``Value/relu()``.
@inlinable
public func relu(_ x: Value) -> Value { x.relu() }
/// max(x, 0) of a plain number. NaN stays NaN.
@inlinable
public func relu(_ x: Double) -> Double { .relu(x) }
/// x for x > 0, else slope · x; see ``DifferentiableNumber/leakyReLU(_:slope:)``.
@inlinable
public func leakyReLU(_ x: Value, slope: Double = 0.01) -> Value { .leakyReLU(x, slope: slope) }
/// x for x > 0, else scale · (eˣ - 1); see ``DifferentiableNumber/elu(_:scale:)``.
@inlinable
public func elu(_ x: Value, scale: Double = 1) -> Value { .elu(x, scale: scale) }

// MARK: - Methods

extension RecordedNumber {
  /// x for x > 0, else slope · x; see ``DifferentiableNumber/leakyReLU(_:slope:)``.
  @inlinable
  public func leakyReLU(slope: Double = 0.01) -> Self { .leakyReLU(self, slope: slope) }
  /// x for x > 0, else scale · (eˣ - 1); see ``DifferentiableNumber/elu(_:scale:)``.
  @inlinable
  public func elu(scale: Double = 1) -> Self { .elu(self, scale: scale) }
}

extension Value {
  /// max(x, 0). Derivative: 1 for x > 0, 0 for x ≤ 0. NaN stays NaN.
  @inlinable @inline(__always)
  public func relu() -> Value {
    guard let place = Value.fastPlace(self) else { return Value.slow(.relu, self) }
    return Value(place, mg_put_relu(place.tape, place.node(self)))
  }

  /// max(x, 0); see ``relu()``.
  @inlinable @inline(__always)
  public static func relu(_ x: Value) -> Value { x.relu() }
}

/// What one number and a matrix of them have in common.
package protocol ActivationFunctions: ElementwiseFunctions {
  func relu() -> Self
  func leakyReLU(slope: Double) -> Self
  func elu(scale: Double) -> Self
}

extension Value: ActivationFunctions {}
extension Matrix: ActivationFunctions {}
