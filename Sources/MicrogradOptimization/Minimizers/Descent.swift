/// One way of going from a point to a lower one.
internal protocol Descent {
  /// A lower point, or one as low with a smaller gradient; `nil` where there is none.
  mutating func next(after point: Point, of objective: Objective, within box: Box) -> Point?
}

extension Descent {
  /// Goes down until a reason to stop is found.
  mutating func run(
    from start: Point, of objective: Objective, within box: Box, _ options: MinimizationOptions,
    _ progress: (OptimizationProgress) -> OptimizationProgress.Decision
  ) -> MinimizationResult {
    var point = start
    var iterations = 0
    var norm = box.criticality(point.position, gradient: point.gradient)

    func result(_ reason: StoppingReason) -> MinimizationResult {
      MinimizationResult(
        position: point.position, value: point.value, gradient: point.gradient, gradientNorm: norm,
        iterations: iterations, evaluations: objective.counts, reason: reason)
    }

    while true {
      if norm <= options.gradientTolerance { return result(.gradientTolerance) }
      if iterations >= options.maximumIterations { return result(.maximumIterations) }
      guard let next = next(after: point, of: objective, within: box) else {
        return result(isAtRounding(point, norm) ? .rounding : .stalled)
      }
      let last = point
      point = next
      norm = box.criticality(point.position, gradient: point.gradient)
      iterations += 1
      let state = OptimizationProgress(
        iteration: iterations, position: point.position, value: point.value, gradientNorm: norm)
      if progress(state) == .stop { return result(.stopped) }
      if norm <= options.gradientTolerance { return result(.gradientTolerance) }
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

  /// Whether the value is flat: a change of every parameter by the square root of rounding would not show.
  private func isAtRounding(_ point: Point, _ norm: Double) -> Bool {
    let unit = Double.ulpOfOne.squareRoot()
    let gain = point.position.reduce(0) { $0 + norm * unit * max(1, abs($1)) }
    return gain <= 1e3 * Double.ulpOfOne * max(abs(point.value), Double.leastNormalMagnitude)
  }
}
