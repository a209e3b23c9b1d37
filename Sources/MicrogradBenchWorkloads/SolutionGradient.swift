import Micrograd
import MicrogradDynamics

/// The gradient of a solution of Lorenz's equations by its start and parameters: Runge and Kutta's steps recorded one by one and
/// swept, then the same steps as one operation.
package func solutionGradientCase(steps: Int = 2_000) -> Case {
  let equation = lorenz
  return Case(
    name: "solution-gradient", title: "gradient of a solution of Lorenz's equations, \(steps) steps",
    group: "solution-gradient", iterations: nil,
    contestants: [
      gradients("steps recorded and swept", at: lorenzPoint) { x in
        let parameters = Array(x[3...])
        return sum((0..<steps).reduce(Array(x[..<3])) { state, _ in lorenzStep(parameters, state) })
      },
      gradients("MicrogradDynamics, discrete adjoint", at: lorenzPoint) { x in
        let found = resultOrStop {
          try equation.solve(
            from: Array(x[..<3]), parameters: Array(x[3...]), times: [0.001 * Double(steps)],
            method: .rungeKutta4(steps: steps))
        }
        return found.states[0].sum()
      },
    ])
}

/// Gradients of adaptive solutions beside the solutions themselves: Lorenz's equations by Dormand and Prince's method, and
/// Robertson's and heat in a rod by a stiff one.
package func adaptiveGradientCases() -> [Case] {
  let robertson = DifferentialEquation(states: 3, parameters: 3) { t, y, p in
    let slow = p[0] * y[0], fast = p[1] * y[1] * y[2], sink = p[2] * y[1].squared()
    return [fast - slow, slow - fast - sink, sink]
  }
  let rod = DifferentialEquation(states: 40, parameters: 2) { t, y, p in
    (0..<40).map { k in
      let left = k == 0 ? p[1] : y[k - 1], right = k == 39 ? Value.constant(0) : y[k + 1]
      return 1600 * p[0] * (1 + 0.1 * y[k].squared()) * (left - 2 * y[k] + right)
    }
  }
  return [
    adaptiveGradientCase(
      "gradient-lorenz", "Lorenz's equations by Dormand and Prince's method", lorenz, at: lorenzPoint, to: 2,
      .dormandPrince5, tolerance: 1e-8, firstStep: 1e-3),
    adaptiveGradientCase(
      "gradient-robertson", "Robertson's reactions by Rodas", robertson, at: [1, 0, 0, 0.04, 1e4, 3e7], to: 1e5,
      .rodas4, tolerance: 1e-6, firstStep: nil),
    adaptiveGradientCase(
      "gradient-rod", "heat in a rod of 40 cells by Rodas", rod,
      at: [Double](repeating: 0, count: 40) + [0.1, 1], to: 1, .rodas4, tolerance: 1e-6, firstStep: nil),
  ]
}

private func adaptiveGradientCase(
  _ name: String, _ title: String, _ equation: DifferentialEquation, at point: [Double], to time: Double,
  _ method: IntegrationMethod, tolerance: Double, firstStep: Double?
) -> Case {
  let n = equation.stateCount
  let options = SolverOptions(relativeTolerance: tolerance, absoluteTolerance: .same(1e-8), firstStep: firstStep)
  return Case(
    name: name, title: "gradient of a solution: \(title)", group: name, iterations: nil,
    contestants: [
      .computing("solution", .primal) {
        let found = resultOrStop {
          try equation.solve(
            from: Array(point[..<n]), parameters: Array(point[n...]), over: 0...time, method: method, options: options)
        }
        return [found.states[found.states.count - 1].reduce(0, +)]
      },
      .computing("gradient, discrete adjoint") {
        let found = valueWithGradient(at: point) { x in
          let found = resultOrStop {
            try equation.solve(
              from: Array(x[..<n]), parameters: Array(x[n...]), times: [time], method: method, options: options)
          }
          return found.states[0].sum()
        }
        return [found.value] + found.gradient
      },
    ])
}

private let lorenzPoint = [1, 1, 1, 10, 28, 8.0 / 3]

private var lorenz: DifferentialEquation {
  DifferentialEquation(states: 3, parameters: 3) { t, y, p in
    [p[0] * (y[1] - y[0]), y[0] * (p[1] - y[2]) - y[1], y[0] * y[1] - p[2] * y[2]]
  }
}

private func gradients(_ name: String, at point: [Double], of f: @escaping ([Value]) -> Value) -> Contestant {
  .computing(name) { gradient(at: point, of: f) }
}
