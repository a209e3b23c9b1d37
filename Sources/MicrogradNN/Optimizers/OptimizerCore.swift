import Micrograd

/// The parameters of an optimiser with its state beside them.
internal struct OptimizerCore {
  let kind: String
  private(set) var parameters: ParameterRuns
  /// Keeps the parameters alive.
  let owner: any Trainable
  private let bufferNames: [String]

  var schedule: LearningRateSchedule
  var stepCount = 0

  /// The buffers in one row, each with a number a parameter.
  var buffers: [Double]

  init(
    _ kind: String, _ trained: some Trainable, schedule: LearningRateSchedule, buffers names: [String],
    startingAt start: Double = 0
  ) {
    self.kind = kind
    self.schedule = schedule
    owner = trained
    parameters = trained.trainedParameters
    bufferNames = names
    buffers = Array(repeating: start, count: names.count * parameters.count)
  }

  /// Whether an update leaves the gradients at zero.
  var zeroesGradients: Bool {
    get { parameters.zeroesGradientsInSteps }
    set { parameters.zeroesGradientsInSteps = newValue }
  }

  var state: OptimizerState {
    let count = parameters.count
    let parts = bufferNames.indices.map { Array(buffers[($0 * count)..<(($0 + 1) * count)]) }
    return OptimizerState(
      kind: kind, stepCount: stepCount, buffers: Dictionary(uniqueKeysWithValues: zip(bufferNames, parts)))
  }

  mutating func restore(_ state: OptimizerState) throws(OptimizerStateError) {
    let lengths = bufferNames.map { ($0, parameters.count) }
    try state.check(kind: kind, numbers: [], buffers: Dictionary(uniqueKeysWithValues: lengths))
    buffers = bufferNames.flatMap { state.buffers[$0] ?? [] }
    stepCount = state.stepCount
  }
}

/// An optimiser whose whole state is its core.
internal protocol CoreOptimizer: Optimizer, KnownOptimizer {
  var core: OptimizerCore { get set }

  /// Changes the parameters; the step is counted afterwards.
  mutating func update()
}

extension CoreOptimizer {
  /// The learning rate of each step, counted from 0.
  public var schedule: LearningRateSchedule {
    get { core.schedule }
    set { core.schedule = newValue }
  }

  /// How many steps were taken.
  public var stepCount: Int { core.stepCount }

  /// What the optimiser remembers.
  public var state: OptimizerState { core.state }

  /// Goes on from a saved state.
  public mutating func restore(_ state: OptimizerState) throws(OptimizerStateError) { try core.restore(state) }

  /// Sets the gradients of all parameters to zero.
  public func zeroGradients() { core.parameters.zeroGradients() }

  internal var trained: any Trainable { core.owner }
  internal var trainedRuns: ParameterRuns { core.parameters }

  /// Changes every parameter once. A learning rate or a gradient that is not finite stops the program.
  public mutating func step() {
    requireFiniteRate(learningRate)
    requireFiniteGradients(step: stepCount + 1)
    update()
    core.stepCount += 1
  }

  /// Changes every parameter once and sets the gradients to zero in the same pass.
  public mutating func stepAndZeroGradients() {
    core.zeroesGradients = true
    step()
    core.zeroesGradients = false
  }
}
