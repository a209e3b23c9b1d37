import Micrograd
import RealModule
import XCTest

/// Functions that are written once, over ``DifferentiableNumber``.
final class DifferentiableNumberTests: XCTestCase {
  override func invokeTest() { Tape.scope { super.invokeTest() } }

  /// Every operator with numbers, plain numbers and literals on either side.
  private func operators<T: DifferentiableNumber>(_ x: T, _ y: T, _ w: Double) -> T {
    let a = 2 * x + w * y - 1 / x
    let b = x * y * 0.5 - y / 2 + x * w - w / y
    let c = (1.5 - x) * (w + y) / (x - w)
    var d = a + b * c - (x + 3) * (y - 2)
    d += x / w
    d -= w - y
    d *= x
    return d / (y + w * (w + 1))
  }

  private func functions<T: DifferentiableNumber>(_ x: T, _ y: T) -> T {
    let quotient = T.log(x * x + 1) / T.sqrt(y * y + 2)
    return T.exp(-x) * T.sin(y) + quotient - T.pow(x, 3) + (x < y ? x : y * y)
  }

  /// Sums and dot products, of consecutive numbers, of computed ones and of plain ones.
  private func lists<T: DifferentiableNumber>(_ x: [T]) -> T {
    let squares = x.map { $0 * $0 }
    let weights = x.indices.map { 0.5 - 0.25 * Double($0) }
    let quotient = T.dot(weights, x) / T.dot(x, x.reversed())
    return T.sum(squares) * T.dot(x, squares) - quotient + T.logSumExp(squares)
  }

  private let points = [(0.3, 1.7), (-1.2, 0.4), (2.5, -0.8), (1.1, 1.9)]

  func testOperatorsOnDoubleAndOnValueGiveTheSameBits() {
    for (x, y) in points {
      XCTAssertEqual(operators(Value(x), Value(y), 0.7).data.bitPattern, operators(x, y, 0.7).bitPattern)
      XCTAssertEqual(functions(Value(x), Value(y)).data.bitPattern, functions(x, y).bitPattern)
    }
  }

  func testListsOfConsecutiveValuesGiveTheSameBitsAsDoubles() {
    let x = [0.3, -1.7, 2.2, 0.9, -0.4, 1.3, 0.1]
    let leaves = x.map { Value($0) }
    XCTAssertEqual(Value.dot(leaves, leaves).data.bitPattern, Double.dot(x, x).bitPattern)
  }

  func testListsOnDoubleAndOnValueAgree() {
    for count in [1, 2, 3, 8, 33] {
      let x = (0..<count).map { [0.4, 0.7, 1, 1.3, 1.6][$0 % 5] }
      let value = lists(x.map { Value($0) }).data
      XCTAssertEqual(value, lists(x), accuracy: 1e-14 * abs(lists(x)))
    }
  }

  func testGradientsAreThoseOfCentralDifferences() {
    for (x, y) in points {
      let slopes = gradient(at: x, y) { operators($0, $1, 0.7) + functions($0, $1) }
      func f(_ x: Double, _ y: Double) -> Double { operators(x, y, 0.7) + functions(x, y) }
      XCTAssertEqual(slopes.0, (f(x + 1e-6, y) - f(x - 1e-6, y)) / 2e-6, accuracy: 1e-6)
      XCTAssertEqual(slopes.1, (f(x, y + 1e-6) - f(x, y - 1e-6)) / 2e-6, accuracy: 1e-6)
    }
  }

  func testGradientsOfListsAreThoseOfCentralDifferences() {
    let x = [0.4, 1.3, -0.8, 0.6]
    for (k, slope) in gradient(at: x, of: lists).enumerated() {
      var (above, below) = (x, x)
      above[k] += 1e-6
      below[k] -= 1e-6
      XCTAssertEqual(slope, (lists(above) - lists(below)) / 2e-6, accuracy: 1e-6 * max(1, abs(slope)))
    }
  }

  func testPlainNumbersMakeNoNodes() {
    func nodes(_ body: () -> Value) -> Int {
      let before = Tape.current.nodeCount
      _ = body()
      return Tape.current.nodeCount - before
    }
    func line<T: DifferentiableNumber>(_ x: T, _ w: Double) -> T { 2 * x + w + T(constant: 3) * x - 1 }
    let x = Value(3.0), w = 0.5
    XCTAssertEqual(nodes { line(x, w) }, 5)
    XCTAssertEqual(nodes { Value(constant: 2) }, 0)
    XCTAssertEqual(nodes { Value(2.0) }, 1)
  }

  func testTheExampleOfTheDocumentation() {
    func energy<T: DifferentiableNumber>(_ x: [T]) -> T { 0.5 * .dot(x, x) + .exp(-x[0]) }
    XCTAssertEqual(energy([0.0, 2.0]), 3)
    XCTAssertEqual(gradient(at: [0, 2]) { energy($0) }, [-1, 2])
  }

  // MARK: - Lists that lie in one piece, and such that do not

  func testDotProductsOfAnyOrderOfNodesAgree() {
    let x = [0.5, -1.5, 2.5, 3.5], leaves = x.map { Value($0) }
    let weights = Parameters([1, 2, 3, 4])
    let expected = 0.5 - 3 + 7.5 + 14
    XCTAssertEqual(dot(Array(weights), leaves).data, expected)
    XCTAssertEqual(dot(Array(weights).reversed(), leaves.reversed()).data, expected)
    XCTAssertEqual(dot(leaves, [1, 2, 3, 4].map { Value.constant($0) }).data, expected)
  }

  func testDotProductsOfListsAcrossScopesAreRight() {
    let outer = [Value(2), Value(3)]
    Tape.scope {
      let x = [outer[1], Value(5)], y = [outer[0], outer[1]]
      let z = dot(x, y)
      z.backward()
      XCTAssertEqual(z.data, 21)
      XCTAssertEqual([outer[0].grad, outer[1].grad, x[1].grad], [3, 2 + 5, 3])
    }
  }

  func testDotProductsWithoutGradientsAreConstants() {
    let x = [Value(2), Value(3)]
    let z = withoutGradients { dot(x, x) }
    XCTAssertTrue(z.isConstant)
    XCTAssertEqual(z.data, 13)
  }
}
