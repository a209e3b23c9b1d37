import MicrogradTables
import XCTest

final class CSVStartTests: XCTestCase {
  private func inputs(_ text: String, _ columns: [String], separator: Character? = nil) throws -> [Double] {
    try CSVTable(text: text, separator: separator).inputs(columns)
  }

  func testALineThatNamesTheSeparatorIsFollowed() throws {
    for start in [
      "sep=;\n", "\"sep=;\"\n", "SEP=;\r\n", "\u{FEFF}sep=;\n", "\n sep=;\n".replacingOccurrences(of: " ", with: ""),
    ] {
      XCTAssertEqual(try inputs(start + "a;b,c\n1;2\n", ["a", "b,c"]), [1, 2], start)
    }
    XCTAssertEqual(try inputs("sep=|\na|b\n1|2\n", ["b", "a"]), [2, 1])
    XCTAssertEqual(try inputs("sep=\t\na\tb\n1\t2\n", ["a", "b"]), [1, 2])
    XCTAssertEqual(try inputs("sep=;\na,b\n1,2\n", ["a", "b"], separator: ","), [1, 2])
    XCTAssertEqual(try inputs("sep=,x\n1,2\n", ["sep=", "x"]), [1, 2])
  }

  func testLinesAreCountedFromTheTopOfTheFile() {
    XCTAssertThrowsError(try inputs("sep=;\na;b\n1;x\n", ["b"])) { XCTAssertEqual(($0 as? CSVError)?.line, 3) }
    XCTAssertThrowsError(try CSVTable(text: "sep=;\n")) { XCTAssertEqual(($0 as? CSVError)?.problem, .empty) }
  }

  func testBarsAreFound() throws {
    XCTAssertEqual(try inputs("a|b|y\n1|2|3\n", ["a", "b", "y"]), [1, 2, 3])
    XCTAssertEqual(try inputs("a|b,c|d\n1|2|3\n", ["b,c"]), [2])
  }

  func testOfTwoSeparatorsTheOneThatFitsTheSecondRowIsTaken() throws {
    XCTAssertEqual(try inputs("size, in m;y\n1;2\n", ["size, in m", "y"]), [1, 2])
    XCTAssertEqual(try inputs("a;b,c\n\"x;y\",2\n", ["c"]), [2])
  }
}
