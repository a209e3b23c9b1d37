import Micrograd

extension DifferentialEquation: CustomStringConvertible {
  /// The numbers of states and parameters, and how the right-hand side is evaluated.
  ///
  /// ```
  /// differential equation of 2 states and 1 parameter; the right-hand side is compiled
  /// ```
  public var description: String {
    "differential equation of \(counted(stateCount, "state")) and \(counted(parameterCount, "parameter")); "
      + "the right-hand side \(evaluationText)"
  }

  private func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

  private var evaluationText: String {
    guard rightHandSide.isOfValues else { return values == nil ? "computes plain numbers" : "computes any number" }
    return switch rightHandSide.evaluation {
    case .compiled: "is compiled"
    case .recorded(let reason): "is recorded at every evaluation: \(reason)"
    case nil: "is compiled at the first solution"
    }
  }
}
