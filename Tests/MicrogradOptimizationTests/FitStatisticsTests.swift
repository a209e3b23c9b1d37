import Micrograd
import MicrogradOptimization
import TestSupport
import XCTest

final class FitStatisticsTests: XCTestCase {
  func testStatisticsAreThoseOfTheirFormulas() throws {
    XCTAssertEqual(Fixture.intervals.statistics.count, 5)
    for expected in Fixture.intervals.statistics {
      let fit = try expected.fit()
      XCTAssertEqual(fit.residualSumOfSquares, expected.residualSumOfSquares, accuracy: 1e-10)
      XCTAssertEqual(try XCTUnwrap(fit.rSquared), expected.rSquared, accuracy: 1e-12)
      XCTAssertEqual(try XCTUnwrap(fit.akaikeCriterion), expected.akaike, accuracy: 1e-9)
      XCTAssertEqual(try XCTUnwrap(fit.bayesianCriterion), expected.bayesian, accuracy: 1e-9)
      XCTAssertEqual(fit.reducedChiSquare == nil, expected.reducedChiSquare == nil)
      XCTAssertEqual(fit.reducedChiSquare ?? 0, expected.reducedChiSquare ?? 0, accuracy: 1e-12)
    }
  }

  func testStatisticsDoNotDependOnTheSizeOfTheNumbers() throws {
    for expected in Fixture.intervals.statistics where expected.kind != "deviations" {
      let size = 0x1p600
      let fit = try fitCurve(
        x: expected.x, y: expected.y.map { size * $0 }, from: expected.start, weighting: expected.weighting
      ) { p, x in size * fixtureModel(expected.model)(p, x) }
      XCTAssertEqual(fit.residualSumOfSquares, .infinity)
      XCTAssertEqual(try XCTUnwrap(fit.rSquared), expected.rSquared, accuracy: 1e-12)
      let change = 2 * Double(fit.pointCount) * log(size)
      XCTAssertEqual(try XCTUnwrap(fit.akaikeCriterion), expected.akaike + change, accuracy: 1e-8)
    }
  }

  func testTinyDeviationsDoNotOverflow() throws {
    let fit = try fitCurve(
      x: [0, 1, 2], y: [1e-170, 3.1e-170, 4.9e-170], from: [0, 0],
      weighting: .standardDeviations([1e-170, 1e-170, 1e-170]), model: fixtureModel("line"))
    let line = try fitCurve(x: [0, 1, 2], y: [1, 3.1, 4.9], from: [0, 0], model: fixtureModel("line"))
    XCTAssertEqual(try XCTUnwrap(fit.rSquared), try XCTUnwrap(line.rSquared), accuracy: 1e-12)
  }

  func testConstantResponsesHaveNoCoefficientOfDetermination() throws {
    XCTAssertNil(try fitCurve(x: [0, 1, 2], y: [2, 2, 2], from: [0, 0], model: fixtureModel("line")).rSquared)
    XCTAssertNil(try leastSquares({ p in [p[0] - 1, p[0] - 2] }, from: [0]).rSquared)
  }
}
