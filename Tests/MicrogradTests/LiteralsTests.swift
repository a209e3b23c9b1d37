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

  func testValuesOfLiteralsAndOfIntegersAreLeaves() {
    Tape.scope {
      let n = 3
      let x = Value(n)
      let y = Value(2.5)
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

  func testPowersOfLiteralsBindToTheRightAndAreNumbers() {
    let x = Value(3)
    XCTAssertEqual((x ** 2 ** 3).data, 6561)
    XCTAssertEqual((x ** (1 / 2)).data, 3.0.squareRoot())
    XCTAssertEqual(pow(x, 1 / 2).data, 3.0.squareRoot())
    XCTAssertEqual(nodes { $0 ** 2 ** 3 }, 1)
    let n = 2, m = 3
    XCTAssertEqual((x ** n).operation?.name, "square")
    XCTAssertEqual((x ** (n / m)).data, 1, "integers divide as integers")
  }

  func testPowersOfPlainNumbersArePlain() {
    let x = -1.5, n = 2
    var y = x ** 2
    XCTAssertEqual([y, x ** 3, 2 ** 0.5, x ** n, 2 ** 3 ** 2], [2.25, -3.375, 2.0.squareRoot(), 2.25, 512])
    y **= 0.5
    XCTAssertEqual(y, 1.5)
    // The line of Karpathy's lecture.
    Tape.scope {
      let o = Value(0.75), n = Value(1)
      n.grad = 1 - o.data ** 2
      XCTAssertEqual(n.grad, 0.4375)
    }
  }

  func testPowersOfVectorsAreOfEachElement() {
    XCTAssertEqual(
      SIMD4<Double>(1, 2, 3, 4) ** SIMD4<Double>(2, 3, 0.5, -1), SIMD4<Double>(1, 8, 3.0.squareRoot(), 0.25))
  }

  func testSumsOfPlainNumbersArePlain() {
    let numbers: [Double] = [[1.0, 2.0].sum(), [1.0, 2.0].mean(), (1...4).map { Double($0) }.sum()]
    XCTAssertEqual(numbers, [3, 1.5, 10])
    XCTAssertEqual([Value(1), Value(2)].sum().operation?.symbol, "sum")
  }

  func testIdentitiesTellNodesApart() {
    let x = Value(2), y = Value(2), copy = x
    XCTAssertEqual(x, y)
    XCTAssertNotEqual(x.id, y.id)
    XCTAssertEqual(x.id, copy.id)
    XCTAssertEqual(Set([x, y, copy].map(\.id)).count, 2)
    let names = Dictionary(uniqueKeysWithValues: [(x.id, "x"), (y.id, "y")])
    XCTAssertEqual((x * y).operands.map { names[$0.id] }, ["x", "y"])
    XCTAssertEqual(Value.constant(1).id, Value.constant(1).id)
    XCTAssertNotEqual(Value.constant(0).id, Value.constant(-0.0).id)
  }

  func testIdentitiesOfTwoTapesDiffer() {
    let other = Tape()
    let x = Tape.scope { Value(1).id }
    XCTAssertNotEqual(x, other.scope { Value(1).id })
  }
}
