import Micrograd

/// An event: a function of time, states and parameters whose zeros are located while an equation is solved.
///
/// ```swift
/// let ball = DifferentialEquation(states: 2) { t, y, p in [y[1], .constant(-9.81)] }
/// let bounce = StateEvent(.falling) { t, y, p in
///   y[0]
/// } change: { t, y, p in
///   [.constant(0), -0.9 * y[1]]
/// }
/// let solution = try ball.solve(from: [1, 0], over: 0...2, events: [bounce])
/// solution.events.map(\.time)  // [0.451524, 1.264266], √(2 / 9.81), and 2.8 times that
/// ```
///
/// A step that contains an event which changes states, or ends the solution, is computed again with the size at which the
/// function is zero to rounding. Other events are located on the continuous solution of the method. An event that is zero
/// at the start, or after its own change, occurs again only at its next zero.
///
/// The function is evaluated at the ends of each step and at three times between. If it has two zeros between two of these
/// times, they are missed; set ``SolverOptions/largestStep`` to the shortest time between zeros.
public struct StateEvent {
  /// The signs between which a function changes.
  public enum Direction: Sendable, Hashable {
    /// Every change of sign.
    case either
    /// From negative to positive, in the direction in which the equation is solved.
    case rising
    /// From positive to negative, in the direction in which the equation is solved.
    case falling
  }

  /// The changes of sign that count.
  public let direction: Direction
  /// True if the solution ends at the event.
  public let isTerminal: Bool
  /// The function on Values; `nil` if it is known on plain numbers only.
  internal let values: ((Value, [Value], [Value]) -> Value)?
  internal let numbers: ((Double, [Double], [Double]) -> Double)?
  /// The states after the event.
  internal let change: DifferentialEquation.ValueForm?
  internal let numericChange: ((Double, [Double], [Double]) -> [Double])?

  /// Creates an event whose function is a function of Values.
  ///
  /// - Parameters:
  ///   - direction: The changes of sign that count.
  ///   - isTerminal: True if the solution ends at the event.
  ///   - function: The function of time, states and parameters. It should be smooth, and compute the same from the same numbers.
  ///   - change: The states after the event; `nil` if they do not change.
  public init(
    _ direction: Direction = .either, isTerminal: Bool = false,
    when function: @escaping (_ time: Value, _ states: [Value], _ parameters: [Value]) -> Value,
    change: DifferentialEquation.ValueForm? = nil
  ) {
    (self.direction, self.isTerminal, self.change) = (direction, isTerminal, change)
    (values, numbers, numericChange) = (function, nil, nil)
  }

  private init(
    _ direction: Direction, _ isTerminal: Bool, numbers: @escaping (Double, [Double], [Double]) -> Double,
    change: ((Double, [Double], [Double]) -> [Double])?
  ) {
    (self.direction, self.isTerminal, self.numbers) = (direction, isTerminal, numbers)
    (values, self.change, numericChange) = (nil, nil, change)
  }

  /// Creates an event whose function is a function of plain numbers, which is neither recorded nor compiled.
  public static func numeric(
    _ direction: Direction = .either, isTerminal: Bool = false,
    when function: @escaping (_ time: Double, _ states: [Double], _ parameters: [Double]) -> Double,
    change: ((_ time: Double, _ states: [Double], _ parameters: [Double]) -> [Double])? = nil
  ) -> StateEvent {
    StateEvent(direction, isTerminal, numbers: function, change: change)
  }

  /// True if the step ends at the event.
  internal var interrupts: Bool { isTerminal || change != nil || numericChange != nil }

  internal func counts(from old: Double, to new: Double) -> Bool {
    guard old != 0, (old < 0) != (new < 0) || new == 0 else { return false }
    switch direction {
    case .either: return true
    case .rising: return old < 0
    case .falling: return old > 0
    }
  }
}

/// An event that occurred in a solution.
public struct EventOccurrence: Sendable, Equatable {
  /// The index of the event in the list that was given to the solver.
  public let event: Int
  /// The time.
  public let time: Double
  /// The states before the event changes them.
  public let state: [Double]
  /// The states after the event; `nil` if it does not change them.
  public let changedState: [Double]?
  /// The index of the step in which it occurred.
  public let step: Int
}
