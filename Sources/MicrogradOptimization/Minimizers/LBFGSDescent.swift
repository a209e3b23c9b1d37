import Micrograd

/// L-BFGS steps: Nocedal & Wright, *Numerical Optimization*, algorithm 7.5.
///
/// With bounds, the pairs are restricted to the free parameters, so that they approximate the inverse Hessian of these only
/// (Bertsekas, 1982). Parameters held at a bound move along their own derivatives, into the bound.
internal struct LBFGSDescent: Descent {
  let historySize: Int
  /// Steps and changes of the gradient, oldest first.
  private var pairs: [(step: [Double], change: [Double])] = []

  init(historySize: Int) { self.historySize = max(historySize, 1) }

  mutating func next(after point: Point, of objective: Objective, within box: Box) -> Point? {
    let search = PathSearch(objective: objective, box: box)
    while true {
      let direction = direction(at: point, within: box)
      let isSteepest = pairs.isEmpty
      let firstStep = isSteepest ? min(1.0, 1 / point.gradient.magnitudeSum) : 1
      if point.gradient.dot(direction) < 0, direction.allSatisfy(\.isFinite),
        let next = search.point(from: point, along: direction, firstStep: firstStep)
      {
        learn(from: point, to: next)
        return next
      }
      if isSteepest { return nil }
      // Pairs from elsewhere may mislead here: restart with steepest descent.
      pairs = []
    }
  }

  func expectedStep(from point: Point, of objective: Objective, within box: Box) -> [Double]? {
    newtonStepByDifferences(from: point, of: objective, within: box)
  }

  mutating func restart(at point: Point) { pairs = [] }

  private func direction(at point: Point, within box: Box) -> [Double] {
    let gradient = point.gradient
    let isFree = point.free(within: box)
    let free = gradient.indices.filter { isFree[$0] }
    let everything = free.count == gradient.count
    var (steps, changes, inverses, scale) = ([Double](), [Double](), [Double](), 1.0)
    for pair in pairs {
      let step = everything ? pair.step : free.map { pair.step[$0] }
      let change = everything ? pair.change : free.map { pair.change[$0] }
      let product = step.dot(change)
      let square = change.dot(change)
      guard product > Double.ulpOfOne * square, square > 0 else { continue }
      steps += step
      changes += change
      inverses.append(1 / product)
      scale = product / square
    }
    let part = everything ? gradient : free.map { gradient[$0] }
    let found = part.quasiNewtonDirection(steps: steps, changes: changes, inverseProducts: inverses, scale: scale)
    guard !everything else { return found }
    var direction = gradient.map { -scale * $0 }
    for (k, index) in free.enumerated() { direction[index] = found[k] }
    return direction
  }

  private mutating func learn(from point: Point, to next: Point) {
    let step = zip(next.position, point.position).map { $0 - $1 }
    let change = zip(next.gradient, point.gradient).map { $0 - $1 }
    // If the curvature along the step is not positive, the pair would make the Hessian indefinite.
    guard step.dot(change) > Double.ulpOfOne * change.dot(change) else { return }
    if pairs.count == historySize { pairs.removeFirst() }
    pairs.append((step, change))
  }
}
