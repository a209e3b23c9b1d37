import Micrograd

/// The steps of an explicit Runge–Kutta method.
internal final class ExplicitStepper: Stepper {
  private let rightHandSide: StateFunction
  let errorOrder: Int
  private let memory: ExplicitMemory
  private var numbers: ExplicitNumbers
  /// The evaluation of a right-hand side of plain numbers.
  private var numeric: NumericEvaluation?
  /// The evaluation of a right-hand side that is compiled, and is native code or not.
  private var compiled: CompiledEvaluation<CompiledFunction>?
  private var native: CompiledEvaluation<NativeFunction>?

  init(_ rightHandSide: StateFunction, _ tableau: RungeKuttaTableau) {
    self.rightHandSide = rightHandSide
    errorOrder = tableau.embeddedOrder ?? tableau.order
    memory = ExplicitMemory(tableau, states: rightHandSide.stateCount)
    numbers = ExplicitNumbers(states: rightHandSide.stateCount, estimatesErrors: !tableau.errorWeights.isEmpty)
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

  func attempt(size: Double) throws(DynamicsError.Reason) {
    let memory = memory
    if var evaluation = numeric.take() {
      defer { numeric = evaluation }
      try numbers.attempt(size, memory, &evaluation)
    } else if var evaluation = compiled.take() {
      defer { compiled = evaluation }
      try numbers.attempt(size, memory, &evaluation)
    } else if var evaluation = native.take() {
      defer { native = evaluation }
      try numbers.attempt(size, memory, &evaluation)
    } else {
      var evaluation = RecordedEvaluation(function: rightHandSide)
      try numbers.attempt(size, memory, &evaluation)
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

  func writePiece(to piece: inout [Double]) {
    let (memory, size) = (memory, numbers.size)
    piece.withUnsafeMutableBufferPointer { piece in
      if let piece = piece.baseAddress { memory.interpolate(size, into: piece) }
    }
  }
}

/// The states of an explicit method, as arrays that right-hand sides take.
private struct ExplicitNumbers {
  var time = 0.0
  var size = 0.0
  var state: [Double] = []
  var candidate: [Double]
  var errors: [Double]
  var stage: [Double]
  var slopes: [Double]

  init(states: Int, estimatesErrors: Bool) {
    let zeros = [Double](repeating: 0, count: states)
    (candidate, stage, slopes) = (zeros, zeros, zeros)
    errors = estimatesErrors ? zeros : []
  }

  @inline(__always)
  mutating func attempt(_ size: Double, _ memory: ExplicitMemory, _ evaluation: inout some StateEvaluation)
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
    if !errors.isEmpty { memory.estimateErrors(size, into: &errors) }
  }

  /// Mutating only so that the arrays are not copied before.
  mutating func assessed(_ scale: ErrorScale) -> (error: Double, isFinite: Bool) {
    scale.assessed(errors, from: state, to: candidate)
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
