/// The reason why an iteration stopped.
public enum StoppingReason: Sendable, Equatable, CaseIterable {
  /// The gradient is within its tolerance.
  case gradientTolerance
  /// The last step lowered the value by no more than its tolerance.
  case valueTolerance
  /// The last step was no longer than its tolerance.
  case stepTolerance
  /// Rounding errors of the value hide any further descent.
  case rounding
  /// The maximum number of iterations was reached.
  case maximumIterations
  /// The progress callback stopped the iteration.
  case stopped
  /// No step lowers the value although the gradient is not zero. The cause is unknown; often the function is not finite
  /// nearby.
  case stalled
  /// No step lowers the value, however short, although the gradient is not zero: the function has a kink or a jump here.
  case notDifferentiable
  /// The function seems unbounded below: the value or a parameter is enormous compared with the start, and the value still
  /// falls.
  case unbounded
  /// The step is not finite: the numbers are too large or too small.
  case stepNotFinite
  /// No position near satisfies all constraints: their violation has a minimum here, which is not 0.
  case infeasible
  /// The gradients of the active constraints are dependent, and their multipliers grow without bound. The position may be
  /// a minimum, but the conditions of a minimum cannot tell.
  case dependentConstraints

  /// True if the position is a minimum, to the tolerances or to rounding.
  public var isConvergence: Bool {
    switch self {
    case .gradientTolerance, .valueTolerance, .stepTolerance, .rounding: true
    case .maximumIterations, .stopped, .stalled, .notDifferentiable, .unbounded, .stepNotFinite, .infeasible,
      .dependentConstraints:
      false
    }
  }
}

extension StoppingReason: CustomStringConvertible {
  /// The reason as text.
  public var description: String {
    switch self {
    case .gradientTolerance: "the gradient is within its tolerance"
    case .valueTolerance: "the value changed by no more than its tolerance"
    case .stepTolerance: "the step was no longer than its tolerance"
    case .rounding: "rounding hides any further descent"
    case .maximumIterations: "the maximum number of iterations was reached"
    case .stopped: "the progress callback stopped it"
    case .stalled: "no step lowers the value, although the gradient is not zero"
    case .notDifferentiable: "not differentiable here: the function has a kink or a jump"
    case .unbounded: "unbounded: the value falls without bound"
    case .stepNotFinite: "the step is not finite; use units in which the numbers are closer to 1"
    case .infeasible: "infeasible: no position near satisfies all constraints"
    case .dependentConstraints: "the active constraints depend on each other, and their multipliers grow without bound"
    }
  }
}
