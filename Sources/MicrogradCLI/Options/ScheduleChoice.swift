import ArgumentParser
import Foundation
import MicrogradNN

/// A learning rate schedule over a run.
enum ScheduleChoice: String, CaseIterable, ExpressibleByArgument {
  case constant, cosine, step, exponential
  case oneCycle = "one-cycle"

  /// - Parameters:
  ///   - rate: The largest rate.
  ///   - steps: The number of steps of the run.
  ///   - warmUp: The number of warm-up steps, fewer than all.
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
    // A warm-up from 0 would make the first step useless.
    return warmUp == 0 ? schedule : .warmUp(steps: warmUp, from: rate / Double(warmUp + 1), then: schedule)
  }
}
