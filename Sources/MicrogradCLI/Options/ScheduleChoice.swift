import ArgumentParser
import Foundation
import MicrogradNN

/// How the learning rate changes over a run.
enum ScheduleChoice: String, CaseIterable, ExpressibleByArgument {
  case constant, cosine, step, exponential
  case oneCycle = "one-cycle"

  /// - Parameters:
  ///   - rate: The largest rate.
  ///   - steps: Of the whole run.
  ///   - warmUp: How many of them lead up to the rate; fewer than all.
  func callAsFunction(rate: Double, steps: Int, warmUp: Int) -> LearningRateSchedule {
    let rest = steps - warmUp
    let schedule: LearningRateSchedule =
      switch self {
      case .constant: .constant(rate)
      case .cosine: .cosine(from: rate, steps: rest)
      case .step: .step(from: rate, every: (rest + 2) / 3)
      case .exponential: .exponential(from: rate, factor: pow(0.01, 1 / Double(rest)))
      case .oneCycle: .oneCycle(peak: rate, steps: rest)
      }
    // From 0, the first step would be none.
    return warmUp == 0 ? schedule : .warmUp(steps: warmUp, from: rate / Double(warmUp + 1), then: schedule)
  }
}
