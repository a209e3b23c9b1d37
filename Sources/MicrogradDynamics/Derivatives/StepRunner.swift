/// Takes the steps of a solution again on plain numbers, with the same states to the bit.
internal struct StepRunner {
  private let equation: DifferentialEquation
  private let steps: StepRecorder
  private let end: Double
  /// The states after the events of a step that change them.
  private var changes: [Int: [Double]] = [:]
  private var stepper: (any Stepper)?
  /// The step that the stepper can take next.
  private var next = -1

  init(_ equation: DifferentialEquation, _ steps: StepRecorder, of solution: Trajectory) {
    (self.equation, self.steps, end) = (equation, steps, solution.times[solution.times.count - 1])
    for event in solution.events {
      if let changed = event.changedState { changes[event.step] = changed }
    }
  }

  /// Returns the states after a step from those before it.
  mutating func state(after step: Int, from state: [Double]) throws(DynamicsError.Reason) -> [Double] {
    let stepper = try stepper(at: step, state)
    try stepper.attempt(size: steps.sizes[step])
    let isLast = step + 1 == steps.count
    let found = stepper.accept(time: isLast ? end : steps.times[step + 1])
    next = !isLast && continues(after: step) ? step + 1 : -1
    return changes[step] ?? found
  }

  /// True if the step after a step takes the derivatives at its end over.
  private func continues(after step: Int) -> Bool {
    changes[step] == nil && steps.method(of: step) == steps.method(of: step + 1)
  }

  private mutating func stepper(at step: Int, _ state: [Double]) throws(DynamicsError.Reason) -> any Stepper {
    if let stepper, next == step { return stepper }
    let made = steps.method(of: step).stepper(equation)
    // The solver evaluated the last stage of the step before at this time, which may differ from the step's by rounding.
    let takesOver = step > 0 && continues(after: step - 1)
    let slopeTime = takesOver ? steps.times[step - 1] + steps.sizes[step - 1] : steps.times[step]
    try made.start(time: steps.times[step], state: state, slopeTime: slopeTime)
    stepper = made
    return made
  }
}
