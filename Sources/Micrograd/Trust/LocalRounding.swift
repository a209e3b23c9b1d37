import CMicrograd
import RealModule

// How much of a number may be lost when an operation computes it, its operands being exact: to first order, with u for
// half a unit in the last place of 1. N. J. Higham, *Accuracy and Stability of Numerical Algorithms* (2002), chapters 2-4.
// Of operations on one or two operands the engine's table says it.

extension RecordedNode {
  /// The largest error that rounding makes in this node's own operation.
  internal var localRounding: Double {
    let v = data
    guard v.isFinite else { return 0 }
    switch op {
    case .select, .pick, .copy: return 0
    case .sum, .sum_run, .row_sum: return roundingOfSum
    case .dot, .dot_runs, .weighted_sum, .neuron: return roundingOfProducts
    case .softmax, .log_softmax, .log_sum_exp, .cross_entropy, .layer_norm, .rms_norm: return roundingOfRow
    case .custom: return 4 * halfUnit(v)  // as of a special function
    default: return withUnsafePointer(to: application) { mg_rounding($0) }
    }
  }

  private var roundingOfSum: Double {
    let terms = operands
    if terms.count == 2 { return halfUnit(ofSum: terms[0], terms[1]) }
    return Double(max(terms.count - 1, 0)) * u * terms.reduce(0) { $0 + abs($1) }
  }

  /// Of a dot product, a weighted sum, or a neuron, which adds a bias; nothing where relu cuts it off.
  private var roundingOfProducts: Double {
    let numbers = operands, isNeuron = op == .neuron
    if isNeuron, data == 0, isNeuronWithReLU { return 0 }
    let hasBias = isNeuron && numbers.count % 2 == 1, left = hasBias ? 1 : 0
    let count = op == .weighted_sum ? numbers.count : numbers.count / 2
    var total = hasBias ? abs(numbers[0]) : 0
    for k in 0..<count {
      total += abs(op == .weighted_sum ? constant(k) * numbers[k] : numbers[left + k] * numbers[left + count + k])
    }
    return Double(hasBias ? count + 1 : count) * u * total
  }

  /// Of operations along a row, whose sums are of n exponentials or squares.
  private var roundingOfRow: Double {
    let v = data, n = Double(operandCount)
    switch op {
    case .softmax: return v > 0 ? v * u * (n + 4 - .log(v)) : 0
    case .log_softmax, .cross_entropy: return u * (n + 4 + 2 * abs(v))
    case .log_sum_exp: return u * (n + 6 + abs(v))
    case .rms_norm: return u * (n / 4 + 6) * abs(v)
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
}

/// Half a unit in the last place of 1.
private let u = Double.ulpOfOne / 2

private func halfUnit(_ v: Double) -> Double { v == 0 || !v.isFinite ? 0 : v.ulp / 2 }

private func halfUnit(ofSum x: Double, _ y: Double) -> Double {
  Micrograd.roundingOfSum(x, y) == 0 ? 0 : halfUnit(x + y)
}
