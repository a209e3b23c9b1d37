import Micrograd
import TestSupport
import XCTest

/// Sums and dot products as one node against the same, written out, of the textbook's engine.
final class ReductionTests: XCTestCase {
  override func invokeTest() { Tape.scope { super.invokeTest() } }

  func testSumsOfNothingAreZero() {
    let nothing: [Value] = [], weights: [Double] = []
    XCTAssertEqual([sum(nothing), dot(nothing, nothing), dot(weights, nothing)].map(\.data), [0, 0, 0])
    XCTAssertTrue(sum(nothing).isConstant)
    XCTAssertTrue(nothing.mean().data.isNaN)
  }

  func testSumsOfConstantsAreConstants() {
    let twos = [Value.constant(2), Value.constant(2)], weights = [3.0, 4.0]
    let sums = [sum(twos), dot(twos, twos), dot(weights, twos)]
    XCTAssertEqual(sums.map(\.data), [4, 8, 14])
    XCTAssertTrue(sums.allSatisfy(\.isConstant))
  }

  func testSumsOfEveryLength() {
    for count in 0...67 {
      check(count) {
        sum($0) + dot($1, $1)
      } expected: { x, y in
        total(x) + total(zip(y, y).map { $0 * $1 })
      }
    }
  }

  func testDotProductsOfEveryLength() {
    for count in 0...67 {
      check(count) {
        dot($0, $1) * 2
      } expected: { x, y in
        2 * total(zip(x, y).map { $0 * $1 })
      }
    }
  }

  func testDotProductsOfOverlappingRuns() {
    check(40) { x, _ in
      dot(Array(x.dropLast(3)), Array(x.dropFirst(3)))
    } expected: { x, _ in
      total(zip(x.dropLast(3), x.dropFirst(3)).map { $0 * $1 })
    }
  }

  func testDotProductsWithPlainNumbers() {
    let weights = [0.5, -2, 3, 0, 1]
    check(5) { x, _ in
      dot(weights, x) * dot(x, weights)
    } expected: { x, _ in
      total(zip(weights, x).map { $0 * $1 }) * total(zip(weights, x).map { $0 * $1 })
    }
  }

  func testRepeatedOperandsAddUp() {
    check(3) { x, y in
      let left = [x[0], x[1], x[0]], right = [x[0], x[1], y[2]]
      return sum(left) * dot(left, right)
    } expected: { x, y in
      (x[0] + x[1] + x[0]) * (x[0] * x[0] + x[1] * x[1] + x[0] * y[2])
    }
  }

  func testMeansDivideSums() {
    check(9) { x, _ in
      x.mean() * x.sum()
    } expected: { x, _ in
      total(x) / 9 * total(x)
    }
  }

  func testConstantsAmongTheOperandsBecomeLeaves() {
    let x = Value(3), four = Value.constant(4), two = Value.constant(2), five = Value.constant(5)
    let before = Tape.current.nodeCount
    let total = sum([x, four, x]), product = dot([two, x], [x, five])
    let y = total + product
    y.backward()
    XCTAssertEqual([y.data, x.grad], [31, 9])
    XCTAssertEqual(Tape.current.nodeCount, before + 6)
  }

  func testASumIsOneNode() {
    let x = (0..<10).map { Value(Double($0)) }, weights = x.map(\.data)
    let before = Tape.current.nodeCount
    _ = (sum(x), dot(x, x), dot(weights, x))
    XCTAssertEqual(Tape.current.nodeCount, before + 3)
  }

  /// Parameters end where recorded nodes begin: a run may go across.
  func testRunsAcrossParametersAndRecordedNodes() {
    let tape = Tape()
    tape.use {
      let weights = Parameters([2, 3])
      let product = weights[0] * weights[1]
      sum([weights[0], weights[1], product]).backward()
      XCTAssertEqual(weights.gradients, [4, 3])  // 1 + w1, 1 + w0
    }
  }

  func testDotProductsAcrossParametersAndRecordedNodes() {
    let tape = Tape()
    tape.use {
      let weights = Parameters([2, 3])
      let product = weights[0] * weights[1]
      let factors = [weights[1], product]
      dot(factors, factors).backward()
      XCTAssertEqual(weights.gradients, [36, 30])  // of w1² + (w0 w1)²
    }
  }

  // MARK: - Comparing

  private func total(_ terms: [Reference]) -> Reference { terms.reduce(Reference(0)) { $0 + $1 } }

  /// Two lists of `count` numbers each: parameters, leaves, and leaves in no order.
  private func check(
    _ count: Int, _ actual: ([Value], [Value]) -> Value, expected: ([Reference], [Reference]) -> Reference
  ) {
    var random = SplitMix64(seed: UInt64(count))
    let data = (0..<2 * count).map { _ in Double.random(in: -2...2, using: &random) }
    let parameters = Parameters(data), leaves = data.map { Value($0) }
    let scattered = data.indices.shuffled(using: &random).map { ($0, Value(data[$0])) }
    for values in [Array(parameters), leaves, scattered.sorted { $0.0 < $1.0 }.map(\.1)] {
      let references = data.map { Reference($0) }
      let (x, y) = (actual(Array(values[..<count]), Array(values[count...])), references)
      let z = expected(Array(y[..<count]), Array(y[count...]))
      z.backward()
      if !x.isConstant { x.backward() }
      XCTAssertEqual(x.data, z.data, accuracy: 1e-12, "\(count) numbers")
      for (value, reference) in zip(values, references) {
        XCTAssertEqual(
          value.grad, reference.grad, accuracy: 1e-12 * max(1, abs(reference.grad)), "\(count) numbers")
      }
    }
  }
}
