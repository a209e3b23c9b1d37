import Micrograd

/// Takes steps from the start to the end of an interval.
internal struct Integrator {
  private let rightHandSide: StateFunction
  private let options: SolverOptions
  private let start: Double
  private let end: Double
  private let direction: Double
  private let isAutomatic: Bool
  private var method: IntegrationMethod
  private var stepper: any Stepper
  private var control: StepControl
  private var scale: ErrorScale
  private var stiffness = StiffnessWatch()
  private let watch: EventWatch?
  /// Notes steps for derivatives; `nil` if none are wanted.
  private let recorder: StepRecorder?
  private let progress: ((SolverProgress) -> SolverProgress.Decision)?
  private var attempts = 0
  private var isEnded = false
  private var piece: [Double]
  private var trajectory: Trajectory

  init(
    _ equation: DifferentialEquation, _ method: IntegrationMethod, _ options: SolverOptions, _ watch: EventWatch?,
    _ recorder: StepRecorder?, start: Double, end: Double, state: [Double], parameters: [Double],
    progress: ((SolverProgress) -> SolverProgress.Decision)?
  ) {
    rightHandSide = equation.rightHandSide
    (self.options, self.start, self.end, self.watch, self.recorder) = (options, start, end, watch, recorder)
    self.progress = progress
    direction = end < start ? -1 : 1
    isAutomatic = method == .automatic
    self.method = isAutomatic ? .tsitouras5 : method
    piece = [Double](repeating: 0, count: state.count * self.method.degree)
    stepper = self.method.stepper(equation)
    control = stepper.control
    scale = ErrorScale(options, state: state, reach: 0)
    // With a recorder, its limit decides.
    trajectory = Trajectory(
      time: start, state: state, parameters: parameters, isContinuous: options.keepsSteps || recorder != nil)
  }

  private var time: Double { trajectory.times[trajectory.times.count - 1] }

  /// Takes all steps.
  ///
  /// - Parameter equation: The equation, for a change to a stiff method.
  mutating func run(_ equation: DifferentialEquation) throws(DynamicsError.Reason) {
    try begin(at: trajectory.states[0])
    if case .rungeKutta4(let steps) = method { try run(steps: steps) } else { try runAdaptively(equation) }
  }

  /// Takes steps of one size.
  private mutating func run(steps: Int) throws(DynamicsError.Reason) {
    let stepper = stepper
    if trajectory.isContinuous, steps <= recorder?.mostStoredSteps ?? .max {
      trajectory.reserve(steps: min(steps, 1 << 16), width: piece.count)
    }
    for k in 1...steps {
      let next = k == steps ? end : start + (end - start) * (Double(k) / Double(steps))
      while time != next, !isEnded {
        let size = next - time
        try stepper.attempt(size: size)
        if let bad = stepper.candidate.firstIndex(where: { !$0.isFinite }) {
          throw .slopeNotFinite(state: bad, found: stepper.candidate[bad], time: next)
        }
        try finish(stepper, size: size, time: next)
        report(size)
      }
    }
  }

  /// Takes steps that keep the tolerances.
  private mutating func runAdaptively(_ equation: DifferentialEquation) throws(DynamicsError.Reason) {
    let span = end - start, largest = min(options.largestStep ?? .infinity, abs(span))
    scale = ErrorScale(options, state: stepper.state, reach: stepper.slope.reduce(0) { max($0, abs($1 * span)) })
    var size = options.firstStep ?? 0
    if size == 0 { size = try firstStep(span) }
    size = min(size, largest)
    var stepper = stepper  // held here, so that it is not retained for each call
    while time != end, !isEnded {
      let reachesEnd = 1.01 * size >= abs(end - time)
      let step = reachesEnd ? end - time : direction * size
      try countAttempt(size)
      try stepper.attempt(size: step)
      let (error, isFinite) = stepper.assessed(scale)
      if error <= 1, isFinite {
        let changes = stiffness.notes(stepper, scale, isAutomatic: isAutomatic, isStiffMethod: method == .rodas4)
        try finish(stepper, size: step, time: reachesEnd ? end : time + step)
        scale.include(trajectory.states[trajectory.states.count - 1])
        size = min(abs(step) * control.accepted(error, size: step), largest)
        report(step)
        if changes, !isEnded {
          try changeMethod(equation, size)
          stepper = self.stepper
        }
      } else {
        trajectory.counts.rejectedSteps += 1
        size = abs(step) * control.rejected(error)
        if size < 4 * max(time.magnitude.ulp, abs(span) * 1e-30) { throw underflow(size) }
      }
    }
  }

  private mutating func countAttempt(_ size: Double) throws(DynamicsError.Reason) {
    if attempts >= options.maximumSteps {
      throw .tooManySteps(limit: options.maximumSteps, time: time, size: size)
    }
    attempts += 1
  }

  private mutating func begin(at state: [Double]) throws(DynamicsError.Reason) {
    try stepper.start(time: time, state: state, slopeTime: time)
    let slope = stepper.slope
    if let bad = slope.firstIndex(where: { !$0.isFinite }) {
      throw .slopeNotFinite(state: bad, found: slope[bad], time: time)
    }
  }

  private mutating func changeMethod(_ equation: DifferentialEquation, _ size: Double) throws(DynamicsError.Reason) {
    guard isAutomatic else {
      if options.stopsIfStiff { throw .stiff(time: time, size: size) }
      return
    }
    method = method == .rodas4 ? .tsitouras5 : .rodas4
    let state = stepper.state
    countJacobians(&trajectory.counts)
    stepper = method.stepper(equation)
    control = stepper.control
    try begin(at: state)
  }

  /// Lets the caller know of a step, and decide whether to go on.
  private mutating func report(_ size: Double) {
    guard let progress, time != end, !isEnded else { return }
    let state = SolverProgress(
      time: time, state: stepper.state, size: size, steps: trajectory.counts.acceptedSteps,
      fraction: (time - start) / (end - start))
    if progress(state) == .stop { isEnded = true }
  }

  /// Adds the Jacobians and factorisations of the stepper.
  private func countJacobians(_ counts: inout SolverCounts) {
    counts.jacobians += stepper.counts.jacobians
    counts.factorizations += stepper.counts.factorizations
  }

  private func firstStep(_ span: Double) throws(DynamicsError.Reason) -> Double {
    try rightHandSide.firstStep(
      order: stepper.errorOrder, time: time, span: span, state: stepper.state, slope: stepper.slope,
      tolerance: options.relativeTolerance)
  }

  private func underflow(_ size: Double) -> DynamicsError.Reason {
    if let bad = stepper.candidate.firstIndex(where: { !$0.isFinite }) {
      let found = stepper.candidate[bad]
      // NaN has a sign that means nothing.
      return .slopeNotFinite(state: bad, found: found.isNaN ? .nan : found, time: time)
    }
    let state = scale.worst(stepper.errors, from: stepper.state, to: stepper.candidate)
    return .stepUnderflow(state: state, time: time, size: size)
  }

  // MARK: Accepted steps

  /// Accepts the step that was tried last, up to the first event that changes or ends the solution.
  private mutating func finish(
    _ stepper: any Stepper, size: Double, time next: Double
  ) throws(DynamicsError.Reason) {
    guard let watch else {
      try writePiece(stepper, size: size, end: next)
      return accept(stepper, size: size, time: next)
    }
    try stepper.writePiece(to: &piece)
    let arc = arc(size)
    let (found, ends) = try watch.occurrences(in: arc)
    guard let cut = found.firstIndex(where: { watch.events[$0.event].interrupts }) else {
      for (event, fraction) in found { note(event, arc, fraction) }
      accept(stepper, size: size, time: next)
      return watch.advance(ends)
    }
    for (event, fraction) in found[..<cut] { note(event, arc, fraction) }
    let event = found[cut].event
    let shorter = try size * located(event, found[cut].fraction, arc)
    if time + shorter != time {
      let end = abs(shorter) < abs(size) ? time + shorter : next
      try writePiece(stepper, size: shorter, end: end)
      accept(stepper, size: shorter, time: end)
    }
    let together = found[cut...].filter { $0.fraction - found[cut].fraction <= 1e-12 }.map(\.event)
    try interrupt(watch, together)
  }

  /// Computes the continuous solution of a step if the solution keeps it or a requested time is within the step.
  private mutating func writePiece(
    _ stepper: any Stepper, size: Double, end: Double
  ) throws(DynamicsError.Reason) {
    if trajectory.isContinuous || recorder?.needsPiece(size: size, end: end) ?? false {
      try stepper.writePiece(to: &piece)
    }
  }

  private func arc(_ size: Double) -> Arc {
    Arc(time: time, size: size, start: stepper.state, end: stepper.candidate, piece: piece)
  }

  private mutating func accept(_ stepper: any Stepper, size: Double, time next: Double) {
    let state = trajectory.states[trajectory.states.count - 1]
    var piece: [Double] = []  // held here, so that it is not retained
    swap(&piece, &self.piece)
    if let recorder {
      recorder.note(time: time, size: size, end: next, state: state, piece: piece, method: method)
      if trajectory.isContinuous, recorder.count > recorder.mostStoredSteps { trajectory.dropSteps() }
    }
    if trajectory.isContinuous {
      trajectory.steps.append(TrajectoryStep(time: time, size: size, state: state, method: method))
      piece.withUnsafeBufferPointer { trajectory.pieces.append(contentsOf: $0) }
    }
    swap(&piece, &self.piece)
    trajectory.advance(to: next, stepper.accept(time: next))
    trajectory.counts.acceptedSteps += 1
  }

  /// Computes the step again so that it ends where the function of an event is zero.
  ///
  /// - Returns: The fraction of the step.
  private func located(_ event: Int, _ guess: Double, _ arc: Arc) throws(DynamicsError.Reason) -> Double {
    guard let watch else { return 1 }
    var fraction = guess
    for round in 0..<4 {
      let size = fraction * arc.size
      guard arc.time + size != arc.time else { return fraction }
      try stepper.attempt(size: size)
      let value = try watch.value(event, arc.time + size, stepper.candidate)
      let better = try min(1, max(0, fraction + watch.correction(event, value: value, at: fraction, arc)))
      if round == 3 || arc.time + better * arc.size == arc.time + size { return fraction }
      fraction = better
    }
    return fraction
  }

  private mutating func note(_ event: Int, _ arc: Arc, _ fraction: Double) {
    var state = arc.start
    arc.state(at: fraction, into: &state)
    trajectory.events.append(
      EventOccurrence(
        event: event, time: arc.time + fraction * arc.size, state: state, changedState: nil,
        step: trajectory.counts.acceptedSteps))
  }

  /// Lets events that occur together, at the end of the last step, change the states or end the solution.
  private mutating func interrupt(_ watch: EventWatch, _ together: [Int]) throws(DynamicsError.Reason) {
    var state = stepper.state
    for event in together {
      let changed = try watch.changed(event, time, state)
      trajectory.events.append(
        EventOccurrence(
          event: event, time: time, state: state, changedState: changed,
          step: max(0, trajectory.counts.acceptedSteps - 1)))
      if let changed { state = changed }
      if watch.events[event].isTerminal { isEnded = true }
    }
    if state != stepper.state {
      trajectory.advance(to: time, state)
    }
    guard !isEnded, time != end else { return }
    try begin(at: state)
    try watch.restart(time: time, state: state, after: together)
  }

  /// The solution so far.
  func result() -> Trajectory {
    var result = trajectory
    if let recorder {
      let isStarted = recorder.count > 0
      recorder.finish(time: time, state: trajectory.states[isStarted ? trajectory.states.count - 1 : 0])
      if !trajectory.isContinuous { result.keep(recorder.reached) }
    }
    result.counts.evaluations = rightHandSide.count
    countJacobians(&result.counts)
    result.evaluation = rightHandSide.evaluation
    return result
  }
}
