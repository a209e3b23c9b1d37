import Micrograd
import MicrogradOptimization
import TestSupport
import XCTest

final class BoundedFitTests: XCTestCase {
  func testABoundThatHoldsMakesItsParameterAGivenOne() throws {
    let set = try XCTUnwrap(Fixture.nist.sets.first { $0.name == "Misra1a" })
    let bounded = try fitCurve(inputs: set.x, y: set.y, from: [150, 5e-4], bounds: [0...200, 0...1]) { b, x in
      b[0] * (1 - exp(-b[1] * x[0]))
    }
    let given = try fitCurve(inputs: set.x, y: set.y, from: [5e-4]) { b, x in 200 * (1 - exp(-b[0] * x[0])) }
    XCTAssertEqual(bounded.parameters[0], 200)
    XCTAssertEqual(bounded.parameters[1], given.parameters[0], accuracy: 1e-13)
    XCTAssertEqual(bounded.residualSumOfSquares, given.residualSumOfSquares, accuracy: 1e-12)
    XCTAssertEqual(bounded.heldByBounds, [0])
    XCTAssertEqual(bounded.degreesOfFreedom, given.degreesOfFreedom)
    let errors = try XCTUnwrap(bounded.standardErrors)
    XCTAssertEqual(errors[0], 0)
    XCTAssertEqual(errors[1], try XCTUnwrap(given.standardErrors)[0], accuracy: 1e-12)
    XCTAssertEqual(bounded.correlation, [[1, 0], [0, 1]])
    XCTAssertTrue(bounded.isConverged)
  }

  func testBoundsAroundTheMinimumChangeNothing() throws {
    let set = try XCTUnwrap(Fixture.nist.sets.first { $0.name == "Rat43" })
    for start in set.starts {
      let fit = try fitCurve(inputs: set.x, y: set.y, from: start, bounds: [0...2000, 0...20, 0...20, 0.01...20]) {
        NISTModels.value(set.name, $0, $1)
      }
      for (found, certified) in zip(fit.parameters, set.parameters) {
        XCTAssertEqual(found, certified, accuracy: abs(certified) * 1e-8)
      }
      XCTAssertEqual(fit.heldByBounds, [])
    }
  }

  func testRandomLinearFitsEndWhereTheyWereMadeToEnd() throws {
    for seed in 1...30 {
      let problem = BoundedQuadratic(seed: UInt64(seed), count: 3 + seed % 10)
      let fit = try leastSquares(problem.residuals, from: problem.start, bounds: problem.bounds)
      XCTAssertTrue(fit.isConverged, "seed \(seed): \(fit.reason)")
      for (found, expected) in zip(fit.parameters, problem.minimum) {
        XCTAssertEqual(found, expected, accuracy: 1e-8, "seed \(seed)")
      }
    }
  }

  func testResidualsAreNeverAskedOutside() throws {
    _ = try leastSquares(
      { x in
        XCTAssertTrue((-2...0.5).contains(x[0].data))
        return [10 * (x[1] - x[0].squared()), 1 - x[0]]
      }, from: [-1.2, 1], bounds: [-2...0.5, -.infinity ... .infinity])
  }

  func testEveryParameterMayBeFixed() throws {
    let fit = try leastSquares({ p in [p[0] - 1, p[0] - 3] }, from: [5], bounds: [5...5])
    XCTAssertEqual(fit.parameters, [5])
    XCTAssertEqual(fit.heldByBounds, [0])
    XCTAssertEqual(fit.rank, 0)
    XCTAssertEqual(fit.degreesOfFreedom, 2)
    XCTAssertTrue(fit.isConverged)
  }
}
