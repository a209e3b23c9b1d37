import Micrograd

/// A learning rate schedule: the learning rate as a function of the step, counted from 0.
///
/// ```swift
/// let schedule = LearningRateSchedule.warmUp(steps: 10, from: 0, then: .cosine(from: 0.1, to: 0, steps: 90))
/// schedule(5)   // 0.05
/// schedule(55)  // 0.05
/// ```
///
/// A schedule has no state: the rate depends only on the step. Schedules can be compared and printed. Those that PyTorch
/// has give the same rates, to rounding. Rates are given as such, not as factors as in PyTorch's `LinearLR` and
/// `OneCycleLR`.
public struct LearningRateSchedule: Sendable, Equatable {
  /// The shape of a change from one rate to another.
  public enum Annealing: Sendable, Equatable {
    /// Half a period of a cosine, slow at both ends.
    case cosine
    /// A straight line.
    case linear
  }

  internal indirect enum Rule: Sendable, Equatable {
    case constant(Double)
    case linear(from: Double, to: Double, steps: Int)
    case step(from: Double, every: Int, factor: Double)
    case multiStep(from: Double, at: [Int], factor: Double)
    case exponential(from: Double, factor: Double)
    case cosine(from: Double, to: Double, steps: Int)
    case warmUp(steps: Int, from: Double, then: Rule)
    case oneCycle(OneCycle)
    case custom(Custom)
  }

  /// A schedule from a function. It is equal only to its own copies.
  internal final class Custom: Sendable, Equatable {
    let rate: @Sendable (Int) -> Double

    init(_ rate: @escaping @Sendable (Int) -> Double) { self.rate = rate }

    static func == (a: Custom, b: Custom) -> Bool { a === b }
  }

  internal let rule: Rule

  private init(_ rule: Rule) { self.rule = rule }

  /// Creates a schedule from a function. It is equal only to its own copies.
  public init(_ rate: @escaping @Sendable (Int) -> Double) { rule = .custom(Custom(rate)) }

  /// Returns the rate of a step, counted from 0.
  public func callAsFunction(_ step: Int) -> Double { rule.rate(step) }

  /// A constant rate.
  public static func constant(_ rate: Double) -> LearningRateSchedule { Self(.constant(rate)) }

  /// A constant rate that was passed to an optimiser as `learningRate:`. Traps if it is negative or not finite.
  internal static func checked(_ learningRate: Double) -> LearningRateSchedule {
    requireAtLeastZero(learningRate, "learningRate")
    return .constant(learningRate)
  }

  /// Linear decay or growth from `start` at step 0 to `end` at step `steps`. Later steps keep `end`.
  ///
  /// `.linear(from: 1, to: 0.1, steps: 100)` is the schedule of micrograd's notebook, 1 - 0.9 k / 100.
  public static func linear(from start: Double, to end: Double, steps: Int) -> LearningRateSchedule {
    requireSteps(steps)
    return Self(.linear(from: start, to: end, steps: steps))
  }

  /// Decay by `factor` every `interval` steps: start · factor^⌊k / interval⌋. PyTorch's `StepLR`.
  public static func step(from start: Double, every interval: Int, factor: Double = 0.1) -> LearningRateSchedule {
    require(interval >= 1, "every is \(interval): give at least 1 step")
    return Self(.step(from: start, every: interval, factor: factor))
  }

  /// Decay by `factor` at each milestone. PyTorch's `MultiStepLR`.
  ///
  /// - Parameters:
  ///   - start: The initial rate.
  ///   - milestones: The steps at which the rate changes, in any order. A step listed twice counts twice.
  ///   - factor: The factor at each milestone.
  public static func multiStep(
    from start: Double, at milestones: [Int], factor: Double = 0.1
  ) -> LearningRateSchedule {
    Self(.multiStep(from: start, at: milestones.sorted(), factor: factor))
  }

  /// Exponential decay: start · factor^k. PyTorch's `ExponentialLR`.
  public static func exponential(from start: Double, factor: Double) -> LearningRateSchedule {
    Self(.exponential(from: start, factor: factor))
  }

  /// Cosine annealing from `start` at step 0 to `end` at step `steps`. PyTorch's `CosineAnnealingLR`.
  ///
  /// The rate is end + (start - end)(1 + cos(π k / steps)) / 2: equation 5 of Loshchilov & Hutter's SGDR (2017), without
  /// restarts. Later steps follow the cosine: the rate rises again, to `start` at step 2 · `steps`.
  public static func cosine(from start: Double, to end: Double = 0, steps: Int) -> LearningRateSchedule {
    requireSteps(steps)
    return Self(.cosine(from: start, to: end, steps: steps))
  }

  /// Linear warm-up from `start` at step 0 to the first rate of another schedule, then that schedule. Its step 0 is step
  /// `steps` of this one. PyTorch's `LinearLR` and `SequentialLR`.
  public static func warmUp(
    steps: Int, from start: Double = 0, then schedule: LearningRateSchedule
  ) -> LearningRateSchedule {
    requireSteps(steps)
    return Self(.warmUp(steps: steps, from: start, then: schedule.rule))
  }

  /// The one-cycle policy: warm-up to a large rate, then annealing to nearly 0. PyTorch's `OneCycleLR` in two phases. Smith
  /// & Topin, 2018.
  ///
  /// The rate is `peak` / `startDivisor` at step 0, `peak` at step `warmUpFraction` · `steps` - 1, and `peak` /
  /// (`startDivisor` · `endDivisor`) at the last step, `steps` - 1. Later steps keep that rate; PyTorch stops with an error
  /// there.
  ///
  /// - Parameters:
  ///   - peak: The largest rate.
  ///   - steps: The number of steps of the cycle, at least 1.
  ///   - warmUpFraction: The fraction of steps of the warm-up, 0 to 1.
  ///   - annealing: The shape of both phases.
  ///   - startDivisor: `peak` divided by the first rate, above 0.
  ///   - endDivisor: The first rate divided by the last one, above 0.
  public static func oneCycle(
    peak: Double, steps: Int, warmUpFraction: Double = 0.3, annealing: Annealing = .cosine, startDivisor: Double = 25,
    endDivisor: Double = 1e4
  ) -> LearningRateSchedule {
    requireSteps(steps)
    require((0...1).contains(warmUpFraction), "warmUpFraction is \(warmUpFraction): give a number from 0 to 1")
    require(startDivisor > 0, "startDivisor is \(startDivisor): give a number above 0")
    require(endDivisor > 0, "endDivisor is \(endDivisor): give a number above 0")
    return Self(
      .oneCycle(
        OneCycle(
          peak: peak, steps: steps, warmUpFraction: warmUpFraction, annealing: annealing,
          startDivisor: startDivisor, endDivisor: endDivisor)))
  }

  private static func requireSteps(_ steps: Int) {
    require(steps >= 1, "steps is \(steps): give at least 1")
  }
}
