import Micrograd

/// The parameters and the state of an optimiser.
internal struct OptimizerCore {
  let kind: String
  private(set) var parameters: ParameterRuns
  /// Keeps the parameters alive.
  let owner: any Trainable
  private let bufferNames: [String]

  var schedule: LearningRateSchedule
  var stepCount = 0

  /// The buffers, one after the other, each with one number per parameter.
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

  /// True if an update sets the gradients to zero.
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

  /// Updates the parameters. The step is counted afterwards.
  mutating func update()
}

extension CoreOptimizer {
  /// The learning rate of each step, counted from 0.
  public var schedule: LearningRateSchedule {
    get { core.schedule }
    set { core.schedule = newValue }
  }

  /// The number of steps taken.
  public var stepCount: Int { core.stepCount }

  /// The state of the optimiser, to be saved.
  public var state: OptimizerState { core.state }

  /// Restores a saved state. If it throws, nothing has changed.
  public mutating func restore(_ state: OptimizerState) throws(OptimizerStateError) { try core.restore(state) }

  /// Sets the gradients of all parameters to zero.
  public func zeroGradients() { core.parameters.zeroGradients() }

  internal var trained: any Trainable { core.owner }
  internal var trainedRuns: ParameterRuns { core.parameters }

  /// Updates every parameter once. Traps if the learning rate or a gradient is not finite.
  public mutating func step() {
    requireFiniteRate(learningRate)
    requireFiniteGradients(step: stepCount + 1)
    update()
    core.stepCount += 1
  }

  /// Updates every parameter once and sets the gradients to zero in the same pass.
  public mutating func stepAndZeroGradients() {
    core.zeroesGradients = true
    step()
    core.zeroesGradients = false
  }
}
