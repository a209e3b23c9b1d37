import Micrograd

/// A search along a direction for a lower point, around the corners of the bounds.
internal struct PathSearch {
  let objective: Objective
  let box: Box

  private static let sufficientDescent = 1e-4
  private static let limit = 60

  /// A point that is low enough; `nil` where none was found.
  ///
  /// As long as no bound is met at the first step, the strong Wolfe conditions hold at the point, which the curvature that
  /// L-BFGS learns needs; else it is the first of halved steps along the projected path that descends enough (Bertsekas,
  /// *Projected Newton methods*, 1982).
  func point(from start: Point, along direction: [Double], firstStep: Double) -> Point? {
    let room = box.room(start.position, along: direction)
    let first = point(from: start, firstStep, direction)
    if first.isFinite, isBetterByGradient(first, start) { return first }
    return firstStep <= room
      ? wolfePoint(from: start, direction, first, firstStep, room)
      : projectedPoint(from: start, direction, first, firstStep)
  }

  /// Whether the values of two points differ by rounding only, while the gradient is clearly smaller at the first.
  ///
  /// Close to a minimum values are flat: the square root of rounding in the parameters does not show in them, but in
  /// gradients.
  func isBetterByGradient(_ a: Point, _ b: Point) -> Bool {
    abs(a.value - b.value) <= 16 * Double.ulpOfOne * abs(b.value)
      && box.criticality(a.position, gradient: a.gradient)
        <= 0.5 * box.criticality(b.position, gradient: b.gradient)
  }

  private func point(from start: Point, _ step: Double, _ direction: [Double]) -> Point {
    objective.point(at: box.point(start.position, step: step, along: direction))
  }

  private func wolfePoint(
    from start: Point, _ direction: [Double], _ first: Point, _ firstStep: Double, _ room: Double
  ) -> Point? {
    var tried = [firstStep: first]
    let search = StrongWolfeSearch(
      start: LinePoint(
        step: 0, loss: start.value, gradient: start.gradient, slope: start.gradient.dot(direction)),
      reach: direction.largestMagnitude, tolerance: 0, limit: Self.limit)
    let end = search.point(from: firstStep) { step in
      guard step <= room else { return LinePoint(step: step, loss: .infinity, gradient: [], slope: .nan) }
      let trial = tried[step] ?? point(from: start, step, direction)
      guard trial.isFinite else { return LinePoint(step: step, loss: .infinity, gradient: [], slope: .nan) }
      tried[step] = trial
      return LinePoint(
        step: step, loss: trial.value, gradient: trial.gradient, slope: trial.gradient.dot(direction))
    }
    guard let found = tried[end.step], found.isFinite, found.value < start.value else { return nil }
    return found
  }

  private func projectedPoint(
    from start: Point, _ direction: [Double], _ first: Point, _ firstStep: Double
  ) -> Point? {
    var (step, trial) = (firstStep, first)
    for _ in 0..<Self.limit {
      let descent = zip(start.gradient, zip(trial.position, start.position))
        .reduce(0) { $0 + $1.0 * ($1.1.0 - $1.1.1) }
      if trial.isFinite, descent < 0, trial.value <= start.value + Self.sufficientDescent * descent {
        return trial
      }
      step /= 2
      trial = point(from: start, step, direction)
    }
    return nil
  }
}
