/// The derivatives of steps without events, of any method, where the right-hand side is compiled.
internal struct StepDerivatives {
  private let twin: EquationTwin
  private let parameters: [Double]
  private var method: IntegrationMethod?
  private var explicit: ExplicitStepDerivatives?
  private var stiff: RosenbrockStepDerivatives?

  init(_ twin: EquationTwin, parameters: [Double]) {
    (self.twin, self.parameters) = (twin, parameters)
    // The equation may have been solved with others since.
    twin.equation.rightHandSide.take(parameters)
  }

  private mutating func prepare(_ method: IntegrationMethod, _ step: SolvedStep) {
    if method == self.method { return }
    (self.method, explicit, stiff) = (method, nil, nil)
    let equation = twin.equation
    guard let compiled = equation.rightHandSide.compiled else { return }
    if let tableau = method.tableau {
      explicit = ExplicitStepDerivatives(tableau, compiled, states: equation.stateCount, parameters: parameters)
    } else if let tableau = method.rosenbrockTableau {
      stiff = RosenbrockStepDerivatives(tableau, twin, from: step, parameters: parameters)
    }
  }

  /// Takes adjoints back through a step: `by.state` from its end to its start.
  ///
  /// - Parameters:
  ///   - step: The step.
  ///   - method: Its method.
  ///   - adjoints: Those of the states of the results, one result after the other.
  ///   - times: The times of the results.
  /// - Returns: False if a stage takes a path that is not compiled; the adjoints are unchanged then.
  mutating func pullback(
    _ step: SolvedStep, _ method: IntegrationMethod, _ adjoints: ArraySlice<Double>, at times: ArraySlice<Double>,
    _ by: inout StepAdjoint
  ) -> Bool {
    prepare(method, step)
    if let isDone = explicit?.pullback(step, adjoints, at: times, &by) { return isDone }
    return stiff?.pullback(step, adjoints, at: times, &by) ?? false
  }

  /// Returns the derivatives of the states at the end of a step and of its results.
  ///
  /// - Parameters:
  ///   - step: The step.
  ///   - method: Its method.
  ///   - direction: That of the time, the states and the parameters at the start of the step.
  ///   - changes: Those of the times of the results.
  ///   - times: The times of the results.
  /// - Returns: `nil` if a stage takes a path that is not compiled.
  mutating func pushforward(
    _ step: SolvedStep, _ method: IntegrationMethod, _ direction: [Double], _ changes: ArraySlice<Double>,
    at times: ArraySlice<Double>
  ) -> [Double]? {
    prepare(method, step)
    if explicit != nil { return explicit?.pushforward(step, direction, changes, at: times) }
    return stiff?.pushforward(step, direction, changes, at: times)
  }
}
