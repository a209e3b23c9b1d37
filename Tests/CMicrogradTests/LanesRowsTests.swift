import CMicrograd
import TestSupport
import XCTest

/// What is computed along rows of terms, for many samples at once, is what a tape makes of each sample.
final class LanesRowsTests: XCTestCase {
  private typealias Rows = [LaneRow]

  private let samples: [[Double]] = {
    var samples: [[Double]] = [
      [1e300, 1e300, -1e300], [.infinity, 1, 2], [.infinity, .infinity, 0], [-.infinity, 1, 2], [.nan, 1, 2],
      [1, 2, .nan], [-.infinity, -.infinity, -.infinity], [800, 799, -800], [-800, -801, -900],
      [.infinity, -.infinity, 3], [40, 0, 0], [-1e-9, 0, 700], [1e200, 1e200, 3], [0, 0, 0],
    ]
    for k in 0..<70 { samples.append([0, 29, 58].map { (j: Int) -> Double in Double((k * 13 + j) % 41) * 0.3 - 6 }) }
    return samples
  }()

  /// The columns of a table of which every row is a sample.
  private func columns(_ samples: [[Double]]) -> Rows {
    samples[0].indices.map { k in LaneRow(samples.map { $0[k] }) }
  }

  private func pointers(_ rows: Rows) -> [UnsafePointer<Double>] { rows.map { UnsafePointer($0.pointer) } }
  private func targets(_ rows: Rows) -> [UnsafeMutablePointer<Double>?] { rows.map(\.pointer) }
  private func blank(_ count: Int, like rows: Rows) -> Rows {
    (0..<count).map { _ in LaneRow(9, count: rows[0].count) }
  }

  private func softmax(_ rows: Rows) -> (p: Rows, sum: LaneRow, logs: Rows) {
    let p = blank(rows.count, like: rows), logs = blank(rows.count, like: rows), sum = LaneRow(9, count: rows[0].count)
    withExtendedLifetime((rows, p, logs, sum)) {
      mg_lanes_softmax(
        pointers(rows), Int64(rows.count), targets(p), sum.pointer, targets(logs), Int64(sum.count))
    }
    return (p, sum, logs)
  }

  /// The values of a row of a tape, and what an adjoint of one of them contributes to the terms.
  private func recorded(
    _ op: OpCode, _ sample: [Double], root: Int = 0, adjoint: Double = 1
  ) -> (values: [Double], gradients: [Double]) {
    let tape = mg_tape_create(nil)!
    defer { mg_tape_release(tape) }
    let leaves = mg_block_leaves(tape, sample, 1, Int64(sample.count), false)
    let row = mg_block_rows(tape, op, leaves, 1, Int64(sample.count))
    mg_tape_backward(tape, row + Int32(root), adjoint)
    let width = op == .log_sum_exp ? 1 : sample.count
    return (
      (0..<width).map { tape.value(row + Int32($0)) }, sample.indices.map { tape.grad(leaves + Int32($0)) }
    )
  }

  private func assertNear(_ a: Double, _ b: Double, _ text: String, within limit: Double = 4, line: UInt = #line) {
    let isSame = a.isNaN && b.isNaN || ulps(a, b) <= limit
    XCTAssertTrue(isSame, "\(a) and \(b) of \(text)", line: line)
  }

  func testSoftmaxIsThatOfTheTapeAtOrdinaryAndExtremeNumbers() {
    let (p, sum, logs) = softmax(columns(samples))
    for (k, sample) in samples.enumerated() {
      assertNear(sum[k], recorded(.log_sum_exp, sample).values[0], "log sum exp of \(sample)")
      let shares = recorded(.softmax, sample).values, logarithms = recorded(.log_softmax, sample).values
      for j in sample.indices {
        assertNear(p[j][k], shares[j], "softmax of \(sample)")
        assertNear(logs[j][k], logarithms[j], "log softmax of \(sample)")
      }
    }
  }

  func testPullbacksOfSoftmaxAreThoseOfTheTape() {
    let rows = columns(samples), p = softmax(rows).p
    for ofLogs in [false, true] {
      for root in 0..<3 {
        let to = blank(3, like: rows), d = LaneRow(-1.5, count: rows[0].count)
        let adjoints = (0..<3).map { $0 == root ? Optional(UnsafePointer(d.pointer)) : nil }
        withExtendedLifetime((p, d, to)) {
          mg_lanes_softmax_pullback(ofLogs, pointers(p), adjoints, 3, targets(to), Int64(d.count))
        }
        for (k, sample) in samples.enumerated() {
          let expected = recorded(ofLogs ? .log_softmax : .softmax, sample, root: root, adjoint: -1.5).gradients
          for j in sample.indices {
            assertNear(to[j][k], expected[j], "\(sample), \(root), term \(j), logarithms: \(ofLogs)", within: 16)
          }
        }
      }
    }
  }

  func testOneTermIsItselfAndNoTermsAreMinusInfinity() {
    let numbers: [Double] = [0.75, -3.5, 1e300, 0.1, 0, 7, -1e-300, 2]
    let (p, sum, logs) = softmax([LaneRow(numbers)])
    XCTAssertEqual(sum.numbers, numbers)
    XCTAssertEqual(p[0].numbers, Array(repeating: 1, count: 8))
    XCTAssertEqual(logs[0].numbers, Array(repeating: 0, count: 8))
    let v = LaneRow(0, count: 8)
    withExtendedLifetime(v) { mg_lanes_softmax([], 0, [], v.pointer, [], 8) }
    XCTAssertEqual(v.numbers, Array(repeating: -.infinity, count: 8))
  }

  func testAnAdjointOfZeroContributesNothingWhateverTheShareIs() {
    let infinite = LaneRow(.nan, count: 8), d = LaneRow(0, count: 8), to = LaneRow(9, count: 8)
    for ofLogs in [false, true] {
      withExtendedLifetime((infinite, d, to)) {
        mg_lanes_softmax_pullback(
          ofLogs, [UnsafePointer(infinite.pointer)], [UnsafePointer(d.pointer)], 1, [to.pointer], 8)
      }
      XCTAssertEqual(to.numbers, Array(repeating: 0, count: 8))
    }
  }

  func testTheNormHasNoRange() {
    let samples: [[Double]] = [
      [3, 4], [3e200, -4e200], [-3e-200, 4e-200], [0, -0.0], [.leastNonzeroMagnitude, 0], [.infinity, .nan],
      [.infinity, -1],
      [1, .nan], [1e308, 1e308], [-5, 12],
    ]
    let rows = columns(samples), v = LaneRow(9, count: rows[0].count)
    withExtendedLifetime((rows, v)) { mg_lanes_norm(pointers(rows), 2, v.pointer, Int64(v.count)) }
    let expected: [Double] = [
      5, 5e200, 5e-200, 0, .leastNonzeroMagnitude, .nan, .infinity, .nan, 2.0.squareRoot() * 1e308, 13,
    ]
    for (k, sample) in samples.enumerated() { assertNear(v[k], expected[k], "\(sample)", within: 2) }
  }
}
