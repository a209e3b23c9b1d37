import Micrograd

/// Decides when a compiled Jacobian is worth its compilation. Its program is as long as the function and a reverse sweep for each
/// result.
internal struct JacobianCost {
  /// Operands of all nodes, and of the nodes that a result depends on, added up over results.
  private let operands, dependences: Int
  private let parameterCount: Int

  /// A larger program needs more memory than it saves time.
  private static let mostOperands = 2_000_000
  /// About how long an operand takes, in nanoseconds: to compile; to record; in a sweep for a parameter.
  private static let (compiling, recording, sweeping) = (500, 15, 4)

  init(of function: ([Value]) -> [Value], at parameters: [Double]) {
    let count = parameters.count
    parameterCount = count
    (operands, dependences) = withDerivatives(at: parameters, of: function) { recorded in
      let operands = recorded.operandCount
      return (operands, recorded.dependenceCount(limit: count * operands))
    }
  }

  /// The number of recorded Jacobians that take as long as the compilation: then it can at most double the time of a fit.
  var worthwhile: Int {
    Self.compiling * (operands + 2 * dependences) / max(operands * (Self.recording + Self.sweeping * parameterCount), 1)
  }

  /// The reason to record the function always, with a forward sweep for each parameter; `nil` if it may be compiled.
  var reasonNotToCompile: String? {
    if dependences > parameterCount * operands {
      return "its residuals share so much that a sweep for each of \(parameterCount) parameters takes less time"
    }
    if operands + 2 * dependences > Self.mostOperands {
      return "a compiled Jacobian would have more than \(Self.mostOperands) operands"
    }
    return nil
  }
}
