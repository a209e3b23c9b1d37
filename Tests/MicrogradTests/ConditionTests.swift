import Micrograd
import XCTest

final class ConditionTests: XCTestCase {
  func testAnUntakenBranchOfInfiniteSlopeHasGradientZero() {
    let x = Value(0.0)
    let y = select(x > 0, sqrt(x), 0)
    XCTAssertEqual(y.operation?.name, "select")
    y.backward()
    XCTAssertEqual(x.grad, 0)
    XCTAssertEqual(derivative(at: 0, order: 2) { x in select(x > 0, sqrt(x), 0) }, 0)
    XCTAssertEqual(directionalDerivative(at: [0], along: [1]) { x in select(x[0] > 0, sqrt(x[0]), 0) }, 0)
  }

  func testEveryComparisonIsACondition() {
    for (a, b) in [(1.0, 2.0), (2, 2), (3, 2), (.nan, 2)] {
      let x = Value(a), y = Value(b)
      let taken = [
        select(x < y, x, y), select(x <= y, x, y), select(x > y, x, y), select(x >= y, x, y), select(x == y, x, y),
        select(x != y, x, y),
      ]
      let expected = [a < b, a <= b, a > b, a >= b, a == b, a != b].map { $0 ? a : b }
      XCTAssertEqual(taken.map(\.data.bitPattern), expected.map(\.bitPattern))
      XCTAssertTrue(taken.allSatisfy { $0.operation?.name == "select" })
      let ofNumbers = [
        select(x < b, x, y), select(x <= b, x, y), select(x > b, x, y), select(x >= b, x, y), select(x == b, x, y),
        select(x != b, x, y),
      ]
      XCTAssertEqual(ofNumbers.map(\.data.bitPattern), expected.map(\.bitPattern))
    }
  }

  func testAConditionIsLookedAtAgain() {
    Tape.scope {
      let x = Value(2.0), y = select(x > 1, x.squared(), 10)
      XCTAssertEqual(y.data, 4)
      x.data = 0.5
      Tape.current.recompute()
      XCTAssertEqual(y.data, 10)
      x.data = 3
      Tape.current.recompute()
      y.backward()
      XCTAssertEqual([y.data, x.grad], [9, 6])
    }
  }

  func testElsewhereComparisonsAreBools() {
    let x = Value(0.5)
    let isLarge = x > 1
    XCTAssertEqual((isLarge ? x : 2 * x).operation?.name, "multiply_constant")
    let isBetween: Bool = x > 0 && x < 1
    XCTAssertTrue(isBetween)
    if x > 1 || x == 0.25 { XCTFail("not so") }
  }

  func testConstantsAreChosenWithoutNodes() {
    let x = Value.constant(2), y = select(x > 1, x, .constant(3))
    XCTAssertTrue(y.isConstant)
    XCTAssertEqual(y.data, 2)
  }
}
