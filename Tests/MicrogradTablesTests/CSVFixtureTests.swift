import MicrogradTables
import TestSupport
import XCTest

final class CSVFixtureTests: XCTestCase {
  private struct Table: Decodable {
    let seed: Int
    let separator, text: String
    let columns: [String]
    let rows: [[String]]
    let line: Int
  }

  private struct Content: Decodable {
    let tables: [Table]
  }

  private static let tables = (try! readFixture("csv.json") as Content).tables

  func testFieldsAreThoseThatPythonReads() throws {
    for table in Self.tables {
      let read = try CSVTable(text: table.text, separator: Character(table.separator))
      XCTAssertEqual(read.columns, table.columns, "seed \(table.seed)")
      for (index, column) in table.columns.enumerated() {
        XCTAssertEqual(try read.texts(column), table.rows.map { $0[index] }, "seed \(table.seed), column \(index)")
      }
    }
  }

  func testLinesAreThoseThatPythonCounts() {
    for table in Self.tables {
      XCTAssertThrowsError(
        try CSVTable(text: table.text, separator: Character(table.separator)).inputs(["n"])
      ) {
        let error = $0 as? CSVError
        XCTAssertEqual(error?.problem, .notANumber("word"), "seed \(table.seed)")
        XCTAssertEqual(error?.line, table.line, "seed \(table.seed)")
      }
    }
  }
}
