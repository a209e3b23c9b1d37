import CMicrograd

// Functions of the field that swift-numerics does not have, of Values and of plain numbers.

/// The digamma function ψ(x), the derivative of log Γ(x).
///
/// -∞ at 0, +∞ at -0, NaN at negative whole numbers. Derivative: ψ₁(x), which is ``polygamma(_:_:)-(_,Value)`` of order 1.
public func digamma(_ x: Value) -> Value { Value.apply(.digamma_function, to: x) }
/// The digamma function of a plain number.
public func digamma(_ x: Double) -> Double { mg_digamma(x) }

/// The polygamma function of an order n ≥ 0, the n-th derivative of the digamma function.
///
///     polygamma(1, 1.0)  // 1.6449340668482264, which is π²/6
///
/// For n ≥ 1 it is infinite at 0 and at negative whole numbers. Derivative: the polygamma function of order n + 1.
///
/// - Precondition: The order is not negative, and below 2²⁰.
public func polygamma(_ order: Int, _ x: Value) -> Value {
  requireOrder(order)
  return order == 0 ? digamma(x) : Value.apply(.polygamma_function, to: x, constant: Double(order))
}
/// The polygamma function of a plain number.
public func polygamma(_ order: Int, _ x: Double) -> Double {
  requireOrder(order)
  return mg_polygamma(Int32(order), x)
}

private func requireOrder(_ order: Int) {
  require(order >= 0 && order < 1 << 20, "polygamma of order \(order): the order is a derivative's, 0 or more")
}

/// The logistic function 1 / (1 + e^-x), also called sigmoid, without overflow at either end. Derivative: s (1 - s).
public func logistic(_ x: Value) -> Value { x.sigmoid() }
/// The logistic function of a plain number.
public func logistic(_ x: Double) -> Double { mg_logistic(x) }

/// log(x / (1 - x)), the inverse of ``logistic(_:)-(Value)``: ∓∞ at 0 and 1, NaN outside.
///
/// Derivative: 1 / (x (1 - x)), infinite at 0 and 1, NaN outside.
public func logit(_ x: Value) -> Value { Value.apply(.log_odds, to: x) }
/// log(x / (1 - x)) of a plain number.
public func logit(_ x: Double) -> Double { mg_logit(x) }

/// log(1 + e^x), without overflow. Derivative: logistic(x).
public func softplus(_ x: Value) -> Value { x.softplus() }
/// log(1 + e^x) of a plain number.
public func softplus(_ x: Double) -> Double { mg_log_one_plus_exp(x) }

/// log(1 - e^-x) for x ≥ 0 without cancellation (Mächler 2012): -∞ at 0, NaN below.
///
/// Derivative: 1 / (e^x - 1), infinite at 0, NaN below.
public func log1mexp(_ x: Value) -> Value { Value.apply(.logarithm_one_minus_exponential, to: x) }
/// log(1 - e^-x) of a plain number x ≥ 0.
public func log1mexp(_ x: Double) -> Double { mg_log1mexp(x) }

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
