import RealModule

/// Where an operation is not smooth, and how far from there its operands are.
internal struct NearestKink {
  let distance: Double
  let kind: Kink.Kind

  init(_ kind: Kink.Kind, _ distance: Double) {
    self.distance = abs(distance)
    self.kind = kind
  }
}

extension RecordedNode {
  /// The nearest place where this node's operation bends, jumps or ends; `nil` for one that is smooth everywhere.
  ///
  /// The distance is by how much the first operand would have to change, unless said otherwise.
  internal var nearestKink: NearestKink? {
    switch name {
    // Bends.
    case "relu", "leaky_relu", "absolute": NearestKink(.bend, x)
    case "maximum", "minimum": NearestKink(.bend, x - y)
    case "clamp_below", "clamp_above", "absolute_error": NearestKink(.bend, x - c)
    case "elu": NearestKink(c == 1 ? .curvature : .bend, x)
    case "neuron": isNeuronWithReLU ? NearestKink(.bend, weightedInput) : nil
    case "hinge": c == 0 ? nil : NearestKink(.bend, (1 - c * x) / c)
    case "squared_hinge": c == 0 ? nil : NearestKink(.curvature, (1 - c * x) / c)
    // From the parabola to the lines, |x - t| = delta.
    case "huber": NearestKink(.curvature, abs(x - c) - constant(1))
    case "hypotenuse": NearestKink(.bend, .hypot(x, y))
    // Jumps.
    case "sign": NearestKink(.jump, x)
    case "floor", "ceiling": NearestKink(.jump, x - x.rounded())
    case "round", "round_to_even": NearestKink(.jump, distanceToHalf(x))
    case "truncate": NearestKink(.jump, distanceToWhole(x, but: 0))
    case "remainder": NearestKink(.jump, distanceToHalf(x / y) * y)
    case "truncating_remainder": NearestKink(.jump, distanceToWhole(x / y, but: 0) * y)
    // Its condition compares the first two, and chooses between the last two.
    case "select": NearestKink(operand(2) == operand(3) ? .bend : .jump, x - y)
    case "angle": y < 0 ? NearestKink(.jump, x) : NearestKink(.jump, .hypot(x, y))
    // Ends of domains, and poles.
    case "square_root", "cube_root", "logarithm", "logarithm_base_2", "logarithm_base_10", "divide_constant",
      "logarithm_one_minus_exponential":
      NearestKink(.edge, x)
    case "divide": NearestKink(.edge, y)
    case "logarithm_one_plus": NearestKink(.edge, 1 + x)
    case "arc_sine", "arc_cosine", "area_tangent": NearestKink(.edge, 1 - abs(x))
    case "area_cosine": NearestKink(.edge, x - 1)
    case "log_odds": NearestKink(.edge, min(abs(x), abs(1 - x)))
    case "tangent": NearestKink(.edge, (x - .pi / 2).remainder(dividingBy: .pi))
    case "gamma_function", "log_gamma_function", "digamma_function", "polygamma_function":
      NearestKink(.edge, x < 0.5 ? x - x.rounded() : x)
    case "power_constant": isPolynomial(c) ? nil : NearestKink(.edge, x)
    case "power": isPolynomial(y) ? nil : NearestKink(.edge, x)
    case "constant_power": c > 0 ? nil : NearestKink(.edge, x)
    default: nil
    }
  }

  private var x: Double { operand(0) }
  private var y: Double { operand(1) }
  private var c: Double { constant() }

  private func isPolynomial(_ exponent: Double) -> Bool { exponent >= 0 && exponent == exponent.rounded() }

  /// Before relu: the bias, if there is one, the weights and the inputs are the operands.
  private var weightedInput: Double {
    if data > 0 { return data }
    let numbers = operands, left = numbers.count % 2, count = numbers.count / 2
    return (0..<count).reduce(left == 1 ? numbers[0] : 0) { $0 + numbers[left + $1] * numbers[left + count + $1] }
  }
}

/// How far a number is from the nearest that ends in ½.
private func distanceToHalf(_ x: Double) -> Double { (x - 0.5) - (x - 0.5).rounded() }

/// How far a number is from the nearest whole number other than one.
private func distanceToWhole(_ x: Double, but exception: Double) -> Double {
  let whole = x.rounded()
  return whole == exception ? 1 - abs(x - exception) : x - whole
}
