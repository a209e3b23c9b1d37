import Micrograd

/// A search along a direction for a lower point, around the corners of the bounds.
internal struct PathSearch {
  let objective: Objective
  let box: Box

  private static let sufficientDescent = 1e-4
  private static let limit = 40

  /// A point that is low enough; `nil` where none was found.
  ///
  /// Usually the strong Wolfe conditions hold there, which the curvature that L-BFGS learns needs. Where they cannot be met,
  /// as at a corner of the path, it is the first of halved steps that descends enough (Bertsekas, *Projected Newton methods
  /// for optimization problems with simple constraints*, 1982).
  func point(from start: Point, along direction: [Double], firstStep: Double) -> Point? {
    let first = point(from: start, firstStep, direction)
    if first.isFinite, isBetterByGradient(first, start) { return first }
    return wolfePoint(from: start, direction, first, firstStep) ?? halvedPoint(from: start, direction, first, firstStep)
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
