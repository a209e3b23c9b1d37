import CMicrograd

// Derivatives by Values that a function captures, for solvers whose result such Values determine.

extension Value {
  /// Returns the Values that the nodes from `count` on of the current tape use and that were recorded before them, each
  /// once, in the order of recording.
  ///
  /// - Complexity: O(n) for n operands of those nodes.
  package static func captured(since count: Int) -> [Value] {
    let tape = currentTape(), first = mg_node(count)
    var older = Set<mg_node>()
    for node in first..<mg_node(tape.pointee.count) {
      for k in 0..<mg_node_operand_count(tape, node) {
        let operand = mg_node_operand(tape, node, k)
        if operand < first { older.insert(operand) }
      }
    }
    return older.sorted().map { Value(live: $0, on: tape) }
  }

  /// Returns what the adjoints of the solution x of f(x) = 0 contribute to Values that f captures, recorded.
  ///
  /// By the implicit function theorem, dx/dp = -(∂f/∂x)⁻¹ ∂f/∂p. So the adjoints w of x contribute -λ · ∂f/∂p, where λ
  /// solves (∂f/∂x)ᵀ λ = w. All is recorded at `x`, so it can be differentiated again if `x` can.
  ///
  /// - Parameters:
  ///   - x: The solution, as Values.
  ///   - weights: The adjoints of the solution.
  ///   - variables: The captured Values by which is differentiated. Others, and `x`, are held constant.
  ///   - f: The equations, as many as `x` has elements.
  /// - Throws: What the function throws, or ``LinearAlgebraError`` if the Jacobian is singular.
  package static func implicitAdjoints(
    at x: [Value], weights: [Value], by variables: [Value], of f: ([Value]) throws -> [Value]
  ) throws -> [Value] {
    try InnerFunction.record(at: x, of: f) { (equations: InnerFunction) throws in
      let jacobian = equations.jacobian
      if x.count == 1 {
        return equations.vectorJacobianProduct(along: [-weights[0] / jacobian[0][0]], byCaptured: variables)
      }
      let matrix = Matrix(rows: x.count, columns: x.count, values: jacobian.flatMap { $0 })
      let multipliers = try matrix.transposed.solve(Vector(values: weights))
      return equations.vectorJacobianProduct(along: multipliers.matrix.values.map { -$0 }, byCaptured: variables)
    }
  }
}
