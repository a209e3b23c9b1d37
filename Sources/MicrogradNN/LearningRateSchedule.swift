import Micrograd

/// The learning rate as a function of the step, counted from 0.
public struct LearningRateSchedule: Sendable {
  private let rate: @Sendable (Int) -> Double

  /// A schedule of one's own.
  public init(_ rate: @escaping @Sendable (Int) -> Double) {
    self.rate = rate
  }

  /// The rate of a step, counted from 0.
  public func callAsFunction(_ step: Int) -> Double { rate(step) }

  /// The same rate at every step.
  public static func constant(_ rate: Double) -> LearningRateSchedule { LearningRateSchedule { _ in rate } }

  /// From `start` at step 0 in a straight line towards `end`, which step `steps` would have, and which later steps keep.
  ///
  /// `.linear(from: 1, to: 0.1, steps: 100)` is the schedule of micrograd's notebook, 1 - 0.9 k / 100.
  public static func linear(from start: Double, to end: Double, steps: Int) -> LearningRateSchedule {
    require(steps >= 1, "a schedule has at least one step")
    return LearningRateSchedule { step in start + (end - start) * Double(min(step, steps)) / Double(steps) }
  }
}
