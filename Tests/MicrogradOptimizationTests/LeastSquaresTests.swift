import Micrograd
import MicrogradOptimization
import TestSupport
import XCTest

final class LeastSquaresTests: XCTestCase {
  func testThreeEquationsForTwoNumbers() throws {
    // JᵀJ = [[2, 1], [1, 2]]; the residuals are 0.1, 0.1 and -0.1 at the minimum.
    let fit = try leastSquares({ p in [p[0] - 1, p[1] - 2, p[0] + p[1] - 3.3] }, from: [0, 0])
    XCTAssertEqual(fit.parameters[0], 1.1, accuracy: 1e-14)
    XCTAssertEqual(fit.parameters[1], 2.1, accuracy: 1e-14)
    XCTAssertEqual(fit.residualSumOfSquares, 0.03, accuracy: 1e-15)
    XCTAssertEqual(fit.degreesOfFreedom, 1)
    XCTAssertEqual(try XCTUnwrap(fit.covariance)[0][0], 0.02, accuracy: 1e-14)
    XCTAssertEqual(try XCTUnwrap(fit.covariance)[0][1], -0.01, accuracy: 1e-14)
    XCTAssertEqual(try XCTUnwrap(fit.correlation), [[1, -0.5], [-0.5, 1]], accuracy: 1e-14)
    XCTAssertTrue(fit.isConverged)
  }

  func testAsManyEquationsAsNumbersAreSolvedWithoutAScatter() throws {
    let fit = try leastSquares({ x in [10 * (x[1] - x[0].squared()), 1 - x[0]] }, from: [-1.2, 1])
    XCTAssertEqual(fit.parameters, [1, 1], accuracy: 1e-12)
    XCTAssertEqual(fit.degreesOfFreedom, 0)
    XCTAssertNil(fit.residualStandardDeviation)
    XCTAssertNil(fit.covariance)
    XCTAssertEqual(fit.rank, 2)
  }

  func testPowellsSingularSystemIsSolvedThoughItsJacobianLosesItsRank() throws {
    let (five, ten) = (5.0.squareRoot(), 10.0.squareRoot())
    let fit = try leastSquares(
      { x in
        [x[0] + 10 * x[1], five * (x[2] - x[3]), (x[1] - 2 * x[2]).squared(), ten * (x[0] - x[3]).squared()]
      }, from: [3, -1, 0, 1])
    XCTAssertEqual(fit.parameters, [0, 0, 0, 0], accuracy: 1e-6)
  }

  func testABadlyConditionedCovarianceKeepsTheDigitsThatNormalEquationsLose() throws {
    let right = Fixture.fits.polynomial
    let fit = try fitCurve(x: right.x, y: right.y, from: right.parameters.map { _ in 0 }) { b, x in
      b.reversed().reduce(Value.constant(0)) { $0 * x + $1 }
    }
    XCTAssertEqual(fit.rank, 9)
    for (found, exact) in zip(fit.parameters, right.parameters) {
      XCTAssertEqual(found, exact, accuracy: 1e-9 * abs(exact))
    }
    for (found, exact) in zip(try XCTUnwrap(fit.covariance).joined(), right.covariance.joined()) {
      XCTAssertEqual(found, exact, accuracy: 1e-9 * abs(exact))
    }
  }

  func testParametersThatOnlyTheirProductShowsAreReported() throws {
    let x = [1.0, 2, 3, 4]
    let fit = try fitCurve(x: x, y: [2.1, 3.9, 6.2, 7.8], from: [1, 1, 0]) { b, x in b[0] * b[1] * x + b[2] }
    XCTAssertEqual(fit.rank, 2)
    XCTAssertEqual(fit.undetermined, [0, 1])
    XCTAssertTrue(fit.isRankDeficient)
    XCTAssertNil(fit.covariance)
    XCTAssertNil(fit.standardErrors)
    // The line itself is determined: slope Σ(x - 2.5)(y - 5) / Σ(x - 2.5)² = 9.7 / 5.
    XCTAssertEqual(fit.parameters[0] * fit.parameters[1], 1.94, accuracy: 1e-10)
    XCTAssertEqual(fit.parameters[2], 0.15, accuracy: 1e-10)
  }

  func testAParameterThatNothingDependsOnIsReported() throws {
    let fit = try leastSquares({ p in [p[0] - 1, p[0] - 2] }, from: [0, 7])
    XCTAssertEqual(fit.parameters, [1.5, 7], accuracy: 1e-15)
    XCTAssertEqual(fit.undetermined, [1])
    XCTAssertEqual(fit.rank, 1)
  }

  func testStepsIntoWhatIsNotFiniteAreShortened() throws {
    let fit = try leastSquares({ p in [log(p[0]) + 8, p[0] * 0] }, from: [30])
    XCTAssertEqual(fit.parameters[0], 0.00033546262790251185, accuracy: 1e-15)  // exp(-8)
  }

  func testAKinkIsReportedAsNotDifferentiable() throws {
    let fit = try leastSquares({ p in [(p[0].data < 0.3 ? 0.3 - p[0] : 2 * p[0] - 0.6) + 1] }, from: [2])
    XCTAssertEqual(fit.parameters, [0.3], accuracy: 1e-6)
    XCTAssertEqual(fit.reason, .notDifferentiable)
    XCTAssertFalse(fit.isConverged)
  }

  func testADerivativeThatIsNotFiniteShortensTheStep() throws {
    // The root has an infinite derivative at 0, to which the first step leads.
    let fit = try leastSquares({ p in [p[0].data < 0.2 ? Value.sqrt(p[0] - p[0].data) : p[0] - 0.1] }, from: [0.5])
    XCTAssertEqual(fit.parameters, [0.2], accuracy: 1e-6)
  }

  func testAResidualThatIsAlreadyZeroNeedsNoIteration() throws {
    let fit = try leastSquares({ p in [p[0] - 1, 2 * p[0] - 2] }, from: [1])
    XCTAssertEqual(fit.iterations, 0)
    XCTAssertEqual(fit.residualSumOfSquares, 0)
    XCTAssertTrue(fit.isConverged)
  }

  func testAResidualMayBeAConstant() throws {
    let fit = try leastSquares({ p in [p[0] - 1, .constant(2)] }, from: [0])
    XCTAssertEqual(fit.parameters, [1], accuracy: 1e-15)
    XCTAssertEqual(fit.residualSumOfSquares, 4)
  }

  func testNothingStaysOnTheTape() throws {
    let tape = Tape()
    try tape.use {
      _ = try leastSquares({ p in [p[0].squared() - 2, p[0] - 1] }, from: [3])
      XCTAssertEqual(tape.nodeCount, 0)
    }
  }
}
