import CMicrograd

/// Where an operation is not smooth, and how far from there its operands are.
internal struct NearestKink {
  let distance: Double
  let kind: Kink.Kind

  init(_ kind: Kink.Kind, _ distance: Double) {
    self.distance = abs(distance)
    self.kind = kind
  }

  /// What the engine's table says; `nil` for an operation that is smooth everywhere.
  init?(_ kink: mg_kink) {
    switch kink.kind {
    case .smooth: return nil
    case .bends, .chooses: self.init(.bend, kink.distance)
    case .curves: self.init(.curvature, kink.distance)
    case .jumps: self.init(.jump, kink.distance)
    case .ends: self.init(.edge, kink.distance)
    }
  }
}

extension RecordedNode {
  /// The nearest place where this node's operation bends, jumps or ends; `nil` for one that is smooth everywhere.
  ///
  /// The distance is by how much the first operand would have to change, unless said otherwise.
  internal var nearestKink: NearestKink? {
    switch op {
    case .neuron: return isNeuronWithReLU ? NearestKink(.bend, weightedInput) : nil
    // Its condition compares the first two, and chooses between the last two.
    case .select: return NearestKink(operand(2) == operand(3) ? .bend : .jump, operand(0) - operand(1))
    default: return NearestKink(withUnsafePointer(to: application) { mg_nearest_kink($0) })
    }
  }

  /// Before relu: the bias, if there is one, the weights and the inputs are the operands.
  private var weightedInput: Double {
    if data > 0 { return data }
    let numbers = operands, left = numbers.count % 2, count = numbers.count / 2
    return (0..<count).reduce(left == 1 ? numbers[0] : 0) { $0 + numbers[left + $1] * numbers[left + count + $1] }
  }
}
