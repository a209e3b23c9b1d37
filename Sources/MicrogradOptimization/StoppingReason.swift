/// Why an iteration ended.
public enum StoppingReason: Sendable, Equatable, CaseIterable {
  /// The gradient is as small as was asked for.
  case gradientTolerance
  /// The last step lowered the value by as little as was asked for.
  case valueTolerance
  /// The last step was as short as was asked for.
  case stepTolerance
  /// What a further step could gain is less than the rounding of the value.
  case rounding
  /// As many iterations were made as are allowed.
  case maximumIterations
  /// The progress callback said so.
  case stopped
  /// No step lowers the value, though its derivatives promise that, and the cause cannot be told: often the function is not
  /// finite around.
  case stalled
  /// No step lowers the value, however short it is, though its derivatives promise that: the function has a kink or a jump
  /// there.
  case notDifferentiable
  /// The value falls without end: it or a parameter became enormous beside the start, and it would still fall.
  case unbounded
  /// The step is not finite: the numbers are too large or too small for it.
  case stepNotFinite

  /// Whether the position is a minimum as far as was asked for or can be computed.
  public var isConvergence: Bool {
    switch self {
    case .gradientTolerance, .valueTolerance, .stepTolerance, .rounding: true
    case .maximumIterations, .stopped, .stalled, .notDifferentiable, .unbounded, .stepNotFinite: false
    }
  }
}

extension StoppingReason: CustomStringConvertible {
  /// The reason in words.
  public var description: String {
    switch self {
    case .gradientTolerance: "the gradient is within its tolerance"
    case .valueTolerance: "the value changed by no more than its tolerance"
    case .stepTolerance: "the step was no longer than its tolerance"
    case .rounding: "rounding hides what further steps could gain"
    case .maximumIterations: "the maximum number of iterations was reached"
    case .stopped: "the progress callback stopped it"
    case .stalled: "no step lowers the value, though its derivatives promise that"
    case .notDifferentiable: "not differentiable here: the function has a kink or a jump"
    case .unbounded: "unbounded: the value falls without end"
    case .stepNotFinite: "the step is not finite; use units in which numbers are nearer to 1"
    }
  }
}
