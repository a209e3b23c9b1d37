import Micrograd
import MicrogradOptimization

/// Problem 71 of Hock and Schittkowski, beside the evaluations that its minimisation asks for: as many values, Jacobians and Hessians,
/// each recorded at the minimum. What is left is the linear algebra and the line search.
package func constrainedMinimumCase() -> Case {
  func cost(_ x: [Value]) -> Value { x[0] * x[3] * (x[0] + x[1] + x[2]) + x[2] }
  func volume(_ x: [Value]) -> Value { x[0] * x[1] * x[2] * x[3] }
  func all(_ x: [Value]) -> [Value] { [cost(x), volume(x), dot(x, x)] }
  func minimum() -> ConstrainedMinimizationResult {
    resultOrStop {
      try minimize(
        cost, from: [1, 5, 5, 1], subjectTo: [.atLeast(25, volume), .equal(to: 40) { x in dot(x, x) }],
        bounds: [1...5, 1...5, 1...5, 1...5])
    }
  }
  let found = minimum()
  let (position, counts) = (found.position, found.evaluations)
  let weights = [1] + found.constraints.map { -$0.multiplier }
  func evaluations() -> [Double] {
    var values: [Double] = []
    for _ in counts.derivatives..<counts.values { withDerivatives(at: position, of: all) { values = $0.values } }
    for _ in 0..<counts.derivatives {
      withDerivatives(at: position, of: all) { f in
        values = f.values
        _ = f.jacobian
      }
    }
    for _ in 0..<counts.hessianVectorProducts / position.count {
      _ = hessian(at: position) { x in dot(weights, all(x)) }
    }
    return values
  }
  return Case(
    name: "minimize-constrained", title: "minimize with constraints, 4 variables", group: "minimize-constrained",
    iterations: nil,
    contestants: [
      .computing("its evaluations alone", .primal, evaluations),
      .computing("Swift") {
        let minimum = minimum()
        return [minimum.value] + minimum.constraints.map(\.value)
      },
    ])
}
