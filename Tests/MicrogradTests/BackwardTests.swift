import Micrograd
import XCTest

final class BackwardTests: XCTestCase {
  override func invokeTest() { Tape.scope { super.invokeTest() } }

  func testBackwardTwiceDoublesLeafGradients() {
    let x = Value(3)
    let y = x * x
    y.backward()
    y.backward()
    XCTAssertEqual(x.grad, 12)
  }

  func testBackwardTwiceLeavesInteriorGradientsRight() {
    let x = Value(3)
    let inner = 2 * x
    let y = inner * inner
    y.backward()
    y.backward()
    XCTAssertEqual([y.grad, inner.grad, x.grad], [1, 12, 48])
  }

  func testBackwardTwiceDoublesGradientsOfASumOfProducts() {
    let x = Value(3)
    let y = x + x * x
    y.backward()
    y.backward()
    XCTAssertEqual(x.grad, 14)
  }

  func testZeroGradientsForgetsAllSweeps() {
    let parameters = Parameters([5])
    let x = Value(3)
    let y = x * parameters[0]
    y.backward()
    Tape.current.zeroGradients()
    XCTAssertEqual([x.grad, parameters[0].grad, y.grad], [0, 0, 0])
    y.backward()
    XCTAssertEqual([x.grad, parameters[0].grad, y.grad], [5, 3, 1])
  }

  func testDiamondsAddUp() {
    let a = Value(1.5)
    let b = a + a
    let c = b + b
    c.backward()
    XCTAssertEqual([a.grad, b.grad, c.grad], [4, 2, 1])
  }

  func testSquareByMultiplicationHasTwiceTheNumberAsDerivative() {
    let x = Value(-7)
    (x * x).backward()
    XCTAssertEqual(x.grad, -14)
  }

  func testCompoundAssignmentKeepsTheOldNodeAsOperand() {
    let first = Value(2)
    var a = first
    a += a
    a *= a
    a.backward()
    XCTAssertEqual(a.data, 16)
    XCTAssertEqual(first.grad, 16)  // (2 a)² = 4 a²
  }

  func testAValueUsedAThousandTimesAddsUpAThousandDerivatives() {
    let x = Value(0.5)
    var y = Value(0)
    for k in 1...1000 { y += Double(k) * x }
    y.backward()
    XCTAssertEqual(x.grad, 500_500)
  }

  func testSeedScalesAllDerivatives() {
    let x = Value(3)
    let y = x * x
    y.backward(seed: -0.5)
    XCTAssertEqual([y.grad, x.grad], [-0.5, -3])
  }

  func testALeafIsItsOwnDerivative() {
    let x = Value(3)
    x.backward()
    x.backward(seed: 4)
    XCTAssertEqual(x.grad, 5)
  }

  func testInteriorGradientsOfAnEarlierSweepVanishAtTheNext() {
    let x = Value(3)
    let earlier = x * x
    let later = 5 * x
    (earlier + 1).backward()
    XCTAssertEqual(earlier.grad, 1)
    later.backward()
    XCTAssertEqual([earlier.grad, later.grad, x.grad], [0, 1, 11])
  }

  func testNumbersRecordedAfterTheRootHaveNoGradient() {
    let x = Value(3)
    let root = x * x
    let user = root * x
    root.backward()
    XCTAssertEqual([user.grad, x.grad], [0, 6])
  }

  func testNumbersBesideTheRootHaveNoGradient() {
    let x = Value(3)
    let beside = x * x
    let root = 2 * x
    root.backward()
    XCTAssertEqual([beside.grad, x.grad], [0, 2])
  }

  func testGradientsCanBeSet() {
    let x = Value(3)
    let y = x * x
    x.grad = 100
    y.grad = 100
    y.backward()
    XCTAssertEqual([y.grad, x.grad], [1, 106])
  }

  func testDataOfALeafCanBeSet() {
    let x = Value(3)
    let y = x * x
    x.data = 5
    XCTAssertEqual(y.data, 9)
    Tape.current.recompute()
    XCTAssertEqual(y.data, 25)
  }

  func testNaNReachesWhatItWasComputedFrom() {
    let x = Value(0), y = Value(2)
    (y + (x / x)).backward()
    XCTAssertTrue(x.grad.isNaN)
    XCTAssertEqual(y.grad, 1)
  }

  /// No recursion: a chain this long would overflow any call stack.
  func testAChainOfTenMillionNodesIsSweptInOneLoop() {
    let length = 10_000_000
    let x = Value(1)
    var y = x
    for _ in 0..<length { y = -y }
    y.backward()
    XCTAssertEqual(x.grad, 1)
    XCTAssertGreaterThan(Tape.current.nodeCount, length)
  }
}
