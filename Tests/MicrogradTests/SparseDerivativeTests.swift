import Micrograd
import XCTest

/// Sparse derivatives of compiled functions.
final class SparseDerivativeTests: XCTestCase {
  override func invokeTest() { Tape.scope { super.invokeTest() } }

  private let x = (0..<40).map { 0.3 * Double.sin(Double($0)) + 0.1 }

  /// Differences of neighbours, and one result that depends on all numbers.
  private func withADenseRow(_ x: [Value]) -> [Value] {
    (1..<x.count).map { k in exp(x[k]) * x[k - 1] } + [sum(x.map { $0.squared() })]
  }

  private func assertIsDense(
    _ found: SparseMatrix, _ expected: [[Double]], _ line: UInt = #line
  ) {
    for (row, (a, b)) in zip(found.dense, expected).enumerated() {
      for (column, (a, b)) in zip(a, b).enumerated() {
        XCTAssertEqual(a, b, accuracy: 1e-15 * max(1, abs(b)), "[\(row), \(column)]", line: line)
      }
    }
  }

  func testRowsAreTakenTogetherWhereThatTakesFewerSweeps() throws {
    let pattern = jacobianSparsity(at: x, of: withADenseRow)
    let f = try compile(at: x, of: withADenseRow)
    let found = try f.sparseJacobian(at: x, pattern: pattern)
    XCTAssertEqual(found.sweepCount, 3)  // neighbours in two, and the dense row
    assertIsDense(found, jacobian(at: x, of: withADenseRow))
  }

  func testColumnsAreTakenTogetherWhereThatTakesFewerSweeps() throws {
    let f = { (x: [Value]) in (1..<x.count).map { k in x[0] * x[k].squared() + x[k] } }
    let pattern = jacobianSparsity(at: x, of: f)
    let found = try compile(at: x, of: f).sparseJacobian(at: x, pattern: pattern)
    XCTAssertEqual(found.sweepCount, 2)
    assertIsDense(found, jacobian(at: x, of: f))
  }

  func testAZeroMeetsNothingAlongColumns() throws {
    let f = { (x: [Value]) in (1..<x.count).map { k in sqrt(x[0]) + log(exp(x[k])) + x[0] ** 1.5 * x[k] } }
    let compiled = try compile(at: x.map { abs($0) }, of: f)
    let pattern = SparsityPattern(columns: 40, columnsByRow: (1..<40).map { [0, $0] })
    let edge = [0.0, 800, 2] + x[3...]
    let found = try compiled.sparseJacobian(at: edge, pattern: pattern)
    XCTAssertEqual(found.sweepCount, 2)
    XCTAssertEqual(found.entries[0], [.infinity, 0])
    XCTAssertEqual(found.entries[1], [.infinity, 1])
    for (k, row) in jacobian(at: edge, of: f).enumerated() {
      XCTAssertEqual(found[k, 0], row[0])
      XCTAssertEqual(found[k, k + 1], row[k + 1], accuracy: 1e-15)
    }
  }

  func testAHessianTakesAsManySweepsAsColors() throws {
    let f = { (x: [Value]) in
      sum((1..<x.count).map { k in 100 * (x[k] - x[k - 1].squared()).squared() + (1 - x[k - 1]).squared() })
    }
    let compiled = try compile(at: x, of: f)
    var found = try compiled.sparseHessian(at: x, pattern: .banded(40, bandwidth: 1))
    XCTAssertEqual(found.sweepCount, 3)
    let expected = hessian(at: x, of: f)
    for (a, b) in zip(found.dense.joined(), expected.joined()) { XCTAssertEqual(a, b, accuracy: 1e-12) }
    let other = x.map { $0 + 0.5 }
    try compiled.sparseHessian(at: other, into: &found)
    for (a, b) in zip(found.dense.joined(), hessian(at: other, of: f).joined()) {
      XCTAssertEqual(a, b, accuracy: 1e-12 * max(1, abs(b)))
    }
  }

  func testSeveralPatternsAreKept() throws {
    let f = try compile(at: [1, 1]) { x in [x[0] * x[0], x[1] * x[1]] }
    let diagonal = SparsityPattern(columns: 2, columnsByRow: [[0], [1]])
    let full = SparsityPattern(columns: 2, columnsByRow: [[0, 1], [0, 1]])
    for _ in 0..<3 {
      XCTAssertEqual(try f.sparseJacobian(at: [3, 4], pattern: diagonal).entries, [[6], [8]])
      XCTAssertEqual(try f.sparseJacobian(at: [3, 4], pattern: full).entries, [[6, 0], [0, 8]])
    }
  }
}
