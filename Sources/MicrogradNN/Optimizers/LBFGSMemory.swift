import Micrograd

/// What L-BFGS remembers of its iterations: Nocedal & Wright, *Numerical Optimization*, algorithm 7.5.
internal struct LBFGSMemory {
  /// The direction of the last iteration, and how far it went.
  var direction: [Double] = []
  var step = 0.0

  /// The gradient from which it went.
  var gradient: [Double] = []

  /// Pairs of steps s and changes y of the gradient, oldest first, in one row each, and 1 / sᵀy of each pair.
  var steps: [Double] = []
  var changes: [Double] = []
  var inverseProducts: [Double] = []

  /// The inverse Hessian's diagonal before the pairs, sᵀy / yᵀy of the last one.
  var scale = 1.0

  /// Whether there was no iteration yet.
  var isEmpty: Bool { direction.isEmpty }

  /// Learns from the last iteration, which led to this gradient, and turns to the next direction, at first that of steepest
  /// descent.
  mutating func turn(at newGradient: [Double], historySize: Int) {
    if !isEmpty { learn(from: newGradient, historySize: historySize) }
    gradient = newGradient
    direction = newGradient.quasiNewtonDirection(
      steps: steps, changes: changes, inverseProducts: inverseProducts, scale: scale)
  }

  private mutating func learn(from newGradient: [Double], historySize: Int) {
    let change = zip(newGradient, gradient).map { $0 - $1 }
    let lastStep = direction.map { $0 * step }
    let product = change.dot(lastStep)
    // Where the loss is not curved upwards along s, the pair would spoil the Hessian.
    guard product > 1e-10 else { return }
    if inverseProducts.count == historySize {
      steps.removeFirst(change.count)
      changes.removeFirst(change.count)
      inverseProducts.removeFirst()
    }
    steps += lastStep
    changes += change
    inverseProducts.append(1 / product)
    scale = product / change.dot(change)
  }
}
