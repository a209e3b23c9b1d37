import Micrograd
import MicrogradOptimization
import TestSupport
import XCTest

final class BracketedRootTests: XCTestCase {
  func testRootsOfPlainFunctionsAreExactToRounding() throws {
    XCTAssertEqual(try bracketedRoot(of: { (x: Double) in x * x - 2 }, in: 0...2), 2.0.squareRoot(), accuracy: 3e-16)
    XCTAssertEqual(
      try bracketedRoot(of: { (x: Double) in Double.cos(x) - x }, in: 0...1), 0.7390851332151607, accuracy: 2e-16)
    XCTAssertEqual(
      try bracketedRoot(of: { (x: Double) in Double.exp(x) - 1e100 }, in: 0...1000), 100 * Double.log(10),
      accuracy: 1e-13)
    XCTAssertEqual(try bracketedRoot(of: { (x: Double) in x - 3 }, in: 3...5), 3)
    XCTAssertEqual(try bracketedRoot(of: { (x: Double) in x - 5 }, in: 3...5), 5)
  }

  func testTheFunctionIsNotEvaluatedOutsideOfTheRange() throws {
    for range in [0.1...4, 0.3...7, 1...1.5] {
      let x = try bracketedRoot(
        of: { (x: Double) in
          XCTAssertTrue(range.contains(x))
          return Double.log(x) - 0.3
        }, in: range)
      XCTAssertEqual(x, .exp(0.3), accuracy: 1e-15)
    }
    let p = Value(0.3)
    let x = try root(
      of: { x in
        XCTAssertTrue((1...1.5).contains(x.data))
        return log(x) - p
      }, in: 1...1.5)
    XCTAssertEqual(x.data, .exp(0.3), accuracy: 1e-15)
  }

  func testFewEvaluationsFindASmoothRootAndTriplesTakeNoMoreThanTwiceBisection() throws {
    var count = 0
    _ = try bracketedRoot(
      of: { (x: Double) in
        count += 1
        return x * x * x - 2 * x - 5
      }, in: 2...3)
    XCTAssertLessThanOrEqual(count, 12)
    count = 0
    let triple = try bracketedRoot(
      of: { (x: Double) in
        count += 1
        return (x - 1) * (x - 1) * (x - 1)
      }, in: 0...3)
    XCTAssertEqual(triple, 1, accuracy: 1e-15)
    XCTAssertLessThanOrEqual(count, 120)
  }

  func testRootsOfAnySizeHaveAllTheirDigits() throws {
    for size in [1e-300, 1e-30, 1e-9, 1, 1e12, 1e300] {
      XCTAssertEqual(try bracketedRoot(of: { (x: Double) in x / size - 1 }, in: -1...1e305) / size, 1, accuracy: 4e-16)
      XCTAssertEqual(
        try bracketedRoot(of: { (x: Double) in 1e-200 * Double.log(x / size) }, in: 1e-305...1e305) / size, 1,
        accuracy: 4e-16)
    }
    XCTAssertEqual(try bracketedRoot(of: { (x: Double) in x * x * x }, in: -1...2), 0)
  }

  func testTheRootOfAFunctionOfValuesHasDerivatives() throws {
    func solution(_ p: [Value]) -> Value { try! root(of: { x in x ** 3 + p[0] * x - p[1] }, in: 0...10) }
    // At p = (1, 10), x = 2: dx/dp0 = -2/13, dx/dp1 = 1/13; the second derivative by p1 is -6 x / 13³.
    XCTAssertEqual(gradient(at: [1, 10], of: solution), [-2.0 / 13, 1.0 / 13], accuracy: 1e-15)
    XCTAssertEqual(hessian(at: [1, 10], of: solution)[1][1], -12.0 / (13 * 13 * 13), accuracy: 1e-15)
  }

  func testTheSignMayChangeAtAJump() throws {
    XCTAssertEqual(try bracketedRoot(of: { (x: Double) in x < 0.3 ? -1 : 1 }, in: 0...1), 0.3, accuracy: 1e-16)
  }
}
