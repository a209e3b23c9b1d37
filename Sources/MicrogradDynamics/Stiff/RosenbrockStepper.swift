import Micrograd

/// The steps of a Rosenbrock method.
internal final class RosenbrockStepper: Stepper {
  private let rightHandSide: StateFunction
  private let tableau: RosenbrockTableau
  private let count: Int
  private let jacobian: StateJacobian
  private var factors: BandedFactors?
  private var order: BandOrder?
  private(set) var counts = (jacobians: 0, factorizations: 0)

  private var time = 0.0
  private var size = 0.0
  private(set) var state: [Double] = []
  private(set) var slope: [Double]
  private(set) var candidate: [Double]
  private(set) var errors: [Double]
  /// True if the derivatives are those of the state.
  private var hasSlope = false
  private var hasJacobian = false

  private var stages: [[Double]]
  /// The weights of the stages in the continuous solution in the middle of a step, and in its derivative.
  private let middleWeights: (values: [Double], derivatives: [Double])
  private var argument: [Double]
  private var slopes: [Double]
  private var side: [Double]

  init(_ equation: DifferentialEquation, _ tableau: RosenbrockTableau) {
    (rightHandSide, self.tableau, count) = (equation.rightHandSide, tableau, equation.stateCount)
    jacobian = equation.stateJacobian
    let zeros = [Double](repeating: 0, count: count)
    (slope, candidate, errors, argument, slopes, side) = (zeros, zeros, zeros, zeros, zeros, zeros)
    middleWeights = (
      tableau.interpolant.map { interpolation($0, at: 0.5) },
      tableau.interpolant.map { interpolationSlope($0, at: 0.5) }
    )
    stages = [[Double]](repeating: zeros, count: tableau.stageCount)
  }

  var control: StepControl { StepControl(predicting: tableau.embeddedOrder) }
  var errorOrder: Int { tableau.embeddedOrder }

  /// The derivatives are evaluated at the time: no step takes those of the step before over.
  func start(time: Double, state: [Double], slopeTime: Double) throws(DynamicsError.Reason) {
    (self.time, self.state, hasJacobian) = (time, state, false)
    jacobian.prepare(time: time, state: state)
    try rightHandSide.evaluate(time, state, into: &slope)
    hasSlope = true
  }

  func attempt(size: Double) throws(DynamicsError.Reason) {
    self.size = size
    if !hasSlope { try rightHandSide.evaluate(time, state, into: &slope) }
    hasSlope = true
    if !hasJacobian {
      try jacobian.evaluate(time, state, slope: slope, reach: size)
      counts.jacobians += 1
    }
    hasJacobian = true
    guard factor(size) else {
      // A smaller size makes the matrix regular.
      for k in 0..<count { candidate[k] = .nan }
      return
    }
    for i in 0..<tableau.stageCount { try computeStage(i, size) }
    combine(tableau.weights, factor: 1, into: &candidate)
    for k in 0..<count { candidate[k] += state[k] }
    combine(tableau.errorWeights, factor: 1, into: &errors)
    try includeMiddle(size)
  }

  /// Includes the error of the continuous solution in the middle of the step.
  ///
  /// Where a state is very stiff, the end of a step is accurate however large the step. Then only the defect y' - f between
  /// the ends shows that the step is too large. Solved with the matrix of the step, it is about the error of the states.
  private func includeMiddle(_ size: Double) throws(DynamicsError.Reason) {
    let (values, derivatives) = middleWeights
    combine(values, factor: 1, into: &argument)
    for k in 0..<count { argument[k] += state[k] }
    try rightHandSide.evaluate(time + 0.5 * size, argument, into: &slopes)
    combine(derivatives, factor: 1 / size, into: &argument)
    let places = jacobian.order.places
    for k in 0..<count { side[places[k]] = slopes[k] - argument[k] }
    factors?.solve(&side)
    for k in 0..<count { errors[k] = max(abs(errors[k]), abs(side[places[k]])) }
  }

  /// Factors 1 / (γ h) - J.
  private func factor(_ size: Double) -> Bool {
    if factors == nil || order != jacobian.order {
      order = jacobian.order
      factors = jacobian.emptyFactors
    }
    guard var factors else { return false }
    self.factors = nil
    defer { self.factors = factors }
    counts.factorizations += 1
    return jacobian.factor(&factors, shift: 1 / (tableau.gamma * size))
  }

  private func computeStage(
    _ i: Int, _ size: Double
  ) throws(DynamicsError.Reason) {
    if i > 0 {
      combine(tableau.coefficients[i], factor: 1, into: &argument)
      for k in 0..<count { argument[k] += state[k] }
      try rightHandSide.evaluate(time + tableau.nodes[i] * size, argument, into: &slopes)
      combine(tableau.couplings[i], factor: 1 / size, into: &argument)
    }
    let (places, ofTime) = (jacobian.order.places, tableau.timeWeights[i] * size)
    for k in 0..<count {
      side[places[k]] = (i > 0 ? slopes[k] + argument[k] : slope[k]) + ofTime * jacobian.byTime[k]
    }
    factors?.solve(&side)
    for k in 0..<count { stages[i][k] = side[places[k]] }
  }

  /// Writes Σ weights[i] · stage i, times a factor.
  private func combine(_ weights: [Double], factor: Double, into result: inout [Double]) {
    for k in 0..<count { result[k] = 0 }
    for (weight, stage) in zip(weights, stages) where weight != 0 {
      let scaled = weight * factor
      for k in 0..<count { result[k] += scaled * stage[k] }
    }
  }

  func assessed(_ scale: ErrorScale) -> (error: Double, isFinite: Bool) {
    scale.assessed(errors, from: state, to: candidate)
  }

  func accept(time: Double) -> [Double] {
    self.time = time
    swap(&state, &candidate)
    (hasSlope, hasJacobian) = (false, false)
    return state
  }

  func writePiece(to piece: inout [Double]) {
    let degree = piece.count / count, powerCount = tableau.interpolant[0].count
    for k in 0..<count {
      for power in 0..<degree {
        var sum = 0.0
        if power < powerCount {
          for i in 0..<tableau.stageCount { sum += tableau.interpolant[i][power] * stages[i][k] }
        }
        piece[k * degree + power] = sum
      }
    }
  }

  var stabilityLimit: Double { .infinity }

  func stiffness(_ scale: ErrorScale) -> Double {
    abs(size) * jacobian.spectralBound { scale.tolerance($0, state[$0], candidate[$0]) }
  }
}
