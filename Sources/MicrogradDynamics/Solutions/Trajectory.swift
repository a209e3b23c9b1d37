import Micrograd

/// An accepted step of a solver.
public struct TrajectoryStep: Sendable, Equatable {
  /// The time at its start.
  public let time: Double
  /// Its size, negative if time runs backwards.
  public let size: Double
  /// The states at its start.
  public let state: [Double]
  /// The method that computed it.
  public let method: IntegrationMethod
}

/// The number of evaluations and steps of a solver.
public struct SolverCounts: Sendable, Equatable {
  /// Evaluations of the right-hand side.
  public internal(set) var evaluations = 0
  /// Steps that kept the tolerances.
  public internal(set) var acceptedSteps = 0
  /// Steps that were repeated with a smaller size.
  public internal(set) var rejectedSteps = 0

  /// Jacobians of the right-hand side, by a stiff method.
  public internal(set) var jacobians = 0
  /// Factorisations of linear systems, by a stiff method.
  public internal(set) var factorizations = 0

  internal init() {}
}

/// The solution of a differential equation over an interval of time.
///
/// It has the states at the ends of all steps, and between them by the continuous solution of the method:
///
/// ```swift
/// let oscillator = DifferentialEquation(states: 2, parameters: 1) { t, y, p in [y[1], -p[0] * y[0]] }
/// let solution = try oscillator.solve(from: [1, 0], parameters: [4], over: 0...10)
/// solution.times.last  // 10.0
/// solution(at: 3.3)[0]  // 0.950232, cos 6.6
/// ```
public struct Trajectory: Sendable {
  /// The times at the start and at the end of each step, in the order of the steps. Where an event changes the states, the time
  /// stands twice, for the states before and after.
  public internal(set) var times: [Double]
  /// The states at these times.
  public internal(set) var states: [[Double]]
  /// The steps. ``RungeKuttaTableau/step(from:at:size:of:)`` or ``RosenbrockTableau/step(from:at:size:of:jacobian:)``
  /// computes each again, on any numbers.
  public internal(set) var steps: [TrajectoryStep] = []
  /// The events that occurred, in the order of the steps.
  public internal(set) var events: [EventOccurrence] = []
  /// The parameters.
  public let parameters: [Double]
  /// The number of evaluations and steps.
  public internal(set) var counts = SolverCounts()
  /// True if the states are known at all times of the interval. False of a solution without steps, which keeps the states at its
  /// start, at its end and, if it is one of Values, at the requested times: see ``SolverOptions/keepsSteps``.
  public internal(set) var isContinuous = true
  /// How the right-hand side was evaluated; `nil` if it is a function of plain numbers.
  public internal(set) var evaluation: FunctionEvaluation?

  /// The continuous solution of each step: polynomial coefficients of each state, from the first power of the fraction of the
  /// step on; as many for all steps.
  internal var pieces: [Double] = []

  internal init(time: Double, state: [Double], parameters: [Double], isContinuous: Bool) {
    (times, states, self.parameters, self.isContinuous) = ([time], [state], parameters, isContinuous)
  }

  /// The states at a time, by the continuous solution, which has an error similar to that at the ends of steps. At the
  /// times of ``times`` the states are those of ``states``; where an event changed them, those after it.
  ///
  /// - Precondition: The time is within the interval of the solution; one of ``times`` if it is not ``isContinuous``.
  public func callAsFunction(at time: Double) -> [Double] {
    let (first, last) = (times[0], times[times.count - 1])
    require(
      min(first, last) <= time && time <= max(first, last),
      "the solution is known from \(first) to \(last), not at \(time); solve over an interval with that time")
    if !isContinuous {
      guard let index = times.lastIndex(of: time) else {
        trap(
          """
          the solution was computed with checkpoints or without keepsSteps, so it is not known at \(time): request that time, \
          or solve without checkpoints and with keepsSteps
          """)
      }
      return states[index]
    }
    guard let index = stepIndex(at: time) else { return states[0] }
    let step = steps[index]
    return time == step.time ? step.state : time == last ? states[states.count - 1] : interpolated(index, time)
  }

  /// The step that a time is in; at the end of a step, the next one. `nil` if there are no steps.
  internal func stepIndex(at time: Double) -> Int? {
    guard let direction = steps.first?.size else { return nil }
    var (low, high) = (0, steps.count)  // The step is in low..<high.
    while high - low > 1 {
      let middle = (low + high) / 2
      let isBefore = direction > 0 ? steps[middle].time <= time : steps[middle].time >= time
      (low, high) = isBefore ? (middle, high) : (low, middle)
    }
    return low
  }

  private func interpolated(_ index: Int, _ time: Double) -> [Double] {
    let step = steps[index], fraction = (time - step.time) / step.size
    let width = pieces.count / steps.count
    return Self.state(from: step.state, pieces[(index * width)..<((index + 1) * width)], at: fraction)
  }

  /// Returns the states at a fraction of a step by its continuous solution.
  internal static func state(from start: [Double], _ piece: ArraySlice<Double>, at fraction: Double) -> [Double] {
    let degree = piece.count / start.count
    return start.indices.map { k in
      let first = piece.startIndex + k * degree
      return start[k] + interpolation(piece[first..<(first + degree)], at: fraction)
    }
  }

  /// Makes room for a known number of steps with continuous solutions of a number of coefficients.
  internal mutating func reserve(steps count: Int, width: Int) {
    times.reserveCapacity(count + 1)
    states.reserveCapacity(count + 1)
    steps.reserveCapacity(count)
    pieces.reserveCapacity(count * width)
  }

  // MARK: Solutions without steps

  /// The memory that the states of a step take, about.
  internal static func bytesPerStep(states: Int, _ method: IntegrationMethod) -> Int {
    let ofList = 40 + 8 * states
    return MemoryLayout<TrajectoryStep>.stride + MemoryLayout<Double>.stride * (1 + method.degree * states) + ofList
  }

  /// Goes on to a time: keeps the states before it if the solution is continuous.
  internal mutating func advance(to time: Double, _ state: [Double]) {
    if !isContinuous, times.count > 1 {
      times.removeLast()
      states.removeLast()
    }
    times.append(time)
    states.append(state)
  }

  /// Drops all states but the first and the last.
  internal mutating func dropSteps() {
    let last = times.count - 1
    (isContinuous, steps, pieces) = (false, [], [])
    if last > 0 { (times, states) = ([times[0], times[last]], [states[0], states[last]]) }
  }

  /// Adds states at times between the first and the last.
  internal mutating func keep(_ results: some Sequence<(Double, [Double])>) {
    let last = times.count - 1
    guard last > 0 else { return }
    let end = (time: times[last], state: states[last])
    times.removeLast()
    states.removeLast()
    for (time, state) in results where time != end.time && time != times[times.count - 1] {
      times.append(time)
      states.append(state)
    }
    times.append(end.time)
    states.append(end.state)
  }
}
