import CMicrograd
import XCTest

/// Selections, guards and sums of exponentials along rows.
final class LanesChoiceTests: XCTestCase {
  private let relations = (0...5).map { Relation(rawValue: $0)! }
  private static let numbers: [Double] = [-1, -0.0, 0, 0.5, 2, .infinity, -.infinity, .nan]
  private let left = LaneRow(numbers.flatMap { Array(repeating: $0, count: 8) })
  private let right = LaneRow(numbers.flatMap { _ in numbers })

  func testSelectTakesWhatTheRelationSays() {
    let a = LaneRow((0..<64).map { Double($0) }), b = LaneRow((0..<64).map { -1 - Double($0) })
    for relation in relations {
      let expected = (0..<64).map { mg_relation_holds(relation, left[$0], right[$0]) ? a[$0] : b[$0] }
      for written in -1..<4 {
        let rows = [left, right, a, b].map { LaneRow($0.numbers) },
          v = written < 0 ? LaneRow(0, count: 64) : rows[written]
        withExtendedLifetime(rows) {
          mg_lanes_select(relation, rows[0].pointer, rows[1].pointer, rows[2].pointer, rows[3].pointer, v.pointer, 64)
        }
        XCTAssertEqual(v.numbers, expected)
      }
    }
  }

  func testAnAdjointGoesToWhatWasTaken() {
    let d = LaneRow((0..<64).map { Double($0) + 1 })
    for relation in relations {
      for taken in [true, false] {
        let expected = (0..<64).map { mg_relation_holds(relation, left[$0], right[$0]) == taken ? d[$0] : 0 }
        for written in 0..<3 {
          let rows = [left, right, d].map { LaneRow($0.numbers) }
          withExtendedLifetime(rows) {
            mg_lanes_select_partial(
              relation, taken, rows[0].pointer, rows[1].pointer, rows[2].pointer, rows[written].pointer, 64)
          }
          XCTAssertEqual(rows[written].numbers, expected)
        }
      }
    }
  }

  func testAGuardMarksTheSamplesThatWouldGoTheOtherWayAndForgetsNone() {
    for relation in relations {
      for holds in [true, false] {
        var failed = (0..<64).map { UInt8($0 % 7 == 0 ? 1 : 0) }
        let expected = (0..<64).map { k -> UInt8 in
          k % 7 == 0 || mg_relation_holds(relation, left[k], right[k]) != holds ? 1 : 0
        }
        mg_lanes_guard(relation, holds, left.pointer, right.pointer, &failed, 64)
        XCTAssertEqual(failed, expected)
      }
    }
  }

  // MARK: - log sum exp

  /// The rows as columns of one table, of which every row is a sample.
  private func logSumExp(_ samples: [[Double]]) -> (v: LaneRow, rows: [LaneRow]) {
    let rows = samples[0].indices.map { k in LaneRow(samples.map { $0[k] }) }
    let v = LaneRow(.nan, count: rows[0].count)
    withExtendedLifetime(rows) {
      mg_lanes_log_sum_exp(rows.map { UnsafePointer($0.pointer) }, Int64(rows.count), v.pointer, Int64(v.count))
    }
    return (v, rows)
  }

  /// What a tape makes of a sample.
  private func recorded(_ sample: [Double], adjoint: Double) -> (value: Double, gradients: [Double]) {
    let tape = mg_tape_create(nil)!
    defer { mg_tape_release(tape) }
    let leaves = sample.map { mg_leaf(tape, $0) }, node = mg_log_sum_exp(tape, leaves, Int64(leaves.count))
    let value = tape.value(node)
    mg_tape_backward(tape, node, adjoint)
    return (value, leaves.map(tape.grad))
  }

  func testLogSumExpIsThatOfTheTapeAtOrdinaryAndExtremeNumbers() {
    var samples: [[Double]] = [
      [1e300, 1e300, -1e300], [.infinity, 1, 2], [.infinity, .infinity, 0], [-.infinity, 1, 2], [.nan, 1, 2],
      [1, 2, .nan],
      [-.infinity, -.infinity, -.infinity], [800, 799, -800], [-800, -801, -900], [.infinity, -.infinity, 3],
    ]
    for k in 0..<70 { samples.append([0, 29, 58].map { (j: Int) -> Double in Double((k * 13 + j) % 41) * 0.3 - 6 }) }
    let (v, rows) = logSumExp(samples), d = LaneRow(-1.5, count: v.count), to = LaneRow(0, count: v.count)
    for (j, row) in rows.enumerated() {
      withExtendedLifetime((d, row, v)) {
        mg_lanes_log_sum_exp_partial(d.pointer, row.pointer, v.pointer, to.pointer, Int64(v.count))
      }
      for (k, sample) in samples.enumerated() {
        let expected = recorded(sample, adjoint: -1.5)
        XCTAssertLessThanOrEqual(ulps(v[k], expected.value), 4, "\(sample)")
        let isSame = to[k].isNaN && expected.gradients[j].isNaN
        // exp(x - v) has the rounding errors of v, as large as |v|.
        XCTAssertTrue(isSame || abs(to[k] - expected.gradients[j]) <= 1e-15 + 3e-16 * abs(sample[j]), "\(sample), \(j)")
      }
    }
  }

  func testOneTermIsItselfAndNoTermsAreMinusInfinity() {
    let numbers: [Double] = [0.75, -3.5, 1e300, 0.1, 0, 7, -1e-300, 2]
    XCTAssertEqual(logSumExp(numbers.map { [$0] }).v.numbers, numbers)
    let v = LaneRow(0, count: 8), rows = [UnsafePointer(v.pointer)]
    mg_lanes_log_sum_exp(rows, 0, v.pointer, 8)
    XCTAssertEqual(v.numbers, Array(repeating: -.infinity, count: 8))
  }

  func testLogSumExpMayReplaceATermAndZeroAdjointsContributeNothing() {
    let samples: [[Double]] = (0..<72).map { (k: Int) -> [Double] in [Double(k % 11), Double(k % 7 - 3)] }
    let (v, rows) = logSumExp(samples)
    withExtendedLifetime(rows) {
      mg_lanes_log_sum_exp(rows.map { UnsafePointer($0.pointer) }, 2, rows[1].pointer, 72)
    }
    XCTAssertEqual(rows[1].bits, v.bits)
    let none = LaneRow(0, count: 8), infinite = LaneRow(.infinity, count: 8), to = LaneRow(9, count: 8)
    withExtendedLifetime((none, infinite)) {
      mg_lanes_log_sum_exp_partial(none.pointer, infinite.pointer, infinite.pointer, to.pointer, 8)
    }
    XCTAssertEqual(to.numbers, Array(repeating: 0, count: 8))
  }
}
