import Micrograd

/// Takes steps from the start to the end of an interval.
internal struct Integrator<Steps: Stepper> {
  let rightHandSide: RightHandSide
  let stepper: Steps
  let method: IntegrationMethod
  let options: SolverOptions
  let end: Double
  private(set) var trajectory: Trajectory

  init(
    _ rightHandSide: RightHandSide, _ stepper: Steps, _ method: IntegrationMethod, _ options: SolverOptions,
    start: Double, end: Double, state: [Double], parameters: [Double]
  ) {
    (self.rightHandSide, self.stepper, self.method) = (rightHandSide, stepper, method)
    (self.options, self.end) = (options, end)
    trajectory = Trajectory(time: start, state: state, parameters: parameters)
  }

  private var time: Double { trajectory.times[trajectory.times.count - 1] }

  /// Takes steps of one size.
  mutating func run(steps: Int) throws(DynamicsError.Reason) {
    let start = time
    try begin()
    for k in 1...steps {
      let next = k == steps ? end : start + (end - start) * (Double(k) / Double(steps))
      try stepper.attempt(size: next - time)
      if let bad = stepper.candidate.firstIndex(where: { !$0.isFinite }) {
        throw .slopeNotFinite(state: bad, found: stepper.candidate[bad], time: next)
      }
      accept(size: next - time, time: next)
    }
  }

  /// Takes steps that keep the tolerances.
  mutating func run() throws(DynamicsError.Reason) {
    try begin()
    let span = end - time, direction: Double = span < 0 ? -1 : 1
    let reach = stepper.slope.reduce(0) { max($0, abs($1 * span)) }
    var scale = ErrorScale(options, state: stepper.state, reach: reach)
    var control = StepControl(order: stepper.errorOrder)
    let largest = min(options.largestStep ?? .infinity, abs(span))
    var size = options.firstStep ?? 0
    if size == 0 { size = try firstStep(span) }
    size = min(size, largest)
    var attempts = 0
    while time != end {
      let reachesEnd = 1.01 * size >= abs(end - time)
      let step = reachesEnd ? end - time : direction * size
      guard attempts < options.maximumSteps else {
        throw .tooManySteps(limit: options.maximumSteps, time: time, size: abs(step))
      }
      attempts += 1
      try stepper.attempt(size: step)
      let error = scale.norm(stepper.errors, from: stepper.state, to: stepper.candidate)
      if error <= 1, stepper.candidate.allSatisfy(\.isFinite) {
        accept(size: step, time: reachesEnd ? end : time + step)
        scale.include(stepper.state)
        size = min(abs(step) * control.accepted(error), largest)
      } else {
        trajectory.counts.rejectedSteps += 1
        size = abs(step) * control.rejected(error)
        if size < 4 * max(time.ulp, end.ulp * 1e-16, abs(span) * 1e-30) { throw underflow(size, scale) }
      }
    }
  }

  private mutating func begin() throws(DynamicsError.Reason) {
    try stepper.start(time: time, state: trajectory.states[0])
    let slope = stepper.slope
    if let bad = slope.firstIndex(where: { !$0.isFinite }) {
      throw .slopeNotFinite(state: bad, found: slope[bad], time: time)
    }
  }

  private func firstStep(_ span: Double) throws(DynamicsError.Reason) -> Double {
    try rightHandSide.firstStep(
      order: stepper.errorOrder, time: time, span: span, state: stepper.state, slope: stepper.slope,
      tolerance: options.relativeTolerance)
  }

  private mutating func accept(size: Double, time next: Double) {
    trajectory.steps.append(TrajectoryStep(time: time, size: size, state: stepper.state, method: method))
    stepper.appendPiece(to: &trajectory.pieces)
    stepper.accept(time: next)
    trajectory.times.append(next)
    trajectory.states.append(stepper.state)
    trajectory.counts.acceptedSteps += 1
  }

  private func underflow(_ size: Double, _ scale: ErrorScale) -> DynamicsError.Reason {
    if let bad = stepper.candidate.firstIndex(where: { !$0.isFinite }) {
      return .slopeNotFinite(state: bad, found: stepper.candidate[bad], time: time)
    }
    let state = scale.worst(stepper.errors, from: stepper.state, to: stepper.candidate)
    return .stepUnderflow(state: state, time: time, size: size)
  }

  /// The solution so far.
  func result() -> Trajectory {
    var result = trajectory
    result.counts.evaluations = rightHandSide.count
    result.evaluation = rightHandSide.evaluation
    return result
  }
}
