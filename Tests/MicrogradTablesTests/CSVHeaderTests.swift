import MicrogradTables
import XCTest

final class CSVHeaderTests: XCTestCase {
  private func table(_ text: String, _ header: CSVTable.Header = .automatic) throws -> CSVTable {
    try CSVTable(text: text, header: header)
  }

  func testAFirstRowOfNumbersIsData() throws {
    for text in ["1,2\n3,4\n", "\n1,2\n3,4", "\"1\",\"2\"\n\"3\",\"4\"\n", "\u{FEFF}1;2\n3;4\n"] {
      let table = try table(text)
      XCTAssertFalse(table.hasHeader)
      XCTAssertEqual(table.columns, ["column1", "column2"])
      XCTAssertEqual(try table.inputs(["column1", "column2"]), [1, 2, 3, 4])
    }
    XCTAssertEqual(try table("7\n").inputs(["column1"]), [7])
    XCTAssertEqual(try table("1,1\n1,1\n").count, 2)
  }

  func testTextInTheFirstRowIsAHeader() throws {
    for text in ["x,y\n1,2\n", "id,2020\n5,6\n", ",0,1\n0,5.5,6\n", "country,2020\n7,5\n", "\"1\",\"2\"\n3,4\n"] {
      let table = try table(text)
      XCTAssertTrue(table.hasHeader, text)
      XCTAssertEqual(table.count, 1, text)
    }
  }

  func testAnUnclearHeaderIsNotGuessed() throws {
    for text in ["5.1,3.5,setosa\n4.9,3.0,setosa\n", "country,2019\nFrance,3\n", "1,,3\n4,5,6\n", "1,NA\n2,3\n"] {
      XCTAssertThrowsError(try table(text), text) {
        guard case .unclearHeader = ($0 as? CSVError)?.problem else { return XCTFail("\($0)") }
        XCTAssertEqual(($0 as? CSVError)?.line, 1)
      }
      let named = try table(text, .present), unnamed = try table(text, .absent)
      XCTAssertEqual(unnamed.count, named.count + 1)
      XCTAssertEqual(unnamed.columns.first, "column1")
    }
  }

  func testTheChoiceIsTaken() throws {
    XCTAssertEqual(try table("1,2\n3,4\n", .present).columns, ["1", "2"])
    XCTAssertEqual(try table("x,y\n3,4\n", .absent).fields("column1"), ["x", "3"])
  }

  func testErrorsInRowsBelowHaveTheLineOfTheFile() {
    XCTAssertThrowsError(try table("1,2\n3,x\n").inputs(["column2"])) {
      XCTAssertEqual(($0 as? CSVError)?.line, 2)
      XCTAssertEqual(($0 as? CSVError)?.column, "column2")
    }
  }
}
