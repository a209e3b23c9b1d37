import Micrograd
import MicrogradDynamics
import XCTest

final class PublishedProblemsTests: XCTestCase {
  private let tight = SolverOptions(relativeTolerance: 1e-10)

  func testNonStiffProblemsReachTheirReferences() throws {
    // A step's error grows with the problem: about e^(0.9 t) for Lorenz, and by 10⁶ along Arenstorf's orbit.
    for (name, bound) in [
      ("lotkaVolterra", 1e-7), ("lorenz", 1e-5), ("brusselator", 1e-6), ("pleiades", 1e-4), ("arenstorf", 1e-3),
    ] {
      let problem = try TestProblem.named(name)
      for method in [IntegrationMethod.dormandPrince5, .tsitouras5, .dormandPrince8, .automatic] {
        let (error, solution) = try problem.error(method, tight)
        XCTAssertLessThan(error, bound, "\(name) by \(method): \(solution)")
        XCTAssertTrue(solution.steps.allSatisfy { $0.method != .rodas4 }, name)
      }
    }
  }

  /// The second and third states of Robertson's problem fall by nine powers of ten below the first.
  private func options(_ name: String) -> SolverOptions {
    SolverOptions(relativeTolerance: 1e-7, absoluteTolerance: name == "robertson" ? [1e-14, 1e-20, 1e-14] : .automatic)
  }

  func testStiffProblemsReachTheirReferences() throws {
    for (name, bound) in [("robertson", 1e-4), ("vanDerPol", 1e-4), ("brusselator", 1e-4)] {
      let problem = try TestProblem.named(name)
      let (error, solution) = try problem.error(.rodas4, options(name))
      XCTAssertLessThan(error, bound, "\(name): \(solution)")
      XCTAssertEqual(solution.evaluation, .compiled)
    }
  }

  func testTheAutomaticMethodChangesForStiffProblems() throws {
    for (name, bound) in [("robertson", 1e-4), ("vanDerPol", 1e-4)] {
      let (error, solution) = try TestProblem.named(name).error(.automatic, options(name))
      XCTAssertLessThan(error, bound, "\(name): \(solution)")
      XCTAssertEqual(solution.steps.first?.method, .tsitouras5)
      XCTAssertEqual(solution.steps.last?.method, .rodas4)
    }
  }

  func testLotkaVolterraKeepsItsInvariant() throws {
    let problem = try TestProblem.named("lotkaVolterra")
    let (_, solution) = try problem.error(.tsitouras5, tight)
    func invariant(_ y: [Double]) -> Double { y[0] - 3 * Double.log(y[0]) + y[1] - 1.5 * Double.log(y[1]) }
    for state in solution.states {
      XCTAssertEqual(invariant(state), invariant(problem.start), accuracy: 1e-7)
    }
  }

  func testRobertsonKeepsItsMass() throws {
    let solution = try TestProblem.robertson.solve(from: [1, 0, 0], over: 0...1e11, method: .rodas4)
    for state in solution.states { XCTAssertEqual(state.reduce(0, +), 1, accuracy: 1e-12) }
  }
}
