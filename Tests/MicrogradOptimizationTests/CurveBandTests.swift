import Micrograd
import MicrogradOptimization
import TestSupport
import XCTest

final class CurveBandTests: XCTestCase {
  func testBandsAreThoseOfTheirFormulas() throws {
    for expected in Fixture.intervals.statistics {
      let fit = try expected.fit()
      let band = try fit.band(at: expected.grid, noise: expected.noise, model: fixtureModel(expected.model))
      let scale = expected.prediction.max() ?? 1
      XCTAssertEqual(band.mean, expected.mean, accuracy: 1e-9 * scale, expected.model)
      XCTAssertEqual(band.standardErrors, expected.curveErrors, accuracy: 1e-9 * scale, expected.model)
      XCTAssertEqual(band.confidence, expected.confidence, accuracy: 1e-9 * scale, expected.model)
      XCTAssertEqual(try XCTUnwrap(band.prediction), expected.prediction, accuracy: 1e-9 * scale, expected.model)
      XCTAssertEqual(band.level, 0.95)
    }
  }

  func testABandOfALineIsThatOfItsFormula() throws {
    // Half width of the mean at x: t s √(1/n + (x - x̄)² / Sxx); of a new response: t s √(1 + 1/n + (x - x̄)² / Sxx).
    let x = [1.0, 2, 4, 7, 8], y = [2.1, 2.9, 5.2, 7.7, 9.4]
    let fit = try fitCurve(x: x, y: y, from: [0, 0], model: fixtureModel("line"))
    let s = try XCTUnwrap(fit.residualStandardDeviation), t = 3.182446305284263
    let mean = 22.0 / 5, sxx = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let grid = (0..<40).map { Double($0) / 3 - 2 }
    let band = try fit.band(at: grid, model: fixtureModel("line"))
    let parts = grid.map { 1 / 5.0 + ($0 - mean) * ($0 - mean) / sxx }
    XCTAssertEqual(band.confidence, parts.map { t * s * $0.squareRoot() }, accuracy: 1e-12)
    XCTAssertEqual(try XCTUnwrap(band.prediction), parts.map { t * s * (1 + $0).squareRoot() }, accuracy: 1e-12)
  }

  func testNamedModelsHaveTheSameBand() throws {
    let set = Fixture.intervals.statistics[0]
    func rate(_ p: NamedValues, _ x: Double) -> Value { p["fastest"] * x / (p["half"] + x) }
    let named = try fitCurve(x: set.x, y: set.y, from: ["fastest": 200, "half": 0.1], model: rate)
    let band = try named.band(at: set.grid, model: rate)
    XCTAssertEqual(band, try set.fit().band(at: set.grid, model: fixtureModel(set.model)))
    XCTAssertEqual(band, try named.band(inputs: set.grid, model: rate))
  }

  func testParametersThatDependOnEachOtherKeepTheirDigits() throws {
    // The variance of a parabola far from the origin is a small difference of large numbers.
    let x = (0..<8).map { 1000 + Double($0) }, y = x.indices.map { Double($0 * $0 % 5) }
    let far = try fitCurve(x: x, y: y, from: [0, 0, 0]) { p, x in p[0] + p[1] * x + p[2] * (x * x) }
    let near = try fitCurve(x: x, y: y, from: [0, 0, 0]) { p, x in
      p[0] + p[1] * (x - 1003.5) + p[2] * ((x - 1003.5) * (x - 1003.5))
    }
    let expected = try near.band(at: [1002.2]) { p, x in
      p[0] + p[1] * (x - 1003.5) + p[2] * ((x - 1003.5) * (x - 1003.5))
    }
    let found = try far.band(at: [1002.2]) { p, x in p[0] + p[1] * x + p[2] * (x * x) }
    XCTAssertEqual(found.confidence[0], expected.confidence[0], accuracy: 1e-8 * expected.confidence[0])
  }

  func testKnownDeviationsPredictNothingWithoutTheNoise() throws {
    let set = Fixture.intervals.statistics[3]
    XCTAssertNil(try set.fit().band(at: [1], model: fixtureModel(set.model)).prediction)
  }

  func testAParameterAtItsBoundAddsNothing() throws {
    let fit = try fitCurve(
      x: [0, 1, 2, 3], y: [1, 3.1, 4.9, 7.2], from: [0, 0], bounds: [0...0.5, -10...10], model: fixtureModel("line"))
    let band = try fit.band(at: [0, 2], model: fixtureModel("line"))
    XCTAssertEqual(band.standardErrors, [0, 2 * fit.standardErrors![1]], accuracy: 1e-14)
  }

  func testPointsAndCurvesMustBeFinite() throws {
    let fit = try fitCurve(x: [1, 2, 3], y: [1, 2, 4], from: [1, 1]) { p, x in p[0] + p[1] / x }
    XCTAssertThrowsError(try fit.band(at: [1, .nan]) { p, x in p[0] + p[1] / x }) {
      XCTAssertEqual($0 as? OptimizationError, .dataNotFinite(row: 1))
    }
    XCTAssertThrowsError(try fit.band(at: [1, 2, 0]) { p, x in p[0] + p[1] / x }) {
      guard case .bandNotFinite(point: 2, _)? = $0 as? OptimizationError else { return XCTFail("\($0)") }
      XCTAssertTrue("\($0)".hasSuffix("at point 2 of the band; leave the point out"), "\($0)")
    }
  }

  func testAFitWithoutErrorsHasNoBand() throws {
    let fit = try fitCurve(x: [0, 1], y: [1, 3], from: [0, 0], model: fixtureModel("line"))
    XCTAssertThrowsError(try fit.band(at: [1], model: fixtureModel("line"))) {
      XCTAssertEqual($0 as? OptimizationError, .noDegreesOfFreedom(points: 2, parameters: 2))
    }
  }
}
