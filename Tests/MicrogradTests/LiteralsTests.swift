import Micrograd
import XCTest

/// What a literal means where the library is imported.
final class LiteralsTests: XCTestCase {
  func testPlainArithmeticStaysDouble() {
    let a = 1 - 1e-8
    let b = 2 * 3.5
    let c = (0, 1 + 2.5)
    let quotient = 2 * 3 / 4.0
    let d = -1.5 + quotient
    let w = 3.0
    let e = w * 2 + 1 / w - (2 - w)
    let numbers: [Double] = [a, b, c.1, d, e]
    XCTAssertEqual(numbers, [0.99999999, 7, 3.5, 0, 7 + 1.0 / 3])
  }

  private func nodes(_ body: (Value) -> Value) -> Int {
    Tape.scope {
      let x = Value(3.0)
      let before = Tape.current.nodeCount
      _ = body(x)
      return Tape.current.nodeCount - before
    }
  }

  func testALiteralBesideAnOperatorMakesNoNode() {
    XCTAssertEqual(nodes { 2 * $0 }, 1)
    XCTAssertEqual(nodes { $0 * 2 }, 1)
    XCTAssertEqual(nodes { 2.5 * $0 }, 1)
    XCTAssertEqual(nodes { $0 * 2.5 }, 1)
    XCTAssertEqual(nodes { $0 + 1 }, 1)
    XCTAssertEqual(nodes { 1 + $0 }, 1)
    XCTAssertEqual(nodes { $0 - 1.5 }, 1)
    XCTAssertEqual(nodes { 1.5 - $0 }, 1)
    XCTAssertEqual(nodes { $0 / 2 }, 1)
    XCTAssertEqual(nodes { 2 / $0 }, 1)
    XCTAssertEqual(nodes { $0 ** 2 }, 1)
    XCTAssertEqual(nodes { $0 ** 2.5 }, 1)
    XCTAssertEqual(nodes { 2 ** $0 }, 1)
  }

  func testAPlainNumberInALongerExpressionMakesNoNode() {
    let w = 0.5
    XCTAssertEqual(nodes { $0 * w }, 1)
    XCTAssertEqual(nodes { w / $0 }, 1)
    XCTAssertEqual(nodes { w * 2 * $0 }, 1)
    XCTAssertEqual(nodes { $0 * 2 * w }, 2)
    XCTAssertEqual(nodes { 1 - 2 * $0 }, 2)
    XCTAssertEqual(nodes { w - 2 * $0 }, 2)
    XCTAssertEqual(nodes { (w + 1) * ($0 + 1) }, 2)
    XCTAssertEqual(nodes { (1 - $0) ** 2 * 100 }, 3)
    XCTAssertEqual(nodes { 1 / (1 + 0.5 * $0) }, 3)
    XCTAssertEqual(nodes { 1.5 * 2 * $0 }, 1)
    XCTAssertEqual(nodes { 2 * $0 + $0 * 3 }, 3)
  }

  func testCompoundAssignmentOfALiteralMakesOneNode() {
    XCTAssertEqual(
      nodes { x in
        var y = x
        y += 1
        y -= 2.5
        y *= 2
        y /= 4
        y **= 3
        return y
      }, 5)
  }

  func testALiteralWhereAValueIsCalledForIsALeaf() {
    Tape.scope {
      let x: Value = 3
      let y: Value = 2.5
      (x * y).backward()
      XCTAssertEqual([x.grad, y.grad], [2.5, 3])
      XCTAssertEqual(Value(3).data, 3)
    }
  }

  func testComparingPlainNumbersRecordsNothing() {
    let w = 0.5
    XCTAssertEqual(nodes { w < 1 && w != 2 && 1 > w && !(w == 3) ? $0 : -$0 }, 0)
    XCTAssertEqual(nodes { $0 > w && $0 != w && w < $0 ? $0 : -$0 }, 0)
    XCTAssertEqual(nodes { $0 > 0 && $0 != 2.5 && 1 < $0 && $0 == 3 ? $0 : -$0 }, 0)
  }
}
