import Micrograd

/// The steps of an explicit Runge–Kutta method. Takes no memory in a step.
internal final class ExplicitStepper: Stepper {
  private let rightHandSide: StateFunction
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
  private let nodes: UnsafeMutablePointer<Double>
  private let sums: UnsafeMutablePointer<Double>

  init(_ rightHandSide: StateFunction, _ tableau: RungeKuttaTableau) {
    (self.rightHandSide, count) = (rightHandSide, rightHandSide.stateCount)
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
    nodes = .allocate(capacity: stageCount)
    nodes.initialize(from: tableau.nodes, count: stageCount)
    sums = .allocate(capacity: count)
    sums.initialize(repeating: 0, count: count)
  }

  deinit {
    stages.deallocate()
    rows.deallocate()
    nodes.deallocate()
    sums.deallocate()
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
    let sum = sum(row, used), count = count
    state.withUnsafeBufferPointer { state in
      result.withUnsafeMutableBufferPointer { result in
        for k in 0..<count { result[k] = state[k] + sum[k] }
      }
    }
  }

  /// Returns the size of the step times Σ row[i] · stage i. The next call overwrites it.
  private func sum(_ row: Int, _ used: Int) -> UnsafePointer<Double> {
    let (sum, row, stages, count, size) = (sums, rows + row * stageCount, stages, count, size)
    if count < 8 {
      // The same sums in the same order, in a register.
      for k in 0..<count {
        var number = 0.0
        for i in 0..<used { number += size * row[i] * stages[i * count + k] }
        sum[k] = number
      }
      return UnsafePointer(sum)
    }
    for k in 0..<count { sum[k] = 0 }
    for i in 0..<used {
      let (weight, stage) = (size * row[i], stages + i * count)
      for k in 0..<count { sum[k] += weight * stage[k] }
    }
    return UnsafePointer(sum)
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
    let (last, state, rightHandSide) = (stageCount - 1, self.state, self.rightHandSide)
    for i in 1..<last {
      advance(i, i, from: state, into: &stage)
      try rightHandSide.evaluate(time + nodes[i] * size, stage, into: &slopes)
      keep(slopes, i)
    }
    // The last stage is at the end of the step.
    advance(last, last, from: state, into: &candidate)
    try rightHandSide.evaluate(time + size, candidate, into: &slopes)
    keep(slopes, last)
    if !errors.isEmpty { estimateErrors() }
  }

  private func estimateErrors() {
    let sum = sum(stageCount, stageCount), count = count
    errors.withUnsafeMutableBufferPointer { errors in
      for k in 0..<count { errors[k] = sum[k] }
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

  func writePiece(to piece: inout [Double]) {
    let count = count
    piece.withUnsafeMutableBufferPointer { piece in
      for power in 0..<Trajectory.degree {
        let sum = sum(stageCount + 1 + power, stageCount)
        for k in 0..<count { piece[k * Trajectory.degree + power] = sum[k] }
      }
    }
  }
}
