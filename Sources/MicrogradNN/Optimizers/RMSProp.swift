import Micrograd

/// RMSProp: PyTorch's `torch.optim.RMSprop`. Divides each gradient by the root of a running mean of its squares. Tieleman &
/// Hinton, 2012; centred: Graves, 2013.
///
/// With g = gradient + weightDecay · p:
///
/// ```text
/// v ← alpha v + (1 - alpha) g²
/// p ← p - learningRate · g / (√v + epsilon)
/// ```
///
/// If `centered`, v is replaced by v - m² with the running mean m ← alpha m + (1 - alpha) g. With momentum μ, b ← μ b + g /
/// (√v + epsilon) and p ← p - learningRate · b.
///
/// If gradients hardly change for many steps, v - m² is about 0 and can be negative by rounding. It is then set to 0;
/// PyTorch continues with NaN.
public struct RMSProp: CoreOptimizer {
  internal var core: OptimizerCore
  private let alpha: Double
  private let epsilon: Double
  private let weightDecay: Double
  private let momentum: Double
  private let isCentered: Bool

  /// Creates an optimiser for a module, which it keeps alive, or for a list of parameters.
  ///
  /// - Parameters:
  ///   - trained: The module or parameters to train.
  ///   - schedule: The learning rate of each step.
  ///   - alpha: The decay rate of the running means, from 0 up to but not including 1.
  ///   - epsilon: A number that is added to the denominator for stability, at least 0.
  ///   - weightDecay: The weight decay (L2 penalty), at least 0.
  ///   - momentum: The momentum μ, at least 0.
  ///   - centered: True to divide by the standard deviation instead of the root mean square.
  public init(
    _ trained: some Trainable, schedule: LearningRateSchedule, alpha: Double = 0.99, epsilon: Double = 1e-8,
    weightDecay: Double = 0, momentum: Double = 0, centered: Bool = false
  ) {
    requireDecay(alpha, "alpha")
    requireAtLeastZero(epsilon, "epsilon")
    requireAtLeastZero(weightDecay, "weightDecay")
    requireAtLeastZero(momentum, "momentum")
    self.alpha = alpha
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.momentum = momentum
    isCentered = centered
    core = OptimizerCore(
      "RMSProp", trained, schedule: schedule,
      buffers: ["square_avg"] + (centered ? ["grad_avg"] : []) + (momentum > 0 ? ["momentum_buffer"] : []))
  }

  /// Creates an optimiser with a constant learning rate, at least 0.
  public init(
    _ trained: some Trainable, learningRate: Double = 1e-2, alpha: Double = 0.99, epsilon: Double = 1e-8,
    weightDecay: Double = 0, momentum: Double = 0, centered: Bool = false
  ) {
    self.init(
      trained, schedule: .checked(learningRate), alpha: alpha, epsilon: epsilon, weightDecay: weightDecay,
      momentum: momentum, centered: centered)
  }

  internal mutating func update() {
    core.parameters.stepRMSProp(
      learningRate: learningRate, alpha: alpha, epsilon: epsilon, weightDecay: weightDecay, momentum: momentum,
      isCentered: isCentered, state: &core.buffers)
  }
}
