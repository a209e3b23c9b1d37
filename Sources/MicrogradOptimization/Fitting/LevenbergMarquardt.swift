import Micrograd

/// The Levenberg–Marquardt method of J. J. Moré (*The Levenberg–Marquardt algorithm: implementation and theory*, 1978): a
/// trust region whose axes are the parameters, scaled by the columns of the Jacobian.
///
/// All quantities are measured by their effects on the residuals (``FitPoint``), so that no decision depends on units.
internal struct LevenbergMarquardt {
  let residuals: Residuals
  let box: Box
  let options: FitOptions

  private var model: LinearModel
  private(set) var iterations = 0
  /// The radius of the trust region, in multiples of the point's unit.
  private var radius: Double
  private var damping = 0.0

  private static let attempts = 64
  private static let longestRadius = 1e150

  init(_ residuals: Residuals, within box: Box, from start: [Double], _ options: FitOptions) throws(OptimizationError) {
    self.residuals = residuals
    self.box = box
    self.options = options
    residuals.prepare(at: start)
    let (values, found) = residuals.evaluate(at: start, wantsPoint: true)
    let count = residuals.count(of: values)
    guard count > 0 else { throw .noData }
    guard count >= start.count else { throw .tooFewResiduals(residuals: count, parameters: start.count) }
    if !values.isFinite {
      for (row, value) in values.enumerated() where !value.isFinite {
        throw .residualNotFinite(row: row, found: value)
      }
    }
    let point: FitPoint
    if let found {
      point = found
    } else {
      let jacobian = residuals.jacobian(at: start)
      try Self.requireFinite(jacobian)
      point = residuals.makePoint(start, values, jacobian)
    }
    model = LinearModel(around: point, longest: point.lengths, within: box)
    // MINPACK begins with a hundred times the size of the start. Such a step can lead to a region where the model is flat.
    radius = point.size > 0 ? max(point.size, 1e-3 * point.length) : point.length
    radius = min(radius, Self.longestRadius)
  }

  /// Requires finite derivatives at the start.
  private static func requireFinite(_ jacobian: borrowing Columns) throws(OptimizationError) {
    if jacobian.numbers.isFinite { return }
    for k in 0..<jacobian.columns {
      for (row, value) in jacobian.column(k).enumerated() where !value.isFinite {
        throw .jacobianNotFinite(row: row, parameter: k, found: value)
      }
    }
  }

  /// The current point.
  var point: FitPoint { model.point }

  /// The parameters that are held at a bound.
  var held: [Int] { model.held }

  mutating func run(
    _ progress: (OptimizationProgress) -> OptimizationProgress.Decision
  ) throws(OptimizationError) -> StoppingReason {
    while true {
      if model.criticality <= options.gradientTolerance { return .gradientTolerance }
      if iterations >= options.maximumIterations { return .maximumIterations }
      if let reason = try iterate(progress) { return reason }
    }
  }

  /// Shortens the step until it lowers the sum of squares, then takes it.
  private mutating func iterate(
    _ progress: (OptimizationProgress) -> OptimizationProgress.Decision
  ) throws(OptimizationError) -> StoppingReason? {
    let rounding = point.relativeRounding
    // At a cosine of 5e-12, a further step would change only rounding.
    if model.largestGain <= max(3e-23, 0.01 * rounding * rounding) {
      let step = model.step(within: radius, damping: &damping)
      return damping == 0 && isShort(step) ? .stepTolerance : .rounding
    }
    for attempt in 0..<Self.attempts {
      let step = model.step(within: radius, damping: &damping)
      guard step.length.isFinite else {
        radius *= 0.1
        continue
      }
      if iterations == 0 { radius = min(radius, step.length) }
      // After a step that failed, the next one may fail too: derivatives can wait.
      let (found, reached) = try evaluate(at: step.parameters, wantsPoint: attempt == 0)
      let gained = gain(found)
      let isFlat = step.expected <= rounding && abs(gained) <= 32 * rounding
      if !isFlat { adapt(to: step, gained) }
      if isFlat || (gained > 0 && gained >= 1e-4 * step.expected) {
        if let next = (reached ?? residuals.point(at: step.parameters, found)).map(model(around:)) {
          // If the sums are equal up to rounding, the smaller gradient decides.
          if isFlat, next.largestGain >= model.largestGain { break }
          return take(next, by: step, gained, progress)
        }
        radius = 0.1 * min(radius, step.length)
      }
      residuals.recycle(found)
      if step.length == 0 || step.size <= min(options.stepTolerance, 1e-12) * point.size { break }
    }
    // Accurate up to rounding if no better point can be expected.
    let isGood = model.largestGain <= max(1e-12, rounding) || model.criticality <= 1e-6 || rounding >= 0.01
    return isGood ? .rounding : try reasonOfFailure(rounding)
  }

  /// Takes a step. Returns the reason to stop, or nil to continue.
  private mutating func take(
    _ next: LinearModel, by step: LinearModel.Step, _ gained: Double,
    _ progress: (OptimizationProgress) -> OptimizationProgress.Decision
  ) -> StoppingReason? {
    let gain = model.largestGain, former = point.residuals
    let isNewton = damping == 0 && isShort(step)
    radius = min(product(radius, point.unit, over: next.point.unit), Self.longestRadius)
    model = next
    residuals.recycle(former)
    iterations += 1
    let state = OptimizationProgress(
      iteration: iterations, position: point.parameters, value: point.norm * point.norm,
      gradientNorm: model.criticality)
    if progress(state) == .stop { return .stopped }
    if options.valueTolerance > 0, gained <= options.valueTolerance, gain <= options.valueTolerance {
      return .valueTolerance
    }
    return isNewton && gain <= 1e-10 ? .stepTolerance : nil
  }

  private func isShort(_ step: LinearModel.Step) -> Bool {
    point.size.isFinite && step.size <= options.stepTolerance * point.size
  }

  /// Finds out why no step lowers the sum: tries steps so short that a smooth sum of squares would fall as predicted.
  private func reasonOfFailure(_ rounding: Double) throws(OptimizationError) -> StoppingReason {
    for part in [1e-5, 1e-7] {
      var damping = 0.0
      let step = model.step(within: part * point.length, damping: &damping)
      guard step.length.isFinite else { return .stepNotFinite }
      guard step.expected > 100 * rounding else { return .stalled }
      let gained = gain(try evaluate(at: step.parameters, wantsPoint: false).residuals)
      guard gained.isFinite, gained < 1e-4 * step.expected else { return .stalled }
    }
    return .notDifferentiable
  }

  private func evaluate(
    at parameters: [Double], wantsPoint: Bool
  ) throws(OptimizationError) -> (residuals: [Double], point: FitPoint?) {
    let (found, reached) = residuals.evaluate(at: parameters, wantsPoint: wantsPoint)
    guard found.count == point.residuals.count else {
      throw .residualCount(found: found.count, expected: point.residuals.count)
    }
    return (found, reached)
  }

  /// Returns the relative decrease of the sum of squares.
  private func gain(_ found: [Double]) -> Double {
    let difference = residuals.squareDifference(point.residuals, found, unit: point.unit)
    return difference.isNaN ? -.infinity : difference / (point.length * point.length)
  }

  /// Returns the linear model around a point.
  private func model(around next: FitPoint) -> LinearModel {
    let longest = zip(model.longest, next.lengths).map { max($0, $1) }
    return LinearModel(around: next, longest: longest, within: box)
  }

  /// Grows or shrinks the trust region, as Moré does.
  private mutating func adapt(to step: LinearModel.Step, _ gained: Double) {
    let ratio = step.expected > 0 ? gained / step.expected : 0
    if ratio <= 0.25 {
      var factor = 0.5
      if gained < 0 {
        // The minimum of the parabola through both values, with the slope at the start.
        factor = gained > -99 ? 0.5 * step.expected / (step.expected - gained) : 0.1
      }
      factor = max(factor, 0.1)
      radius = factor * min(radius, 10 * step.length)
      damping /= factor
    } else if damping == 0 || ratio >= 0.75 {
      radius = min(2 * step.length, Self.longestRadius)
      damping /= 2
    }
  }
}
