import Micrograd

/// A solution of a differential equation as Values, which depend on the start, the parameters and the times.
public struct DifferentiableTrajectory {
  /// The states at each requested time, up to the end of the solution if an event ends it earlier.
  public let states: [[Value]]
  /// The events that occurred up to the last requested time, in the order of the steps.
  public let events: [Event]
  /// The solution on plain numbers. If it was computed with checkpoints, it has the states at the requested times only; see
  /// ``Trajectory/isContinuous``.
  public let solution: Trajectory
  package let figures: SweepFigures

  /// An event that occurred.
  public struct Event {
    /// The index of the event in the list that was given to the solver.
    public let event: Int
    /// The time.
    public let time: Value
    /// The states before the event changes them.
    public let state: [Value]
  }
}

extension DifferentialEquation {
  /// Solves the equation, and returns the states at given times as Values.
  ///
  /// ```swift
  /// let decay = DifferentialEquation(states: 1, parameters: 1) { t, y, p in [-p[0] * y[0]] }
  /// let rate = Value(0.5)
  /// let decayed = try decay.solve(from: [.constant(2)], parameters: [rate], times: [1, 3])
  /// decayed.states[1][0].backward()
  /// rate.grad  // -1.338781, -6 exp(-1.5)
  /// ```
  ///
  /// The derivatives are those of the steps that the method took, with their sizes held constant: they equal differences of
  /// the same steps to rounding, and those of the equation to the tolerance. At an event, the time of the event depends on
  /// states and parameters too. Derivatives by a time are the slope of the solution there.
  ///
  /// The solution is one operation on the tape. Its reverse sweep computes each step again from the stored states, the last
  /// step first. The states of all steps are stored up to 128 MB. A longer solution stores the time and the size of each step
  /// and about √(2 n) of n states; the sweep computes the others again by a binomial schedule, as
  /// `iterate(_:from:checkpoints:body:)` does. The gradient is the same to the bit. `jacobian` uses directional
  /// derivatives instead if there are fewer parameters than results. Derivatives of derivatives record all steps.
  ///
  /// The right-hand side may depend on Values by `parameters` only: pass Values that it would capture as parameters. If a compiled
  /// function or a recomputed tape comes to a start or parameters from which the equation cannot be solved, or with another
  /// number of events or of results before the end, the results are NaN.
  ///
  /// - Parameters:
  ///   - state: The states at the first time.
  ///   - start: The first time.
  ///   - parameters: The parameters.
  ///   - times: The times of the results, at least one, in the order in which the solution passes them.
  ///   - method: The method.
  ///   - events: The events that are located; functions and changes must be functions of Values.
  ///   - options: The tolerances and the limits.
  ///   - adjoint: How reverse sweeps compute gradients. Directional derivatives, and derivatives of derivatives, are always those of
  ///     the steps.
  ///   - checkpoints: How many states to store at most, 1 or more; `nil` for the default above. With r evaluations of each step, s
  ///     states are enough for (s + r)! / (s! r!) steps. Not with the continuous adjoint.
  ///   - progress: Called after each accepted step that does not reach the end. If it returns ``SolverProgress/Decision/stop``,
  ///     the solution ends there, and has the results up to there. A compiled function or a recomputed tape calls it again whenever
  ///     it solves the equation; reverse sweeps do not. `nil` for none.
  /// - Throws: ``DynamicsError``, with the solution so far.
  public func solve(
    from state: [Value], at start: Value = .constant(0), parameters: [Value] = [], times: [Value],
    method: IntegrationMethod = .automatic, events: [StateEvent] = [], options: SolverOptions = SolverOptions(),
    adjoint: AdjointMethod = .discrete, checkpoints: Int? = nil,
    progress: ((SolverProgress) -> SolverProgress.Decision)? = nil
  ) throws(DynamicsError) -> DifferentiableTrajectory {
    do throws(DynamicsError.Reason) {
      try checkCounts(states: state.count, parameters: parameters.count)
    } catch {
      throw DynamicsError(reason: error, partial: nil)
    }
    let solve = try DifferentiableSolve(
      self, timeCount: times.count, method: method, events: events, options: options, adjoint: adjoint,
      checkpoints: checkpoints, progress: progress)
    return try solve.results(from: [start] + times + state + parameters)
  }

  /// Solves the equation from states that are Values, at times that are numbers; see
  /// ``solve(from:at:parameters:times:method:events:options:adjoint:checkpoints:progress:)-([Value],Value,_,_,_,_,_,_,_,_)``.
  public func solve(
    from state: [Value], at start: Double = 0, parameters: [Value] = [], times: [Double],
    method: IntegrationMethod = .automatic, events: [StateEvent] = [], options: SolverOptions = SolverOptions(),
    adjoint: AdjointMethod = .discrete, checkpoints: Int? = nil,
    progress: ((SolverProgress) -> SolverProgress.Decision)? = nil
  ) throws(DynamicsError) -> DifferentiableTrajectory {
    try solve(
      from: state, at: .constant(start), parameters: parameters, times: times.map { .constant($0) }, method: method,
      events: events, options: options, adjoint: adjoint, checkpoints: checkpoints, progress: progress)
  }

  /// Solves the equation from states that are numbers, with parameters that are Values; see
  /// ``solve(from:at:parameters:times:method:events:options:adjoint:checkpoints:progress:)-([Value],Value,_,_,_,_,_,_,_,_)``.
  public func solve(
    from state: [Double], at start: Double = 0, parameters: [Value], times: [Double],
    method: IntegrationMethod = .automatic, events: [StateEvent] = [], options: SolverOptions = SolverOptions(),
    adjoint: AdjointMethod = .discrete, checkpoints: Int? = nil,
    progress: ((SolverProgress) -> SolverProgress.Decision)? = nil
  ) throws(DynamicsError) -> DifferentiableTrajectory {
    try solve(
      from: state.map { .constant($0) }, at: .constant(start), parameters: parameters,
      times: times.map { .constant($0) }, method: method, events: events, options: options, adjoint: adjoint,
      checkpoints: checkpoints, progress: progress)
  }
}
