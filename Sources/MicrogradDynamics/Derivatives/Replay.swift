import Micrograd

/// A solution whose steps can be computed again on Values, for derivatives.
internal struct Replay {
  let solution: Trajectory
  private let equation: DifferentialEquation
  private let steps: [ReplayedStep]
  private let timeCount: Int
  /// The number of times of results up to the end of the solution.
  let resultCount: Int
  /// The states at the times of the results, then the time and the states of each event.
  let outputs: [Double]

  init(_ twin: EquationTwin, _ solution: Trajectory, events: [StateEvent], times: [Double]) {
    (equation, self.solution, timeCount) = (twin.equation, solution, times.count)
    let n = equation.stateCount
    let start = solution.times[0], end = solution.times[solution.times.count - 1]
    let reached = Array(times.prefix { abs($0 - start) <= abs(end - start) })
    resultCount = reached.count
    var results: [[Int]] = solution.steps.map { _ in [] }
    for (k, time) in reached.enumerated() { results[solution.stepIndex(at: time) ?? 0].append(k) }
    var occurrences: [[Int]] = solution.steps.map { _ in [] }
    for (k, event) in solution.events.enumerated() { occurrences[event.step].append(k) }
    steps = solution.steps.indices.map { k in
      let isLast = k + 1 == solution.steps.count
      return ReplayedStep(
        twin: twin, step: solution.steps[k],
        end: isLast ? end : solution.steps[k + 1].time,
        results: results[k],
        occurrences: occurrences[k].map { (solution.events[$0], events[solution.events[$0].event]) },
        places: (results[k].map { $0 * n }, occurrences[k].map { reached.count * n + $0 * (1 + n) }))
    }
    outputs = reached.flatMap { solution(at: $0) } + solution.events.flatMap { [$0.time] + $0.state }
  }

  private var stateCount: Int { equation.stateCount }
  private var firstParameter: Int { 1 + timeCount + stateCount }

  /// Returns the arguments of a step: the time and the states at its start, the parameters, and the times of its results.
  private func arguments<T>(_ step: ReplayedStep, _ place: [T], _ inputs: [T]) -> [T] {
    place + inputs[firstParameter...] + step.results.map { inputs[1 + $0] }
  }

  /// Returns Σ weights[i] ∇outputs[i]: takes adjoints back through the steps.
  func pullback(_ inputs: [Double], _ weights: [Double]) -> [Double] {
    let n = stateCount
    var adjoint = [Double](repeating: 0, count: inputs.count)
    var place = [Double](repeating: 0, count: 1 + n)
    for step in steps.reversed() {
      let products = step.pullback(
        at: arguments(step, step.place, inputs), along: place + step.indices(of: n).map { weights[$0] })
      place = Array(products[...n])
      let parameters = products[(1 + n)...].prefix(equation.parameterCount)
      for (k, product) in parameters.enumerated() { adjoint[firstParameter + k] += product }
      for (k, product) in zip(step.results, products.suffix(step.results.count)) { adjoint[1 + k] += product }
    }
    for k in 0..<n { adjoint[1 + timeCount + k] += place[1 + k] }
    adjoint[0] += place[0]
    return adjoint
  }

  /// Returns the derivatives of the outputs along a direction: takes tangents forwards through the steps.
  func pushforward(_ inputs: [Double], _ direction: [Double]) -> [Double] {
    let n = stateCount
    var tangents = [Double](repeating: 0, count: outputs.count)
    var place = [direction[0]] + direction[(1 + timeCount)..<firstParameter]
    for step in steps {
      let products = step.pushforward(
        at: arguments(step, step.place, inputs), along: arguments(step, place, direction))
      place = Array(products[...n])
      for (index, product) in zip(step.indices(of: n), products[(1 + n)...]) { tangents[index] = product }
    }
    return tangents
  }

  /// Records all steps.
  func recorded(_ inputs: [Value]) -> [Value] {
    let n = stateCount
    var found = [Value](repeating: .constant(0), count: outputs.count)
    var place = [inputs[0]] + inputs[(1 + timeCount)..<firstParameter]
    for step in steps {
      let results = step.results(of: arguments(step, place, inputs))
      place = Array(results[...n])
      for (index, result) in zip(step.indices(of: n), results[(1 + n)...]) { found[index] = result }
    }
    return found
  }
}
