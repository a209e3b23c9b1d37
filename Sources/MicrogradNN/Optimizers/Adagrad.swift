import Micrograd

/// Adagrad: PyTorch's `torch.optim.Adagrad`. The larger the past gradients of a parameter, the smaller its steps. Duchi,
/// Hazan & Singer, 2011.
///
/// With g = gradient + weightDecay · p, and the step t counted from 1:
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

  /// Creates an optimiser for a module, which it keeps alive, or for a list of parameters.
  ///
  /// - Parameters:
  ///   - trained: The module or parameters to train.
  ///   - schedule: The learning rate of each step, before learningRateDecay.
  ///   - learningRateDecay: The decay of the learning rate, at least 0.
  ///   - weightDecay: The weight decay (L2 penalty), at least 0.
  ///   - initialAccumulatorValue: The initial s, at least 0.
  ///   - epsilon: A number that is added to the denominator for stability, at least 0.
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

  /// Creates an optimiser with a constant learning rate, at least 0.
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
