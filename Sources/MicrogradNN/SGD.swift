import Micrograd

/// Plain stochastic gradient descent: at each step every parameter moves against its gradient.
///
///     var optimizer = SGD(model.parameters, schedule: .linear(from: 1, to: 0.1, steps: 100))
///     …
///     model.zeroGradients()
///     loss.backward()
///     optimizer.step()
public struct SGD {
  private let runs: ParameterRuns

  /// The learning rate of each step.
  public var schedule: LearningRateSchedule

  /// How many steps were taken.
  public private(set) var stepCount = 0

  /// - Precondition: All of `parameters` are parameters or leaves.
  public init(_ parameters: [Value], schedule: LearningRateSchedule) {
    runs = ParameterRuns(parameters)
    self.schedule = schedule
  }

  /// A constant learning rate.
  public init(_ parameters: [Value], learningRate: Double) {
    self.init(parameters, schedule: .constant(learningRate))
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
