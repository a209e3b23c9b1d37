import Micrograd

/// A step of a solution as a function of Values.
///
/// Its arguments are the time and the states at its start, the parameters, and the times of the results within it. It returns the
/// time and the states at its end, the states of these results, and the time and the states of each event within it.
internal struct ReplayedStep {
  let equation: DifferentialEquation
  let time: Double
  let size: Double
  let method: IntegrationMethod
  /// The time at its end, a constant unless an event ends the step.
  let end: Double
  /// The number of results within the step.
  let resultCount: Int
  let occurrences: [(occurrence: EventOccurrence, event: StateEvent)]

  /// The state at the end of a step, and at fractions of it.
  private struct Arc {
    let time: Value
    let size: Value
    let end: [Value]
    let interpolated: (Value) -> [Value]

    func time(at fraction: Value) -> Value { time + fraction * size }
  }

  /// Records the step.
  func results(of x: [Value]) -> [Value] {
    let n = equation.stateCount
    let (time, state) = (x[0], Array(x[1...n]))
    let parameters = Array(x[(1 + n)..<(1 + n + equation.parameterCount)])
    let interrupt = occurrences.first { $0.event.interrupts }
    var size = .constant(end) - time
    if let interrupt { size = located(interrupt.event, time, state, parameters) }
    let isContinuous = resultCount > 0 || occurrences.contains { !$0.event.interrupts }
    let arc = arc(time, state, parameters, size: size, isContinuous: isContinuous)
    var found: [Value] = []
    for result in x.suffix(resultCount) { found += arc.interpolated((result - time) / size) }
    var after = arc.end
    for (occurrence, event) in occurrences {
      if event.interrupts {
        let eventTime = time + size
        found += [eventTime] + after
        if let change = event.change { after = change(eventTime, after, parameters) }
      } else {
        let fraction = located(event, parameters, in: arc, near: (occurrence.time - self.time) / self.size)
        found += [arc.time(at: fraction)] + arc.interpolated(fraction)
      }
    }
    return [interrupt == nil ? .constant(end) : time + size] + after + found
  }

  private func arc(
    _ time: Value, _ state: [Value], _ parameters: [Value], size: Value, isContinuous: Bool
  ) -> Arc {
    let slopes = equation.slopes(parameters)
    if let tableau = method.tableau {
      let (end, stages) = tableau.step(
        from: state, at: time, size: size, isContinuous: isContinuous, of: slopes)
      return Arc(time: time, size: size, end: end) {
        tableau.interpolated(at: $0, from: state, size: size, stages: stages)
      }
    }
    let tableau = RosenbrockTableau.rodas4
    let found = tableau.step(
      from: state, at: time, size: size, of: slopes,
      jacobian: { t, y in
        let rows = jacobian(at: [t] + y) { x in slopes(x[0], Array(x[1...])) }
        return (rows.map { Array($0[1...]) }, rows.map { $0[0] })
      })
    // The solver took this step, so its linear systems are regular; rounding may differ in a recording.
    let (end, stages) = found ?? (state.map { $0 * .nan }, tableau.nodes.map { _ in state.map { $0 * .nan } })
    return Arc(time: time, size: size, end: end) {
      tableau.interpolated(at: $0, from: state, stages: stages)
    }
  }

  /// Returns the size of a step up to the zero of an event: two Newton steps from the number, which is the zero to rounding. So the
  /// recorded size has exact first and second derivatives.
  private func located(_ event: StateEvent, _ time: Value, _ state: [Value], _ parameters: [Value]) -> Value {
    refined(.constant(end - self.time)) { size in
      event.value(time + size, arc(time, state, parameters, size: size, isContinuous: false).end, parameters)
    }
  }

  private func located(_ event: StateEvent, _ parameters: [Value], in arc: Arc, near guess: Double) -> Value {
    refined(.constant(guess)) { fraction in
      event.value(arc.time(at: fraction), arc.interpolated(fraction), parameters)
    }
  }

  private func refined(_ start: Value, _ f: (Value) -> Value) -> Value {
    var x = start
    for _ in 0..<2 { x = x - f(x) / derivative(at: x, of: f) }
    return x
  }
}

extension DifferentialEquation {
  /// Returns the right-hand side on Values with its parameters.
  internal func slopes(_ parameters: [Value]) -> (Value, [Value]) -> [Value] {
    { t, y in
      guard let values = self.values else {
        trap("the right-hand side is a function of plain numbers, which has no derivatives; write it over Values")
      }
      return values(t, y, parameters)
    }
  }
}

extension StateEvent {
  /// Returns the function of the event on Values.
  internal func value(_ time: Value, _ states: [Value], _ parameters: [Value]) -> Value {
    guard let values else {
      trap("the function of an event is a function of plain numbers, which has no derivatives; write it over Values")
    }
    return values(time, states, parameters)
  }
}
