import Micrograd

/// A descent method: finds a lower point from a point.
internal protocol Descent {
  /// Returns a lower point, or an equally low point with a smaller gradient; `nil` if it finds none.
  mutating func next(after point: Point, of objective: Objective, within box: Box) -> Point?

  /// Returns the step to the minimum that the method expects; `nil` if the function does not curve upwards there, as far as
  /// the method knows.
  func expectedStep(from point: Point, of objective: Objective, within box: Box) -> [Double]?

  /// Forgets what was learnt in other units, and starts at a point.
  mutating func restart(at point: Point)
}

extension Descent {
  /// Iterates until there is a reason to stop.
  mutating func run(
    on objective: Objective, _ options: MinimizationOptions,
    _ progress: (OptimizationProgress) -> OptimizationProgress.Decision
  ) -> MinimizationResult {
    var point = objective.start
    var iterations = 0
    var norm = objective.criticality(point)

    func result(_ reason: StoppingReason) -> MinimizationResult {
      MinimizationResult(
        position: point.own.position, value: point.own.value, gradient: point.own.gradient,
        gradientNorm: objective.startCriticality(point),
        iterations: iterations, evaluations: objective.counts, evaluation: objective.evaluation,
        hessianEvaluation: objective.hessianEvaluation, reason: reason)
    }

    while true {
      if norm <= options.gradientTolerance { return result(.gradientTolerance) }
      if iterations >= options.maximumIterations { return result(.maximumIterations) }
      guard let next = next(after: point, of: objective, within: objective.box) else {
        let reason = DescentEnd(point: point, objective: objective).reason
        return result(
          reason == .stalled && objective.startCriticality(point) <= options.gradientTolerance
            ? .gradientTolerance : reason)
      }
      let last = point
      point = next
      norm = objective.criticality(point)
      iterations += 1
      let state = OptimizationProgress(
        iteration: iterations, position: point.own.position, value: point.own.value,
        gradientNorm: objective.startCriticality(point))
      if progress(state) == .stop { return result(.stopped) }
      let isLower = last.own.value - point.own.value > 16 * Double.ulpOfOne * abs(point.own.value)
      if !isLower, objective.startCriticality(point) <= options.gradientTolerance { return result(.gradientTolerance) }
      if norm <= options.gradientTolerance {
        if isEnd(point, of: objective, options) { return result(.gradientTolerance) }
        objective.rescale(at: point)
        point = objective.start
        norm = objective.criticality(point)
        restart(at: point)
        continue
      }
      if DescentEnd.isUnbounded(point, beyond: 1e100) { return result(.unbounded) }
      if options.valueTolerance > 0, abs(last.value - point.value) <= options.valueTolerance * abs(point.value) {
        return result(.valueTolerance)
      }
      if options.stepTolerance > 0,
        zip(last.position, point.position).allSatisfy({ abs($0 - $1) <= options.stepTolerance * max(1, abs($1)) })
      {
        return result(.stepTolerance)
      }
    }
  }

  /// Returns true if a gradient within the tolerance is that of a minimum, and not of a plateau.
  ///
  /// A value that was enormous at the start makes every later gradient look small. So the gradient must also be small beside the
  /// sizes at the point, or the expected step to the minimum short: beside a minimum of 0, no gradient is small.
  private func isEnd(_ point: Point, of objective: Objective, _ options: MinimizationOptions) -> Bool {
    if objective.criticality(point) <= options.gradientTolerance * abs(point.value) { return true }
    guard let step = expectedStep(from: point, of: objective, within: objective.box) else { return false }
    return point.isShort(step, within: objective.box, tolerance: options.gradientTolerance)
  }
}
