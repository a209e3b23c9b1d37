import Micrograd

/// Newton's method with a trust region: Steihaug (1983). With bounds, it continues from the Cauchy point over the faces of
/// the box, as in Lin & Moré, *Newton's method for large bound-constrained optimization* (1999).
internal struct TrustRegionDescent: Descent {
  private var radius: Double

  init(around start: Point) { radius = Self.firstRadius(start) }

  private static func firstRadius(_ point: Point) -> Double { max(1, euclideanNorm(point.position)) }

  mutating func restart(at point: Point) { radius = Self.firstRadius(point) }

  func expectedStep(from point: Point, of objective: Objective, within box: Box) -> [Double]? {
    NewtonDescent().expectedStep(from: point, of: objective, within: box)
  }

  mutating func next(after point: Point, of objective: Objective, within box: Box) -> Point? {
    let search = PathSearch(objective: objective, box: box)
    let size = max(1.0, point.position.largestMagnitude)
    while radius > Double.ulpOfOne * size, radius.isFinite {
      let radius = radius
      let (step, change) = objective.withHessian(at: point.position) { product in
        QuadraticModel(point: point, box: box, radius: radius, product: product).step()
      }
      guard step.allSatisfy(\.isFinite) else {
        self.radius = radius / 4
        continue
      }
      guard change < 0 else { return nil }
      let trial = objective.point(at: box.point(point.position, step: 1, along: step))
      let length = step.dot(step).squareRoot()
      let ratio = trial.isFinite ? (trial.value - point.value) / change : -1
      if trial.isFinite, search.isBetterByGradient(trial, point) { return trial }
      if ratio < 0.25 {
        self.radius = length / 4
      } else if ratio > 0.75, length >= 0.9 * radius {
        self.radius = radius * 2
      }
      if ratio > 1e-4 { return trial }
    }
    return nil
  }
}

/// The quadratic model of the function around a point, within the bounds and a radius.
private struct QuadraticModel {
  let point: Point
  let box: Box
  let radius: Double
  let product: ([Double]) -> [Double]

  /// A step, and the gradient of the model at its end.
  struct Place {
    var step: [Double]
    /// `H step`.
    var curved: [Double]
    /// `gᵀ step + stepᵀ H step / 2`.
    var change: Double
  }

  private func place(_ step: [Double]) -> Place {
    let curved = product(step)
    return Place(step: step, curved: curved, change: point.gradient.dot(step) + 0.5 * step.dot(curved))
  }

  /// Returns the step, and the decrease of the model.
  func step() -> (step: [Double], change: Double) {
    let count = point.gradient.count
    var best = Place(
      step: [Double](repeating: 0, count: count), curved: [Double](repeating: 0, count: count), change: 0)
    if box.isBounded { best = cauchyPlace() }
    // Each round fixes the parameters that reached a bound, so there are at most as many rounds as parameters.
    for _ in 0...(box.isBounded ? count : 0) {
      let x = box.point(point.position, step: 1, along: best.step)
      let slope = vector(count) { point.gradient[$0] + best.curved[$0] }
      let free = (0..<count).map { !box.isBounded || (x[$0] > box.lower[$0] && x[$0] < box.upper[$0]) }
      let size = (0..<count).reduce(0) { $0 + (free[$1] ? slope[$1] * slope[$1] : 0) }.squareRoot()
      let start = point.gradient.dot(point.gradient).squareRoot()
      guard size > 1e-14 * start else { break }
      let solution = ConjugateGradients(free: free, tolerance: min(0.001, size) * size, product: product)
        .solve(residual: vector(count) { -slope[$0] }, offset: best.step, radius: radius)
      guard let next = reach(solution.step, from: best, slope), next.change < best.change else { break }
      let isInside = next.step == vector(count, { best.step[$0] + solution.step[$0] })
      best = next
      if isInside || solution.end == .edge { break }
    }
    return (best.step, best.change)
  }

  /// Moves along a direction, projected onto the bounds, as far as the decrease of the model is sufficient.
  private func reach(_ direction: [Double], from start: Place, _ slope: [Double]) -> Place? {
    let count = direction.count
    var fraction = 1.0
    while fraction > 1e-6 {
      let wanted = vector(count) { start.step[$0] + fraction * direction[$0] }
      let next = place(within(wanted))
      let descent = slope.dot(vector(count) { next.step[$0] - start.step[$0] })
      if !box.isBounded || (descent < 0 && next.change <= start.change + 0.01 * descent) { return next }
      fraction /= 2
    }
    return nil
  }

  /// Returns the step restricted to the bounds.
  private func within(_ step: [Double]) -> [Double] {
    guard box.isBounded else { return step }
    return vector(step.count) { k in
      min(max(step[k], box.lower[k] - point.position[k]), box.upper[k] - point.position[k])
    }
  }

  /// Returns the Cauchy point: the first point along the projected gradient with a sufficient decrease of the model.
  private func cauchyPlace() -> Place {
    let count = point.gradient.count
    let moving = vector(count) { k in
      box.isHeld(k, point.position, gradient: point.gradient) ? 0 : -point.gradient[k]
    }
    let square = moving.dot(moving)
    let curvature = moving.dot(product(moving))
    var length = curvature > 0 ? square / curvature : .infinity
    length = min(length, radius / square.squareRoot())
    var place = place(within(vector(count) { length * moving[$0] }))
    for _ in 0..<60 where place.change > 0.01 * point.gradient.dot(place.step) {
      length /= 4
      place = self.place(within(vector(count) { length * moving[$0] }))
    }
    return place
  }
}
