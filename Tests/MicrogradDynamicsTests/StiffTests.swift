import Micrograd
import MicrogradDynamics
import TestSupport
import XCTest

final class StiffTests: XCTestCase {
  /// Heat in a rod of cells: the eigenvalues are -4 n² sin²(k π / (2 (n + 1))), the eigenvectors sines.
  private func rod(_ cells: Int) -> DifferentialEquation {
    let scale = Double((cells + 1) * (cells + 1))
    return DifferentialEquation(states: cells) { t, y, p in
      y.indices.map { k in
        let (left, right): (Value, Value) = (k == 0 ? .constant(0) : y[k - 1], k == cells - 1 ? .constant(0) : y[k + 1])
        return scale * (left - 2 * y[k] + right)
      }
    }
  }

  func testARodOfManyCellsCoolsAtTheRateOfItsEigenvalue() throws {
    let cells = 200
    let start = (1...cells).map { Double.sin(.pi * Double($0) / Double(cells + 1)) }
    let solution = try rod(cells).solve(from: start, over: 0...0.2, method: .rodas4)
    let half = Double.sin(.pi / Double(2 * (cells + 1)))
    let decay = Double.exp(-0.2 * 4 * Double((cells + 1) * (cells + 1)) * half * half)
    for (found, first) in zip(try XCTUnwrap(solution.states.last), start) {
      XCTAssertEqual(found, first * decay, accuracy: 1e-5)
    }
    XCTAssertLessThan(solution.counts.acceptedSteps, 100)
  }

  func testTheAutomaticMethodGoesBackWhenTheEquationIsNoLongerStiff() throws {
    // y = cos t for any rate k(t), which falls from 10 000 to 1. Later only the oscillator on its own limits the steps.
    let equation = DifferentialEquation(states: 3) { t, y, p in
      [-(1 + 1e4 * exp(-t)) * (y[0] - cos(t)) - sin(t), 3 * y[2], -3 * y[1]]
    }
    let solution = try equation.solve(from: [1, 1, 0], over: 0...40, options: SolverOptions(relativeTolerance: 1e-7))
    let methods = solution.steps.map(\.method)
    XCTAssertTrue(methods.contains(.rodas4))
    XCTAssertEqual(methods.first, .tsitouras5)
    XCTAssertEqual(methods.last, .tsitouras5)
    let back = try XCTUnwrap(solution.steps.last { $0.method == .rodas4 }).time
    XCTAssertGreaterThan(back, 5)
    XCTAssertLessThan(back, 20)
    // It changes to the stiff method and back once.
    XCTAssertEqual(zip(methods, methods.dropFirst()).count { $0 != $1 }, 2)
    XCTAssertEqual(solution(at: 40), [Double.cos(40), Double.cos(120), -Double.sin(120)], accuracy: 1e-4)
    XCTAssertGreaterThan(solution.counts.jacobians, 0)
  }

  func testAnEquationThatStaysStiffKeepsTheStiffMethod() throws {
    for name in ["robertson", "vanDerPol"] {
      let problem = try TestProblem.named(name)
      let options = SolverOptions(relativeTolerance: 1e-6)
      let (error, solution) = try problem.error(.automatic, options)
      let stiff = try problem.error(.rodas4, options)
      XCTAssertLessThan(error, max(2 * stiff.error, 1e-4), name)
      XCTAssertLessThan(solution.counts.acceptedSteps, 2 * stiff.solution.counts.acceptedSteps + 200, name)
      XCTAssertEqual(solution.steps.last?.method, .rodas4, name)
    }
  }

  func testTheOrderOfStatesDoesNotMatter() throws {
    // The same rod with even cells first: its Jacobian is banded in another order only.
    let cells = 60, order = (0..<60).sorted { ($0 % 2, $0) < ($1 % 2, $1) }
    let places = (0..<cells).map { order.firstIndex(of: $0) ?? 0 }
    let shuffled = DifferentialEquation(states: cells) { t, y, p in
      order.map { cell in
        let left = cell == 0 ? .constant(0) : y[places[cell - 1]]
        let right = cell == cells - 1 ? .constant(0) : y[places[cell + 1]]
        return 3721 * (left - 2 * y[places[cell]] + right)
      }
    }
    let start = (0..<cells).map { Double($0 % 7) }
    let plain = try rod(cells).solve(from: start, over: 0...0.01, method: .rodas4)
    let other = try shuffled.solve(from: order.map { start[$0] }, over: 0...0.01, method: .rodas4)
    for cell in 0..<cells {
      XCTAssertEqual(
        try XCTUnwrap(other.states.last)[places[cell]], try XCTUnwrap(plain.states.last)[cell], accuracy: 1e-9)
    }
  }

  func testAllFormsOfARightHandSideGiveTheSameSolution() throws {
    struct Stiff: DynamicalSystem {
      let stateCount = 2, parameterCount = 1
      func slopes<T: DifferentiableNumber>(at t: T, _ y: [T], _ p: [T]) -> [T] {
        [y[1], p[0] * ((1 - y[0] * y[0]) * y[1] - y[0]) + T.sin(t)]
      }
    }
    let system = Stiff()
    let forms: [DifferentialEquation] = [
      DifferentialEquation(states: 2, parameters: 1) { t, y, p in system.slopes(at: t, y, p) },
      DifferentialEquation(system),
      .numeric(states: 2, parameters: 1) { t, y, p in system.slopes(at: t, y, p) },
      .inPlace(states: 2, parameters: 1) { t, y, p, slopes in slopes = system.slopes(at: t, y, p) },
    ]
    let ends = try forms.map { form in
      try XCTUnwrap(form.solve(from: [2, 0], parameters: [100], over: 0...10, method: .rodas4).states.last)
    }
    for end in ends { XCTAssertEqual(end[0], ends[0][0], accuracy: 1e-5) }
  }

  func testParametersOfALaterSolutionReachTheJacobian() throws {
    let equation = DifferentialEquation(states: 1, parameters: 1) { t, y, p in [-p[0] * (y[0] - cos(t))] }
    for rate in [1e5, 1.0, 1e3] {
      let solution = try equation.solve(from: [0], parameters: [rate], over: 0...2, method: .rodas4)
      // y = (λ² cos t + λ sin t - λ² e^(-λ t)) / (λ² + 1)
      let expected = (rate * rate * (Double.cos(2) - Double.exp(-2 * rate)) + rate * Double.sin(2)) / (rate * rate + 1)
      XCTAssertEqual(solution(at: 2)[0], expected, accuracy: 1e-6)
      XCTAssertLessThan(solution.counts.acceptedSteps, 200)
    }
  }

  func testPathsWithOtherEntriesOfTheJacobianAreFollowed() throws {
    // A switch at t = 1: from then on the last states depend on the first.
    let equation = DifferentialEquation(states: 12) { t, y, p in
      y.indices.map { k in t > 1 && k > 5 ? -1000 * (y[k] - y[k - 6]) : -Double(k + 1) * y[k] }
    }
    let start = [Double](repeating: 1, count: 12)
    let solution = try equation.solve(from: start, over: 0...3, method: .rodas4)
    for k in 6..<12 {
      let rate = Double(k - 5)
      XCTAssertEqual(solution(at: 3)[k], 1000 / (1000 - rate) * Double.exp(-3 * rate), accuracy: 2e-6)
    }
  }

  func testARightHandSideThatCannotBeCompiledSaysWhy() throws {
    let equation = DifferentialEquation(states: 1) { t, y, p in [y[0].data > 0.5 ? -1000 * y[0] : -500 * y[0]] }
    let solution = try equation.solve(from: [1], over: 0...1, method: .rodas4)
    guard case .recorded(let reason)? = solution.evaluation else { return XCTFail() }
    XCTAssertTrue(reason.contains("reads the number"), reason)
    XCTAssertEqual(solution(at: 1)[0], 0, accuracy: 1e-7)
  }
}
