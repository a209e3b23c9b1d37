import Micrograd

/// A line search for a lower point along a direction, projected onto the bounds.
internal struct PathSearch {
  let objective: Objective
  let box: Box

  private static let sufficientDescent = 1e-4
  private static let limit = 40

  /// Returns a point with a sufficient decrease; `nil` if it finds none.
  ///
  /// Usually the point satisfies the strong Wolfe conditions, which L-BFGS needs for positive curvature. If they cannot be
  /// met, as at a corner of the projected path, it is the first of halved steps with a sufficient decrease (Bertsekas,
  /// *Projected Newton methods for optimization problems with simple constraints*, 1982).
  func point(from start: Point, along direction: [Double], firstStep: Double) -> Point? {
    let first = point(from: start, firstStep, direction)
    if first.isFinite, isBetterByGradient(first, start) { return first }
    return wolfePoint(from: start, direction, first, firstStep) ?? halvedPoint(from: start, direction, first, firstStep)
  }

  /// Returns true if the values of two points differ only by rounding, and the gradient at the first is clearly smaller.
  ///
  /// Close to a minimum, changes of the parameters by the square root of the machine epsilon do not show in values, but
  /// they do in gradients.
  func isBetterByGradient(_ a: Point, _ b: Point) -> Bool {
    abs(a.value - b.value) <= 16 * Double.ulpOfOne * abs(b.value)
      && box.criticality(a.position, gradient: a.gradient)
        <= 0.5 * box.criticality(b.position, gradient: b.gradient)
  }

  private func point(from start: Point, _ step: Double, _ direction: [Double]) -> Point {
    objective.point(at: box.point(start.position, step: step, along: direction))
  }

  private func wolfePoint(
    from start: Point, _ direction: [Double], _ first: Point, _ firstStep: Double
  ) -> Point? {
    var tried = [firstStep: first]
    func linePoint(_ step: Double, _ point: Point) -> LinePoint {
      guard point.isFinite else { return LinePoint(step: step, loss: .infinity, gradient: [], slope: .nan) }
      let slope = box.slope(start.position, step: step, along: direction, gradient: point.gradient)
      return LinePoint(step: step, loss: point.value, gradient: point.gradient, slope: slope)
    }
    let search = StrongWolfeSearch(
      start: linePoint(0, start), reach: direction.largestMagnitude, tolerance: 0, limit: Self.limit)
    let end = search.point(from: firstStep) { step in
      let trial = tried[step] ?? point(from: start, step, direction)
      tried[step] = trial
      return linePoint(step, trial)
    }
    guard let found = tried[end.step], descendsEnough(found, start) else { return nil }
    return found
  }

  private func halvedPoint(
    from start: Point, _ direction: [Double], _ first: Point, _ firstStep: Double
  ) -> Point? {
    var (step, trial) = (firstStep, first)
    for _ in 0..<Self.limit {
      if descendsEnough(trial, start) { return trial }
      step /= 2
      trial = point(from: start, step, direction)
    }
    return nil
  }

  private func descendsEnough(_ trial: Point, _ start: Point) -> Bool {
    guard trial.isFinite else { return false }
    let descent = start.gradient.dot(zip(trial.position, start.position).map { $0 - $1 })
    return descent < 0 && trial.value <= start.value + Self.sufficientDescent * descent && trial.value < start.value
  }
}
