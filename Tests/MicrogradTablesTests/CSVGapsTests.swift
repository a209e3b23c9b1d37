import MicrogradTables
import XCTest

final class CSVGapsTests: XCTestCase {
  func testMissingValuesAreGaps() throws {
    let table = try CSVTable(text: "a,b\n1,NA\n,2\n-3e4,null\n")
    XCTAssertEqual(try table.numbersOrGaps("a"), [1, nil, -3e4])
    XCTAssertEqual(try table.numbersOrGaps("b"), [nil, 2, nil])
    let other = try CSVTable(text: "a,b\n1,2\n-999,4\n", missing: ["-999"])
    XCTAssertEqual(try other.numbersOrGaps("a"), [1, nil])
  }

  func testOtherTextIsAnError() throws {
    let table = try CSVTable(text: "a,b\n1,NA\n2,red\n")
    XCTAssertThrowsError(try table.numbersOrGaps("b")) { error in
      XCTAssertEqual((error as? CSVError)?.line, 3)
      XCTAssertEqual((error as? CSVError)?.problem, .notANumber("red"))
    }
    XCTAssertThrowsError(try table.numbersOrGaps("c"))
  }

  func testLinesCountBlankLinesAndTheHeader() throws {
    let table = try CSVTable(text: "a,b\n1,2\n\n3,\"x\ny\"\r\n5,6\r7,8\n")
    XCTAssertEqual(try table.lines(of: "a"), [2, 4, 6, 7])
    XCTAssertEqual(try table.lines(of: "b"), [2, 4, 6, 7])
    XCTAssertEqual(try CSVTable(text: "1,2\n3,4\n").lines(of: "column1"), [1, 2])
    XCTAssertThrowsError(try table.lines(of: "c"))
  }
}
