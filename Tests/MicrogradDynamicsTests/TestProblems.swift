import Micrograd
import MicrogradDynamics
import TestSupport
import XCTest

/// The problems of make_dynamics.py.
struct TestProblem: Decodable {
  let name: String
  let start: [Double]
  let time: Double
  let end: [Double]

  private struct File: Decodable { let problems: [TestProblem] }

  static func named(_ name: String) throws -> TestProblem {
    try XCTUnwrap(readFixture("dynamics.json", File.self).problems.first { $0.name == name })
  }

  var equation: DifferentialEquation {
    switch name {
    case "lotkaVolterra": DifferentialEquation(states: 2) { t, y, p in [y[0] * (1.5 - y[1]), y[1] * (y[0] - 3)] }
    case "lorenz":
      DifferentialEquation(states: 3) { t, y, p in
        [10 * (y[1] - y[0]), y[0] * (28 - y[2]) - y[1], y[0] * y[1] - 8 / 3 * y[2]]
      }
    case "brusselator":
      DifferentialEquation(states: 2) { t, y, p in
        let rate = y[0] * y[0] * y[1]
        return [1 + rate - 4 * y[0], 3 * y[0] - rate]
      }
    case "robertson": Self.robertson
    case "vanDerPol":
      DifferentialEquation(states: 2) { t, y, p in [y[1], 1000 * (1 - y[0].squared()) * y[1] - y[0]] }
    case "arenstorf": DifferentialEquation(states: 4) { t, y, p in Self.arenstorf(y) }
    case "pleiades": DifferentialEquation(Pleiades())
    default: preconditionFailure("no problem has the name \(name)")
    }
  }

  static var robertson: DifferentialEquation {
    DifferentialEquation(states: 3) { t, y, p in
      let slow = 0.04 * y[0], fast = 1e4 * y[1] * y[2], sink = 3e7 * y[1].squared()
      return [fast - slow, slow - fast - sink, sink]
    }
  }

  private static func arenstorf(_ y: [Value]) -> [Value] {
    let moon = 0.012277471, earth = 1 - moon
    let ofEarth = ((y[0] + moon).squared() + y[1].squared()) ** 1.5
    let ofMoon = ((y[0] - earth).squared() + y[1].squared()) ** 1.5
    return [
      y[2], y[3],
      y[0] + 2 * y[3] - earth * (y[0] + moon) / ofEarth - moon * (y[0] - earth) / ofMoon,
      y[1] - 2 * y[2] - earth * y[1] / ofEarth - moon * y[1] / ofMoon,
    ]
  }

  /// The largest error of a state, relative to its reference.
  func error(_ method: IntegrationMethod, _ options: SolverOptions) throws -> (error: Double, solution: Trajectory) {
    let solution = try equation.solve(from: start, over: 0...time, method: method, options: options)
    let found = try XCTUnwrap(solution.states.last)
    let largest = end.reduce(0) { max($0, abs($1)) }
    let error = zip(found, end).reduce(0) { max($0, abs($1.0 - $1.1) / (abs($1.1) > 0 ? abs($1.1) : largest)) }
    return (error, solution)
  }
}

/// Seven stars in a plane (E. Hairer, S. P. Nørsett and G. Wanner, Solving Ordinary Differential Equations I, section II.10).
struct Pleiades: DynamicalSystem {
  let stateCount = 28, parameterCount = 0

  func slopes<T: DifferentiableNumber>(at t: T, _ y: [T], _ p: [T]) -> [T] {
    var slopes = Array(y[14...]) + [T](repeating: .zero, count: 14)
    for i in 0..<7 {
      for j in 0..<7 where j != i {
        let (dx, dy) = (y[j] - y[i], y[7 + j] - y[7 + i])
        let attraction = Double(j + 1) / ((dx * dx + dy * dy) ** 1.5)
        slopes[14 + i] += attraction * dx
        slopes[21 + i] += attraction * dy
      }
    }
    return slopes
  }
}
