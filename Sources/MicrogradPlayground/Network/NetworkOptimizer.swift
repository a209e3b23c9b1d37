import MicrogradNN

extension NetworkSettings {
  /// The learning rate of each step.
  var schedule: LearningRateSchedule {
    fall > 0 ? .linear(from: rate, to: rate / 10, steps: fall) : .constant(rate)
  }

  /// A new optimiser for a network.
  func newOptimizer(_ model: Sequential) -> any ResumableOptimizer {
    let rule = optimizer
    return switch rule.kind {
    case "adam": Adam(model, schedule: schedule, beta1: rule.beta1, beta2: rule.beta2)
    case "adamw":
      AdamW(model, schedule: schedule, beta1: rule.beta1, beta2: rule.beta2, weightDecay: rule.decay)
    case "rmsprop": RMSProp(model, schedule: schedule, alpha: rule.alpha, momentum: rule.momentum)
    case "adagrad": Adagrad(model, schedule: schedule)
    case "lbfgs": LBFGS(model, schedule: schedule, historySize: rule.memory, lineSearch: .strongWolfe)
    default: SGD(model, schedule: schedule, momentum: rule.momentum)
    }
  }

  var pointCount: Int { data.kind == "points" ? data.points.count : data.count }

  /// The work of a step in units of one parameter and one point.
  var workOfStep: Int {
    let points = batch > 0 ? min(batch, pointCount) : pointCount
    return parameterCount * max(points, 1) * (optimizer.kind == "lbfgs" ? 25 : 1) * (python ? 10 : 1)
  }

  /// The numbers of a state that can be gone back to, a parameter.
  var numbersOfState: Int { optimizer.kind == "lbfgs" ? 2 * optimizer.memory + 4 : 4 }
}
