import Micrograd

/// The learning rate as a function of the step, counted from 0.
///
/// ```swift
/// let schedule = LearningRateSchedule.warmUp(steps: 10, from: 0, then: .cosine(from: 0.1, to: 0, steps: 90))
/// schedule(5)   // 0.05
/// schedule(55)  // 0.05
/// ```
///
/// A schedule is a description: it can be compared and printed, and has no state, so that a rate depends on nothing but the
/// step. Those that PyTorch has give its rates to rounding; rates are given as such, where PyTorch's `LinearLR` and
/// `OneCycleLR` take factors.
public struct LearningRateSchedule: Sendable, Equatable {
  /// How a rate goes from one value to another.
  public enum Annealing: Sendable, Equatable {
    /// Along half a period of the cosine, slowly at both ends.
    case cosine
    /// In a straight line.
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

  /// A rule of one's own, equal only to its copies.
  internal final class Custom: Sendable, Equatable {
    let rate: @Sendable (Int) -> Double

    init(_ rate: @escaping @Sendable (Int) -> Double) { self.rate = rate }

    static func == (a: Custom, b: Custom) -> Bool { a === b }
  }

  internal let rule: Rule

  private init(_ rule: Rule) { self.rule = rule }

  /// Creates a schedule from a function. It is equal only to its own copies.
  public init(_ rate: @escaping @Sendable (Int) -> Double) { rule = .custom(Custom(rate)) }

  /// The rate of a step, counted from 0.
  public func callAsFunction(_ step: Int) -> Double { rule.rate(step) }

  /// The same rate at every step.
  public static func constant(_ rate: Double) -> LearningRateSchedule { Self(.constant(rate)) }

  /// A constant rate that an optimiser was given as `learningRate:`.
  internal static func checked(_ learningRate: Double) -> LearningRateSchedule {
    requireAtLeastZero(learningRate, "learningRate")
    return .constant(learningRate)
  }

  /// From `start` at step 0 in a straight line towards `end`, which step `steps` would have, and which later steps keep.
  ///
  /// `.linear(from: 1, to: 0.1, steps: 100)` is the schedule of micrograd's notebook, 1 - 0.9 k / 100.
  public static func linear(from start: Double, to end: Double, steps: Int) -> LearningRateSchedule {
    requireSteps(steps)
    return Self(.linear(from: start, to: end, steps: steps))
  }

  /// `start`, multiplied by `factor` every so many steps: start · factor^⌊k / interval⌋, PyTorch's `StepLR`.
  public static func step(from start: Double, every interval: Int, factor: Double = 0.1) -> LearningRateSchedule {
    require(interval >= 1, "every is \(interval): the rate changes after at least one step")
    return Self(.step(from: start, every: interval, factor: factor))
  }

  /// `start`, multiplied by `factor` at each of some steps, PyTorch's `MultiStepLR`.
  ///
  /// - Parameters:
  ///   - start: The rate at first.
  ///   - milestones: The steps at which the rate changes, in any order. A step that is listed twice counts twice.
  ///   - factor: What the rate is multiplied by.
  public static func multiStep(
    from start: Double, at milestones: [Int], factor: Double = 0.1
  ) -> LearningRateSchedule {
    Self(.multiStep(from: start, at: milestones.sorted(), factor: factor))
  }

  /// `start`, multiplied by `factor` after every step: start · factor^k, PyTorch's `ExponentialLR`.
  public static func exponential(from start: Double, factor: Double) -> LearningRateSchedule {
    Self(.exponential(from: start, factor: factor))
  }

  /// From `start` at step 0 along half a period of the cosine to `end` at step `steps`.
  ///
  /// end + (start - end)(1 + cos(π k / steps)) / 2, equation 5 of Loshchilov & Hutter's SGDR (2017) without restarts,
  /// PyTorch's `CosineAnnealingLR`. Later steps follow the cosine: the rate rises again, to `start` at step 2 · `steps`.
  public static func cosine(from start: Double, to end: Double = 0, steps: Int) -> LearningRateSchedule {
    requireSteps(steps)
    return Self(.cosine(from: start, to: end, steps: steps))
  }

  /// In a straight line from `start` at step 0 to where another schedule begins, then that schedule, whose step 0 is step
  /// `steps` of this one: PyTorch's `LinearLR` and `SequentialLR`.
  public static func warmUp(
    steps: Int, from start: Double = 0, then schedule: LearningRateSchedule
  ) -> LearningRateSchedule {
    requireSteps(steps)
    return Self(.warmUp(steps: steps, from: start, then: schedule.rule))
  }

  /// One cycle (Smith & Topin, 2018): up to a large rate, then down to nearly nothing, PyTorch's `OneCycleLR` in two phases.
  ///
  /// The rate starts at `peak` / `startDivisor`, is `peak` at step `warmUpFraction` · `steps` - 1, and ends at
  /// `peak` / (`startDivisor` · `endDivisor`) at the last step, `steps` - 1. Later steps keep that rate, where PyTorch goes
  /// on for one step and then stops with an error.
  ///
  /// - Parameters:
  ///   - peak: The largest rate.
  ///   - steps: How many steps the cycle has, at least 1.
  ///   - warmUpFraction: Which part of the steps leads up, 0 to 1.
  ///   - annealing: How the rate goes up and down.
  ///   - startDivisor: The peak over the first rate, above 0.
  ///   - endDivisor: The first rate over the last one, above 0.
  public static func oneCycle(
    peak: Double, steps: Int, warmUpFraction: Double = 0.3, annealing: Annealing = .cosine, startDivisor: Double = 25,
    endDivisor: Double = 1e4
  ) -> LearningRateSchedule {
    requireSteps(steps)
    require((0...1).contains(warmUpFraction), "warmUpFraction is \(warmUpFraction): it is a number from 0 to 1")
    require(startDivisor > 0, "startDivisor is \(startDivisor): it is a number above 0")
    require(endDivisor > 0, "endDivisor is \(endDivisor): it is a number above 0")
    return Self(
      .oneCycle(
        OneCycle(
          peak: peak, steps: steps, warmUpFraction: warmUpFraction, annealing: annealing,
          startDivisor: startDivisor, endDivisor: endDivisor)))
  }

  private static func requireSteps(_ steps: Int) {
    require(steps >= 1, "a schedule has at least one step, not \(steps)")
  }
}
