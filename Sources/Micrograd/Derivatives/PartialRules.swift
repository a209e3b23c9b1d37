import CMicrograd
import RealModule

// The derivative of every operation, written with Values: what the engine's table in mg_ops.h says in numbers. A sweep that
// is recorded is made of these, so that derivatives can be differentiated again. Branches are those of the data at the time
// of recording, as in the sweep itself.

/// A node whose derivatives are asked for.
internal struct RuledNode {
  internal let tape: UnsafeMutablePointer<mg_tape>
  internal let node: mg_node

  /// The node itself.
  internal var v: Value { Value(live: node, on: tape) }

  internal var operandCount: Int { Int(mg_node_operand_count(tape, node)) }
  internal func operandNode(_ k: Int) -> mg_node { mg_node_operand(tape, node, Int64(k)) }
  internal func operand(_ k: Int) -> Value { Value(live: operandNode(k), on: tape) }

  internal var op: OpCode { mg_node_op(tape, node) }
  private var x: Value { operand(0) }
  private var y: Value { operand(1) }
  private var c: Double { mg_node_constant(tape, node, 0) }

  /// The derivative by the k-th operand.
  internal func partial(by k: Int, _ rows: RowCache) -> Partial {
    switch op {
    case .leaf, .block, .custom, .count: .zero
    case .add, .subtract, .multiply, .divide, .power, .maximum, .minimum, .hypotenuse, .angle, .remainder,
      .truncating_remainder:
      binary(k)
    case .add_constant, .subtract_from_constant, .multiply_constant, .divide_by_constant, .divide_constant,
      .power_constant, .constant_power, .clamp_below, .clamp_above, .polygamma_function, .leaky_relu, .elu:
      withConstant()
    case .negate: .minusOne
    case .relu: v <= 0 ? .zero : .one
    case .square: .value(2 * x)
    case .cube: .value(3 * x.squared())
    case .function: ofFunction()
    case .sum, .sum_run, .dot, .dot_runs, .weighted_sum, .log_sum_exp, .select, .pick, .neuron: nary(k)
    case .scale, .hinge, .squared_hinge, .squared_error, .absolute_error, .huber, .binary_cross_entropy: ofTarget()
    case .copy, .row_sum: .one
    case .softmax, .log_softmax, .cross_entropy, .layer_norm, .rms_norm: alongRow(k, rows)
    }
  }

  // MARK: - Two operands

  private func binary(_ k: Int) -> Partial {
    switch op {
    case .add: return .one
    case .subtract: return k == 0 ? .one : .minusOne
    case .multiply: return .value(k == 0 ? y : x)
    case .divide: return .value(k == 0 ? 1 / y : -v / y)
    case .power where k == 0:
      // Where the exponent is 0 so is this, but its derivative by the exponent, 1 / x, is not.
      let isPlainZero = y == 0 && (x == 0 || !isWithin(.infinity, x))
      return isPlainZero ? .zero : .value(y * x ** (y - 1))
    case .power: return x == 0 && y >= 0 ? .zero : .value(v * log(x))
    case .maximum, .minimum:
      if x == y { return .number(0.5) }
      let isFirst = op == .maximum ? !(x < y) : !(x > y), isSecond = op == .maximum ? !(x > y) : !(x < y)
      return (k == 0 ? isFirst : isSecond) ? .one : .zero
    case .hypotenuse: return v == 0 ? .zero : .value((k == 0 ? x : y) / v)
    case .angle:
      let r = hypot(x, y)
      return r == 0 ? .zero : .value(k == 0 ? y / r / r : -(x / r / r))
    default: return k == 0 ? .one : .number(-((x.data - v.data) / y.data).rounded(.toNearestOrEven))
    }
  }

  private func withConstant() -> Partial {
    switch op {
    case .add_constant: .one
    case .subtract_from_constant: .minusOne
    case .multiply_constant: .number(c)
    case .divide_by_constant: .number(1 / c)
    case .divide_constant: .value(-v / x)
    case .power_constant: c == 0 ? .zero : c == 1 ? .one : .value(c * x ** (c - 1))
    case .constant_power: c == 0 && x >= 0 ? .zero : .value(v * Double.log(c))
    case .clamp_below: x > c ? .one : .zero
    case .clamp_above: x < c ? .one : .zero
    case .polygamma_function: .value(polygamma(Int(c) + 1, x))
    case .leaky_relu: x > 0 ? .one : .number(c)
    default: x <= 0 ? .value(c * exp(x)) : .one
    }
  }

  // MARK: - Functions

  private func ofFunction() -> Partial {
    switch mg_node_function(tape, node) {
    case .absolute: x > 0 ? .one : x < 0 ? .minusOne : .zero
    case .sign, .floor, .ceiling, .round, .round_to_even, .truncate, .detach, .count: .zero
    case .square_root: .value(0.5 / v)
    case .cube_root: .value(1.0 / 3 / v.squared())
    case .exponential: .value(v)
    case .exponential_minus_one: .value(exp(x))
    case .exponential_base_2: .value(v * Double.log(2))
    case .exponential_base_10: .value(v * Double.log(10))
    case .logarithm: .value(1 / x)
    case .logarithm_one_plus: .value(1 / (1 + x))
    case .logarithm_base_2: .value(1 / Double.log(2) / x)
    case .logarithm_base_10: .value(1 / Double.log(10) / x)
    case .logarithm_one_minus_exponential: .value(log1mexpSlope())
    case .sine: .value(cos(x))
    case .cosine: .value(-sin(x))
    case .tangent: .value(1 + v.squared())
    case .arc_sine: .value(1 / sqrt(oneMinusSquare()))
    case .arc_cosine: .value(-1 / sqrt(oneMinusSquare()))
    case .arc_tangent: .value(isWithin(1e8, x) ? 1 / (1 + x.squared()) : 1 / x / x)
    case .hyperbolic_sine: .value(cosh(x))
    case .hyperbolic_cosine: .value(sinh(x))
    case .hyperbolic_tangent:
      // The first cancels where tanh comes close to ±1.
      .value(isWithin(0.7, v) ? 1 - v.squared() : 4 * logistic(2 * x) * logistic(-2 * x))
    case .area_sine: .value(1 / hypot(x, 1))
    case .area_cosine: .value(1 / (sqrt(x - 1) * sqrt(x + 1)))
    case .area_tangent: .value(1 / oneMinusSquare())
    case .error_function: .value(errorSlope())
    case .complementary_error_function: .value(-errorSlope())
    case .gamma_function: .value(v * digamma(x))
    case .log_gamma_function: .value(digamma(x))
    case .digamma_function: .value(polygamma(1, x))
    case .sigmoid: .value(sigmoidSlope())
    case .log_odds: .value(1 / (x * (1 - x)))
    case .softplus: .value(logistic(x))
    case .silu: .value(logistic(x) * (1 + x * logistic(-x)))
    case .gelu: .value(normal() + x * (normalDensityScale * exp(-0.5 * x.squared())))
    case .gelu_tanh: .value(geluTanhSlope())
    }
  }

  // Each in the form whose own derivative neither cancels nor overflows where x is.

  private func isWithin(_ bound: Double, _ x: Value) -> Bool { x < bound && x > -bound }

  private func oneMinusSquare() -> Value { isWithin(0.5, x) ? 1 - x.squared() : (1 - x) * (1 + x) }

  private func log1mexpSlope() -> Value {
    if x < 1 { return 1 / expMinusOne(x) }
    let e = exp(-x)
    return e / (1 - e)
  }

  /// s (1 - s), which near 0 is (1 - tanh²(x / 2)) / 4.
  private func sigmoidSlope() -> Value {
    isWithin(1, x) ? 0.25 * (1 - tanh(0.5 * x).squared()) : v * logistic(-x)
  }

  private var normalDensityScale: Double { 1 / Double.sqrt(2 * .pi) }
  private func normal() -> Value { 0.5 * erfc(x * -Double.sqrt(0.5)) }
  private func errorSlope() -> Value { 2 / Double.sqrt(.pi) * exp(-x.squared()) }

  /// x s(w) for the logistic function s and w = 2 √(2/π) (x + 0.044715 x³).
  private func geluTanhSlope() -> Value {
    let scale = 2 * Double.sqrt(2 / .pi)
    let w = scale * (x + 0.044715 * x.cubed()), slope = scale * (1 + 3 * 0.044715 * x.squared())
    let s = logistic(w)
    // Far out the slope of s is nothing, though that of w may be infinite.
    return w > 800 || w < -800 ? s : s + x * s * logistic(-w) * slope
  }

  // MARK: - Many operands

  private func nary(_ k: Int) -> Partial {
    switch op {
    case .dot, .dot_runs:
      let half = operandCount / 2
      return .value(operand(k < half ? k + half : k - half))
    case .weighted_sum: return .number(mg_node_constant(tape, node, Int64(k)))
    case .log_sum_exp: return .value(exp(operand(k) - v))
    case .select:
      let condition = Condition(x, mg_select_relation(tape, Int64(node)), y)
      return k == (condition.isTrue ? 2 : 3) ? .one : .zero
    case .pick:
      let picked = mg_picked_operand(tape, Int64(node))
      if picked > 0 { _ = x == Double(picked - 1) }
      return k > 0 && k == picked ? .one : .zero
    case .neuron:
      if mg_neuron_has_relu(tape, Int64(node)), v <= 0 { return .zero }
      // Bias (of a batch, perhaps none), weights, inputs.
      let inputs = operandCount / 2, biases = operandCount % 2
      if k < biases { return .one }
      return .value(operand(k < biases + inputs ? k + inputs : k - inputs))
    default: return .one
    }
  }

  private func isBeyondHinge(_ t: Double) -> Bool { 1 - t * x <= 0 }

  private func ofTarget() -> Partial {
    let t = mg_node_constant(tape, node, 0)
    switch op {
    case .scale: return .number(t)
    case .hinge: return isBeyondHinge(t) ? .zero : .number(-t)
    case .squared_hinge: return isBeyondHinge(t) ? .zero : .value(-2 * t * (1 - t * x))
    case .squared_error: return .value(2 * (x - t))
    case .absolute_error: return x > t ? .one : x < t ? .minusOne : .zero
    case .huber:
      let delta = mg_node_threshold(tape, node)
      let difference = x - t
      return difference > delta ? .number(delta) : difference < -delta ? .number(-delta) : .value(difference)
    default: return .value(logistic(x) - t)
    }
  }
}
