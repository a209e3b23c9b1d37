import Micrograd

extension DifferentialEquation {
  /// Solves the equation over an interval.
  ///
  /// ```swift
  /// let growth = DifferentialEquation(states: 1, parameters: 1) { t, y, p in [p[0] * y[0]] }
  /// let solution = try growth.solve(from: [1], parameters: [0.5], over: 0...2)
  /// solution.states.last  // 2.718282, e
  /// ```
  ///
  /// - Parameters:
  ///   - state: The states at the lower end of the interval.
  ///   - parameters: The parameters.
  ///   - interval: The interval of time.
  ///   - method: The method.
  ///   - events: The events that are located; they may change the states or end the solution.
  ///   - options: The tolerances and the limits.
  /// - Throws: ``DynamicsError``, with the solution so far.
  public func solve(
    from state: [Double], parameters: [Double] = [], over interval: ClosedRange<Double>,
    method: IntegrationMethod = .automatic, events: [StateEvent] = [],
    options: SolverOptions = SolverOptions()
  ) throws(DynamicsError) -> Trajectory {
    try solve(
      from: state, at: interval.lowerBound, to: interval.upperBound, parameters: parameters, method: method,
      events: events, options: options)
  }

  /// Solves the equation from one time to another, which may be earlier.
  ///
  /// ```swift
  /// let growth = DifferentialEquation(states: 1) { t, y, p in [y[0]] }
  /// let solution = try growth.solve(from: [1], at: 1, to: 0)
  /// solution.states.last  // 0.367879, 1 / e
  /// ```
  ///
  /// - Parameters:
  ///   - state: The states at the first time.
  ///   - start: The first time.
  ///   - end: The last time; other than the first.
  ///   - parameters: The parameters.
  ///   - method: The method.
  ///   - events: The events that are located; they may change the states or end the solution.
  ///   - options: The tolerances and the limits.
  /// - Throws: ``DynamicsError``, with the solution so far.
  public func solve(
    from state: [Double], at start: Double, to end: Double, parameters: [Double] = [],
    method: IntegrationMethod = .automatic, events: [StateEvent] = [],
    options: SolverOptions = SolverOptions()
  ) throws(DynamicsError) -> Trajectory {
    try solve(
      from: state, at: start, to: end, parameters: parameters, method: method, events: events, options: options,
      recorder: nil)
  }

  /// The same with a recorder of the steps.
  internal func solve(
    from state: [Double], at start: Double, to end: Double, parameters: [Double], method: IntegrationMethod,
    events: [StateEvent], options: SolverOptions, recorder: StepRecorder?
  ) throws(DynamicsError) -> Trajectory {
    if case .rungeKutta4(let steps) = method { require(steps >= 1, "\(steps) steps: give at least 1") }
    var watch: EventWatch?
    do throws(DynamicsError.Reason) {
      try check(state, start, end, parameters)
      try options.check(states: stateCount)
      try rightHandSide.prepare(
        time: start, state: state, parameters: parameters, compiles: options.compiles, native: options.usesNativeCode)
      if !events.isEmpty {
        watch = try EventWatch(
          events, states: stateCount, time: start, state: state, parameters: parameters, compiles: options.compiles)
      }
    } catch {
      throw DynamicsError(reason: error, partial: nil)
    }
    var integrator = Integrator(
      self, method, options, watch, recorder, start: start, end: end, state: state, parameters: parameters)
    do throws(DynamicsError.Reason) {
      try integrator.run(self)
    } catch {
      throw DynamicsError(reason: error, partial: integrator.result())
    }
    return integrator.result()
  }

  private func check(
    _ state: [Double], _ start: Double, _ end: Double, _ parameters: [Double]
  ) throws(DynamicsError.Reason) {
    try checkCounts(states: state.count, parameters: parameters.count)
    if let bad = state.firstIndex(where: { !$0.isFinite }) { throw .startNotFinite(state: bad, found: state[bad]) }
    if let bad = parameters.firstIndex(where: { !$0.isFinite }) {
      throw .parameterNotFinite(parameter: bad, found: parameters[bad])
    }
    for time in [start, end] where !time.isFinite { throw .timeNotFinite(found: time) }
    if start == end { throw .emptyInterval(time: start) }
  }

  internal func checkCounts(states: Int, parameters: Int) throws(DynamicsError.Reason) {
    if states != stateCount { throw .stateCount(found: states, expected: stateCount) }
    if parameters != parameterCount { throw .parameterCount(found: parameters, expected: parameterCount) }
  }
}
