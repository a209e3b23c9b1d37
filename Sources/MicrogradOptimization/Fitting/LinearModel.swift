import Micrograd

/// The linear model of the residuals around a point, and its best step within a radius and within bounds.
///
/// Steps are measured by their effects (``FitPoint``), so columns have unit length. Parameters that are held at a bound, or
/// that no residual depends on, do not change. If the step takes a parameter to a bound, it stays there, and the step for
/// the rest is computed again. A step that lowers the model less than the projected gradient does is replaced by the
/// projected gradient step, so that the fit stops only where the Karush–Kuhn–Tucker conditions hold.
internal struct LinearModel {
  let point: FitPoint
  /// The diagonal of Moré's D: the largest length so far of each column.
  let longest: [Double]
  /// The parameters that are held at a bound.
  let held: [Int]

  private let box: Box
  /// D for steps measured by effects: 1 for a column that is as long as ever.
  private let scale: [Double]
  /// `Jᵀr`, for columns of unit length.
  private let gradient: [Double]
  /// The effects that take each parameter to its bounds.
  private let lower, upper: [Double]
  /// The free parameters, and the solver for their step.
  private let free: [Int]
  private let first: DampedStep?

  /// - Parameters:
  ///   - point: The start of the step.
  ///   - longest: The largest length so far of each column.
  ///   - box: The bounds.
  init(around point: FitPoint, longest: [Double], within box: Box) {
    let lengths = point.lengths
    let scale = longest.indices.map { lengths[$0] > 0 ? min(longest[$0] / lengths[$0], 1e100) : 1 }
    let gradient = point.triangle.transposedTimes(point.projection)
    let held = scale.indices.filter { box.isHeld($0, point.parameters, gradient: gradient) }
    let free = scale.indices.filter {
      let isLost = scale[$0] * Double.ulpOfOne > 1 && point.isFaint($0)
      return lengths[$0] > 0 && !isLost && !held.contains($0)
    }
    self.point = point
    self.longest = longest
    self.held = held
    self.box = box
    self.scale = scale
    self.gradient = gradient
    self.free = free
    lower = scale.indices.map { point.effect($0, of: box.lower[$0] - point.parameters[$0]) }
    upper = scale.indices.map { point.effect($0, of: box.upper[$0] - point.parameters[$0]) }
    first =
      free.isEmpty
      ? nil
      : DampedStep(
        columns: point.triangle.selecting(free), values: point.projection, rowCount: point.residualCount,
        scale: free.map { scale[$0] })
  }

  /// The largest cosine between the residuals and the column of a free parameter. If a bound allows less change than that,
  /// the allowed change counts, as a fraction of the residuals.
  var criticality: Double {
    guard point.length > 0 else { return 0 }
    return free.reduce(0) { max($0, min(abs(gradient[$1]), room($1)) / point.length) }
  }

  /// The largest relative decrease of the linear model's sum of squares.
  ///
  /// Its square root is the cosine of the angle between the residuals and the column space: the criterion of D. M. Bates
  /// and D. G. Watts (*A relative offset orthogonality convergence criterion for nonlinear least squares*, 1981).
  var largestGain: Double {
    guard let first, point.length > 0 else { return 0 }
    let cosine = first.reach / point.length
    let bound = free.reduce(0) { $0 + 2 * abs(gradient[$1]) / point.length * (room($1) / point.length) }
    return min(cosine * cosine, bound, 1)
  }

  /// Returns the effect of moving a parameter downhill to its bound.
  private func room(_ k: Int) -> Double { gradient[k] > 0 ? -lower[k] : upper[k] }

  /// A step of the linear model.
  struct Step {
    /// The parameters after the step. One that reaches a bound is exactly at the bound.
    let parameters: [Double]
    /// The norm of its effect, in multiples of the unit.
    let size: Double
    /// The norm of `D s`, which the radius bounds.
    let length: Double
    /// The relative decrease of the model's sum of squares.
    let expected: Double
  }

  /// Returns the best step within a radius. `damping` is a guess of λ, and the found λ afterwards.
  func step(within radius: Double, damping: inout Double) -> Step {
    let parameters = parameters(after: effects(within: radius, damping: &damping))
    let rounded = parameters.indices.map { point.effect($0, of: parameters[$0] - point.parameters[$0]) }
    return Step(
      parameters: parameters, size: euclideanNorm(rounded), length: length(rounded), expected: -change(rounded))
  }

  private func length(_ effects: [Double]) -> Double { euclideanNorm(zip(effects, scale).map { $0 * $1 }) }

  /// Returns the relative change of the model's sum of squares.
  ///
  /// Uses the difference of squares, in which less cancels: |r + Js|² - |r|² = (2r + Js)ᵀ Js.
  private func change(_ effects: [Double]) -> Double {
    let product = point.triangle.times(effects)
    let square = point.length * point.length
    return zip(point.projection, product).reduce(0) { $0 + (2 * $1.0 + $1.1) * $1.1 } / square
  }

  private func effects(within radius: Double, damping: inout Double) -> [Double] {
    var step = [Double](repeating: 0, count: gradient.count)
    guard let first else { return step }
    var part = first
    var free = free
    while true {
      let spent = length(step)
      let left = spent > 0 ? max(radius * radius - spent * spent, 0).squareRoot() : radius
      guard left > 0 else { break }
      let found = part.step(within: left, guess: damping)
      damping = found.damping
      var reached: [Int] = []
      for (k, index) in free.enumerated() {
        step[index] = min(max(found.step[k], lower[index]), upper[index])
        if step[index] != found.step[k] { reached.append(index) }
      }
      free.removeAll { reached.contains($0) }
      if reached.isEmpty || free.isEmpty { break }
      for index in free { step[index] = 0 }
      let fixed = point.triangle.times(step)
      part = DampedStep(
        columns: point.triangle.selecting(free), values: zip(point.projection, fixed).map { $0 + $1 },
        rowCount: point.residualCount, scale: free.map { scale[$0] })
    }
    guard box.isBounded else { return step }
    let downhill = cauchyStep(within: radius)
    return change(step) <= change(downhill) ? step : downhill
  }

  private func parameters(after effects: [Double]) -> [Double] {
    box.projected(
      effects.indices.map { k in
        if effects[k] == 0 { return point.parameters[k] }
        if effects[k] == lower[k] { return box.lower[k] }
        if effects[k] == upper[k] { return box.upper[k] }
        return point.parameters[k] + point.change(k, withEffect: effects[k])
      })
  }

  /// Returns the first point along the projected scaled gradient with a sufficient decrease of the model.
  private func cauchyStep(within radius: Double) -> [Double] {
    var direction = [Double](repeating: 0, count: gradient.count)
    for k in free { direction[k] = -gradient[k] / scale[k] / scale[k] }
    let length = length(direction)
    guard length > 0 else { return direction }
    let product = point.triangle.times(direction)
    let curvature = product.dot(product)
    var factor = radius / length
    if curvature > 0 { factor = min(factor, -gradient.dot(direction) / curvature) }
    let square = point.length * point.length
    for _ in 0..<60 {
      let step = direction.indices.map { min(max(factor * direction[$0], lower[$0]), upper[$0]) }
      if change(step) <= 0.02 * gradient.dot(step) / square { return step }
      factor /= 4
    }
    return [Double](repeating: 0, count: gradient.count)
  }
}
