import Micrograd

/// Plain stochastic gradient descent: at each step every parameter moves against its gradient.
///
///     var optimizer = SGD(model, schedule: .linear(from: 1, to: 0.1, steps: 100))
///     …
///     model.zeroGradients()
///     loss.backward()
///     optimizer.step()
public struct SGD {
  private let runs: ParameterRuns
  /// Keeps the parameters alive.
  private let module: (any Module)?

  /// The learning rate of each step.
  public var schedule: LearningRateSchedule

  /// How many steps were taken.
  public private(set) var stepCount = 0

  /// Trains all parameters of a module, which is kept alive.
  public init(_ module: some Module, schedule: LearningRateSchedule) {
    runs = ParameterRuns(joining: module.namedParameters.map(\.runs))
    self.module = module
    self.schedule = schedule
  }

  /// Trains all parameters of a module at a constant learning rate.
  public init(_ module: some Module, learningRate: Double) {
    self.init(module, schedule: .constant(learningRate))
  }

  /// Trains some parameters, or leaves; the modules and scopes that they belong to must outlive the optimiser.
  ///
  /// - Precondition: All of `parameters` are parameters or leaves.
  public init(_ parameters: [Value], schedule: LearningRateSchedule) {
    runs = ParameterRuns(parameters)
    module = nil
    self.schedule = schedule
  }

  /// The learning rate of the next step.
  public var learningRate: Double { schedule(stepCount) }

  /// Subtracts from every parameter its gradient times the learning rate.
  public mutating func step() {
    runs.descend(learningRate: learningRate)
    stepCount += 1
  }

  /// Sets the gradients of all parameters to zero.
  public func zeroGradients() { runs.zeroGradients() }
}
