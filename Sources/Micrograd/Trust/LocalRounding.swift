import RealModule

// How much of a number may be lost when an operation computes it, its operands being exact: to first order, with u for
// half a unit in the last place of 1. N. J. Higham, *Accuracy and Stability of Numerical Algorithms* (2002), chapters 2-4.
// Operations that happen to be exact, as x - y where both are close, lose nothing.

extension RecordedNode {
  /// The largest error that rounding makes in this node's own operation.
  internal var localRounding: Double {
    let v = data
    guard v.isFinite else { return 0 }
    switch name {
    case "negate", "relu", "absolute", "maximum", "minimum", "clamp_below", "clamp_above", "sign", "floor", "ceiling",
      "round", "round_to_even", "truncate", "detach", "select", "pick", "copy", "remainder", "truncating_remainder":
      return 0
    case "add": return halfUnit(ofSum: operand(0), operand(1))
    case "subtract": return halfUnit(ofSum: operand(0), -operand(1))
    case "add_constant": return halfUnit(ofSum: operand(0), constant())
    case "subtract_from_constant": return halfUnit(ofSum: constant(), -operand(0))
    case "multiply": return halfUnit(ofProduct: operand(0), operand(1))
    case "multiply_constant", "scale": return halfUnit(ofProduct: operand(0), constant())
    case "square": return halfUnit(ofProduct: operand(0), operand(0))
    case "cube":
      let x = operand(0)
      return abs(x) * halfUnit(ofProduct: x, x) + halfUnit(ofProduct: x * x, x)
    case "divide": return halfUnit(ofQuotient: operand(0), operand(1))
    case "divide_by_constant": return halfUnit(ofQuotient: operand(0), constant())
    case "divide_constant": return halfUnit(ofQuotient: constant(), operand(0))
    case "square_root": return (-operand(0)).addingProduct(v, v) == 0 ? 0 : halfUnit(v)
    case "leaky_relu": return operand(0) > 0 ? 0 : halfUnit(ofProduct: operand(0), constant())
    case "elu": return operand(0) > 0 ? 0 : 3 * halfUnit(v)
    case "exponential", "logarithm", "logarithm_one_plus", "exponential_minus_one", "sine", "cosine", "power",
      "power_constant", "constant_power", "exponential_base_2", "logarithm_base_2", "hypotenuse":
      return 2 * halfUnit(v)
    case "silu": return 8 * halfUnit(v)
    case "gelu": return (8 + 2 * squareWhereNegative) * halfUnit(v)
    case "gelu_tanh": return (8 + 8 * squareWhereNegative) * halfUnit(v)
    case "sum", "sum_run", "row_sum": return roundingOfSum
    case "dot", "dot_runs", "weighted_sum", "neuron": return roundingOfProducts
    case "softmax", "log_softmax", "log_sum_exp", "cross_entropy", "layer_norm", "rms_norm": return roundingOfRow
    case "hinge", "squared_hinge", "squared_error", "absolute_error", "huber": return roundingOfLoss
    // Special functions, and those that are made of several: two units in the last place.
    default: return 4 * halfUnit(v)
    }
  }

  /// For GELU, whose error grows on the left with the steepness of the normal distribution.
  private var squareWhereNegative: Double { operand(0) < 0 ? operand(0) * operand(0) : 0 }

  private var roundingOfSum: Double {
    let terms = operands
    if terms.count == 2 { return halfUnit(ofSum: terms[0], terms[1]) }
    return Double(max(terms.count - 1, 0)) * u * terms.reduce(0) { $0 + abs($1) }
  }

  /// Of a dot product, a weighted sum, or a neuron, which adds a bias; nothing where relu cuts it off.
  private var roundingOfProducts: Double {
    let numbers = operands, isNeuron = name == "neuron"
    if isNeuron, data == 0, isNeuronWithReLU { return 0 }
    let hasBias = isNeuron && numbers.count % 2 == 1, left = hasBias ? 1 : 0
    let count = name == "weighted_sum" ? numbers.count : numbers.count / 2
    var total = hasBias ? abs(numbers[0]) : 0
    for k in 0..<count {
      total += abs(name == "weighted_sum" ? constant(k) * numbers[k] : numbers[left + k] * numbers[left + count + k])
    }
    return Double(hasBias ? count + 1 : count) * u * total
  }

  /// Of operations along a row, whose sums are of n exponentials or squares.
  private var roundingOfRow: Double {
    let v = data, n = Double(operandCount)
    switch name {
    case "softmax": return v > 0 ? v * u * (n + 4 - .log(v)) : 0
    case "log_softmax", "cross_entropy": return u * (n + 4 + 2 * abs(v))
    case "log_sum_exp": return u * (n + 6 + abs(v))
    case "rms_norm": return u * (n / 4 + 6) * abs(v)
    default:
      // Layer norm: (x - mean) / deviation · gain + bias. The mean's own rounding counts where the row is far from 0.
      let count = (operandCount - 2), row = (0..<count).map(operand)
      let gain = operand(count), bias = operand(count + 1), columns = Double(count)
      let mean = row.reduce(0, +) / columns
      let deviation = (row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / columns).squareRoot()
      let far = deviation > 0 ? columns * (row.reduce(0) { $0 + abs($1) } / columns) / deviation : 0
      return u * (abs(gain) * far + abs(v - bias) * (columns / 2 + 6) + abs(v))
    }
  }

  /// Of losses of an element against its target t.
  private var roundingOfLoss: Double {
    let x = operand(0), t = constant(), v = data
    if name == "hinge" || name == "squared_hinge" {
      let margin = 1 - t * x, lost = halfUnit(ofProduct: t, x) + halfUnit(ofSum: 1, -t * x)
      return v == 0 ? 0 : name == "hinge" ? lost : 2 * abs(margin) * lost + halfUnit(v)
    }
    let distance = abs(x - t), lost = halfUnit(ofSum: x, -t)
    if name == "absolute_error" { return lost }
    // The slope of Huber's loss is at most that of the squared error.
    return 2 * distance * lost + 3 * halfUnit(v)
  }
}

/// Half a unit in the last place of 1.
private let u = Double.ulpOfOne / 2

private func halfUnit(_ v: Double) -> Double { v == 0 || !v.isFinite ? 0 : v.ulp / 2 }

private func halfUnit(ofSum x: Double, _ y: Double) -> Double {
  Micrograd.roundingOfSum(x, y) == 0 ? 0 : halfUnit(x + y)
}

private func halfUnit(ofProduct x: Double, _ y: Double) -> Double {
  let product = x * y
  // Below this the rest of a product may itself be lost.
  let isExact = abs(product) > 0x1p-960 && (-product).addingProduct(x, y) == 0
  return isExact || x == 0 || y == 0 ? 0 : max(halfUnit(product), .leastNonzeroMagnitude)
}

private func halfUnit(ofQuotient x: Double, _ y: Double) -> Double {
  let quotient = x / y
  let isExact = abs(x) > 0x1p-900 && (-x).addingProduct(quotient, y) == 0
  return isExact || x == 0 ? 0 : max(halfUnit(quotient), .leastNonzeroMagnitude)
}
