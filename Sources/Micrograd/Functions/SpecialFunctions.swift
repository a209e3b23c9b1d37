import CMicrograd

// Error functions, gamma functions and logistic functions, in the same three forms as in ElementaryFunctions.swift.

extension DifferentiableNumber {
  /// The error function, 2/√π times the integral of exp(-t²) from 0 to x. Derivative: 2/√π exp(-x²).
  @inlinable @inline(__always)
  public static func erf(_ x: Self) -> Self { apply(.error_function, to: x) }

  /// 1 - erf(x), without cancellation. Derivative: -2/√π exp(-x²).
  @inlinable @inline(__always)
  public static func erfc(_ x: Self) -> Self { apply(.complementary_error_function, to: x) }

  /// Γ(x), which is (x - 1)! at whole numbers: infinite at 0, NaN at negative whole numbers. Derivative: Γ(x) ψ(x).
  @inlinable @inline(__always)
  public static func gamma(_ x: Self) -> Self { apply(.gamma_function, to: x) }

  /// log |Γ(x)|: infinite at 0 and at negative whole numbers. Derivative: ψ(x), which is ``digamma(_:)``.
  @inlinable @inline(__always)
  public static func logGamma(_ x: Self) -> Self { apply(.log_gamma_function, to: x) }

  /// The digamma function ψ(x), the derivative of log Γ(x).
  ///
  /// -∞ at 0, +∞ at -0, NaN at negative whole numbers. Derivative: ψ₁(x), which is ``polygamma(_:_:)`` of order 1.
  @inlinable @inline(__always)
  public static func digamma(_ x: Self) -> Self { apply(.digamma_function, to: x) }

  /// 1 / (1 + e^-x), also called the logistic function, without overflow at either end. Derivative: s (1 - s).
  @inlinable @inline(__always)
  public static func sigmoid(_ x: Self) -> Self { apply(.sigmoid, to: x) }

  /// 1 / (1 + e^-x), by the statisticians' name; see ``sigmoid(_:)``.
  @inlinable @inline(__always)
  public static func logistic(_ x: Self) -> Self { sigmoid(x) }

  /// log(x / (1 - x)), the inverse of ``logistic(_:)``: ∓∞ at 0 and 1, NaN outside.
  ///
  /// Derivative: 1 / (x (1 - x)), infinite at 0 and 1, NaN outside.
  @inlinable @inline(__always)
  public static func logit(_ x: Self) -> Self { apply(.log_odds, to: x) }

  /// log(1 + e^x), without overflow. Derivative: sigmoid(x).
  ///
  /// PyTorch's jumps to x itself above 20, where the two differ by 2·10⁻⁹; this one does not.
  @inlinable @inline(__always)
  public static func softplus(_ x: Self) -> Self { apply(.softplus, to: x) }

  /// log(1 - e^-x) for x ≥ 0 without cancellation (Mächler 2012): -∞ at 0, NaN below.
  ///
  /// Derivative: 1 / (e^x - 1), infinite at 0, NaN below.
  @inlinable @inline(__always)
  public static func log1mexp(_ x: Self) -> Self { apply(.logarithm_one_minus_exponential, to: x) }

  /// The polygamma function of an order n ≥ 0, the n-th derivative of the digamma function.
  ///
  /// ```swift
  /// polygamma(1, 1.0)  // 1.6449340668482264, which is π²/6
  /// ```
  ///
  /// For n ≥ 1 it is infinite at 0 and at negative whole numbers. Derivative: the polygamma function of order n + 1.
  ///
  /// - Precondition: The order is not negative, and below 2²⁰.
  public static func polygamma(_ order: Int, _ x: Self) -> Self {
    require(order >= 0 && order < 1 << 20, "polygamma of order \(order): the order is a derivative's, 0 or more")
    return order == 0 ? digamma(x) : apply(.polygamma_function, to: x, constant: Double(order))
  }
}

// MARK: - Free functions

/// The error function; see ``DifferentiableNumber/erf(_:)``.
@inlinable
public func erf(_ x: Value) -> Value { .erf(x) }
/// The error function, of a plain number.
@inlinable @_disfavoredOverload
public func erf(_ x: Double) -> Double { Double.apply(.error_function, to: x) }
/// 1 - erf(x), without cancellation; see ``DifferentiableNumber/erfc(_:)``.
@inlinable
public func erfc(_ x: Value) -> Value { .erfc(x) }
/// 1 - erf(x), without cancellation, of a plain number.
@inlinable @_disfavoredOverload
public func erfc(_ x: Double) -> Double { Double.apply(.complementary_error_function, to: x) }
/// Γ(x); see ``DifferentiableNumber/gamma(_:)``.
@inlinable
public func gamma(_ x: Value) -> Value { .gamma(x) }
/// log |Γ(x)|; see ``DifferentiableNumber/logGamma(_:)``.
@inlinable
public func logGamma(_ x: Value) -> Value { .logGamma(x) }
/// log |Γ(x)|, of a plain number.
@inlinable
public func logGamma(_ x: Double) -> Double { Double.apply(.log_gamma_function, to: x) }
/// The digamma function ψ(x); see ``DifferentiableNumber/digamma(_:)``.
@inlinable
public func digamma(_ x: Value) -> Value { .digamma(x) }
/// The digamma function ψ(x), of a plain number.
@inlinable
public func digamma(_ x: Double) -> Double { Double.apply(.digamma_function, to: x) }
/// 1 / (1 + e^-x); see ``DifferentiableNumber/sigmoid(_:)``.
@inlinable
public func sigmoid(_ x: Value) -> Value { .sigmoid(x) }
/// 1 / (1 + e^-x), of a plain number.
@inlinable
public func sigmoid(_ x: Double) -> Double { Double.apply(.sigmoid, to: x) }
/// 1 / (1 + e^-x); see ``DifferentiableNumber/logistic(_:)``.
@inlinable
public func logistic(_ x: Value) -> Value { .logistic(x) }
/// 1 / (1 + e^-x), of a plain number.
@inlinable
public func logistic(_ x: Double) -> Double { Double.apply(.sigmoid, to: x) }
/// log(x / (1 - x)); see ``DifferentiableNumber/logit(_:)``.
@inlinable
public func logit(_ x: Value) -> Value { .logit(x) }
/// log(x / (1 - x)), of a plain number.
@inlinable
public func logit(_ x: Double) -> Double { Double.apply(.log_odds, to: x) }
/// log(1 + e^x); see ``DifferentiableNumber/softplus(_:)``.
@inlinable
public func softplus(_ x: Value) -> Value { .softplus(x) }
/// log(1 + e^x), of a plain number.
@inlinable
public func softplus(_ x: Double) -> Double { Double.apply(.softplus, to: x) }
/// log(1 - e^-x) for x ≥ 0; see ``DifferentiableNumber/log1mexp(_:)``.
@inlinable
public func log1mexp(_ x: Value) -> Value { .log1mexp(x) }
/// log(1 - e^-x) for x ≥ 0, of a plain number.
@inlinable
public func log1mexp(_ x: Double) -> Double { Double.apply(.logarithm_one_minus_exponential, to: x) }
/// The polygamma function of an order n ≥ 0; see ``DifferentiableNumber/polygamma(_:_:)``.
public func polygamma(_ order: Int, _ x: Value) -> Value { .polygamma(order, x) }
/// The polygamma function of a plain number.
public func polygamma(_ order: Int, _ x: Double) -> Double { .polygamma(order, x) }

// Γ of a plain number is `Double.gamma(x)` of swift-numerics or C's `tgamma(x)`: C's `gamma(x)` is the logarithm of Γ.

/// log Σ exp(x), one node, without overflow.
///
/// Derivatives: softmax(x), which is computed along with the value. Constants among the Values become leaves. Of nothing it
/// is the constant -∞; where the largest is infinite, it is that, and derivatives by what is infinite are NaN, as PyTorch's.
public func logSumExp(_ values: [Value]) -> Value {
  if let run = Value.run(values) {
    let node = mg_log_sum_exp_run(run.tape, run.first, Int64(values.count))
    if node != Value.noNode { return Value(run.tape, node) }
  }
  guard let tape = Value.tape(of: values) else { return .constant(logSumExp(values.map(\.unwatchedData))) }
  let node = Value.withNodes(of: values, on: tape) { mg_log_sum_exp(tape, $0, Int64(values.count)) }
  return node == Value.noNode ? Value.unrecorded(tape, logSumExp(values.map(\.unwatchedData))) : Value(tape, node)
}
/// log Σ exp(x) of a vector, one node.
public func logSumExp(_ vector: Vector) -> Value {
  guard let tape = Matrix.recordingTape(vector.matrix) else { return .constant(logSumExp(vector.matrix.unwatchedData)) }
  let node = mg_log_sum_exp_run(tape, vector.matrix.first(on: tape), Int64(vector.count))
  return node == Value.noNode ? Value.unrecorded(tape, logSumExp(vector.matrix.unwatchedData)) : Value(tape, node)
}
/// log Σ exp(x) of plain numbers, without overflow.
public func logSumExp(_ numbers: [Double]) -> Double {
  var result = 0.0
  mg_row_values(.log_sum_exp, numbers, &result, 1, Int64(numbers.count))
  return result
}

// MARK: - Methods

extension RecordedNumber {
  /// The error function; see ``DifferentiableNumber/erf(_:)``.
  @inlinable
  public func erf() -> Self { .erf(self) }
  /// 1 - erf(x), without cancellation; see ``DifferentiableNumber/erfc(_:)``.
  @inlinable
  public func erfc() -> Self { .erfc(self) }
  /// Γ(x); see ``DifferentiableNumber/gamma(_:)``.
  @inlinable
  public func gamma() -> Self { .gamma(self) }
  /// log |Γ(x)|; see ``DifferentiableNumber/logGamma(_:)``.
  @inlinable
  public func logGamma() -> Self { .logGamma(self) }
  /// The digamma function ψ(x); see ``DifferentiableNumber/digamma(_:)``.
  @inlinable
  public func digamma() -> Self { .digamma(self) }
  /// 1 / (1 + e^-x); see ``DifferentiableNumber/logistic(_:)``.
  @inlinable
  public func logistic() -> Self { .logistic(self) }
  /// log(x / (1 - x)); see ``DifferentiableNumber/logit(_:)``.
  @inlinable
  public func logit() -> Self { .logit(self) }
  /// log(1 - e^-x) for x ≥ 0; see ``DifferentiableNumber/log1mexp(_:)``.
  @inlinable
  public func log1mexp() -> Self { .log1mexp(self) }
}
