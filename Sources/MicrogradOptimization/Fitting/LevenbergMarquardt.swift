import Micrograd

/// J. J. Moré's method (*The Levenberg–Marquardt algorithm: implementation and theory*, 1978): steps within an ellipsoid
/// whose axes are the parameters, scaled by the columns of the Jacobian.
internal struct LevenbergMarquardt {
  let residuals: Residuals
  let box: Box
  let options: FitOptions

  private(set) var parameters: [Double]
  private(set) var values: [Double]
  private(set) var jacobian: Columns
  private(set) var iterations = 0
  /// The diagonal of D: the longest that each column was.
  private var scale: [Double]
  private var radius = 0.0
  private var damping = 0.0

  init(_ residuals: Residuals, within box: Box, from start: [Double], _ options: FitOptions) throws(OptimizationError) {
    self.residuals = residuals
    self.box = box
    self.options = options
    parameters = start
    values = residuals.values(at: start)
    guard !values.isEmpty else { throw .noData }
    guard values.count >= start.count else {
      throw .tooFewResiduals(residuals: values.count, parameters: start.count)
    }
    for (row, value) in values.enumerated() where !value.isFinite {
      throw .residualNotFinite(row: row, found: value)
    }
    jacobian = residuals.jacobian(at: start)
    for k in start.indices {
      for (row, value) in jacobian.column(k).enumerated() where !value.isFinite {
        throw .jacobianNotFinite(row: row, parameter: k, found: value)
      }
    }
    scale = start.indices.map { [jacobian] in jacobian.norm($0) }.map { $0 > 0 ? $0 : 1 }
    let length = scaledLength(start)
    // Not a hundred times that, as MINPACK has it: such a step can lead to where the model is flat.
    radius = length > 0 ? length : 1
  }

  private func scaledLength(_ x: [Double]) -> Double { euclideanNorm(zip(x, scale).map { $0 * $1 }) }

  private var gradient: [Double] { jacobian.transposedTimes(values) }

  /// Which parameters a bound holds.
  var held: [Int] {
    let gradient = gradient
    return parameters.indices.filter { box.isHeld($0, parameters, gradient: gradient) }
  }

  /// The largest cosine between the residuals and a column of a parameter that can change.
  private func criticality(_ x: [Double], _ values: [Double], _ jacobian: Columns) -> Double {
    let norm = euclideanNorm(values)
    guard norm > 0 else { return 0 }
    let gradient = jacobian.transposedTimes(values)
    var largest = 0.0
    for k in x.indices where !box.isHeld(k, x, gradient: gradient) {
      let length = jacobian.norm(k)
      if length > 0 { largest = max(largest, abs(gradient[k]) / length / norm) }
    }
    return largest
  }

  mutating func run(
    _ progress: (OptimizationProgress) -> OptimizationProgress.Decision
  ) throws(OptimizationError) -> StoppingReason {
    var norm = criticality(parameters, values, jacobian)
    while true {
      if norm <= options.gradientTolerance { return .gradientTolerance }
      if iterations >= options.maximumIterations { return .maximumIterations }
      if let reason = try iterate(&norm, progress) { return reason }
    }
  }

  /// Shortens the step until it is a good one, and takes it.
  private mutating func iterate(
    _ norm: inout Double, _ progress: (OptimizationProgress) -> OptimizationProgress.Decision
  ) throws(OptimizationError) -> StoppingReason? {
    let sum = values.dot(values)
    let rounding = relativeRounding
    while true {
      let step = BoundedStep(
        parameters: parameters, values: values, jacobian: jacobian, scale: scale, box: box
      ).step(within: radius, damping: &damping)
      let trial = box.point(parameters, step: 1, along: step)
      let change = zip(trial, parameters).map { $0 - $1 }
      let length = scaledLength(change)
      if iterations == 0 { radius = min(radius, length) }
      let found = residuals.values(at: trial)
      guard found.count == values.count else {
        throw .residualCount(found: found.count, expected: values.count)
      }
      // By the difference of squares, in which less cancels: |r|² - |r + Js|² = -(2r + Js)ᵀ Js.
      let expected = -zip(values, jacobian.times(change)).reduce(0) { $0 + (2 * $1.0 + $1.1) * $1.1 } / sum
      let difference = zip(values, found).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 + $1.1) } / sum
      let gained = found.allSatisfy(\.isFinite) && !difference.isNaN ? difference : -.infinity
      let isFlat = abs(gained) <= rounding && expected <= rounding

      if !isFlat { adapt(expected, gained, length) }
      let isGood = isFlat || (gained > 0 && gained >= 1e-4 * expected)
      if isGood, let next = finiteJacobian(at: trial) {
        let nextNorm = criticality(trial, found, next)
        // Where the sum does not tell any more which is better, the gradient does.
        if isFlat, nextNorm >= 0.9 * norm { return end(.rounding, norm) }
        take(trial, found, next)
        norm = nextNorm
        let state = OptimizationProgress(
          iteration: iterations, position: parameters, value: values.dot(values), gradientNorm: norm)
        if progress(state) == .stop { return .stopped }
        if options.valueTolerance > 0, gained <= options.valueTolerance, expected <= options.valueTolerance {
          return .valueTolerance
        }
        return length <= options.stepTolerance * scaledLength(parameters) ? .stepTolerance : nil
      }
      if isGood { radius = 0.1 * min(radius, length) }
      if length == 0 || length <= options.stepTolerance * scaledLength(parameters) { return end(.stepTolerance, norm) }
    }
  }

  /// The reason to stop at a step that gained nothing: a good one, unless the step was short only because no longer one was
  /// any good.
  private func end(_ reason: StoppingReason, _ norm: Double) -> StoppingReason {
    damping == 0 ? reason : norm < 1e-6 ? .rounding : .stalled
  }

  /// What relative differences of sums of squares are rounding: those that parameters make when they change by that.
  private var relativeRounding: Double {
    let sizes = (0..<jacobian.rows).map { row in
      parameters.indices.reduce(0) { $0 + abs(jacobian[row, $1] * parameters[$1]) }
    }
    return 4 * Double.ulpOfOne * max(16, euclideanNorm(sizes) / euclideanNorm(values))
  }

  private mutating func take(_ trial: [Double], _ found: [Double], _ next: Columns) {
    parameters = trial
    values = found
    jacobian = next
    iterations += 1
    for k in scale.indices { scale[k] = max(scale[k], next.norm(k)) }
  }

  private func finiteJacobian(at trial: [Double]) -> Columns? {
    let next = residuals.jacobian(at: trial)
    return next.numbers.allSatisfy(\.isFinite) ? next : nil
  }

  /// Trusts more or less of the linear model, as Moré does.
  private mutating func adapt(_ expected: Double, _ gained: Double, _ length: Double) {
    let ratio = expected > 0 ? gained / expected : 0
    if ratio <= 0.25 {
      var factor = 0.5
      if gained < 0 {
        // The minimum of the parabola through both values with the slope at the start.
        factor = gained > -99 ? 0.5 * expected / (expected - gained) : 0.1
      }
      factor = max(factor, 0.1)
      radius = factor * min(radius, 10 * length)
      damping /= factor
    } else if damping == 0 || ratio >= 0.75 {
      radius = 2 * length
      damping /= 2
    }
  }
}
