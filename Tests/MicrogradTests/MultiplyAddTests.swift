import Micrograd
import XCTest

final class MultiplyAddTests: XCTestCase {
  /// The data, the gradients by all three operands, and the number of nodes.
  private func answers(_ f: (Value, Value, Value) -> Value, at x: [Double]) -> ([Double], Int) {
    Tape.scope {
      let leaves = x.map { Value($0) }, before = Tape.current.nodeCount
      let result = f(leaves[0], leaves[1], leaves[2])
      let nodes = Tape.current.nodeCount - before
      result.backward()
      return ([result.data] + leaves.map(\.grad), nodes)
    }
  }

  func testItIsTheSameAsTwoOperators() {
    for x in [[1.5, -2, 0.25], [0.1, 0.2, 0.3], [-1e308, 10, .infinity], [.nan, 0, 1], [0, -0.0, -0.0]] {
      let (found, nodes) = answers(multiplyAdd, at: x)
      let (expected, expectedNodes) = answers({ $0 * $1 + $2 }, at: x)
      XCTAssertEqual(found.map(\.bitPattern), expected.map(\.bitPattern), "at \(x)")
      XCTAssertEqual(nodes, expectedNodes)
    }
    XCTAssertEqual(answers(multiplyAdd, at: [1.5, -2, 0.25]).0, [-2.75, -2, 1.5, 1])
  }

  func testOperandsMayBeOneNodeConstantsParametersAndOfOuterScopes() {
    let x = Value(3.0), w = Parameters([2, 5])
    let y = Tape.scope { () -> Double in
      let square = multiplyAdd(x, x, x)
      square.backward()
      return square.data
    }
    XCTAssertEqual(y, 12)
    XCTAssertEqual(x.grad, 7)
    let z = multiplyAdd(w[0], .constant(4), w[1])
    z.backward()
    XCTAssertEqual(z.data, 13)
    XCTAssertEqual(w.gradients, [4, 1])
    XCTAssertTrue(multiplyAdd(.constant(2), .constant(3), .constant(4)).isConstant)
  }

  func testTheTapeGrowsInsideASum() {
    // Horner's scheme over more nodes than a new tape holds; Σ xᵏ = (1 - xⁿ) / (1 - x), to the rounding of the sum.
    let (n, x) = (100_000, 0.999)
    let slope = gradient(at: x) { x in
      var sum = Value.constant(1) + 0 * x
      for _ in 1..<n { sum = multiplyAdd(sum, x, 1 + 0 * x) }
      return sum
    }
    XCTAssertEqual(slope, 1 / (0.001 * 0.001), accuracy: 1e-8 / (0.001 * 0.001))
  }

  func testPlainNumbersRoundTwice() {
    let a = 1 + 0x1p-30
    XCTAssertEqual(multiplyAdd(a, a, -1), a * a + -1)
    XCTAssertNotEqual(multiplyAdd(a, a, -1), (-1.0).addingProduct(a, a))
    func polynomial<T: DifferentiableNumber>(_ x: T) -> T { multiplyAdd(x, x, x) }
    XCTAssertEqual(polynomial(3.0), 12)
    XCTAssertEqual(derivative(at: 3, of: polynomial), 7)
  }
}
