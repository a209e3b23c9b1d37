import Micrograd
import MicrogradDynamics
import TestSupport
import XCTest

/// The method of order 8 beside SciPy's DOP853 (make_dormand_prince8.py).
final class DormandPrince8Tests: XCTestCase {
  private struct File: Decodable {
    struct Step: Decodable {
      let time: Double
      let size: Double
      let start: [Double]
      let end: [Double]
      let fractions: [Double]
      let between: [[Double]]
    }
    struct Solution: Decodable {
      let name: String
      let tolerance: Double
      /// By SciPy's solver, and by its formulas with this library's step control.
      let scipy: Counts
      let controlled: Counts
    }
    struct Counts: Decodable {
      let steps: Int
      let evaluations: Int
    }
    let step: Step
    let counts: [Solution]
  }

  func testAStepAndItsContinuousSolutionAreThoseOfSciPy() throws {
    let expected = try readFixture("dormand_prince8.json", File.self).step
    let tableau = RungeKuttaTableau.dormandPrince8
    let (end, stages) = tableau.step(from: expected.start, at: expected.time, size: expected.size) { t, y in
      [y[1], -3 * Double.sin(y[0]) - 0.2 * y[1] * y[1] + Double.cos(t)]
    }
    XCTAssertEqual(end, expected.end, accuracy: 1e-14)
    for (fraction, between) in zip(expected.fractions, expected.between) {
      XCTAssertEqual(
        tableau.interpolated(at: fraction, from: expected.start, size: expected.size, stages: stages), between,
        accuracy: 1e-13)
    }
  }

  func testStepsAndEvaluationsAreAboutAsManyAsThoseOfSciPy() throws {
    for expected in try readFixture("dormand_prince8.json", File.self).counts {
      let problem = try TestProblem.named(expected.name)
      let options = SolverOptions(
        relativeTolerance: expected.tolerance, absoluteTolerance: .same(expected.tolerance), firstStep: 1e-3,
        keepsSteps: false)
      let counts = try problem.error(.dormandPrince8, options).solution.counts
      let (steps, evaluations) = (Double(counts.acceptedSteps), Double(counts.evaluations))
      XCTAssertEqual(steps / Double(expected.controlled.steps), 1, accuracy: 0.01, "\(expected)")
      XCTAssertEqual(evaluations / Double(expected.controlled.evaluations), 1, accuracy: 0.01, "\(expected)")
      // The integral part of the control avoids rejected steps by steps that are a little smaller.
      XCTAssertEqual(steps / Double(expected.scipy.steps), 1, accuracy: 0.065, "\(expected)")
      XCTAssertLessThan(evaluations / Double(expected.scipy.evaluations), 1.03, "\(expected)")
    }
  }

  func testTheStagesOfTheContinuousSolutionAreComputedOnlyWhereItIsUsed() throws {
    let problem = try TestProblem.named("lorenz")
    func counts(_ keepsSteps: Bool, _ events: [StateEvent] = []) throws -> SolverCounts {
      try problem.equation.solve(
        from: problem.start, over: 0...problem.time, method: .dormandPrince8, events: events,
        options: SolverOptions(keepsSteps: keepsSteps)
      ).counts
    }
    let (whole, short) = try (counts(true), counts(false))
    let unused = StateEvent { t, y, p in y[0] - 1000 }
    XCTAssertEqual(whole.acceptedSteps, short.acceptedSteps)
    // Two evaluations choose the first step.
    XCTAssertEqual(short.evaluations, 2 + 12 * (short.acceptedSteps + short.rejectedSteps))
    XCTAssertEqual(whole.evaluations, short.evaluations + 3 * whole.acceptedSteps)
    XCTAssertEqual(try counts(false, [unused]).evaluations, whole.evaluations)
  }

  func testItReachesASmallerErrorWithHalfOfTheEvaluationsOfOrderFive() throws {
    for name in ["lorenz", "pleiades", "arenstorf"] {
      let problem = try TestProblem.named(name)
      func solved(_ method: IntegrationMethod, _ tolerance: Double) throws -> (error: Double, evaluations: Int) {
        let options = SolverOptions(relativeTolerance: tolerance, keepsSteps: false)
        let (error, solution) = try problem.error(method, options)
        return (error, solution.counts.evaluations)
      }
      let (found, other) = try (solved(.dormandPrince8, 1e-12), solved(.tsitouras5, 1e-11))
      XCTAssertLessThan(found.error, other.error, name)
      XCTAssertLessThan(2 * found.evaluations, other.evaluations, name)
      XCTAssertLessThan(3 * found.evaluations, try solved(.tsitouras5, 1e-12).evaluations, name)
    }
  }

  func testStiffEquationsAreNamedAsSuch() throws {
    let problem = try TestProblem.named("vanDerPol")
    do {
      _ = try problem.error(.dormandPrince8, SolverOptions(relativeTolerance: 1e-6))
      XCTFail("a stiff problem was solved by an explicit method")
    } catch let error as DynamicsError {
      guard case .stiff = error.reason else { return XCTFail("\(error)") }
    }
  }
}
