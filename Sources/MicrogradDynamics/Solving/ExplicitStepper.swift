import Micrograd

/// The steps of an explicit Runge–Kutta method.
internal final class ExplicitStepper: Stepper {
  private let rightHandSide: StateFunction
  let errorOrder: Int
  let stabilityLimit: Double
  private let memory: ExplicitMemory
  private var numbers: ExplicitNumbers
  /// The evaluation of a right-hand side of plain numbers.
  private var numeric: NumericEvaluation?
  /// The evaluation of a right-hand side that is compiled, and is native code or not.
  private var compiled: CompiledEvaluation<CompiledFunction>?
  private var native: CompiledEvaluation<NativeFunction>?

  init(_ rightHandSide: StateFunction, _ tableau: RungeKuttaTableau) {
    self.rightHandSide = rightHandSide
    (errorOrder, stabilityLimit) = (tableau.errorOrder, tableau.stabilityLimit)
    memory = ExplicitMemory(tableau, states: rightHandSide.stateCount)
    numbers = ExplicitNumbers(tableau, states: rightHandSide.stateCount)
  }

  var control: StepControl { StepControl(order: errorOrder) }
  var counts: (jacobians: Int, factorizations: Int) { (0, 0) }
  var state: [Double] { numbers.state }
  var candidate: [Double] { numbers.candidate }
  var errors: [Double] { numbers.errors }
  var slope: [Double] { (0..<memory.count).map { memory.stages[$0] } }

  func start(time: Double, state: [Double], slopeTime: Double) throws(DynamicsError.Reason) {
    (numbers.time, numbers.state) = (time, state)
    try rightHandSide.evaluate(slopeTime, state, into: &numbers.slopes)
    memory.keep(numbers.slopes, 0)
    (numeric, native) = (rightHandSide.numeric, rightHandSide.nativeEvaluation)
    compiled = native == nil ? rightHandSide.compiledEvaluation : nil
  }

  func attempt(size: Double) throws(DynamicsError.Reason) { try compute(.step(size: size)) }

  private func compute(_ part: StepPart) throws(DynamicsError.Reason) {
    let memory = memory
    if var evaluation = numeric.take() {
      defer { numeric = evaluation }
      try numbers.compute(part, memory, &evaluation)
    } else if var evaluation = compiled.take() {
      defer { compiled = evaluation }
      try numbers.compute(part, memory, &evaluation)
    } else if var evaluation = native.take() {
      defer { native = evaluation }
      try numbers.compute(part, memory, &evaluation)
    } else {
      var evaluation = RecordedEvaluation(function: rightHandSide)
      try numbers.compute(part, memory, &evaluation)
    }
  }

  func assessed(_ scale: ErrorScale) -> (error: Double, isFinite: Bool) {
    numbers.assessed(scale)
  }

  func accept(time: Double) -> [Double] {
    memory.beginNext()
    return numbers.accept(time)
  }

  func stiffness(_ scale: ErrorScale) -> Double { numbers.stiffness(scale, memory) }

  func writePiece(to piece: inout [Double]) throws(DynamicsError.Reason) {
    if memory.continuousStageCount > memory.stageCount { try compute(.continuousSolution) }
    memory.interpolate(numbers.size, into: &piece)
  }
}

/// A group of stages.
private enum StepPart {
  /// Those of a step of a size.
  case step(size: Double)
  /// Those that only the continuous solution of the last step needs.
  case continuousSolution
}

/// The states of an explicit method, as arrays that right-hand sides take.
private struct ExplicitNumbers {
  var time = 0.0
  var size = 0.0
  var state: [Double] = []
  var candidate: [Double]
  var errors: [Double]
  /// The errors by a second estimate.
  var coarseErrors: [Double]
  var stage: [Double]
  var slopes: [Double]

  init(_ tableau: RungeKuttaTableau, states: Int) {
    let zeros = [Double](repeating: 0, count: states)
    (candidate, stage, slopes) = (zeros, zeros, zeros)
    errors = tableau.errorWeights.isEmpty ? [] : zeros
    coarseErrors = tableau.coarseErrorWeights.isEmpty ? [] : zeros
  }

  @inline(__always)
  mutating func compute(_ part: StepPart, _ memory: ExplicitMemory, _ evaluation: inout some StateEvaluation)
    throws(DynamicsError.Reason)
  {
    switch part {
    case .step(let size): try attempt(size, memory, &evaluation)
    case .continuousSolution: try extend(memory, &evaluation)
    }
  }

  @inline(__always)
  private mutating func attempt(_ size: Double, _ memory: ExplicitMemory, _ evaluation: inout some StateEvaluation)
    throws(DynamicsError.Reason)
  {
    self.size = size
    let last = memory.stageCount - 1
    for i in 1..<last {
      memory.advance(i, size, from: state, into: &stage)
      try evaluation.evaluate(time + memory.nodes[i] * size, stage, into: &slopes)
      memory.keep(slopes, i)
    }
    // The last stage is at the end of the step.
    memory.advance(last, size, from: state, into: &candidate)
    try evaluation.evaluate(time + size, candidate, into: &slopes)
    memory.keep(slopes, last)
    if !errors.isEmpty { memory.estimateErrors(0, size, into: &errors) }
    if !coarseErrors.isEmpty { memory.estimateErrors(1, size, into: &coarseErrors) }
  }

  /// Computes the stages of the continuous solution of the last step.
  private mutating func extend(_ memory: ExplicitMemory, _ evaluation: inout some StateEvaluation)
    throws(DynamicsError.Reason)
  {
    for i in memory.stageCount..<memory.continuousStageCount {
      memory.advance(i, size, from: state, into: &stage)
      let stageTime = time + memory.nodes[i] * size
      try evaluation.evaluate(stageTime, stage, into: &slopes)
      if let bad = slopes.firstIndex(where: { !$0.isFinite }) {
        throw .slopeNotFinite(state: bad, found: slopes[bad], time: stageTime)
      }
      memory.keep(slopes, i)
    }
  }

  /// Mutating only so that the arrays are not copied before.
  mutating func assessed(_ scale: ErrorScale) -> (error: Double, isFinite: Bool) {
    scale.assessed(errors, coarse: coarseErrors, from: state, to: candidate)
  }

  mutating func accept(_ time: Double) -> [Double] {
    self.time = time
    swap(&state, &candidate)
    return state
  }

  func stiffness(_ scale: ErrorScale, _ memory: ExplicitMemory) -> Double {
    // The last two stages are both at the end of the step; the argument of the former is still there.
    let count = memory.count
    let (last, former) = (
      memory.stages + (memory.stageCount - 1) * count, memory.stages + (memory.stageCount - 2) * count
    )
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
}
