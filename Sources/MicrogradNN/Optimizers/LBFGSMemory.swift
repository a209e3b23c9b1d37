import Micrograd

/// The memory of L-BFGS: Nocedal & Wright, *Numerical Optimization*, algorithm 7.5.
internal struct LBFGSMemory {
  /// The direction and the step length of the last iteration.
  var direction: [Double] = []
  var step = 0.0

  /// The gradient at the start of the last iteration.
  var gradient: [Double] = []

  /// Pairs of steps s and changes y of the gradient, oldest first, each in one flat list, and 1 / sᵀy of each pair.
  var steps: [Double] = []
  var changes: [Double] = []
  var inverseProducts: [Double] = []

  /// The diagonal of the initial inverse Hessian: sᵀy / yᵀy of the last pair.
  var scale = 1.0

  /// True before the first iteration.
  var isEmpty: Bool { direction.isEmpty }

  /// Adds the pair of the last iteration, which led to this gradient, and computes the next direction. The first direction
  /// is that of steepest descent.
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
    // If the curvature along s is not positive, the pair would make the Hessian indefinite.
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
