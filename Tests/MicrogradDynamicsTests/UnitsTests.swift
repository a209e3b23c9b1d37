import Micrograd
import MicrogradDynamics
import XCTest

final class UnitsTests: XCTestCase {
  /// Lotka and Volterra's equations with states and time in units of one's own.
  private func solution(
    state: Double, time: Double, _ method: IntegrationMethod, from start: [Double] = [1, 1]
  ) throws -> Trajectory {
    let equation = DifferentialEquation(states: 2) { t, y, p in
      [y[0] * (1.5 - y[1]) / time, y[1] * (y[0] / state - 3) / time]
    }
    return try equation.solve(from: [start[0] * state, start[1]], over: 0...(10 * time), method: method)
  }

  func testStepsDoNotDependOnUnits() throws {
    for method in [IntegrationMethod.dormandPrince5, .tsitouras5, .dormandPrince8, .rodas4] {
      let reference = try solution(state: 1, time: 1, method)
      for (state, time) in [
        (Double(sign: .plus, exponent: 40, significand: 1), 1.0), (1, 1 / 1024), (1.0 / 4096, 4096),
      ] {
        let scaled = try solution(state: state, time: time, method)
        if method == .rodas4 {
          // The order of the rows in a factorisation, and so rounding, depends on units.
          XCTAssertEqual(scaled.steps.count, reference.steps.count)
          XCTAssertEqual(scaled(at: 7 * time)[0] / state, reference(at: 7)[0], accuracy: 1e-9)
        } else {
          XCTAssertEqual(scaled.times.map { $0 / time }, reference.times, "\(method)")
          XCTAssertEqual(scaled.states.map { $0[0] / state }, reference.states.map { $0[0] })
        }
      }
      let pascals = try solution(state: 101_325e-12, time: 3600, method)
      XCTAssertEqual(pascals.steps.count, reference.steps.count, "\(method)")
      // Rounding changes the sizes of steps a little, and errors with them.
      for (found, expected) in zip(pascals.times, reference.times) {
        XCTAssertEqual(found / 3600, expected, accuracy: 1e-7 * (1 + expected))
      }
      for time in 0...10 {
        XCTAssertEqual(pascals(at: 3600 * Double(time))[1], reference(at: Double(time))[1], accuracy: 1e-9)
      }
    }
  }

  func testStatesThatStartAtZeroAreSolved() throws {
    // A chain of decays: each state is fed by the one before, and is zero at the start.
    let chain = DifferentialEquation(states: 9) { t, y, p in
      y.indices.map { k in k == 0 ? -y[0] : y[k - 1] - y[k] }
    }
    let start = [1.0] + [Double](repeating: 0, count: 8)
    for method in [IntegrationMethod.automatic, .dormandPrince5, .rodas4] {
      let solution = try chain.solve(from: start, over: 0...5, method: method)
      var expected = Double.exp(-5)
      for k in 0..<9 {
        XCTAssertEqual(solution(at: 5)[k] / expected, 1, accuracy: 1e-4, "\(method) \(k)")
        expected *= 5 / Double(k + 1)
      }
      XCTAssertLessThan(solution.counts.acceptedSteps, 200, "\(method)")
    }
  }

  func testAStateAtRestTakesFewSteps() throws {
    // Spring and weight in balance: the acceleration is rounding.
    let equation = DifferentialEquation(states: 2) { t, y, p in [y[1], 9.81 - 30 * y[0]] }
    let solution = try equation.solve(from: [9.81 / 30, 0], over: 0...100)
    XCTAssertLessThan(solution.counts.acceptedSteps, 1000)
  }

  func testNothingMovesWhereAllIsZero() throws {
    let equation = DifferentialEquation(states: 2) { t, y, p in [y[1], -y[0]] }
    let solution = try equation.solve(from: [0, 0], over: 0...100)
    XCTAssertEqual(solution.states.last, [0, 0])
  }
}
