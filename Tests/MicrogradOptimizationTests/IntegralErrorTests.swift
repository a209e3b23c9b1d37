import Micrograd
import MicrogradOptimization
import XCTest

final class IntegralErrorTests: XCTestCase {
  private func error(line: UInt = #line, _ body: () throws -> some Any) -> OptimizationError? {
    var found: OptimizationError?
    XCTAssertThrowsError(try body(), line: line) { found = $0 as? OptimizationError }
    return found
  }

  func testALimitMustBeANumber() throws {
    guard case .invalidLimit = error({ try integralWithError(of: { (x: Double) in x }, from: 0, to: .nan) }) else {
      return XCTFail()
    }
    let infinite = Value(.infinity)
    XCTAssertEqual(
      error { try integral(of: { x in exp(-x) }, from: 0, to: infinite) }, .invalidLimit(found: .infinity))
  }

  func testAnIntegrandThatIsNotFiniteIsNamedWithItsPlace() {
    let found = error { try integralWithError(of: { (x: Double) in Double.log(x - 0.5) }, from: 0.25, to: 2) }
    guard case .integrandNotFinite(let position, let value) = found else { return XCTFail() }
    XCTAssertTrue(value.isNaN)
    XCTAssertLessThan(position, 0.5)
    XCTAssertEqual(
      "\(found!)", "the integrand is \(value) at \(position); end the range there, or define its value")
    XCTAssertEqual(
      error { try integral(of: { x in 1 / x }, from: Value(0), to: 1, absoluteTolerance: 1e9) },
      .integrandNotFinite(position: 0, found: .infinity))
  }

  func testADivergentIntegralNamesItsWorstInterval() {
    let found = error { try integralWithError(of: { (x: Double) in 1 / x }, from: 0, to: 1) }
    guard case .integralNotConverged(_, _, let worst, _, intervals: 500) = found else {
      return XCTFail("\(String(describing: found))")
    }
    XCTAssertEqual(worst.lowerBound, 0)
    XCTAssertLessThan(worst.upperBound, 1e-3)
  }

  func testAnIntegralThatOscillatesToInfinityIsAnErrorOfASizeThatIsANumber() {
    let waves: [(Double) -> Double] = [{ Double.sin($0) }, { Double.sin($0) / $0 }]
    for wave in waves {
      let found = error { try integralWithError(of: wave, from: 0, to: .infinity) }
      guard case .integralNotConverged(let estimate, let tolerance, _, _, _) = found else { return XCTFail() }
      XCTAssertGreaterThan(estimate, tolerance)
    }
  }

  func testAPoleInsideIsAnError() {
    switch error({ try integralWithError(of: { (x: Double) in 1 / (x - 0.3) }, from: 0, to: 1) }) {
    case .integralNotConverged(_, _, let worst, _, _):
      XCTAssertTrue(worst.contains(0.3) || abs(worst.lowerBound - 0.3) < 1e-6)
    case let other: XCTFail("\(String(describing: other))")
    }
  }

  func testTooFewIntervalsAreAnErrorThatSaysHowLargeTheErrorIs() {
    let found = error {
      try integralWithError(of: { (x: Double) in Double.cos(1000 * x) }, from: 0, to: 1, maximumIntervals: 4)
    }
    guard case .integralNotConverged(let estimate, let tolerance, let worst, let worstError, intervals: 4) = found
    else { return XCTFail() }
    XCTAssertGreaterThan(estimate, tolerance)
    XCTAssertTrue((0...1).contains(worst.upperBound))
    XCTAssertLessThanOrEqual(worstError, estimate)
    XCTAssertTrue("\(found!)".contains("after 4 intervals"))
    XCTAssertTrue("\(found!)".contains("allow more intervals"))
  }

  func testWhatAnIntegrandThrowsIsRethrown() {
    struct Failure: Error {}
    XCTAssertThrowsError(try integralWithError(of: { (_: Double) in throw Failure() }, from: 0, to: 1)) {
      XCTAssertTrue($0 is Failure)
    }
  }
}
