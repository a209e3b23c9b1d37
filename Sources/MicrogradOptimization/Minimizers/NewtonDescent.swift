import Micrograd

/// Newton's method with a line search: Nocedal & Wright, *Numerical Optimization*, algorithm 7.1. With bounds, it uses the
/// free parameters only (Bertsekas, 1982).
internal struct NewtonDescent: Descent {
  func next(after point: Point, of objective: Objective, within box: Box) -> Point? {
    let gradient = point.gradient
    let (free, solution) = newtonStep(from: point, of: objective, within: box)
    let downhill = vector(gradient.count) { -gradient[$0] }
    let isNewton = solution.end == .inside
    let direction = vector(gradient.count) { free[$0] ? solution.step[$0] : downhill[$0] }
    let search = PathSearch(objective: objective, box: box)
    if direction.allSatisfy(\.isFinite), gradient.dot(direction) < 0,
      let next = search.point(
        from: point, along: direction, firstStep: isNewton ? 1 : min(1.0, 1 / direction.magnitudeSum))
    {
      return next
    }
    // If Newton's direction fails, try steepest descent.
    return search.point(from: point, along: downhill, firstStep: min(1.0, 1 / gradient.magnitudeSum))
  }

  func expectedStep(from point: Point, of objective: Objective, within box: Box) -> [Double]? {
    let solution = newtonStep(from: point, of: objective, within: box).solution
    return solution.end == .inside ? solution.step : nil
  }

  /// Does nothing: a step depends on its point only.
  func restart(at point: Point) {}

  /// Solves for Newton's step of the free parameters.
  private func newtonStep(
    from point: Point, of objective: Objective, within box: Box
  ) -> (free: [Bool], solution: ConjugateGradients.Solution) {
    let gradient = point.gradient
    let free = point.free(within: box)
    let size = gradient.indices.reduce(0) { $0 + (free[$1] ? gradient[$1] * gradient[$1] : 0) }.squareRoot()
    let solution = objective.withHessian(at: point.position) { product in
      ConjugateGradients(free: free, tolerance: min(0.001, size) * size, product: product)
        .solve(
          residual: vector(gradient.count) { -gradient[$0] }, offset: [Double](repeating: 0, count: gradient.count))
    }
    return (free, solution)
  }
}
