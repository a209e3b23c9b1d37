import CMicrograd
import RealModule

// The derivative of every operation, written with Values: what the engine's table in mg_ops.h says in numbers. A sweep that
// is recorded is made of these, so that derivatives can be differentiated again. Functions of one number are in
// FunctionRules.swift, rows of matrices in RowRules.swift.
//
// If a rule has two forms, the numbers at the time of recording decide, as in a plain sweep. While a function is compiled,
// a `select` decides for each sample, so a rule never adds a path to the function.

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
  internal var x: Value { operand(0) }
  internal var y: Value { operand(1) }
  private var c: Double { mg_node_constant(tape, node, 0) }

  /// The derivative by the k-th operand.
  internal func partial(by k: Int, _ rows: RowCache) -> Partial {
    switch op {
    case .leaf, .block, .custom, .softmax, .log_softmax, .count: .zero  // of the last but one, whole rows at once
    case .add, .subtract, .multiply, .divide, .power, .maximum, .minimum, .hypotenuse, .angle, .remainder,
      .truncating_remainder:
      binary(k)
    case .add_constant, .subtract_from_constant, .multiply_constant, .divide_by_constant, .divide_constant,
      .power_constant, .constant_power, .clamp_below, .clamp_above, .polygamma_function, .leaky_relu, .elu:
      withConstant()
    case .negate: .minusOne
    case .relu: choice(v, .atMost, 0, .zero, .one)
    case .square: .value(2 * x)
    case .cube: .value(3 * x.squared())
    case .function: ofFunction()
    case .sum, .sum_run, .dot, .dot_runs, .weighted_sum, .log_sum_exp, .select, .pick, .neuron: nary(k, rows)
    case .scale, .hinge, .squared_hinge, .squared_error, .absolute_error, .huber, .binary_cross_entropy: ofTarget()
    case .copy, .row_sum: .one
    case .cross_entropy: ofCrossEntropy(k, rows)
    case .layer_norm, .rms_norm: ofNorm(k, rows)
    }
  }

  // MARK: - Two forms of a rule

  /// True while a function is compiled: then numbers must not decide what is recorded.
  internal var isWatched: Bool { tape.pointee.watch != nil }

  private func holds(_ left: Value, _ relation: Relation, _ right: Double) -> Bool {
    mg_relation_holds(relation, left.unwatchedData, right)
  }

  /// One of two derivatives.
  internal func choice(
    _ left: Value, _ relation: Relation, _ right: Double, _ first: @autoclosure () -> Partial,
    _ second: @autoclosure () -> Partial
  ) -> Partial {
    choice(left, relation, .constant(right), first(), second())
  }

  internal func choice(
    _ left: Value, _ relation: Relation, _ right: Value, _ first: @autoclosure () -> Partial,
    _ second: @autoclosure () -> Partial
  ) -> Partial {
    if isWatched { return .choice(Condition(left, relation, right), first(), second()) }
    return holds(left, relation, right.unwatchedData) ? first() : second()
  }

  /// One of two forms of a number.
  internal func choose(
    _ left: Value, _ relation: Relation, _ right: Double, _ first: @autoclosure () -> Value,
    _ second: @autoclosure () -> Value
  ) -> Value {
    if isWatched { return select(Condition(left, relation, .constant(right)), first(), second()) }
    return holds(left, relation, right) ? first() : second()
  }

  /// The first form where a number is between -bound and bound, else the second.
  internal func choose(
    _ x: Value, within bound: Double, _ first: @autoclosure () -> Value, _ second: @autoclosure () -> Value
  ) -> Value {
    if isWatched { return select(Condition(abs(x), .less, .constant(bound)), first(), second()) }
    return abs(x.unwatchedData) < bound ? first() : second()
  }

  // MARK: - Two operands

  private func binary(_ k: Int) -> Partial {
    switch op {
    case .add: return .one
    case .subtract: return k == 0 ? .one : .minusOne
    case .multiply: return .value(k == 0 ? y : x)
    case .divide: return .value(k == 0 ? 1 / y : -v / y)
    case .power: return k == 0 ? powerByBase() : powerByExponent()
    case .maximum, .minimum:
      let isOther: Relation = (op == .maximum) == (k == 0) ? .less : .greater
      return choice(x, isOther, y, .zero, choice(x, .equal, y, .number(0.5), .one))
    case .hypotenuse:
      let p = k == 0 ? x : y
      // Where the hypotenuse has left the range, half of it has not.
      return choice(
        v, .equal, 0, .zero, .value(choose(v, .less, .infinity, p / v, 0.5 * p / hypot(0.5 * x, 0.5 * y))))
    case .angle:
      let r = hypot(x, y)
      return choice(r, .equal, 0, .zero, .value(k == 0 ? y / r / r : -(x / r / r)))
    default:
      if k == 0 { return .one }
      if isWatched { return .value(-Value.apply(.round_to_even, to: (x - v) / y).detached) }
      return .number(-((x.unwatchedData - v.unwatchedData) / y.unwatchedData).rounded(.toNearestOrEven))
    }
  }

  private func withConstant() -> Partial {
    switch op {
    case .add_constant: .one
    case .subtract_from_constant: .minusOne
    case .multiply_constant: .number(c)
    case .divide_by_constant: .over(c)
    case .divide_constant: .value(-v / x)
    case .power_constant: c == 0 ? .zero : c == 1 ? .one : .value(powerSlope(c, x ** (c - 1)) { x ** (0.5 * c) })
    case .constant_power:
      c == 0
        ? choice(x, .atLeast, 0, .zero, .value(v * Double.log(c)))
        : .value(powerTimes(.constant(Double.log(c)), isPlain: !c.isFinite) { c ** (0.5 * x) })
    case .clamp_below: choice(x, .greater, c, .one, .zero)
    case .clamp_above: choice(x, .less, c, .one, .zero)
    case .polygamma_function: .value(polygamma(Int(c) + 1, x))
    case .leaky_relu: choice(x, .greater, 0, .one, .number(c))
    default: choice(x, .atMost, 0, .value(c * exp(x)), .one)
    }
  }

  // MARK: - Many operands

  private func nary(_ k: Int, _ rows: RowCache) -> Partial {
    switch op {
    case .dot, .dot_runs:
      let half = operandCount / 2
      return .value(operand(k < half ? k + half : k - half))
    case .weighted_sum: return .number(mg_node_constant(tape, node, Int64(k)))
    case .log_sum_exp: return .value(rows.shares(of: self, operandCount)[k])
    case .select:
      if k < 2 { return .zero }
      let relation = mg_select_relation(tape, Int64(node))
      return k == 2 ? choice(x, relation, y, .one, .zero) : choice(x, relation, y, .zero, .one)
    case .pick: return k == 0 ? .zero : choice(x, .equal, Double(k - 1), .one, .zero)
    case .neuron:
      // Bias (of a batch, perhaps none), weights, inputs.
      let inputs = operandCount / 2, biases = operandCount % 2
      let linear =
        k < biases ? Partial.one : .value(operand(k < biases + inputs ? k + inputs : k - inputs))
      return mg_neuron_has_relu(tape, Int64(node)) ? choice(v, .atMost, 0, .zero, linear) : linear
    default: return .one
    }
  }

  private func ofTarget() -> Partial {
    let t = mg_node_constant(tape, node, 0)
    switch op {
    case .scale: return .number(t)
    case .hinge: return choice(1 - t * x, .atMost, 0, .zero, .number(-t))
    case .squared_hinge: return choice(1 - t * x, .atMost, 0, .zero, .value(-2 * t * (1 - t * x)))
    case .squared_error: return .value(2 * (x - t))
    case .absolute_error: return choice(x, .greater, t, .one, choice(x, .less, t, .minusOne, .zero))
    case .huber:
      let delta = mg_node_threshold(tape, node), difference = x - t
      return choice(
        difference, .greater, delta, .number(delta),
        choice(difference, .less, -delta, .number(-delta), .value(difference)))
    default:
      // The difference of s(x) and t, which cancels where both are nearly 1.
      return .value(t == 0 ? logistic(x) : t == 1 ? -logistic(-x) : (1 - t) * logistic(x) - t * logistic(-x))
    }
  }
}
