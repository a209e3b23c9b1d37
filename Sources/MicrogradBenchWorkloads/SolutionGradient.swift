import Micrograd
import MicrogradDynamics

/// The gradient of a solution of Lorenz's equations by its start and parameters: Runge and Kutta's steps recorded one by one and
/// swept, then the same steps as one operation.
package func solutionGradientCase(steps: Int = 2_000) -> Case {
  let point = [1, 1, 1, 10, 28, 8.0 / 3]
  let equation = DifferentialEquation(states: 3, parameters: 3) { t, y, p in
    [p[0] * (y[1] - y[0]), y[0] * (p[1] - y[2]) - y[1], y[0] * y[1] - p[2] * y[2]]
  }
  return Case(
    name: "solution-gradient", title: "gradient of a solution of Lorenz's equations, \(steps) steps",
    group: "solution-gradient", iterations: nil,
    contestants: [
      gradients("steps recorded and swept", at: point) { x in
        let parameters = Array(x[3...])
        return sum((0..<steps).reduce(Array(x[..<3])) { state, _ in lorenzStep(parameters, state) })
      },
      gradients("MicrogradDynamics, discrete adjoint", at: point) { x in
        let found = resultOrStop {
          try equation.solve(
            from: Array(x[..<3]), parameters: Array(x[3...]), times: [0.001 * Double(steps)],
            method: .rungeKutta4(steps: steps))
        }
        return found.states[0].sum()
      },
    ])
}

private func gradients(_ name: String, at point: [Double], of f: @escaping ([Value]) -> Value) -> Contestant {
  .computing(name) { gradient(at: point, of: f) }
}
