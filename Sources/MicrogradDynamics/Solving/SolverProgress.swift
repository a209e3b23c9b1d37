/// The state of a solver after a step that was accepted.
public struct SolverProgress: Sendable, Equatable {
  /// The time at the end of the step.
  public let time: Double
  /// The states there.
  public let state: [Double]
  /// The size of the step, negative if time runs backwards.
  public let size: Double
  /// The number of accepted steps so far, at least 1.
  public let steps: Int
  /// The fraction of the interval that is solved, from 0 to 1.
  public let fraction: Double

  /// The decision of the progress callback.
  public enum Decision: Sendable {
    /// Continue.
    case goOn
    /// Stop and return the solution up to here.
    case stop
  }
}
