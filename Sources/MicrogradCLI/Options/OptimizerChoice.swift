import ArgumentParser
import MicrogradNN

/// The optimisers, with their names on the command line.
enum OptimizerChoice: String, CaseIterable, ExpressibleByArgument {
  case sgd, adam, adamw, rmsprop, adagrad, lbfgs

  /// The default learning rate, which works for standardised inputs and tens of epochs.
  var learningRate: Double {
    switch self {
    case .sgd, .adagrad: 0.1
    case .adam, .adamw, .rmsprop: 0.01
    case .lbfgs: 1
    }
  }

  var takesMomentum: Bool { self == .sgd || self == .rmsprop }

  /// The default weight decay, as in PyTorch.
  var weightDecay: Double { self == .adamw ? 0.01 : 0 }

  func callAsFunction(
    _ model: some Module, _ schedule: LearningRateSchedule, momentum: Double = 0, weightDecay: Double? = nil
  ) -> any ResumableOptimizer {
    let weightDecay = weightDecay ?? self.weightDecay
    return switch self {
    case .sgd: SGD(model, schedule: schedule, momentum: momentum, weightDecay: weightDecay)
    case .adam: Adam(model, schedule: schedule, weightDecay: weightDecay)
    case .adamw: AdamW(model, schedule: schedule, weightDecay: weightDecay)
    case .rmsprop: RMSProp(model, schedule: schedule, weightDecay: weightDecay, momentum: momentum)
    case .adagrad: Adagrad(model, schedule: schedule, weightDecay: weightDecay)
    case .lbfgs: LBFGS(model, schedule: schedule, lineSearch: .strongWolfe)
    }
  }

  /// Throws if the optimiser cannot use this batch size.
  func check(_ batchSize: BatchSize?) throws(ValidationError) {
    if self == .lbfgs, let size = batchSize?.count {
      throw ValidationError(
        "--batch-size is \(size), and --optimizer lbfgs needs the same samples at every step: give --batch-size all.")
    }
  }
}
