import TestSupport
import XCTest

@testable import Micrograd

final class ColumnColoringTests: XCTestCase {
  func testColumnsTakeTheLowestColourThatNoNeighbourHasLongestFirst() {
    var random = SplitMix64(seed: 11)
    for size in [1, 2, 7, 30, 90, 200] {
      let pattern = randomPattern(rows: size, columns: 2 * size, mostInRow: size, using: &random)
      XCTAssertEqual(pattern.columnColors, greedy(pattern), "size \(size)")
    }
  }

  func testMoreThan64ColoursAreDistinct() {
    let full = SparsityPattern(columns: 200, columnsByRow: [Array(0..<200), [3]])
    XCTAssertEqual(full.columnColors.sorted(), Array(0..<200))
    XCTAssertEqual(full.columnColors[3], 0)
  }

  func testTheSideWithFewerColoursWins() {
    var random = SplitMix64(seed: 12)
    var sides: Set<Bool> = []
    for _ in 0..<200 {
      let rows = Int.random(in: 1...12, using: &random), columns = Int.random(in: 1...12, using: &random)
      let pattern = randomPattern(rows: rows, columns: columns, mostInRow: 3, using: &random)
      let byColumns = colorCount(pattern), byRows = colorCount(pattern.transposed)
      switch CheaperColoring(pattern) {
      case .columns(let coloring):
        XCTAssertLessThanOrEqual(byColumns, byRows)
        XCTAssertEqual(coloring.colors, greedy(pattern))
        XCTAssertEqual(coloring.count, byColumns)
        sides.insert(true)
      case .rows(let coloring):
        XCTAssertLessThan(byRows, byColumns)
        XCTAssertEqual(coloring.colors, greedy(pattern.transposed))
        XCTAssertEqual(coloring.count, byRows)
        sides.insert(false)
      }
    }
    XCTAssertEqual(sides, [true, false])
  }

  func testAColouringGivesUpAtItsLimit() {
    let rows = (0..<9).map { [$0] } + [Array(0..<9)]
    let pattern = SparsityPattern(columns: 9, columnsByRow: rows)
    XCTAssertEqual(ColumnColoring(rowsByColumn: pattern.rowsByColumn, rows: 10, givingUpAt: 4).count, 4)
    XCTAssertEqual(ColumnColoring(rowsByColumn: pattern.rowsByColumn, rows: 10).count, 9)
  }

  func testEmptyColumnsAndEmptyMatricesAreColoured() {
    XCTAssertEqual(SparsityPattern(columns: 3, columnsByRow: [[1]]).columnColors, [0, 0, 0])
    XCTAssertEqual(SparsityPattern(columns: 2, columnsByRow: []).columnColors, [0, 0])
    XCTAssertEqual(SparsityPattern(columns: 0, columnsByRow: [[], []]).columnColors, [])
  }

  private func colorCount(_ pattern: SparsityPattern) -> Int { (greedy(pattern).max() ?? -1) + 1 }

  /// The same by the definition: each column looks at all columns with which it shares a row.
  private func greedy(_ pattern: SparsityPattern) -> [Int] {
    let rows = (0..<pattern.columns).map { column in
      Set(pattern.columnsByRow.indices.filter { pattern.columnsByRow[$0].contains(column) })
    }
    var colors: [Int: Int] = [:]
    for column in rows.indices.sorted(by: { (-rows[$0].count, $0) < (-rows[$1].count, $1) }) {
      let taken = Set(colors.keys.filter { !rows[$0].isDisjoint(with: rows[column]) }.map { colors[$0]! })
      colors[column] = (0...).first { !taken.contains($0) }
    }
    return rows.indices.map { colors[$0]! }
  }

  private func randomPattern(
    rows: Int, columns: Int, mostInRow: Int, using random: inout SplitMix64
  ) -> SparsityPattern {
    SparsityPattern(
      columns: columns,
      columnsByRow: (0..<rows).map { _ in
        (0..<Int.random(in: 0...mostInRow, using: &random)).map { _ in Int.random(in: 0..<columns, using: &random) }
      })
  }
}
