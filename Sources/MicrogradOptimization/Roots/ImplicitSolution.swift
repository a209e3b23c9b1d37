import Micrograd

extension NewtonSolver.Solution {
  /// Records the solution x of f(x, p) = 0 as a function of the Values p that f captures.
  ///
  /// The iterations are not recorded. From the constant solution x₀ with the constant inverse Jacobian J⁻¹, two steps are:
  ///
  ///     x₁ = x₀ - J⁻¹ f(x₀, p)
  ///     x₂ = x₁ - J⁻¹ f(x₁, p)
  ///
  /// Each makes one more order of derivatives exact (J. C. Gilbert, Automatic differentiation and iterative processes, 1992),
  /// and sweeps over numbers ask for two. A sweep that is itself recorded does not go through these steps: an operation over
  /// x₂ and p passes it on by the implicit function theorem, recorded at its own outputs. So derivatives of derivatives are
  /// exact to every order.
  ///
  /// - Returns: Constants if f captures no Values.
  func recorded(of f: @escaping ([Value]) throws -> [Value], named name: String) throws -> [Value] {
    func step(_ values: [Value]) -> [Value] { factors.inverse.map { dot($0, values) } }

    let residuals = try f(position.map { .constant($0) })
    if residuals.allSatisfy(\.isConstant) { return position.map { .constant($0) } }
    let first = zip(position, step(residuals)).map { $0 - $1 }
    let count = Tape.current.nodeCount
    let again = try f(first)
    let own = Set(first.map(\.id))
    let variables = Value.captured(since: count).filter { !own.contains($0.id) }
    let second = zip(first, step(again)).map { $0 - $1 }
    return Self.operation(named: name, of: f, unknowns: second.count, variables: variables.count, first: second[0].id)(
      second + variables)
  }

  /// The operation that passes on x₂ and has the recorded derivatives of x by p.
  ///
  /// - Parameter first: Names its first input where it was recorded.
  private static func operation(
    named name: String, of f: @escaping ([Value]) throws -> [Value], unknowns: Int, variables: Int, first: Value.ID
  ) -> CustomOperation {
    CustomOperation(
      name, inputCount: unknowns + variables, outputCount: unknowns, value: { Array($0.prefix(unknowns)) },
      vectorJacobianProduct: { _, _, weights in weights + [Double](repeating: 0, count: variables) },
      jacobianVectorProduct: { _, _, direction in Array(direction.prefix(unknowns)) },
      recordedVectorJacobianProduct: { inputs, outputs, weights in
        func zeros(_ count: Int) -> [Value] { [Value](repeating: .constant(0), count: count) }
        // A sweep over numbers asks for the rule at copies of the inputs. It goes through x₂.
        guard inputs[0].id == first else { return weights + zeros(variables) }
        do {
          let adjoints = try Value.implicitAdjoints(
            at: outputs, weights: weights, by: Array(inputs.dropFirst(unknowns)), of: f)
          return zeros(unknowns) + adjoints
        } catch {
          trap("the function of \(name) failed at its solution, where it was evaluated before: \(error)")
        }
      })
  }
}
