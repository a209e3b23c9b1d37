import Micrograd

/// Adam: PyTorch's `torch.optim.Adam`. Steps are about the learning rate in every parameter, whatever the scale of its
/// gradients. Kingma & Ba, 2015.
///
/// With g = gradient + weightDecay · p, and the step t counted from 1:
///
/// ```text
/// m ← β₁ m + (1 - β₁) g
/// v ← β₂ v + (1 - β₂) g²
/// p ← p - learningRate / (1 - β₁ᵗ) · m / (√(v / (1 - β₂ᵗ)) + epsilon)
/// ```
///
/// AMSGrad (Reddi, Kale & Kumar, 2018) uses the largest v so far in place of v.
public struct Adam: CoreOptimizer {
  internal var core: OptimizerCore
  private let rule: AdamRule

  /// Creates an optimiser for a module, which it keeps alive, or for a list of parameters.
  ///
  /// - Parameters:
  ///   - trained: The module or parameters to train.
  ///   - schedule: The learning rate of each step.
  ///   - beta1: The decay rate of m, the running mean of gradients, from 0 up to but not including 1.
  ///   - beta2: The decay rate of v, the running mean of squared gradients, from 0 up to but not including 1.
  ///   - epsilon: A number that is added to the denominator for stability, at least 0.
  ///   - weightDecay: The weight decay (L2 penalty), at least 0.
  ///   - amsgrad: True to use AMSGrad.
  public init(
    _ trained: some Trainable, schedule: LearningRateSchedule, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-8, weightDecay: Double = 0, amsgrad: Bool = false
  ) {
    rule = AdamRule(beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay, isDecoupled: false)
    core = OptimizerCore("Adam", trained, schedule: schedule, buffers: AdamRule.buffers(amsgrad: amsgrad))
  }

  /// Creates an optimiser with a constant learning rate, at least 0.
  public init(
    _ trained: some Trainable, learningRate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-8, weightDecay: Double = 0, amsgrad: Bool = false
  ) {
    self.init(
      trained, schedule: .checked(learningRate), beta1: beta1, beta2: beta2, epsilon: epsilon,
      weightDecay: weightDecay, amsgrad: amsgrad)
  }

  internal mutating func update() { rule.update(&core) }
}

/// Adam with decoupled weight decay: PyTorch's `torch.optim.AdamW`. Loshchilov & Hutter, 2019.
///
/// Each step first shrinks p ← p · (1 - learningRate · weightDecay), then takes a step of ``Adam`` without weight decay.
public struct AdamW: CoreOptimizer {
  internal var core: OptimizerCore
  private let rule: AdamRule

  /// Creates an optimiser for a module, which it keeps alive, or for a list of parameters.
  ///
  /// - Parameters:
  ///   - trained: The module or parameters to train.
  ///   - schedule: The learning rate of each step.
  ///   - beta1: The decay rate of m, the running mean of gradients, from 0 up to but not including 1.
  ///   - beta2: The decay rate of v, the running mean of squared gradients, from 0 up to but not including 1.
  ///   - epsilon: A number that is added to the denominator for stability, at least 0.
  ///   - weightDecay: The weight decay, as a multiple of the learning rate, at least 0.
  ///   - amsgrad: True to use AMSGrad.
  public init(
    _ trained: some Trainable, schedule: LearningRateSchedule, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-8, weightDecay: Double = 1e-2, amsgrad: Bool = false
  ) {
    rule = AdamRule(beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay, isDecoupled: true)
    core = OptimizerCore("AdamW", trained, schedule: schedule, buffers: AdamRule.buffers(amsgrad: amsgrad))
  }

  /// Creates an optimiser with a constant learning rate, at least 0.
  public init(
    _ trained: some Trainable, learningRate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-8, weightDecay: Double = 1e-2, amsgrad: Bool = false
  ) {
    self.init(
      trained, schedule: .checked(learningRate), beta1: beta1, beta2: beta2, epsilon: epsilon,
      weightDecay: weightDecay, amsgrad: amsgrad)
  }

  internal mutating func update() { rule.update(&core) }
}

/// The update rule of Adam and AdamW.
private struct AdamRule {
  let beta1, beta2, epsilon, weightDecay: Double
  let isDecoupled: Bool

  init(beta1: Double, beta2: Double, epsilon: Double, weightDecay: Double, isDecoupled: Bool) {
    requireDecay(beta1, "beta1")
    requireDecay(beta2, "beta2")
    requireAtLeastZero(epsilon, "epsilon")
    requireAtLeastZero(weightDecay, "weightDecay")
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.isDecoupled = isDecoupled
  }

  static func buffers(amsgrad: Bool) -> [String] {
    ["exp_avg", "exp_avg_sq"] + (amsgrad ? ["max_exp_avg_sq"] : [])
  }

  func update(_ core: inout OptimizerCore) {
    core.parameters.stepAdam(
      learningRate: core.schedule(core.stepCount), beta1: beta1, beta2: beta2, epsilon: epsilon,
      weightDecay: weightDecay, isDecoupled: isDecoupled, step: core.stepCount + 1, state: &core.buffers)
  }
}
