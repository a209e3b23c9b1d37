import Micrograd
import MicrogradOptimization
import TestSupport
import XCTest

/// Fits of numbers that are very large, very small, zero, or not smooth.
final class FitScalesTests: XCTestCase {
  func testAParameterOfFifteenDecimalsBesideOneOfOrdinarySizeIsFitted() throws {
    let right = Fixture.fits.photoelectric
    for start in [[4e-15, -1], [0, 0], [1e-20, 1e5]] {
      try assertFit(right, from: start) { p, x in p[0] * x + p[1] }
    }
  }

  func testSquaresMayOverflowOrUnderflow() throws {
    for right in Fixture.fits.decays {
      let size = try XCTUnwrap(right.size)
      try assertFit(right, from: [size / 3, 1]) { p, x in p[0] * exp(-p[1] * x) }
    }
  }

  private func assertFit(
    _ right: FitsFixture.Curve, from start: [Double], _ model: ([Value], Double) -> Value, line: UInt = #line
  ) throws {
    let fit = try fitCurve(x: right.x, y: right.y, from: start, model: model)
    XCTAssertTrue(fit.isConverged, "\(fit.reason)", line: line)
    XCTAssertLessThan(fit.iterations, 15, line: line)
    func assertNear(_ found: Double, _ expected: Double, _ accuracy: Double) {
      XCTAssertEqual(found / expected, 1, accuracy: accuracy, line: line)
    }
    for k in start.indices {
      assertNear(fit.parameters[k], right.parameters[k], 1e-10)
      assertNear(try XCTUnwrap(fit.standardErrors)[k], right.standardErrors[k], 1e-9)
    }
    assertNear(try XCTUnwrap(fit.residualStandardDeviation), right.residualStandardDeviation, 1e-10)
  }

  func testSubnormalResidualsAreFittedToTheirFewDigits() throws {
    // 1e-320 is 2024 times the smallest number.
    let x = (1...10).map(Double.init)
    let unit = Double.leastNonzeroMagnitude
    let fit = try fitCurve(x: x, y: x.map { (2000 * exp(-0.3 * $0)).rounded() * unit }, from: [1000 * unit, 0.2]) {
      p, x in
      p[0] * exp(-p[1] * x)
    }
    XCTAssertTrue(fit.isConverged, "\(fit.reason)")
    XCTAssertEqual(fit.parameters[0] / unit, 2000, accuracy: 4)
    XCTAssertEqual(fit.parameters[1], 0.3, accuracy: 1e-3)
  }

  func testDataThatAreAllZeroAreFittedByZero() throws {
    let x = (1...10).map(Double.init)
    let zeros = x.map { _ in 0.0 }
    let line = try fitCurve(x: x, y: zeros, from: [1, 0.2]) { p, x in p[0] + p[1] * x }
    XCTAssertEqual(line.parameters, [0, 0], accuracy: 1e-200)
    XCTAssertTrue(line.isConverged)
    let decay = try fitCurve(x: x, y: zeros, from: [1, 0.2]) { p, x in p[0] * exp(-p[1] * x) }
    XCTAssertEqual(decay.parameters[0], 0, accuracy: 1e-200)
    XCTAssertTrue(decay.isConverged)
    let atOnce = try fitCurve(x: x, y: zeros, from: [0, 0]) { p, x in p[0] + p[1] * x }
    XCTAssertEqual(atOnce.iterations, 0)
    XCTAssertTrue(atOnce.isConverged)
  }

  func testProgressIsAskedAndIterationsAreCountedWhateverTheNumbersAre() throws {
    let x = (1...10).map(Double.init)
    for size in [1e160, 1e300, 1.0, 1e-160, 1e-300] {
      let y = x.map { size * exp(-0.3 * $0) }
      func model(_ p: [Value], _ x: Double) -> Value { p[0] * exp(-p[1] * x) }
      let stopped = try fitCurve(x: x, y: y, from: [size / 2, 0.2], progress: { _ in .stop }, model: model)
      XCTAssertEqual(stopped.reason, .stopped, "\(size)")
      let limited = try fitCurve(
        x: x, y: y, from: [size / 2, 0.2], options: FitOptions(maximumIterations: 2), model: model)
      XCTAssertEqual(limited.reason, .maximumIterations, "\(size)")
      XCTAssertEqual(limited.iterations, 2, "\(size)")
    }
  }

  func testAStepThatIsNotFiniteIsReported() throws {
    // The minimum lies at 4e308, beyond the largest number.
    let fit = try leastSquares({ p in [0.1 * Double.leastNormalMagnitude * p[0] - 1] }, from: [0])
    XCTAssertEqual(fit.reason, .stepNotFinite)
    XCTAssertFalse(fit.isConverged)
  }

  func testKinksAndJumpsAreDistinguishedFromTheEdgeOfTheDomain() throws {
    let kink = try leastSquares({ p in [(p[0].data < 0 ? -p[0] : 2 * p[0]) + 1] }, from: [2])
    XCTAssertEqual(kink.reason, .notDifferentiable)
    let jump = try leastSquares({ p in [p[0].data < 0.3 ? 7 - p[0] : 1 * p[0]] }, from: [2])
    XCTAssertEqual(jump.reason, .notDifferentiable)
    let edge = try leastSquares({ p in [p[0].data < 0.3 ? p[0] * .nan : 1 * p[0]] }, from: [2])
    XCTAssertEqual(edge.reason, .stalled)
  }
}
