import Micrograd
import MicrogradDynamics
import XCTest

final class DynamicsErrorTests: XCTestCase {
  private let decay = DifferentialEquation(states: 1, parameters: 1) { t, y, p in [-p[0] * y[0]] }

  private func failure(_ body: () throws -> Trajectory) -> DynamicsError? {
    do {
      _ = try body()
      return nil
    } catch {
      return error as? DynamicsError
    }
  }

  private func reason(
    _ state: [Double] = [1], _ parameters: [Double] = [1], from start: Double = 0, to end: Double = 1,
    _ options: SolverOptions = SolverOptions()
  ) -> DynamicsError.Reason? {
    failure { try decay.solve(from: state, at: start, to: end, parameters: parameters, options: options) }?.reason
  }

  func testWrongArgumentsAreNamed() {
    XCTAssertEqual(reason([1, 2]), .stateCount(found: 2, expected: 1))
    XCTAssertEqual(reason([1], []), .parameterCount(found: 0, expected: 1))
    XCTAssertEqual(reason([.infinity]), .startNotFinite(state: 0, found: .infinity))
    XCTAssertEqual(reason([1], [-.infinity]), .parameterNotFinite(parameter: 0, found: -.infinity))
    XCTAssertEqual(reason(to: .infinity), .timeNotFinite(found: .infinity))
    XCTAssertEqual(reason(from: 2, to: 2), .emptyInterval(time: 2))
    XCTAssertEqual(reason(SolverOptions(relativeTolerance: 0)), .invalidTolerance(state: nil, found: 0))
    XCTAssertEqual(reason(SolverOptions(absoluteTolerance: [-1])), .invalidTolerance(state: 0, found: -1))
    XCTAssertEqual(reason(SolverOptions(absoluteTolerance: [1, 1])), .toleranceCount(found: 2, expected: 1))
    XCTAssertEqual(reason(SolverOptions(firstStep: -1)), .invalidStepSize(found: -1))
    XCTAssertEqual(reason(SolverOptions(largestStep: 0)), .invalidStepSize(found: 0))
  }

  private func reason(_ options: SolverOptions) -> DynamicsError.Reason? { reason([1], [1], options) }

  func testTheNumberOfDerivativesIsChecked() {
    for wrong in [
      DifferentialEquation(states: 1) { t, y, p in [y[0], y[0]] },
      .numeric(states: 1) { t, y, p in [y[0], y[0]] },
    ] {
      XCTAssertEqual(
        failure { try wrong.solve(from: [1], over: 0...1) }?.reason, .slopeCount(found: 2, expected: 1))
    }
  }

  func testASlopeThatIsNotFiniteAtTheStartIsNamed() {
    let equation = DifferentialEquation(states: 2) { t, y, p in [y[0], 1 / t] }
    XCTAssertEqual(
      failure { try equation.solve(from: [1, 1], over: 0...1) }?.reason,
      .slopeNotFinite(state: 1, found: .infinity, time: 0))
  }

  func testASingularityIsAnUnderflowWithTheSolutionBeforeIt() throws {
    let explosion = DifferentialEquation(states: 1) { t, y, p in [y[0].squared()] }  // y = 1 / (1 - t)
    for method in [IntegrationMethod.dormandPrince5, .tsitouras5, .dormandPrince8, .rodas4] {
      let error = try XCTUnwrap(failure { try explosion.solve(from: [1], over: 0...2, method: method) })
      switch error.reason {
      case .stepUnderflow(state: 0, let time, _): XCTAssertEqual(time, 1, accuracy: 1e-5)
      case .slopeNotFinite(state: 0, _, let time): XCTAssertEqual(time, 1, accuracy: 1e-5)
      default: XCTFail("\(method): \(error)")
      }
      XCTAssertEqual(try XCTUnwrap(error.partial)(at: 0.5)[0], 2, accuracy: 1e-4)
    }
  }

  func testAStateThatLeavesTheDomainIsNamedWithItsTime() throws {
    let equation = DifferentialEquation(states: 1) { t, y, p in [-1 / Value.sqrt(y[0])] }  // y^1.5 = 1 - 1.5 t
    let error = try XCTUnwrap(failure { try equation.solve(from: [1], over: 0...1, method: .tsitouras5) })
    switch error.reason {
    case .slopeNotFinite(_, _, let time), .stepUnderflow(_, let time, _): XCTAssertEqual(time, 2.0 / 3, accuracy: 1e-4)
    default: XCTFail("\(error)")
    }
  }

  func testTooManyStepsKeepTheSolutionSoFar() throws {
    let options = SolverOptions(maximumSteps: 10)
    let error = try XCTUnwrap(failure { try decay.solve(from: [1], parameters: [1], over: 0...1000, options: options) })
    guard case .tooManySteps(limit: 10, let time, _) = error.reason else { return XCTFail("\(error)") }
    XCTAssertEqual(error.partial?.times.last, time)
    XCTAssertTrue(error.description.contains("maximumSteps"))
  }

  func testAStiffEquationIsNamedByExplicitMethods() throws {
    let equation = DifferentialEquation(states: 1) { t, y, p in [-1e6 * (y[0] - cos(t))] }
    for method in [IntegrationMethod.dormandPrince5, .tsitouras5, .dormandPrince8] {
      let error = try XCTUnwrap(failure { try equation.solve(from: [1], over: 0...10, method: method) })
      guard case .stiff(let time, let size) = error.reason else { return XCTFail("\(error)") }
      XCTAssertLessThan(size, 1e-5)
      XCTAssertEqual(try XCTUnwrap(error.partial)(at: time / 2)[0], Double.cos(time / 2), accuracy: 1e-5)
      XCTAssertTrue(error.description.contains(".rodas4"))
    }
    let solution = try equation.solve(from: [1], over: 0...10)
    XCTAssertEqual(solution(at: 7)[0], Double.cos(7), accuracy: 1e-5)
  }
}
