/// The adjoints of the arguments of a step, in memory that serves all steps.
internal struct StepAdjoint {
  /// That of the time at the start of the step, whose end is fixed.
  private(set) var time = 0.0
  /// That of the size of the step.
  var size = 0.0
  /// Those of the states: at the end of a step before its sweep, at its start afterwards.
  var state: [Double]
  /// Those of the parameters, of all steps.
  private(set) var parameters: [Double]
  /// Those of the times of the results within the step.
  var resultTimes: [Double] = []
  /// Those of the states at the end of the step.
  private var end: [Double]
  /// Those of the parameters, of one step.
  private var ofStep: [Double]
  /// That of the time in the arguments of the right-hand side.
  private var ofTime = 0.0

  init(states: Int, parameters: Int) {
    state = [Double](repeating: 0, count: states)
    self.parameters = [Double](repeating: 0, count: parameters)
    (end, ofStep) = (state, self.parameters)
  }

  /// Begins the sweep of a step.
  mutating func begin() {
    (size, ofTime) = (0, 0)
    resultTimes.removeAll(keepingCapacity: true)
    for k in end.indices { end[k] = state[k] }
    for k in ofStep.indices { ofStep[k] = 0 }
  }

  /// Gives up the sweep of a step that was begun.
  mutating func restore() {
    for k in end.indices { state[k] = end[k] }
  }

  /// Adds adjoints of the time, the states and the parameters, which are the first of a list.
  mutating func add(_ adjoints: [Double]) {
    ofTime += adjoints[0]
    let n = state.count
    for k in 0..<n { state[k] += adjoints[1 + k] }
    for k in ofStep.indices { ofStep[k] += adjoints[1 + n + k] }
  }

  /// Adds the adjoint of the time of a result.
  mutating func add(ofResult byFraction: Double, at fraction: Double, size step: Double) {
    resultTimes.append(byFraction / step)
    ofTime -= byFraction / step
    size -= byFraction * fraction / step
  }

  /// Ends the sweep of a step. The end of the step is fixed, so its size falls as the time grows.
  mutating func finish() {
    time = ofTime - size
    for k in ofStep.indices { parameters[k] += ofStep[k] }
  }

  /// Takes the adjoints of all arguments of a step: the time, the states, the parameters, and the times of results.
  mutating func take(_ adjoints: [Double]) {
    let n = state.count
    time = adjoints[0]
    for k in 0..<n { state[k] = adjoints[1 + k] }
    for k in parameters.indices { parameters[k] += adjoints[1 + n + k] }
    resultTimes = Array(adjoints[(1 + n + parameters.count)...])
  }
}
