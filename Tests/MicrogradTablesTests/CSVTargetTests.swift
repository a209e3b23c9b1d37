import MicrogradNN
import MicrogradTables
import XCTest

final class CSVTargetTests: XCTestCase {
  private func targets(_ cells: [String], _ kind: CSVTable.TargetKind = .automatic) throws -> Dataset.Targets {
    try CSVTable(text: "a;y\n" + cells.map { "1;\($0)\n" }.joined()).dataset(target: "y", kind: kind).targets
  }

  func testOneBadCellAmongNumbersIsAnErrorWithItsPlace() {
    for cell in ["?", "inf", "1,5", "250,500", "-", "n.a.", "none", "0x1F", "abc", "1 000", "$5", "12%", "1e999"] {
      XCTAssertThrowsError(try targets(["1.5", cell, "2.5", "3.5"]), cell) {
        let error = $0 as? CSVError
        guard case .mostlyNumbers(cell, _, rows: 4) = error?.problem else { return XCTFail("\($0)") }
        XCTAssertEqual(error?.line, 3)
        XCTAssertEqual(error?.column, "y")
        XCTAssertTrue("\($0)".contains("“\(cell)”"), "\($0)")
      }
      XCTAssertNoThrow(try targets(["1.5", cell, "2.5", "3.5"], .classes))
    }
  }

  func testColumnsInOtherSpellingsOfNumbersAreNotClasses() {
    for cells in [
      ["1,5", "2,5", "3,25"], ["1.250,00", "2.300,50"], ["250,500", "1,250,500"], ["12%", "15%"], ["$3", "$4"],
      ["1,5", "2", "?", "?", "?"], ["?", "1", "-", "2", "n/a"], ["inf", "1", "x"],
    ] {
      XCTAssertThrowsError(try targets(cells), "\(cells)") {
        guard case .mostlyNumbers = ($0 as? CSVError)?.problem else { return XCTFail("\(cells): \($0)") }
      }
    }
  }

  func testTextWithAFewNumbersIsClasses() throws {
    XCTAssertEqual(try targets(["a", "b", "7"]), .classes([1, 2, 0], names: ["7", "a", "b"]))
    XCTAssertEqual(try targets(["a", "?"]), .classes([1, 0], names: ["?", "a"]))
    XCTAssertEqual(try targets(["1a", "2b", "1a"]), .classes([0, 1, 0], names: ["1a", "2b"]))
    XCTAssertEqual(
      try targets(["2020-01-02", "2020-01-01"]), .classes([1, 0], names: ["2020-01-01", "2020-01-02"]))
  }

  func testNumbersAreNumbers() throws {
    XCTAssertEqual(try targets(["1", "-2.5", "\"3\"", " 4e0 "]), .numbers([1, -2.5, 3, 4], columns: 1))
  }

  func testAClassMayBeCalledLikeAMissingValue() throws {
    let text = "a,region\n0,EU\n1,NA\n2,AS\n"
    XCTAssertThrowsError(try CSVTable(text: text).dataset(target: "region")) {
      XCTAssertEqual(($0 as? CSVError)?.problem, .missingWord("NA"))
      XCTAssertEqual(($0 as? CSVError)?.line, 3)
    }
    XCTAssertEqual(
      try CSVTable(text: text, missing: []).dataset(target: "region").targets,
      .classes([1, 2, 0], names: ["AS", "EU", "NA"]))
  }
}
