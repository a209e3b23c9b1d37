import Micrograd

/// A descent method: finds a lower point from a point.
internal protocol Descent {
  /// Returns a lower point, or an equally low point with a smaller gradient; `nil` if it finds none.
  mutating func next(after point: Point, of objective: Objective, within box: Box) -> Point?
}

extension Descent {
  /// Iterates until there is a reason to stop.
  mutating func run(
    on objective: Objective, _ options: MinimizationOptions,
    _ progress: (OptimizationProgress) -> OptimizationProgress.Decision
  ) -> MinimizationResult {
    let box = objective.box
    var point = objective.start
    var iterations = 0
    var norm = box.criticality(point.position, gradient: point.gradient)

    func result(_ reason: StoppingReason) -> MinimizationResult {
      MinimizationResult(
        position: point.own.position, value: point.own.value, gradient: point.own.gradient, gradientNorm: norm,
        iterations: iterations, evaluations: objective.counts, evaluation: objective.evaluation,
        hessianEvaluation: objective.hessianEvaluation, reason: reason)
    }

    while true {
      if norm <= options.gradientTolerance { return result(.gradientTolerance) }
      if iterations >= options.maximumIterations { return result(.maximumIterations) }
      guard let next = next(after: point, of: objective, within: box) else {
        return result(DescentEnd(point: point, objective: objective).reason)
      }
      let last = point
      point = next
      norm = box.criticality(point.position, gradient: point.gradient)
      iterations += 1
      let state = OptimizationProgress(
        iteration: iterations, position: point.own.position, value: point.own.value, gradientNorm: norm)
      if progress(state) == .stop { return result(.stopped) }
      if norm <= options.gradientTolerance { return result(.gradientTolerance) }
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
}
