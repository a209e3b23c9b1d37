/// Detects that an explicit method takes small steps for stability, not for accuracy.
///
/// At the end of a step, two stages give an estimate of |h λ| for the largest eigenvalue λ of the Jacobian (E. Hairer and
/// G. Wanner, Solving Ordinary Differential Equations II, section IV.2). Steps that are limited by stability keep it at the
/// edge of the region of stability, 3.25 on the negative axis.
internal struct StiffnessWatch {
  private var accepted = 0
  private var stiff = 0
  private var other = 0

  private static let edge = 3.25
  /// The number of stiff steps that count as a stiff equation, and of other steps that reset it.
  private static let (stiffSteps, otherSteps) = (15, 6)
  /// The number of steps between two checks, unless the last one found a stiff step.
  private static let interval = 1000

  /// Notes a step that is about to be accepted.
  ///
  /// - Parameter always: True if every step is checked.
  /// - Returns: True if the equation is stiff.
  mutating func notes(_ stepper: any Stepper, _ scale: ErrorScale, always: Bool) -> Bool {
    accepted += 1
    guard always || stiff > 0 || accepted % Self.interval == 0 else { return false }
    if stepper.stiffness(scale) > Self.edge {
      (stiff, other) = (stiff + 1, 0)
    } else {
      other += 1
      if other == Self.otherSteps { stiff = 0 }
    }
    guard stiff == Self.stiffSteps else { return false }
    stiff = 0
    return true
  }
}
