import Micrograd

/// Detects that an explicit method takes small steps for stability, not for accuracy, and that a stiff method need not be one.
///
/// At the end of a step, two stages of an explicit method give an estimate of |h λ| for the largest eigenvalue λ of the Jacobian
/// (E. Hairer and G. Wanner, Solving Ordinary Differential Equations II, section IV.2). Steps that are limited by stability keep
/// it at the edge of the region of stability, ``Stepper/stabilityLimit`` on the negative axis. A stiff method has the Jacobian, whose norms bound
/// |λ|: where its steps are far from the edge, an explicit method can take the same.
internal struct StiffnessWatch {
  private var accepted = 0
  private var stiff = 0
  private var other = 0

  /// A stiff method whose steps keep |h λ| below this is not needed.
  private static let calm = 1.0
  /// The number of stiff steps that count as a stiff equation, and of other steps that reset it.
  private static let (stiffSteps, otherSteps) = (15, 6)
  /// The number of calm steps of a stiff method in a row after which the equation counts as not stiff.
  private static let calmSteps = 25
  /// The number of steps between two checks, unless the last one found a stiff step.
  private static let interval = 1000

  /// Notes a step that is about to be accepted.
  ///
  /// - Parameters:
  ///   - isAutomatic: True if the method may change; then every step is checked.
  ///   - isStiffMethod: True if the method is one for stiff equations.
  /// - Returns: True if a method of the other kind should go on: the equation is stiff, or it is not any more.
  mutating func notes(_ stepper: any Stepper, _ scale: ErrorScale, isAutomatic: Bool, isStiffMethod: Bool) -> Bool {
    if isStiffMethod { return isAutomatic && isCalm(stepper, scale) }
    accepted += 1
    guard isAutomatic || stiff > 0 || accepted % Self.interval == 0 else { return false }
    if stepper.stiffness(scale) > stepper.stabilityLimit {
      (stiff, other) = (stiff + 1, 0)
    } else {
      other += 1
      if other == Self.otherSteps { stiff = 0 }
    }
    guard stiff == Self.stiffSteps else { return false }
    (stiff, other) = (0, 0)
    return true
  }

  /// Notes a step of a stiff method.
  private mutating func isCalm(_ stepper: any Stepper, _ scale: ErrorScale) -> Bool {
    other = stepper.stiffness(scale) < Self.calm ? other + 1 : 0
    guard other == Self.calmSteps else { return false }
    (stiff, other) = (0, 0)
    return true
  }
}
