import Micrograd

/// Adagrad (Duchi, Hazan & Singer, 2011), as PyTorch's `torch.optim.Adagrad`: the more a parameter's gradients have been,
/// the smaller are its steps.
///
/// With g = gradient + weightDecay · p, and t the step counted from 1:
///
/// ```text
/// s ← s + g²
/// p ← p - learningRate / (1 + (t - 1) learningRateDecay) · g / (√s + epsilon)
/// ```
public struct Adagrad: CoreOptimizer {
  internal var core: OptimizerCore
  private let learningRateDecay: Double
  private let weightDecay: Double
  private let epsilon: Double

  /// Trains a module, which is kept alive, or a list of parameters.
  ///
  /// - Parameters:
  ///   - trained: The module or parameters to train.
  ///   - schedule: The learning rate of each step, before its decay.
  ///   - learningRateDecay: How fast the rate decays, at least 0.
  ///   - weightDecay: The L2 penalty's derivative at 1, at least 0.
  ///   - initialAccumulatorValue: Where s starts, at least 0.
  ///   - epsilon: What keeps the denominator from 0, at least 0.
  public init(
    _ trained: some Trainable, schedule: LearningRateSchedule, learningRateDecay: Double = 0, weightDecay: Double = 0,
    initialAccumulatorValue: Double = 0, epsilon: Double = 1e-10
  ) {
    requireAtLeastZero(learningRateDecay, "learningRateDecay")
    requireAtLeastZero(weightDecay, "weightDecay")
    requireAtLeastZero(initialAccumulatorValue, "initialAccumulatorValue")
    requireAtLeastZero(epsilon, "epsilon")
    self.learningRateDecay = learningRateDecay
    self.weightDecay = weightDecay
    self.epsilon = epsilon
    core = OptimizerCore(
      "Adagrad", trained, schedule: schedule, buffers: ["sum"], startingAt: initialAccumulatorValue)
  }

  /// The same at a constant learning rate of 0 or more.
  public init(
    _ trained: some Trainable, learningRate: Double = 1e-2, learningRateDecay: Double = 0, weightDecay: Double = 0,
    initialAccumulatorValue: Double = 0, epsilon: Double = 1e-10
  ) {
    self.init(
      trained, schedule: .checked(learningRate), learningRateDecay: learningRateDecay, weightDecay: weightDecay,
      initialAccumulatorValue: initialAccumulatorValue, epsilon: epsilon)
  }

  internal mutating func update() {
    core.parameters.stepAdagrad(
      learningRate: learningRate, learningRateDecay: learningRateDecay, weightDecay: weightDecay, epsilon: epsilon,
      step: stepCount + 1, state: &core.buffers)
  }
}
