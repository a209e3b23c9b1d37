import Micrograd
import MicrogradDynamics
import XCTest

final class ConvergenceTests: XCTestCase {
  /// y' = y cos t, y(0) = 1, and a state that depends on time alone.
  private let equation = DifferentialEquation(states: 2) { t, y, p in [y[0] * cos(t), y[0] * y[0] * t] }
  private let exact = Double.exp(Double.sin(2))

  private func slopes(_ t: Double, _ y: [Double]) -> [Double] { [y[0] * Double.cos(t), y[0] * y[0] * t] }

  /// The error at t = 2 after equal steps, and the largest error of the continuous solution.
  private func errors(_ steps: Int, _ tableau: RungeKuttaTableau) -> (end: Double, between: Double) {
    var state = [1.0, 0], between = 0.0
    let size = 2 / Double(steps)
    for k in 0..<steps {
      let time = Double(k) * size
      let made = tableau.step(from: state, at: time, size: size, of: slopes)
      for fraction in [0.2, 0.5, 0.9] {
        let found = tableau.interpolated(at: fraction, from: state, size: size, stages: made.stages)
        between = max(between, abs(found[0] - Double.exp(Double.sin(time + fraction * size))))
      }
      state = made.state
    }
    return (abs(state[0] - exact), between)
  }

  func testErrorsFallWithTheOrderOfTheMethod() {
    // Within a step, the error of the continuous solution is one order lower than that of the step.
    for (tableau, order, steps) in [
      (RungeKuttaTableau.dormandPrince5, 5.0, 40), (.tsitouras5, 5, 40), (.rungeKutta4, 4, 40),
      (.dormandPrince8, 8, 10),
    ] {
      let (coarse, fine) = (errors(steps, tableau), errors(2 * steps, tableau))
      XCTAssertEqual(Double.log(coarse.end / fine.end) / Double.log(2), order, accuracy: 0.45, tableau.name)
      XCTAssertEqual(Double.log(coarse.between / fine.between) / Double.log(2), order, accuracy: 0.45, tableau.name)
    }
  }

  func testRodasConvergesWithOrderFour() {
    func error(_ steps: Int) -> Double {
      var state = [1.0, 0]
      let size = 2 / Double(steps)
      for k in 0..<steps {
        let time = Double(k) * size
        guard
          let made = RosenbrockTableau.rodas4.step(
            from: state, at: time, size: size, of: slopes,
            jacobian: { t, y in
              ([[Double.cos(t), 0], [2 * y[0] * t, 0]], [-y[0] * Double.sin(t), y[0] * y[0]])
            })
        else { return .nan }
        state = made.state
      }
      return abs(state[0] - exact)
    }
    XCTAssertEqual(Double.log(error(80) / error(160)) / Double.log(2), 4, accuracy: 0.4)
  }

  func testErrorsFollowTheTolerance() throws {
    for method in [IntegrationMethod.dormandPrince5, .tsitouras5, .rodas4, .dormandPrince8] {
      for tolerance in [1e-4, 1e-6, 1e-8] {
        let solution = try equation.solve(
          from: [1, 0], over: 0...2, method: method, options: SolverOptions(relativeTolerance: tolerance))
        XCTAssertEqual(solution(at: 2)[0] / exact, 1, accuracy: 20 * tolerance, "\(method)")
        for time in stride(from: 0.05, to: 2, by: 0.1) {
          XCTAssertEqual(
            solution(at: time)[0], Double.exp(Double.sin(time)), accuracy: 200 * tolerance, "\(method) \(tolerance)")
        }
      }
    }
  }

  func testTheSolverTakesTheStepsOfTheTableaus() throws {
    let rodas = try equation.solve(from: [1, 0], over: 0...2, method: .rodas4)
    for (k, step) in rodas.steps.enumerated() {
      let again = try XCTUnwrap(
        RosenbrockTableau.rodas4.step(
          from: step.state, at: step.time, size: step.size, of: slopes,
          jacobian: { t, y in ([[Double.cos(t), 0], [2 * y[0] * t, 0]], [-y[0] * Double.sin(t), y[0] * y[0]]) }))
      XCTAssertEqual(again.state[0] / rodas.states[k + 1][0], 1, accuracy: 1e-14)
    }
    // The coefficients of order 8 are larger, so that rounding is.
    for (method, tableau, accuracy) in [
      (IntegrationMethod.tsitouras5, RungeKuttaTableau.tsitouras5, 1e-14), (.dormandPrince8, .dormandPrince8, 4e-14),
    ] {
      let explicit = try equation.solve(from: [1, 0], over: 0...2, method: method)
      for (k, step) in explicit.steps.enumerated() {
        let again = tableau.step(from: step.state, at: step.time, size: step.size, of: slopes)
        XCTAssertEqual(again.state[1], explicit.states[k + 1][1], accuracy: accuracy)
        let between = tableau.interpolated(at: 0.3, from: step.state, size: step.size, stages: again.stages)
        XCTAssertEqual(between[1], explicit(at: step.time + 0.3 * step.size)[1], accuracy: 1e-13)
      }
    }
  }
}
