import Micrograd
import MicrogradDynamics
import XCTest

final class SolveTests: XCTestCase {
  private let growth = DifferentialEquation(states: 1, parameters: 1) { t, y, p in [p[0] * y[0]] }

  func testProgressIsReportedAfterEachStep() throws {
    for method in [IntegrationMethod.automatic, .rodas4, .rungeKutta4(steps: 20)] {
      var reports: [SolverProgress] = []
      let solution = try growth.solve(from: [1], parameters: [0.5], over: 0...4, method: method) {
        reports.append($0)
        return .goOn
      }
      XCTAssertEqual(reports.map(\.time), Array(solution.times.dropFirst().dropLast()), "\(method)")
      XCTAssertEqual(reports.map(\.state), Array(solution.states.dropFirst().dropLast()), "\(method)")
      XCTAssertEqual(reports.map(\.steps), Array(1..<solution.steps.count), "\(method)")
      XCTAssertEqual(reports.map(\.fraction), reports.map { $0.time / 4 }, "\(method)")
    }
  }

  func testASolutionThatIsStoppedEndsThere() throws {
    for method in [IntegrationMethod.automatic, .rodas4, .rungeKutta4(steps: 20)] {
      let solution = try growth.solve(from: [1], at: 4, to: 0, parameters: [0.5], method: method) {
        $0.time < 3 ? .stop : .goOn
      }
      let end = try XCTUnwrap(solution.times.last)
      XCTAssertLessThan(end, 3, "\(method)")
      XCTAssertGreaterThan(end, 0, "\(method)")
      XCTAssertGreaterThanOrEqual(solution.times[solution.times.count - 2], 3, "\(method)")
      XCTAssertEqual(solution(at: end)[0], Double.exp(0.5 * (end - 4)), accuracy: 1e-5, "\(method)")
    }
  }

  func testASolutionWithoutStepsHasTheSameEnd() throws {
    for method in [IntegrationMethod.automatic, .dormandPrince8, .rodas4, .rungeKutta4(steps: 20)] {
      let whole = try growth.solve(from: [1], parameters: [0.5], over: 0...4, method: method)
      let short = try growth.solve(
        from: [1], parameters: [0.5], over: 0...4, method: method, options: SolverOptions(keepsSteps: false))
      XCTAssertEqual(short.times, [0, 4], "\(method)")
      XCTAssertEqual(short.states, [whole.states[0], whole(at: 4)], "\(method)")
      XCTAssertFalse(short.isContinuous)
      XCTAssertTrue(short.steps.isEmpty)
      XCTAssertEqual(short.counts.acceptedSteps, whole.steps.count, "\(method)")
    }
  }

  private let oscillator = DifferentialEquation(states: 2, parameters: 1) { t, y, p in [y[1], -p[0] * y[0]] }

  func testOscillatorEndsAtItsClosedForm() throws {
    for method in [IntegrationMethod.dormandPrince5, .tsitouras5, .dormandPrince8, .rungeKutta4(steps: 5000)] {
      let solution = try oscillator.solve(from: [1, 0], parameters: [4], over: 0...10, method: method)
      let end = try XCTUnwrap(solution.states.last)
      XCTAssertEqual(end[0], Double.cos(20), accuracy: 5e-5, "\(method) \(solution)")
      XCTAssertEqual(end[1], -2 * Double.sin(20), accuracy: 5e-5)
      XCTAssertEqual(solution(at: 3.3)[0], Double.cos(6.6), accuracy: 5e-5)
      XCTAssertEqual(solution.evaluation, .compiled)
      XCTAssertEqual(solution.times.last, 10)
    }
  }

  func testBackwardTimeReturnsToTheStart() throws {
    let there = try oscillator.solve(from: [1, 0], parameters: [4], over: 0...3)
    let back = try oscillator.solve(from: XCTUnwrap(there.states.last), at: 3, to: 0, parameters: [4])
    XCTAssertEqual(back.states.last?[0] ?? .nan, 1, accuracy: 1e-5)
    XCTAssertEqual(back(at: 1)[0], Double.cos(2), accuracy: 1e-5)
  }

  func testStepsAreComputedAgainByTheTableau() throws {
    let solution = try oscillator.solve(from: [1, 0], parameters: [4], over: 0...1, method: .dormandPrince5)
    for (k, step) in solution.steps.enumerated() {
      let again = RungeKuttaTableau.dormandPrince5.step(from: step.state, at: step.time, size: step.size) { _, y in
        [y[1], -4 * y[0]]
      }
      XCTAssertEqual(again.state[0], solution.states[k + 1][0], accuracy: 1e-15)
    }
  }
}
