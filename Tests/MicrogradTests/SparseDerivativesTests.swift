import Micrograd
import TestSupport
import XCTest

final class SparseDerivativesTests: XCTestCase {
  private let x = (0..<60).map { 0.3 + 0.01 * Double($0) }

  /// Each result of three neighbours.
  private func stencil(_ x: [Value]) -> [Value] {
    x.indices.map { i in
      let before = i > 0 ? x[i - 1] : 1 - x[0], after = i + 1 < x.count ? x[i + 1] : x[i].squared()
      return before * x[i] - exp(after)
    }
  }

  func testABandTakesAsManySweepsAsItIsWide() {
    let pattern = SparsityPattern.banded(60, bandwidth: 1)
    let sparse = sparseJacobian(at: x, pattern: pattern, of: stencil)
    XCTAssertEqual(sparse.sweepCount, 3)
    XCTAssertEqual(sparse.dense, jacobian(at: x, of: stencil))
    XCTAssertEqual(jacobianSparsity(at: x, of: stencil), pattern)
  }

  func testAnArrowIsComputedByRowsOrColumnsWhicheverAreFewer() {
    // One dense row: by columns it would take all, by rows two.
    func f(_ x: [Value]) -> [Value] { [sum(x.map { $0.squared() })] + x.dropFirst().map { sin($0) } }
    let pattern = jacobianSparsity(at: x, of: f)
    XCTAssertEqual(pattern.columnsByRow[0], Array(0..<60))
    let sparse = sparseJacobian(at: x, pattern: pattern, of: f)
    XCTAssertEqual(sparse.sweepCount, 2)
    XCTAssertEqual(sparse.dense, jacobian(at: x, of: f))
    // One dense column.
    func g(_ x: [Value]) -> [Value] { x.indices.dropFirst().map { x[0] * x[$0] } }
    let column = sparseJacobian(at: x, pattern: jacobianSparsity(at: x, of: g), of: g)
    XCTAssertEqual(column.sweepCount, 2)
    XCTAssertEqual(column.dense, jacobian(at: x, of: g))
  }

  /// Bundle adjustment, as GradBench's `ba` has it: each observation gives two errors of 11 numbers of a camera, 3 of a point
  /// and a weight, and an error of the weight alone.
  func testBundleAdjustmentTakesAFewSweepsAndGivesTheDenseJacobian() {
    let cameras = 8, points = 20, observations = 60
    let pointsFrom = 11 * cameras, weightsFrom = pointsFrom + 3 * points
    func errors(_ x: [Value]) -> [Value] {
      (0..<observations).flatMap { k -> [Value] in
        let camera = x[(11 * (k % cameras))...].prefix(11), point = x[(pointsFrom + 3 * (k * 7 % points))...].prefix(3)
        let weight = x[weightsFrom + k]
        let depth = exp(sum(zip(camera, point).map { $0 * $1 }))
        let skew = camera.dropFirst().reduce(depth * weight) { $0 * $1 }
        return [weight * sum(camera.map { $0 * depth }), sin(skew) * weight, 1 - weight.squared()]
      }
    }
    let x = (0..<weightsFrom + observations).map { 0.5 + 0.3 * cos(Double($0)) }
    let pattern = jacobianSparsity(at: x, of: errors)
    XCTAssertEqual(pattern.columnsByRow.map(\.count), (0..<observations).flatMap { _ in [15, 15, 1] })
    let sparse = sparseJacobian(at: x, pattern: pattern, of: errors)
    XCTAssertLessThanOrEqual(sparse.sweepCount, 17)
    // The same bits as of a tangent sweep for each column; reverse sweeps multiply in another order.
    let columns = withDerivatives(at: x, of: errors) { (f: RecordedFunction) in
      x.indices.map { column in f.jacobianVectorProduct(along: x.indices.map { $0 == column ? 1 : 0 }) }
    }
    let dense = jacobian(at: x, of: errors)
    for (row, entries) in sparse.dense.enumerated() {
      XCTAssertEqual(entries, columns.map { $0[row] }, "row \(row)")
      for (entry, expected) in zip(entries, dense[row]) {
        XCTAssertEqual(entry, expected, accuracy: 1e-13 * abs(expected), "row \(row)")
      }
    }
  }

  func testMoreThan64SweepsGiveTheDenseJacobian() {
    // A dense row and a dense column: neither side takes fewer sweeps than there are numbers.
    let x = (0..<80).map { 1 + 0.01 * Double($0) }
    func f(_ x: [Value]) -> [Value] { [sum(x.map { $0.squared() })] + x.dropFirst().map { x[0] * sin($0) } }
    let sparse = sparseJacobian(at: x, pattern: jacobianSparsity(at: x, of: f), of: f)
    XCTAssertEqual(sparse.sweepCount, 80)
    XCTAssertEqual(sparse.dense, jacobian(at: x, of: f))
  }

  func testHessianOfAChainTakesThreeProducts() {
    func chain(_ x: [Value]) -> Value { sum(zip(x, x.dropFirst()).map { ($0 * $1).squared() + exp($0 - $1) }) }
    let sparse = sparseHessian(at: x, pattern: .banded(60, bandwidth: 1), of: chain)
    XCTAssertEqual(sparse.sweepCount, 3)
    for (row, expected) in zip(sparse.dense, hessian(at: x, of: chain)) {
      for (a, b) in zip(row, expected) { XCTAssertEqual(a, b, accuracy: 1e-14 * 10) }
    }
    for (k, entry) in hessianDiagonal(at: x, of: chain).enumerated() {
      XCTAssertEqual(sparse[k, k], entry, accuracy: 1e-13)
    }
  }

  func testNoTwoColumnsOfAColourMeetInARow() {
    var random = SplitMix64(seed: 7)
    for size in 1...40 {
      let rows = (0..<size).map { _ in (0..<3).map { _ in Int.random(in: 0..<size, using: &random) } }
      let pattern = SparsityPattern(columns: size, columnsByRow: rows)
      let colors = pattern.columnColors
      XCTAssertTrue(colors.allSatisfy { $0 >= 0 })
      for entries in pattern.columnsByRow {
        XCTAssertEqual(Set(entries.map { colors[$0] }).count, entries.count, "size \(size)")
      }
      XCTAssertEqual(pattern.transposed.transposed, pattern)
    }
  }

  func testEmptyPatternsAndEntriesOutsideAreZero() {
    let none = SparsityPattern(columns: 2, columnsByRow: [[], [1]])
    let sparse = sparseJacobian(at: [1, 2], pattern: none) { x in [.constant(3), x[1].squared()] }
    XCTAssertEqual(sparse.dense, [[0, 0], [0, 4]])
    XCTAssertEqual([sparse[0, 1], sparse[1, 1]], [0, 4])
    XCTAssertEqual(sparse.pattern.count, 1)
  }
}
