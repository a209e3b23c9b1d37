import Micrograd
import TestSupport
import XCTest

@testable import MicrogradOptimization

final class ConfidenceIntervalTests: XCTestCase {
  func testQuantilesAreSciPysToTwelveDigits() {
    XCTAssertEqual(Fixture.intervals.quantiles.count, 19 * 7)
    for expected in Fixture.intervals.quantiles {
      let found = StudentT.quantile(level: expected.level, degreesOfFreedom: expected.degreesOfFreedom)
      XCTAssertEqual(found, expected.t, accuracy: 1e-12 * expected.t, "\(expected)")
    }
  }

  func testQuantilesOfExtremeLevelsAreFinite() {
    for freedom in [1, 2, 1000, Int.max] {
      for level in [Double.leastNonzeroMagnitude, 1e-10, 1 - Double.ulpOfOne] {
        let found = StudentT.quantile(level: level, degreesOfFreedom: freedom)
        XCTAssertTrue(found.isFinite && found >= 0, "\(freedom), \(level): \(found)")
      }
    }
  }

  func testHalfWidthsAreStandardErrorsTimesTheQuantile() throws {
    for expected in Fixture.intervals.statistics {
      let fit = try expected.fit()
      for (level, widths) in [(0.95, expected.halfWidths95), (0.68, expected.halfWidths68)] {
        let found = try fit.confidenceIntervals(level: level)
        for (k, width) in widths.enumerated() {
          let p = expected.parameters[k]
          XCTAssertEqual(found[k].lowerBound, p - width, accuracy: 1e-8 * width + 1e-11 * abs(p), expected.model)
          XCTAssertEqual(found[k].upperBound, p + width, accuracy: 1e-8 * width + 1e-11 * abs(p), expected.model)
        }
      }
    }
  }

  func testTheIntervalOfAParameterThatABoundHoldsIsOneNumber() throws {
    let fit = try fitCurve(
      x: [0, 1, 2, 3], y: [1, 3.1, 4.9, 7.2], from: [0, 0], bounds: [0...0.5, -10...10], model: fixtureModel("line"))
    XCTAssertEqual(fit.heldByBounds, [0])
    XCTAssertEqual(try fit.confidenceIntervals()[0], 0.5...0.5)
    XCTAssertGreaterThan(try fit.confidenceIntervals()[1].upperBound, fit.parameters[1])
  }

  func testAsManyParametersAsPointsLeaveNoInterval() throws {
    let fit = try fitCurve(x: [0, 1], y: [1, 3], from: [0, 0], model: fixtureModel("line"))
    assertThrows(.noDegreesOfFreedom(points: 2, parameters: 2)) { try fit.confidenceIntervals() }
  }

  func testKnownDeviationsNeedNoDegreesOfFreedom() throws {
    let fit = try fitCurve(
      x: [0, 1], y: [1, 3], from: [0, 0], weighting: .standardDeviations([0.1, 0.2]), model: fixtureModel("line"))
    let width = try fit.confidenceIntervals(level: 0.95)[0].upperBound - 1
    XCTAssertEqual(width, 0.1 * 1.959963984540054, accuracy: 1e-12)
  }

  func testUndeterminedParametersAreNamed() throws {
    let fit = try fitCurve(x: [0, 1, 2], y: [1, 3, 5], from: [1, 1, 1]) { p, x in p[0] + p[1] + p[2] * x }
    assertThrows(.undeterminedParameters(["p[0]", "p[1]"])) { try fit.confidenceIntervals() }
  }

  func testAFitThatHasNotConvergedHasNoInterval() throws {
    let set = Fixture.intervals.statistics[0]
    let fit = try fitCurve(
      x: set.x, y: set.y, from: [10, 10], options: FitOptions(maximumIterations: 1), model: fixtureModel(set.model))
    assertThrows(.notConverged(.maximumIterations)) { try fit.confidenceIntervals() }
  }

  private func assertThrows(_ expected: OptimizationError, line: UInt = #line, _ body: () throws -> some Any) {
    XCTAssertThrowsError(try body(), line: line) { XCTAssertEqual($0 as? OptimizationError, expected, line: line) }
  }
}
