/// An error of a solver of differential equations, with the part of the solution that exists.
///
/// States and parameters are counted from 0.
public struct DynamicsError: Error {
  /// What is wrong.
  public let reason: Reason
  /// The solution up to the error; `nil` if the arguments were wrong.
  public let partial: Trajectory?

  /// What is wrong, and where.
  public enum Reason: Error, Equatable, Sendable {
    /// The number of states at the start differs from that of the equation.
    case stateCount(found: Int, expected: Int)
    /// The number of parameters differs from that of the equation.
    case parameterCount(found: Int, expected: Int)
    /// The right-hand side returned the wrong number of derivatives.
    case slopeCount(found: Int, expected: Int)
    /// The right-hand side cannot be made native code.
    case nativeCode(reason: String)
    /// A state is not finite at the start.
    case startNotFinite(state: Int, found: Double)
    /// A parameter is not finite.
    case parameterNotFinite(parameter: Int, found: Double)
    /// The first or the last time is not finite.
    case timeNotFinite(found: Double)
    /// The first and the last time are the same.
    case emptyInterval(time: Double)
    /// A relative tolerance is not positive, or an absolute one negative; or one is not finite.
    case invalidTolerance(state: Int?, found: Double)
    /// The number of absolute tolerances differs from the number of states.
    case toleranceCount(found: Int, expected: Int)
    /// The size of the first or the largest step is not positive, or not finite.
    case invalidStepSize(found: Double)
    /// The derivative of a state is not finite at a time, and steps that avoid this are too small.
    case slopeNotFinite(state: Int, found: Double, time: Double)
    /// The error of a state needs steps that are too small for the precision of the time.
    case stepUnderflow(state: Int, time: Double, size: Double)
    /// An explicit method takes small steps for stability from a time on.
    case stiff(time: Double, size: Double)
    /// The function of an event is not finite at a time.
    case eventNotFinite(event: Int, found: Double, time: Double)
    /// An event changed the states into the wrong number of states.
    case changeCount(event: Int, found: Int, expected: Int)
    /// An event changed a state into a number that is not finite.
    case changeNotFinite(event: Int, state: Int, found: Double, time: Double)
    /// The steps are used up at a time.
    case tooManySteps(limit: Int, time: Double, size: Double)
    /// Results as Values were asked for at no time.
    case noTimes
    /// The time of a result is before that of the result before it, in the direction in which the equation is solved.
    case timesNotOrdered(result: Int, time: Double, before: Double)
    /// Derivatives were asked for, but the right-hand side, or an event, is a function of plain numbers.
    case numericOnly(event: Int?)
    /// A continuous adjoint was asked for, but there are events.
    case continuousAdjointOfEvents
    /// A continuous adjoint was asked for, but with checkpoints.
    case continuousAdjointWithCheckpoints
  }
}

extension DynamicsError: CustomStringConvertible {
  /// A message that says what is wrong, where, and what to do.
  public var description: String { reason.description }
}

extension DynamicsError.Reason: CustomStringConvertible {
  /// A message that says what is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .stateCount(let found, let expected):
      "the start has \(found) states, the equation \(expected); give one number for each state"
    case .parameterCount(let found, let expected):
      "there are \(found) parameters, the equation has \(expected); give one number for each parameter"
    case .slopeCount(let found, let expected):
      "the right-hand side returned \(found) derivatives of \(expected) states; return one for each state"
    case .nativeCode(let reason):
      "the right-hand side is not native code: \(reason) Or set SolverOptions.usesNativeCode to false."
    case .startNotFinite(let state, let found):
      "state \(state) starts at \(found); give a finite number"
    case .parameterNotFinite(let parameter, let found):
      "parameter \(parameter) is \(found); give a finite number"
    case .timeNotFinite(let found):
      "the interval has the end \(found); give finite times"
    case .emptyInterval(let time):
      "the interval begins and ends at \(time); give two times that differ, or use the initial state itself"
    case .invalidTolerance(let state?, let found):
      "the absolute tolerance of state \(state) is \(found); give a finite number of at least 0"
    case .invalidTolerance(nil, let found):
      "a tolerance is \(found); give a finite relative tolerance above 0 and an absolute one of at least 0"
    case .toleranceCount(let found, let expected):
      "there are \(found) absolute tolerances for \(expected) states; give one for each, or one number for all"
    case .invalidStepSize(let found):
      "the first or the largest step is \(found); give a finite number above 0, for backward time too"
    case .slopeNotFinite(let state, let found, let time):
      """
      the derivative of state \(state) is \(found) at time \(time), however small the step; start where the right-hand side \
      is finite, and end before it is not
      """
    case .stepUnderflow(let state, let time, let size):
      """
      the error of state \(state) at time \(time) needs steps below \(size), which is rounding of the time; the solution may \
      have a singularity or a jump there: end before it, or write a jump as an event
      """
    case .stiff(let time, let size):
      """
      the equation is stiff from about time \(time) on: steps of \(size) are as large as stability allows, not accuracy; use the \
      method .rodas4 or .automatic, or set SolverOptions.stopsIfStiff to false
      """
    case .eventNotFinite(let event, let found, let time):
      "the function of event \(event) is \(found) at time \(time); give a function that is finite along the solution"
    case .changeCount(let event, let found, let expected):
      "event \(event) changes \(expected) states into \(found); return one number for each state"
    case .changeNotFinite(let event, let state, let found, let time):
      "event \(event) changes state \(state) into \(found) at time \(time); return finite numbers"
    case .tooManySteps(let limit, let time, let size):
      """
      \(limit) steps ended at time \(time), the last of size \(size); raise SolverOptions.maximumSteps, loosen the tolerances, \
      or use a stiff method if the solution is smooth
      """
    case .noTimes:
      "there are no times for results; give at least one"
    case .timesNotOrdered(let result, let time, let before):
      "time \(result) is \(time), after \(before); give times in the order in which the solution passes them"
    case .continuousAdjointOfEvents:
      "a continuous adjoint does not follow events; use the discrete adjoint, or leave the events out"
    case .continuousAdjointWithCheckpoints:
      "a continuous adjoint needs the whole solution; use the discrete adjoint, or leave the checkpoints out"
    case .numericOnly(nil):
      "the right-hand side is a function of plain numbers, which has no derivatives; write it over Values"
    case .numericOnly(let event?):
      "event \(event) is a function of plain numbers, which has no derivatives; write it over Values"
    }
  }
}
