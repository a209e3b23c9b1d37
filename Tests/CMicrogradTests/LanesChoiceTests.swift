import CMicrograd
import XCTest

/// Selections and guards.
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
}
