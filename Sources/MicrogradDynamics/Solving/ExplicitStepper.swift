import Micrograd

/// The steps of an explicit Runge–Kutta method. Takes no memory in a step.
internal final class ExplicitStepper: Stepper {
  private let rightHandSide: StateFunction
  private let tableau: RungeKuttaTableau
  private let count: Int
  private let stageCount: Int
  let errorOrder: Int

  private var time = 0.0
  private var size = 0.0
  private(set) var state: [Double] = []
  private(set) var candidate: [Double]
  private(set) var errors: [Double]
  private var stage: [Double]
  private var slopes: [Double]
  /// The stages, one after the other.
  private let stages: UnsafeMutablePointer<Double>
  /// The coefficients of the stages, a row for each, then the weights of the errors, then those of each power of the
  /// continuous solution.
  private let rows: UnsafeMutablePointer<Double>
  /// A row times the size of the step.
  private let scaled: UnsafeMutablePointer<Double>

  init(_ rightHandSide: StateFunction, _ tableau: RungeKuttaTableau) {
    (self.rightHandSide, self.tableau, count) = (rightHandSide, tableau, rightHandSide.stateCount)
    stageCount = tableau.stageCount
    errorOrder = tableau.embeddedOrder ?? tableau.order
    let zeros = [Double](repeating: 0, count: count)
    (candidate, stage, slopes) = (zeros, zeros, zeros)
    errors = tableau.errorWeights.isEmpty ? [] : zeros
    let powers = (0..<Trajectory.degree).map { power in tableau.interpolant.map { $0[power] } }
    let lists = tableau.coefficients + [tableau.errorWeights] + powers
    stages = .allocate(capacity: stageCount * count)
    stages.initialize(repeating: 0, count: stageCount * count)
    rows = .allocate(capacity: lists.count * stageCount)
    rows.initialize(repeating: 0, count: lists.count * stageCount)
    for (i, list) in lists.enumerated() {
      for (j, number) in list.enumerated() { rows[i * stageCount + j] = number }
    }
    scaled = .allocate(capacity: stageCount)
    scaled.initialize(repeating: 0, count: stageCount)
  }

  deinit {
    stages.deallocate()
    rows.deallocate()
    scaled.deallocate()
  }

  var control: StepControl { StepControl(order: errorOrder) }
  var counts: (jacobians: Int, factorizations: Int) { (0, 0) }
  var slope: [Double] { (0..<count).map { stages[$0] } }

  func start(time: Double, state: [Double]) throws(DynamicsError.Reason) {
    (self.time, self.state) = (time, state)
    try rightHandSide.evaluate(time, state, into: &slopes)
    keep(slopes, 0)
  }

  private func keep(_ slopes: [Double], _ index: Int) {
    slopes.withUnsafeBufferPointer { slopes in
      if let slopes = slopes.baseAddress { (stages + index * count).update(from: slopes, count: count) }
    }
  }

  /// Writes the state plus the size of the step times Σ row[i] · stage i.
  private func advance(_ row: Int, _ used: Int, from state: [Double], into result: inout [Double]) {
    let (stages, scaled, count) = (stages, scale(row, used), count)
    state.withUnsafeBufferPointer { state in
      result.withUnsafeMutableBufferPointer { result in
        for k in 0..<count {
          var sum = 0.0
          for i in 0..<used { sum += scaled[i] * stages[i * count + k] }
          result[k] = state[k] + sum
        }
      }
    }
  }

  private func scale(_ row: Int, _ used: Int) -> UnsafeMutablePointer<Double> {
    let (row, scaled) = (rows + row * stageCount, scaled)
    for i in 0..<used { scaled[i] = size * row[i] }
    return scaled
  }

  func attempt(size: Double) throws(DynamicsError.Reason) {
    self.size = size
    // Out of the properties, so that an access to them is not checked at every use.
    var (stage, slopes, candidate) = ([Double](), [Double](), [Double]())
    swap(&stage, &self.stage)
    swap(&slopes, &self.slopes)
    swap(&candidate, &self.candidate)
    defer {
      swap(&stage, &self.stage)
      swap(&slopes, &self.slopes)
      swap(&candidate, &self.candidate)
    }
    let last = stageCount - 1
    for i in 1..<last {
      advance(i, i, from: state, into: &stage)
      try rightHandSide.evaluate(time + tableau.nodes[i] * size, stage, into: &slopes)
      keep(slopes, i)
    }
    // The last stage is at the end of the step.
    advance(last, last, from: state, into: &candidate)
    try rightHandSide.evaluate(time + size, candidate, into: &slopes)
    keep(slopes, last)
    if !errors.isEmpty { estimateErrors() }
  }

  private func estimateErrors() {
    let (stages, scaled, count, used) = (stages, scale(stageCount, stageCount), count, stageCount)
    errors.withUnsafeMutableBufferPointer { errors in
      for k in 0..<count {
        var sum = 0.0
        for i in 0..<used { sum += scaled[i] * stages[i * count + k] }
        errors[k] = sum
      }
    }
  }

  func accept(time: Double) {
    self.time = time
    swap(&state, &candidate)
    stages.update(from: stages + (stageCount - 1) * count, count: count)
  }

  func stiffness(_ scale: ErrorScale) -> Double {
    // The last two stages are both at the end of the step; the argument of the former is still there.
    let (last, former) = (stages + (stageCount - 1) * count, stages + (stageCount - 2) * count)
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
    let (stages, count, used) = (stages, count, stageCount)
    for k in 0..<count {
      for power in 0..<Trajectory.degree {
        let row = rows + (stageCount + 1 + power) * stageCount
        var sum = 0.0
        for i in 0..<used { sum += row[i] * stages[i * count + k] }
        pieces.append(size * sum)
      }
    }
  }
}
