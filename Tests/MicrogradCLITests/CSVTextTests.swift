import MicrogradTables
import XCTest

@testable import MicrogradCLI

final class CSVTextTests: XCTestCase {
  func testFieldsAreQuotedOnlyWhereTheyMust() {
    XCTAssertEqual(CSVText.line(["a", "1.5", "é b"]), "a,1.5,é b\n")
    XCTAssertEqual(
      CSVText.line(["a,b", "say \"hi\"", "x\r\ny", " z"]), "\"a,b\",\"say \"\"hi\"\"\",\"x\r\ny\",\" z\"\n")
    XCTAssertEqual(CSVText.line([""]), "\"\"\n")
  }

  func testWhatIsWrittenReadsBack() throws {
    let rows = [["plain", "a;b\tc"], ["\"", ",\n,"], ["\"\"x", "é 🙂"], ["a\rb", "last"]]
    let table = try CSVTable(text: CSVText.line(["one", "two; three"]) + rows.map(CSVText.line).joined())
    XCTAssertEqual(table.columns, ["one", "two; three"])
    XCTAssertEqual(try table.fields("one"), rows.map { $0[0] })
    XCTAssertEqual(try table.fields("two; three"), rows.map { $0[1] })
  }
}
