import Micrograd

/// RMSProp (Tieleman & Hinton, 2012; centred after Graves, 2013), as PyTorch's `torch.optim.RMSprop`: gradients over the
/// root of their mean square.
///
/// With g = gradient + weightDecay · p:
///
/// ```text
/// v ← alpha v + (1 - alpha) g²
/// p ← p - learningRate · g / (√v + epsilon)
/// ```
///
/// Centred, the mean m ← alpha m + (1 - alpha) g makes v - m² of v. With momentum μ, b ← μ b + g / (√v + epsilon) and
/// p ← p - learningRate · b.
///
/// Where all gradients have been alike for long, v - m² is rounding about 0. It is taken for 0 where it is negative;
/// PyTorch goes on with NaN.
public struct RMSProp: CoreOptimizer {
  internal var core: OptimizerCore
  private let alpha: Double
  private let epsilon: Double
  private let weightDecay: Double
  private let momentum: Double
  private let isCentered: Bool

  /// Trains a module, which is kept alive, or a list of parameters.
  ///
  /// - Parameters:
  ///   - trained: The module or parameters to train.
  ///   - schedule: The learning rate of each step.
  ///   - alpha: How much of the means is kept, 0 up to but not including 1.
  ///   - epsilon: What keeps the denominator from 0, at least 0.
  ///   - weightDecay: The L2 penalty's derivative at 1, at least 0.
  ///   - momentum: How much of the velocity is kept, at least 0.
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

  /// The same at a constant learning rate of 0 or more.
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
