import Foundation
import MicrogradNN
import MicrogradTables
import XCTest

final class CSVTableTests: XCTestCase {
  private func table(_ text: String, separator: Character? = nil) throws -> CSVTable {
    try CSVTable(text: text, separator: separator)
  }

  func testHeaderAndRowsAreFoundWhateverEndsALine() throws {
    for end in ["\n", "\r\n", "\r"] {
      for tail in ["", end, end + end, end + "  " + end] {
        let table = try table(["x,y", "1,2", "3,4"].joined(separator: end) + tail)
        XCTAssertEqual(table.columns, ["x", "y"])
        XCTAssertEqual(try table.inputs(["x", "y"]), [1, 2, 3, 4])
      }
    }
  }

  func testTheSeparatorIsGuessedFromTheHeader() throws {
    for separator in [",", ";", "\t"] {
      XCTAssertEqual(
        try table("x|y|z\n1|2|3\n".replacingOccurrences(of: "|", with: separator)).inputs(["z", "y"]), [3, 2])
    }
    XCTAssertEqual(try table("a, in mm;b;c\n1;2;3\n").columns, ["a, in mm", "b", "c"])
    XCTAssertEqual(try table("\"a,b,c\";d\n1;2\n").columns, ["a,b,c", "d"])
    XCTAssertEqual(try table("\"a\nb\";d\n1;2\n").columns, ["a\nb", "d"])
    XCTAssertEqual(try table("only\n1\n2\n").inputs(["only"]), [1, 2])
  }

  func testTheSeparatorCanBeChosen() throws {
    XCTAssertEqual(try table("a|b,c\n1|2\n", separator: "|").columns, ["a", "b,c"])
    XCTAssertEqual(try table("a;b\n1\n", separator: ",").columns, ["a;b"])
  }

  func testQuotedFieldsHoldSeparatorsLineBreaksAndQuotes() throws {
    let text = "name,\"note, long\"\r\n\"a,b\",\"first\r\nsecond\"\r\n\"say \"\"hi\"\"\",\"\"\"\"\r\n"
    let table = try table(text)
    XCTAssertEqual(table.columns, ["name", "note, long"])
    XCTAssertEqual(try table.texts("name"), ["a,b", "say \"hi\""])
    XCTAssertEqual(try table.texts("note, long"), ["first\r\nsecond", "\""])
  }

  func testSpaceAboutFieldsIsDropped() throws {
    let table = try table("x , kind \n 1.5 ,\t setosa \n 2,\" b \"\n")
    XCTAssertEqual(try table.inputs(["x"]), [1.5, 2])
    XCTAssertEqual(try table.texts("kind"), ["setosa", "b"])
  }

  func testFieldsOfMissingValuesCanBeRead() throws {
    XCTAssertEqual(try table("a,note\n1,yes\n2,\n3, NA \n").fields("note"), ["yes", "", "NA"])
    XCTAssertThrowsError(try table("a\n1\n").fields("b")) { XCTAssertEqual(($0 as? CSVError)?.column, "b") }
  }

  func testAByteOrderMarkIsNotPartOfTheHeader() throws {
    XCTAssertEqual(try table("\u{FEFF}x,y\n1,2\n").columns, ["x", "y"])
    XCTAssertEqual(try table("\u{FEFF}\"x\",y\n1,2\n").columns, ["x", "y"])
  }

  func testBlankLinesAreSkippedAboveBetweenAndBelow() throws {
    XCTAssertEqual(try table("\n \r\nx,y\n\n1,2\n   \n3,4\n\n\n").inputs(["x", "y"]), [1, 2, 3, 4])
    XCTAssertEqual(try table("x\n1\n\n\n").inputs(["x"]), [1])
  }

  func testAColumnMayHaveNoName() throws {
    XCTAssertEqual(try table(",x\n0,5\n1,6\n").columns, ["", "x"])
  }

  func testTextOfManyAlphabetsIsKept() throws {
    let table = try table("größe,种类\n1,猫\n2,e\u{301}t\u{e9}\n")
    XCTAssertEqual(table.columns, ["größe", "种类"])
    XCTAssertEqual(try table.texts("种类"), ["猫", "été"])
  }

  func testAFileIsReadPackedOrNot() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let plain = folder.appendingPathComponent("points.csv")
    try Data("\u{FEFF}x,y\n1,2\n".utf8).write(to: plain)
    XCTAssertEqual(try CSVTable(contentsOf: plain).inputs(["x", "y"]), [1, 2])
    let packed = folder.appendingPathComponent("points.csv.gz")
    try Data(ZippedFixture.table).write(to: packed)
    XCTAssertEqual(try CSVTable(contentsOf: packed).inputs(["x", "y"]), [1.5, -2])
    XCTAssertThrowsError(try CSVTable(contentsOf: folder.appendingPathComponent("none.csv")))
  }

  func testAThousandRowsKeepTheirOrder() throws {
    let rows = (0..<1000).map { "\($0),\(Double($0) / 8)" }
    let numbers = try table("i,x\n" + rows.joined(separator: "\n")).inputs(["i", "x"])
    let expected = (0..<1000).flatMap { k -> [Double] in [Double(k), Double(k) / 8] }
    XCTAssertEqual(numbers, expected)
  }
}
