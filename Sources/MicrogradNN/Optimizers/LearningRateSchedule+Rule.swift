#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension LearningRateSchedule.Rule {
  /// Returns the rate of a step, counted from 0.
  internal func rate(_ step: Int) -> Double {
    switch self {
    case .constant(let rate): rate
    case .linear(let start, let end, let steps):
      start + (end - start) * Double(min(step, steps)) / Double(steps)
    case .step(let start, let interval, let factor): start * pow(factor, Double(step / interval))
    case .multiStep(let start, let milestones, let factor):
      start * pow(factor, Double(milestones.count { $0 <= step }))
    case .exponential(let start, let factor): start * pow(factor, Double(step))
    case .cosine(let start, let end, let steps):
      LearningRateSchedule.Annealing.cosine.rate(from: start, to: end, at: Double(step) / Double(steps))
    case .warmUp(let steps, let start, let then):
      step < steps
        ? start + (then.rate(0) - start) * Double(step) / Double(steps)
        : then.rate(step - steps)
    case .oneCycle(let cycle): cycle.rate(step)
    case .custom(let custom): custom.rate(step)
    }
  }
}

extension LearningRateSchedule.Annealing {
  /// Returns the rate at a fraction, 0 to 1, of the change.
  internal func rate(from start: Double, to end: Double, at fraction: Double) -> Double {
    switch self {
    case .cosine: end + (start - end) / 2 * (1 + cos(Double.pi * fraction))
    case .linear: start + (end - start) * fraction
    }
  }
}

extension LearningRateSchedule {
  /// The one-cycle policy: two phases, up and down.
  internal struct OneCycle: Sendable, Equatable {
    let peak: Double
    let steps: Int
    let warmUpFraction: Double
    let annealing: Annealing
    let startDivisor: Double
    let endDivisor: Double

    func rate(_ step: Int) -> Double {
      let first = peak / startDivisor
      let top = warmUpFraction * Double(steps) - 1
      let last = Double(steps - 1)
      let k = min(Double(step), last)
      if k < top { return annealing.rate(from: first, to: peak, at: k / top) }
      if k == top { return peak }
      return annealing.rate(from: peak, to: first / endDivisor, at: (k - top) / (last - top))
    }
  }
}

// MARK: - Printing

extension LearningRateSchedule: CustomStringConvertible {
  /// The schedule as it is written in Swift, such as `cosine(from: 0.1, to: 0.0, steps: 90)`; `custom` for one from a
  /// function.
  public var description: String { rule.description }
}

extension LearningRateSchedule.Rule {
  internal var description: String {
    switch self {
    case .constant(let rate): "constant(\(rate))"
    case .linear(let start, let end, let steps): "linear(from: \(start), to: \(end), steps: \(steps))"
    case .step(let start, let interval, let factor): "step(from: \(start), every: \(interval), factor: \(factor))"
    case .multiStep(let start, let milestones, let factor):
      "multiStep(from: \(start), at: \(milestones), factor: \(factor))"
    case .exponential(let start, let factor): "exponential(from: \(start), factor: \(factor))"
    case .cosine(let start, let end, let steps): "cosine(from: \(start), to: \(end), steps: \(steps))"
    case .warmUp(let steps, let start, let then): "warmUp(steps: \(steps), from: \(start), then: \(then.description))"
    case .oneCycle(let cycle):
      "oneCycle(peak: \(cycle.peak), steps: \(cycle.steps), warmUpFraction: \(cycle.warmUpFraction), "
        + "annealing: \(cycle.annealing), startDivisor: \(cycle.startDivisor), endDivisor: \(cycle.endDivisor))"
    case .custom: "custom"
    }
  }
}
