import Micrograd
import MicrogradDynamics
import XCTest

final class FormsTests: XCTestCase {
  func testAnEquationDescribesItself() throws {
    struct Decay: DynamicalSystem {
      let stateCount = 1, parameterCount = 1
      func slopes<T: DifferentiableNumber>(at t: T, _ y: [T], _ p: [T]) -> [T] { [-p[0] * y[0]] }
    }
    let equation = DifferentialEquation(states: 2, parameters: 1) { t, y, p in [y[1], -p[0] * y[0]] }
    let counts = "differential equation of 2 states and 1 parameter; the right-hand side "
    XCTAssertEqual("\(equation)", counts + "is compiled at the first solution")
    _ = try equation.solve(from: [1, 0], parameters: [4], over: 0...1)
    XCTAssertEqual("\(equation)", counts + "is compiled")
    let reading = DifferentialEquation(states: 1) { t, y, p in [.constant(-y[0].data)] }
    _ = try reading.solve(from: [1], over: 0...1)
    let text = "\(reading)"
    XCTAssertTrue(
      text.hasPrefix("differential equation of 1 state and 0 parameters; the right-hand side is recorded"), text)
    XCTAssertTrue(text.contains("reads the number"), text)
    XCTAssertTrue("\(DifferentialEquation.numeric(states: 1) { t, y, p in y })".hasSuffix("computes plain numbers"))
    XCTAssertTrue("\(DifferentialEquation(Decay()))".hasSuffix("computes any number"))
  }

  func testAnIfOnValuesIsFollowed() throws {
    let equation = DifferentialEquation(states: 1) { t, y, p in t < 1 ? [.constant(1)] : [-y[0]] }
    let solution = try equation.solve(from: [0], over: 0...2, options: SolverOptions(largestStep: 0.01))
    XCTAssertEqual(solution(at: 0.9)[0], 0.9, accuracy: 1e-6)
    XCTAssertEqual(solution(at: 2)[0], Double.exp(-1), accuracy: 1e-5)
    XCTAssertEqual(solution.evaluation, .compiled)
  }

  func testParametersOfEachSolutionAreUsed() throws {
    let equation = DifferentialEquation(states: 1, parameters: 2) { t, y, p in [p[0] * y[0] + p[1]] }
    for (rate, source) in [(1.0, 0.5), (-2, 1), (0.1, -1)] {
      let end = try equation.solve(from: [1], parameters: [rate, source], over: 0...1)(at: 1)[0]
      XCTAssertEqual(end, (1 + source / rate) * Double.exp(rate) - source / rate, accuracy: 1e-5)
    }
  }

  func testCapturedLeavesHaveTheirCurrentNumbers() throws {
    let rate = Value(1)
    let equation = DifferentialEquation(states: 1) { t, y, p in [-rate * y[0]] }
    for number in [1.0, 3] {
      rate.data = number
      for method in [IntegrationMethod.tsitouras5, .rodas4] {
        let solution = try equation.solve(from: [1], over: 0...1, method: method)
        XCTAssertEqual(solution(at: 1)[0], Double.exp(-number), accuracy: 1e-6)
      }
    }
  }

  func testCompilationCanBeTurnedOff() throws {
    let equation = DifferentialEquation(states: 2) { t, y, p in [y[1], -y[0]] }
    let recorded = try equation.solve(from: [1, 0], over: 0...3, options: SolverOptions(compiles: false))
    guard case .recorded? = recorded.evaluation else { return XCTFail("\(String(describing: recorded.evaluation))") }
    let compiled = try equation.solve(from: [1, 0], over: 0...3)
    XCTAssertEqual(compiled.evaluation, .compiled)
    XCTAssertEqual(compiled.states, recorded.states)
    let again = try equation.solve(from: [1, 0], over: 0...3, options: SolverOptions(compiles: false))
    XCTAssertEqual(again.evaluation, recorded.evaluation)
  }

  func testASolutionLeavesNothingOnTheTape() throws {
    try Tape.scope {
      let before = Tape.current.nodeCount
      let equation = DifferentialEquation(states: 1) { t, y, p in [y[0].data > 0.5 ? -y[0] : -2 * y[0]] }
      _ = try equation.solve(from: [1], over: 0...1)
      let compiled = DifferentialEquation(states: 1) { t, y, p in [-y[0]] }
      _ = try compiled.solve(from: [1], over: 0...1, method: .rodas4)
      XCTAssertEqual(Tape.current.nodeCount, before)
    }
  }

  func testPlainNumbersHaveNoEvaluation() throws {
    let equation = DifferentialEquation.numeric(states: 1) { t, y, p in [-y[0]] }
    XCTAssertNil(try equation.solve(from: [1], over: 0...1).evaluation)
  }

  func testTheEndsOfASolutionAreExact() throws {
    let equation = DifferentialEquation.numeric(states: 1) { t, y, p in [-y[0]] }
    let solution = try equation.solve(from: [1], at: 2, to: 1)
    XCTAssertEqual(solution(at: 2), [1])
    XCTAssertEqual(solution(at: 1), solution.states.last)
    XCTAssertEqual("\(solution)".components(separatedBy: " in ").first, "from time 2.0 to 1.0")
  }
}
