import Micrograd

/// A solution as an operation on Values.
///
/// Its inputs are the first time, the times of the results, the states and the parameters. Its outputs are the states at each
/// time, and the time and the states of each event.
internal final class DifferentiableSolve {
  private let twin: EquationTwin
  private let timeCount: Int
  private let method: IntegrationMethod
  private let events: [StateEvent]
  private let options: SolverOptions
  private let adjoint: AdjointMethod
  private let checkpoints: Int?
  private let progress: ((SolverProgress) -> SolverProgress.Decision)?
  private let figures = SweepFigures()
  /// The number of results before the end and of events of the first solution, which are those of the outputs.
  private var resultCount = 0
  private var eventCount = 0
  /// The last solution, and the inputs to which it belongs.
  private var last: (inputs: [Double], replay: Replay?)?

  init(
    _ equation: DifferentialEquation, timeCount: Int, method: IntegrationMethod, events: [StateEvent],
    options: SolverOptions, adjoint: AdjointMethod, checkpoints: Int?,
    progress: ((SolverProgress) -> SolverProgress.Decision)?
  ) throws(DynamicsError) {
    (self.adjoint, self.checkpoints, self.progress) = (adjoint, checkpoints, progress)
    if let checkpoints {
      require(checkpoints >= 1, "\(checkpoints) checkpoints: a solution stores 1 state or more")
      if adjoint == .continuous { throw DynamicsError(reason: .continuousAdjointWithCheckpoints, partial: nil) }
    }
    if adjoint == .continuous, !events.isEmpty { throw DynamicsError(reason: .continuousAdjointOfEvents, partial: nil) }
    (twin, self.timeCount, self.method) = (equation.twin, timeCount, method)
    (self.events, self.options) = (events, options)
    if timeCount == 0 { throw DynamicsError(reason: .noTimes, partial: nil) }
    if equation.values == nil { throw DynamicsError(reason: .numericOnly(event: nil), partial: nil) }
    for (k, event) in events.enumerated() where event.values == nil || event.numericChange != nil {
      throw DynamicsError(reason: .numericOnly(event: k), partial: nil)
    }
  }

  private var equation: DifferentialEquation { twin.equation }
  private var stateCount: Int { equation.stateCount }
  private var outputCount: Int { resultCount * stateCount + eventCount * (1 + stateCount) }

  /// Solves at the numbers of Values, and records the solution.
  func results(from inputs: [Value]) throws(DynamicsError) -> DifferentiableTrajectory {
    let numbers = inputs.map(\.unwatchedData)
    let replay = try twin.run { () throws(DynamicsError) -> Replay in try self.replay(of: numbers) }
    (resultCount, eventCount) = (replay.resultCount, replay.solution.events.count)
    last = (numbers, replay)
    let operation = CustomOperation(
      "solve", inputCount: inputs.count, outputCount: outputCount,
      value: { x in self.twin.run { self.replay(at: x)?.outputs ?? self.notANumber(self.outputCount) } },
      vectorJacobianProduct: { x, _, weights in
        self.twin.run { self.pullback(x, weights) ?? self.notANumber(x.count) }
      },
      jacobianVectorProduct: { x, _, direction in
        self.twin.run { self.pushforward(x, direction) ?? self.notANumber(self.outputCount) }
      },
      recordedVectorJacobianProduct: { x, _, weights in
        let replay = self.twin.run { self.replay(at: x.map(\.unwatchedData)) }
        guard let replay else { return x.map { $0 * .nan } }
        return vectorJacobianProduct(at: x, along: weights) { replay.recorded($0) }
      })
    let outputs = operation(inputs)
    let n = stateCount
    let states = (0..<resultCount).map { Array(outputs[($0 * n)..<(($0 + 1) * n)]) }
    let occurrences = replay.solution.events.indices.map { k in
      let first = resultCount * n + k * (1 + n)
      return DifferentiableTrajectory.Event(
        event: replay.solution.events[k].event, time: outputs[first],
        state: Array(outputs[(first + 1)...(first + n)]))
    }
    return DifferentiableTrajectory(
      states: states, events: occurrences, solution: replay.solution, figures: figures)
  }

  private func pullback(_ inputs: [Double], _ weights: [Double]) -> [Double]? {
    guard let replay = replay(at: inputs) else { return nil }
    if adjoint == .discrete { return try? replay.pullback(inputs, weights) }
    return try? ContinuousAdjoint(
      twin: twin, solution: replay.solution, times: Array(inputs[1..<1 + resultCount]), method: method, options: options
    ).pullback(weights, timeCount: timeCount)
  }

  private func pushforward(_ inputs: [Double], _ direction: [Double]) -> [Double]? {
    try? replay(at: inputs)?.pushforward(inputs, direction)
  }

  private func notANumber(_ count: Int) -> [Double] { [Double](repeating: .nan, count: count) }

  /// Returns the solution for inputs; `nil` if there is none with as many results and events.
  private func replay(at inputs: [Double]) -> Replay? {
    if let last, last.inputs == inputs { return last.replay }
    let found = try? replay(of: inputs)
    let isAlike = found?.resultCount == resultCount && found?.solution.events.count == eventCount
    let replay = isAlike ? found : nil
    last = (inputs, replay)
    return replay
  }

  private func replay(of inputs: [Double]) throws(DynamicsError) -> Replay {
    let start = inputs[0], times = Array(inputs[1...timeCount])
    let state = Array(inputs[(1 + timeCount)...].prefix(stateCount))
    let parameters = Array(inputs.suffix(equation.parameterCount))
    try check(start, times)
    let recorder = StepRecorder(times: times, mostStoredSteps: mostStoredSteps)
    let solution = try equation.solve(
      from: state, at: start, to: times[timeCount - 1], parameters: parameters, method: method, events: events,
      options: options, recorder: recorder, progress: progress)
    return Replay(twin, solution, recorder, events: events, timeCount: timeCount, checkpoints: checkpoints, figures)
  }

  /// The number of steps up to which all states are stored.
  private var mostStoredSteps: Int {
    if adjoint == .continuous { return .max }
    guard checkpoints == nil, options.keepsSteps else { return 0 }
    return options.storedStateBytes / Trajectory.bytesPerStep(states: stateCount, method)
  }

  private func check(_ start: Double, _ times: [Double]) throws(DynamicsError) {
    let end = times[timeCount - 1]
    var earlier = start
    for (k, time) in times.enumerated() where time.isFinite && end.isFinite {
      if end < start ? time > earlier : time < earlier {
        throw DynamicsError(reason: .timesNotOrdered(result: k, time: time, before: earlier), partial: nil)
      }
      earlier = time
    }
  }
}
