import Micrograd

/// A solution whose steps can be taken again, for derivatives.
internal struct Replay {
  let solution: Trajectory
  private let twin: EquationTwin
  private let events: [StateEvent]
  private let timeCount: Int
  /// The step of each result up to the end of the solution.
  private let resultSteps: [Int]
  /// The states at the times of the results, then the time and the states of each event.
  let outputs: [Double]

  init(_ twin: EquationTwin, _ solution: Trajectory, events: [StateEvent], times: [Double]) {
    (self.twin, self.solution, self.events, timeCount) = (twin, solution, events, times.count)
    let start = solution.times[0], end = solution.times[solution.times.count - 1]
    let reached = times.prefix { abs($0 - start) <= abs(end - start) }
    resultSteps = reached.map { solution.stepIndex(at: $0) ?? 0 }
    outputs = reached.flatMap { solution(at: $0) } + solution.events.flatMap { [$0.time] + $0.state }
  }

  /// The number of times of results up to the end of the solution.
  var resultCount: Int { resultSteps.count }
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
      results: range(earlier?.results.upperBound ?? 0, resultCount) { resultSteps[$0] },
      events: range(earlier?.events.upperBound ?? 0, solution.events.count) { solution.events[$0].step })
  }

  private func part(of step: Int, before later: Part?) -> Part {
    func range(_ end: Int, _ stepOf: (Int) -> Int) -> Range<Int> {
      var first = end
      while first > 0, stepOf(first - 1) == step { first -= 1 }
      return first..<end
    }
    return Part(
      results: range(later?.results.lowerBound ?? resultCount) { resultSteps[$0] },
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

  private func solved(_ index: Int) -> SolvedStep {
    let step = solution.steps[index]
    return SolvedStep(time: step.time, size: step.size, state: step.state)
  }

  private func replayed(_ index: Int, _ part: Part) -> ReplayedStep {
    let step = solution.steps[index], isLast = index + 1 == solution.steps.count
    return ReplayedStep(
      equation: equation, time: step.time, size: step.size, method: step.method,
      end: isLast ? solution.times[solution.times.count - 1] : solution.steps[index + 1].time,
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
  func pullback(_ inputs: [Double], _ weights: [Double]) -> [Double] {
    let n = stateCount
    var derivatives = StepDerivatives(twin, parameters: solution.parameters)
    var adjoint = [Double](repeating: 0, count: inputs.count)
    var by = StepAdjoint(states: n, parameters: equation.parameterCount)
    var part: Part?
    for k in solution.steps.indices.reversed() {
      let within = self.part(of: k, before: part), step = solved(k)
      part = within
      let (ofResults, ofEvents) = outputs(of: within)
      let isDone =
        within.events.isEmpty
        && derivatives.pullback(
          step, solution.steps[k].method, weights[ofResults], at: times(of: within, inputs), &by)
      if !isDone {
        let x = arguments([step.time] + step.state, inputs, within)
        let along = [by.time] + by.state + weights[ofResults] + weights[ofEvents]
        by.take(vectorJacobianProduct(at: x, along: along) { replayed(k, within).results(of: $0) })
      }
      for (result, byTime) in zip(within.results, by.resultTimes) { adjoint[1 + result] = byTime }
    }
    adjoint[0] = by.time
    for k in 0..<n { adjoint[1 + timeCount + k] = by.state[k] }
    for k in by.parameters.indices { adjoint[firstParameter + k] = by.parameters[k] }
    return adjoint
  }

  /// Returns the derivatives of the outputs along a direction: takes tangents forwards through the steps.
  func pushforward(_ inputs: [Double], _ direction: [Double]) -> [Double] {
    let n = stateCount
    var derivatives = StepDerivatives(twin, parameters: solution.parameters)
    var tangents = [Double](repeating: 0, count: outputs.count)
    var place = [direction[0]] + direction[(1 + timeCount)..<firstParameter]
    var part: Part?
    for k in solution.steps.indices {
      let within = self.part(of: k, after: part), step = solved(k)
      part = within
      var found: [Double]?
      if within.events.isEmpty {
        found = derivatives.pushforward(
          step, solution.steps[k].method, place + direction[firstParameter...], times(of: within, direction),
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
    for k in solution.steps.indices {
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
