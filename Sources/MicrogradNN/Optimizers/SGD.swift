import Micrograd

/// Stochastic gradient descent, optionally with momentum: PyTorch's `torch.optim.SGD`.
///
/// ```swift
/// var optimizer = SGD(model, schedule: .linear(from: 1, to: 0.1, steps: 100))
/// …
/// model.zeroGradients()
/// loss.backward()
/// optimizer.step()
/// ```
///
/// With g = gradient + weightDecay · p, a step without momentum is p ← p - learningRate · g. With momentum μ, the velocity
/// is b = g at the first step, then b ← μ b + (1 - dampening) g, and the step is p ← p - learningRate · b. With Nesterov
/// momentum it is p ← p - learningRate · (g + μ b).
public struct SGD: CoreOptimizer {
  internal var core: OptimizerCore
  private let momentum: Double
  private let dampening: Double
  private let weightDecay: Double
  private let isNesterov: Bool

  /// Creates an optimiser for a module, which it keeps alive, or for a list of parameters.
  ///
  /// - Parameters:
  ///   - trained: The module or parameters to train.
  ///   - schedule: The learning rate of each step.
  ///   - momentum: The momentum μ, at least 0; 0 is plain gradient descent.
  ///   - dampening: The fraction of the gradient that is not added to the velocity, usually 0.
  ///   - weightDecay: The weight decay (L2 penalty), at least 0.
  ///   - nesterov: True for Nesterov momentum; needs a momentum and no dampening.
  public init(
    _ trained: some Trainable, schedule: LearningRateSchedule, momentum: Double = 0, dampening: Double = 0,
    weightDecay: Double = 0, nesterov: Bool = false
  ) {
    requireAtLeastZero(momentum, "momentum")
    require(dampening.isFinite, "dampening is \(dampening): give a finite number")
    requireAtLeastZero(weightDecay, "weightDecay")
    require(!nesterov || (momentum > 0 && dampening == 0), "nesterov needs a momentum above 0 and a dampening of 0")
    self.momentum = momentum
    self.dampening = dampening
    self.weightDecay = weightDecay
    isNesterov = nesterov
    core = OptimizerCore("SGD", trained, schedule: schedule, buffers: momentum == 0 ? [] : ["momentum_buffer"])
  }

  /// Creates an optimiser with a constant learning rate, at least 0.
  public init(
    _ trained: some Trainable, learningRate: Double, momentum: Double = 0, dampening: Double = 0,
    weightDecay: Double = 0, nesterov: Bool = false
  ) {
    self.init(
      trained, schedule: .checked(learningRate), momentum: momentum, dampening: dampening, weightDecay: weightDecay,
      nesterov: nesterov)
  }

  internal mutating func update() {
    core.parameters.stepSGD(
      learningRate: learningRate, momentum: momentum, dampening: dampening, weightDecay: weightDecay,
      isNesterov: isNesterov, isFirst: stepCount == 0, state: &core.buffers)
  }
}
