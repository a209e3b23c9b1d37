import CMicrograd

/// A number, or a matrix of numbers, with functions that act on each element: ``Value``, ``Matrix`` and ``Vector``.
///
/// Each function is declared here once for all of them. Formulas and derivatives are in <doc:Operations>.
public protocol ElementwiseFunctions {
  /// Applies a function of the engine's table to each element.
  func applying(_ function: FunctionCode) -> Self
}

extension RecordedNumber {
  /// Applies a function of the engine's table.
  @inlinable @inline(__always)
  public func applying(_ function: FunctionCode) -> Self { .apply(function, to: self) }
}

extension Matrix: ElementwiseFunctions {
  /// Applies a function of the engine's table to each element.
  public func applying(_ function: FunctionCode) -> Matrix { map(.function, function) }
}

extension Vector: ElementwiseFunctions {
  /// Applies a function of the engine's table to each element.
  public func applying(_ function: FunctionCode) -> Vector { Vector(matrix.applying(function)) }
}

extension ElementwiseFunctions {
  /// e^x; see ``DifferentiableNumber/exp(_:)``.
  @inlinable
  public func exp() -> Self { applying(.exponential) }
  /// The natural logarithm; see ``DifferentiableNumber/log(_:)``.
  @inlinable
  public func log() -> Self { applying(.logarithm) }
  /// The square root; see ``DifferentiableNumber/sqrt(_:)``.
  @inlinable
  public func sqrt() -> Self { applying(.square_root) }
  /// The hyperbolic tangent; see ``DifferentiableNumber/tanh(_:)``.
  @inlinable
  public func tanh() -> Self { applying(.hyperbolic_tangent) }
  /// 1 / (1 + e^-x); see ``DifferentiableNumber/sigmoid(_:)``.
  @inlinable
  public func sigmoid() -> Self { applying(.sigmoid) }
  /// log(1 + e^x); see ``DifferentiableNumber/softplus(_:)``.
  @inlinable
  public func softplus() -> Self { applying(.softplus) }
  /// x / (1 + |x|); see ``DifferentiableNumber/softsign(_:)``.
  @inlinable
  public func softsign() -> Self { applying(.softsign) }
  /// x · sigmoid(x); see ``DifferentiableNumber/silu(_:)``.
  @inlinable
  public func silu() -> Self { applying(.silu) }
  /// x · tanh(softplus(x)); see ``DifferentiableNumber/mish(_:)``.
  @inlinable
  public func mish() -> Self { applying(.mish) }
  /// x · Φ(x); see ``DifferentiableNumber/gelu(_:)``.
  @inlinable
  public func gelu() -> Self { applying(.gelu) }
  /// The tanh approximation of GELU; see ``DifferentiableNumber/geluTanh(_:)``.
  @inlinable
  public func geluTanh() -> Self { applying(.gelu_tanh) }
}
