import Micrograd

/// The steps of an explicit Runge–Kutta method. Takes no memory in a step.
internal final class ExplicitStepper: Stepper {
  private let rightHandSide: StateFunction
  private let tableau: RungeKuttaTableau
  private let count: Int
  let errorOrder: Int

  private(set) var time = 0.0
  private(set) var state: [Double] = []
  private(set) var candidate: [Double]
  private(set) var errors: [Double]
  private var stage: [Double]
  private var slopes: [Double]
  /// The stages, one after the other.
  private let stages: UnsafeMutablePointer<Double>
  /// The weights of the stages times the size of the step.
  private let scaled: UnsafeMutablePointer<Double>
  private var size = 0.0

  init(_ rightHandSide: StateFunction, _ tableau: RungeKuttaTableau) {
    (self.rightHandSide, self.tableau, count) = (rightHandSide, tableau, rightHandSide.stateCount)
    errorOrder = tableau.embeddedOrder ?? tableau.order
    let zeros = [Double](repeating: 0, count: count)
    (candidate, stage, slopes) = (zeros, zeros, zeros)
    errors = tableau.errorWeights.isEmpty ? [] : zeros
    stages = .allocate(capacity: tableau.stageCount * count)
    stages.initialize(repeating: 0, count: tableau.stageCount * count)
    scaled = .allocate(capacity: tableau.stageCount)
    scaled.initialize(repeating: 0, count: tableau.stageCount)
  }

  deinit {
    stages.deallocate()
    scaled.deallocate()
  }

  var control: StepControl { StepControl(order: errorOrder) }
  var counts: (jacobians: Int, factorizations: Int) { (0, 0) }

  var slope: [Double] { (0..<count).map { stages[$0] } }

  func start(time: Double, state: [Double]) throws(DynamicsError.Reason) {
    (self.time, self.state) = (time, state)
    try evaluate(0, at: time, state)
  }

  private func evaluate(_ index: Int, at time: Double, _ state: [Double]) throws(DynamicsError.Reason) {
    try rightHandSide.evaluate(time, state, into: &slopes)
    let stage = stages + index * count
    for k in 0..<count { stage[k] = slopes[k] }
  }

  /// Writes Σ weights[i] · stage i, times the size of the step, plus a start.
  private func combine(_ weights: [Double], from start: [Double]?, into result: inout [Double]) {
    let used = weights.count
    for i in 0..<used { scaled[i] = size * weights[i] }
    for k in 0..<count {
      var sum = 0.0
      for i in 0..<used { sum += scaled[i] * stages[i * count + k] }
      result[k] = start.map { $0[k] + sum } ?? sum
    }
  }

  func attempt(size: Double) throws(DynamicsError.Reason) {
    self.size = size
    let last = tableau.stageCount - 1
    for i in 1..<last {
      combine(tableau.coefficients[i], from: state, into: &stage)
      try evaluate(i, at: time + tableau.nodes[i] * size, stage)
    }
    // The last stage is at the end of the step.
    combine(tableau.coefficients[last], from: state, into: &candidate)
    try evaluate(last, at: time + size, candidate)
    if !errors.isEmpty { combine(tableau.errorWeights, from: nil, into: &errors) }
  }

  func accept(time: Double) {
    self.time = time
    swap(&state, &candidate)
    stages.update(from: stages + (tableau.stageCount - 1) * count, count: count)
  }

  func stiffness(_ scale: ErrorScale) -> Double {
    // The last two stages are both at the end of the step; the argument of the former is still there.
    let (last, former) = (stages + (tableau.stageCount - 1) * count, stages + (tableau.stageCount - 2) * count)
    var (ofSlopes, ofStates) = (0.0, 0.0)
    for k in 0..<count {
      let tolerance = scale.tolerance(k, state[k], candidate[k])
      guard tolerance > 0 else { continue }
      let (slope, change) = ((last[k] - former[k]) / tolerance, (candidate[k] - stage[k]) / tolerance)
      ofSlopes += slope * slope
      ofStates += change * change
    }
    return ofStates > 0 ? abs(size) * (ofSlopes / ofStates).squareRoot() : 0
  }

  func appendPiece(to pieces: inout [Double]) {
    for k in 0..<count {
      for power in 0..<Trajectory.degree {
        var sum = 0.0
        for i in 0..<tableau.stageCount { sum += tableau.interpolant[i][power] * stages[i * count + k] }
        pieces.append(size * sum)
      }
    }
  }
}
