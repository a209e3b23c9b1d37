import Micrograd

/// A solution whose steps can be taken again, for derivatives.
internal struct Replay {
  let solution: Trajectory
  private let twin: EquationTwin
  private let steps: StepRecorder
  private let events: [StateEvent]
  private let timeCount: Int
  /// The number of states that a sweep stores if the solution does not; `nil` for the usual one.
  private let checkpoints: Int?
  private let figures: SweepFigures
  /// The states at the times of the results, then the time and the states of each event.
  let outputs: [Double]

  init(
    _ twin: EquationTwin, _ solution: Trajectory, _ steps: StepRecorder, events: [StateEvent], timeCount: Int,
    checkpoints: Int?, _ figures: SweepFigures
  ) {
    (self.twin, self.solution, self.steps, self.events) = (twin, solution, steps, events)
    (self.timeCount, self.checkpoints, self.figures) = (timeCount, checkpoints, figures)
    outputs = steps.results.flatMap { $0 } + solution.events.flatMap { [$0.time] + $0.state }
  }

  /// The number of times of results up to the end of the solution.
  var resultCount: Int { steps.results.count }
  private var equation: DifferentialEquation { twin.equation }
  private var stateCount: Int { equation.stateCount }
  private var firstParameter: Int { 1 + timeCount + stateCount }

  // MARK: Results and events within steps

  /// The results and events within a step.
  private struct Part {
    let results: Range<Int>
    let events: Range<Int>
  }

  private func part(of step: Int, after earlier: Part?) -> Part {
    func range(_ first: Int, _ count: Int, _ stepOf: (Int) -> Int) -> Range<Int> {
      var end = first
      while end < count, stepOf(end) == step { end += 1 }
      return first..<end
    }
    return Part(
      results: range(earlier?.results.upperBound ?? 0, resultCount) { steps.resultSteps[$0] },
      events: range(earlier?.events.upperBound ?? 0, solution.events.count) { solution.events[$0].step })
  }

  private func part(of step: Int, before later: Part?) -> Part {
    func range(_ end: Int, _ stepOf: (Int) -> Int) -> Range<Int> {
      var first = end
      while first > 0, stepOf(first - 1) == step { first -= 1 }
      return first..<end
    }
    return Part(
      results: range(later?.results.lowerBound ?? resultCount) { steps.resultSteps[$0] },
      events: range(later?.events.lowerBound ?? solution.events.count) { solution.events[$0].step })
  }

  /// The outputs of results and of events.
  private func outputs(of part: Part) -> (results: Range<Int>, events: Range<Int>) {
    let n = stateCount, first = resultCount * n
    return (
      part.results.lowerBound * n..<part.results.upperBound * n,
      first + part.events.lowerBound * (1 + n)..<first + part.events.upperBound * (1 + n)
    )
  }

  // MARK: Steps

  private func solved(_ index: Int, from state: [Double]) -> SolvedStep {
    SolvedStep(time: steps.times[index], size: steps.sizes[index], state: state)
  }

  private func replayed(_ index: Int, _ part: Part) -> ReplayedStep {
    ReplayedStep(
      equation: equation, time: steps.times[index], size: steps.sizes[index], method: steps.method(of: index),
      end: index + 1 == steps.count ? solution.times[solution.times.count - 1] : steps.times[index + 1],
      resultCount: part.results.count,
      occurrences: part.events.map { (solution.events[$0], events[solution.events[$0].event]) })
  }

  /// Returns the arguments of a step: the time and the states at its start, the parameters, and the times of its results.
  private func arguments<T>(_ place: [T], _ inputs: [T], _ part: Part) -> [T] {
    place + inputs[firstParameter...] + times(of: part, inputs)
  }

  private func times<T>(of part: Part, _ inputs: [T]) -> ArraySlice<T> {
    inputs[1 + part.results.lowerBound..<1 + part.results.upperBound]
  }

  /// Returns Σ weights[i] ∇outputs[i]: takes adjoints back through the steps.
  func pullback(_ inputs: [Double], _ weights: [Double]) throws(DynamicsError.Reason) -> [Double] {
    var derivatives = StepDerivatives(twin, parameters: solution.parameters)
    var adjoint = [Double](repeating: 0, count: inputs.count)
    var by = StepAdjoint(states: stateCount, parameters: equation.parameterCount)
    var part: Part?
    try reverse { k, step in
      let within = self.part(of: k, before: part)
      part = within
      let (ofResults, ofEvents) = outputs(of: within)
      let isDone =
        within.events.isEmpty
        && derivatives.pullback(
          step, steps.method(of: k), weights[ofResults], at: times(of: within, inputs), &by)
      if !isDone {
        let x = arguments([step.time] + step.state, inputs, within)
        let along = [by.time] + by.state + weights[ofResults] + weights[ofEvents]
        by.take(vectorJacobianProduct(at: x, along: along) { replayed(k, within).results(of: $0) })
      }
      for (result, byTime) in zip(within.results, by.resultTimes) { adjoint[1 + result] = byTime }
    }
    adjoint[0] = by.time
    for k in 0..<stateCount { adjoint[1 + timeCount + k] = by.state[k] }
    for k in by.parameters.indices { adjoint[firstParameter + k] = by.parameters[k] }
    return adjoint
  }

  /// Calls `body` with each step, the last one first.
  private func reverse(_ body: (Int, SolvedStep) -> Void) throws(DynamicsError.Reason) {
    (figures.storedStates, figures.repeatedSteps) = (solution.steps.count, 0)
    if solution.isContinuous {
      for k in (0..<steps.count).reversed() { body(k, solved(k, from: solution.steps[k].state)) }
      return
    }
    var runner = StepRunner(equation, steps, of: solution)
    let limit = checkpoints ?? CheckpointSchedule.usualCount(steps: steps.count)
    var states = Checkpoints(width: stateCount, limit: limit)
    states.append(0, solution.states[0][...])
    var end = steps.count
    while end > 0 {
      let place = states.latestPlace, target = min(states.nextPlace(end: end), end - 1)
      var state = Array(states.latestState)
      for k in place..<target { state = try runner.state(after: k, from: state) }
      figures.repeatedSteps += target - place
      if target < end - 1 || target > place && !states.isFull {
        states.append(target, state[...])
        continue
      }
      end -= 1
      body(end, solved(end, from: state))
      if end == place { states.removeLast() }
    }
    figures.storedStates = states.largestCount
  }

  /// Returns the derivatives of the outputs along a direction: takes tangents forwards through the steps.
  func pushforward(_ inputs: [Double], _ direction: [Double]) throws(DynamicsError.Reason) -> [Double] {
    let n = stateCount
    var derivatives = StepDerivatives(twin, parameters: solution.parameters)
    var runner = StepRunner(equation, steps, of: solution)
    var state = solution.states[0]
    var tangents = [Double](repeating: 0, count: outputs.count)
    var place = [direction[0]] + direction[(1 + timeCount)..<firstParameter]
    var part: Part?
    for k in 0..<steps.count {
      if solution.isContinuous {
        state = solution.steps[k].state
      } else if k > 0 {
        state = try runner.state(after: k - 1, from: state)
      }
      let within = self.part(of: k, after: part), step = solved(k, from: state)
      part = within
      var found: [Double]?
      if within.events.isEmpty {
        found = derivatives.pushforward(
          step, steps.method(of: k), place + direction[firstParameter...], times(of: within, direction),
          at: times(of: within, inputs)
        ).map { [0] + $0 }
      }
      let products =
        found
        ?? jacobianVectorProduct(
          at: arguments([step.time] + step.state, inputs, within), along: arguments(place, direction, within)
        ) { replayed(k, within).results(of: $0) }
      place = Array(products[...n])
      store(products[(1 + n)...], of: within, in: &tangents)
    }
    return tangents
  }

  /// Records all steps.
  func recorded(_ inputs: [Value]) -> [Value] {
    let n = stateCount
    var found = [Value](repeating: .constant(0), count: outputs.count)
    var place = [inputs[0]] + inputs[(1 + timeCount)..<firstParameter]
    var part: Part?
    for k in 0..<steps.count {
      let within = self.part(of: k, after: part)
      part = within
      let results = replayed(k, within).results(of: arguments(place, inputs, within))
      place = Array(results[...n])
      store(results[(1 + n)...], of: within, in: &found)
    }
    return found
  }

  /// Writes the results and events of a step among the outputs.
  private func store<T>(_ found: ArraySlice<T>, of part: Part, in outputs: inout [T]) {
    let (ofResults, ofEvents) = self.outputs(of: part)
    outputs.replaceSubrange(ofResults, with: found.prefix(ofResults.count))
    outputs.replaceSubrange(ofEvents, with: found.suffix(ofEvents.count))
  }
}
