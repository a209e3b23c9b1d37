import Micrograd

/// The functions of events along a solution.
internal final class EventWatch {
  let events: [StateEvent]
  private let functions: [StateFunction]
  private let changes: [StateFunction?]
  /// The value of each function at the start of the step.
  private var values: [Double]
  /// True if a function was zero at the start of the step because its event occurred there.
  private var isFresh: [Bool]
  private var state: [Double]

  /// The fractions of a step at which functions are evaluated.
  private static let fractions = [0.25, 0.5, 0.75, 1]
  /// The same for a function that begins at zero, so that a short arc away from zero and back is seen.
  private static let freshFractions = [1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1] + fractions

  init(
    _ events: [StateEvent], states: Int, time: Double, state: [Double], parameters: [Double], compiles: Bool
  ) throws(DynamicsError.Reason) {
    self.events = events
    self.state = state
    functions = events.map { event in
      StateFunction(
        states: states, parameters: parameters.count, results: 1,
        values: event.values.map { f in { t, y, p in [f(t, y, p)] } },
        numbers: event.numbers.map { f in { t, y, p, results in results[0] = f(t, y, p) } })
    }
    changes = events.map { event in
      guard event.interrupts, event.change != nil || event.numericChange != nil else { return nil }
      return StateFunction(
        states: states, parameters: parameters.count, results: states, values: event.change,
        numbers: event.numericChange.map { f in { t, y, p, results in results = f(t, y, p) } })
    }
    values = [Double](repeating: 0, count: events.count)
    isFresh = [Bool](repeating: false, count: events.count)
    for (k, function) in functions.enumerated() {
      try function.prepare(time: time, state: state, parameters: parameters, compiles: compiles)
      // A change happens a few times only: to compile it would take longer.
      do throws(DynamicsError.Reason) {
        try changes[k]?.prepare(time: time, state: state, parameters: parameters, compiles: false)
      } catch {
        throw Self.named(error, event: k)
      }
    }
    try restart(time: time, state: state, after: [])
    for k in events.indices { isFresh[k] = values[k] == 0 }
  }

  private static func named(_ reason: DynamicsError.Reason, event: Int) -> DynamicsError.Reason {
    guard case .slopeCount(let found, let expected) = reason else { return reason }
    return .changeCount(event: event, found: found, expected: expected)
  }

  /// The value of a function.
  func value(_ event: Int, _ time: Double, _ state: [Double]) throws(DynamicsError.Reason) -> Double {
    var result = [0.0]
    try functions[event].evaluate(time, state, into: &result)
    guard result[0].isFinite else { throw .eventNotFinite(event: event, found: result[0], time: time) }
    return result[0]
  }

  /// Begins anew at a state, where some events have just occurred.
  func restart(time: Double, state: [Double], after occurred: [Int]) throws(DynamicsError.Reason) {
    for k in events.indices {
      values[k] = try value(k, time, state)
      isFresh[k] = occurred.contains(k)
    }
  }

  /// The states after an event; `nil` if it does not change them.
  func changed(_ event: Int, _ time: Double, _ state: [Double]) throws(DynamicsError.Reason) -> [Double]? {
    guard let change = changes[event] else { return nil }
    var result = state
    do throws(DynamicsError.Reason) {
      try change.evaluate(time, state, into: &result)
    } catch {
      throw Self.named(error, event: event)
    }
    if let bad = result.firstIndex(where: { !$0.isFinite }) {
      throw .changeNotFinite(event: event, state: bad, found: result[bad], time: time)
    }
    return result
  }

  /// Finds the events in a step, in the order of time.
  ///
  /// - Returns: For each the fraction of the step, and the values of all functions at the end of the step.
  func occurrences(in arc: Arc) throws(DynamicsError.Reason) -> (found: [(event: Int, fraction: Double)], end: [Double])
  {
    var (found, end): ([(event: Int, fraction: Double)], [Double]) = ([], values)
    for k in events.indices {
      var (last, start) = (0.0, isFresh[k] ? 0 : values[k])
      for fraction in isFresh[k] ? Self.freshFractions : Self.fractions {
        let next = try value(k, at: fraction, arc)
        if events[k].counts(from: start, to: next) {
          found.append((k, try zero(of: k, from: last, start, to: fraction, arc)))
        }
        // Right after an event, rounding has any sign.
        let isRounding = isFresh[k] && start == 0 && abs(next) <= 4 * abs(values[k])
        (last, start) = (fraction, isRounding ? 0 : next)
      }
      end[k] = start
    }
    return (found.sorted { ($0.fraction, $0.event) < ($1.fraction, $1.event) }, end)
  }

  /// Goes on to the next step.
  func advance(_ end: [Double]) {
    values = end
    for k in events.indices { isFresh[k] = false }
  }

  private func value(_ event: Int, at fraction: Double, _ arc: Arc) throws(DynamicsError.Reason) -> Double {
    arc.state(at: fraction, into: &state)
    return try value(event, arc.time + fraction * arc.size, state)
  }

  /// Bisects to the precision of the time.
  private func zero(
    of event: Int, from low: Double, _ start: Double, to high: Double, _ arc: Arc
  ) throws(DynamicsError.Reason) -> Double {
    var (low, high) = (low, high)
    while true {
      let middle = (low + high) / 2
      let (a, b, c) = (arc.time + low * arc.size, arc.time + middle * arc.size, arc.time + high * arc.size)
      guard low < middle, middle < high, a != b, b != c else { return high }
      let value = try value(event, at: middle, arc)
      if value == 0 { return middle }
      if (value < 0) == (start < 0) { low = middle } else { high = middle }
    }
  }

  /// The change of the fraction that makes a function zero, by its slope along the step.
  func correction(_ event: Int, value: Double, at fraction: Double, _ arc: Arc) throws(DynamicsError.Reason) -> Double {
    let width = 1e-4
    let (low, high) = (max(0, fraction - width), min(1, fraction + width))
    let slope = try (self.value(event, at: high, arc) - self.value(event, at: low, arc)) / (high - low)
    return slope == 0 ? 0 : -value / slope
  }
}
