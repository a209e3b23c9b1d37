import Foundation
import MicrogradTables
import XCTest

final class CSVErrorTests: XCTestCase {
  private func assertThrows(
    _ problem: CSVError.Problem, line place: Int?, column: String? = nil, at line: UInt = #line,
    _ body: () throws -> Any
  ) {
    XCTAssertThrowsError(try body(), line: line) {
      guard let error = $0 as? CSVError else { return XCTFail("\($0)", line: line) }
      XCTAssertEqual(error.problem, problem, line: line)
      XCTAssertEqual(error.line, place, line: line)
      XCTAssertEqual(error.column, column, line: line)
    }
  }

  private func inputs(_ text: String, _ columns: [String]) throws -> [Double] {
    try CSVTable(text: text).inputs(columns)
  }

  func testAnEmptyTextIsReported() {
    for text in ["", "\n\n", "  \r\n ", "\u{FEFF}", "\u{FEFF}\n"] {
      assertThrows(.empty, line: nil) { try CSVTable(text: text) }
    }
    for text in ["x,y", "x,y\n", "x,y\r\n\r\n", "x", "x\n \n"] {
      assertThrows(.noRows, line: nil) { try CSVTable(text: text) }
    }
  }

  func testMissingValuesAreReportedWithLineAndColumn() {
    assertThrows(.missingValue, line: 3, column: "y") { try inputs("x,y\n1,2\n3,\n", ["x", "y"]) }
    assertThrows(.missingValue, line: 3, column: "y") { try inputs("x,y\n1,2\n3,", ["x", "y"]) }
    assertThrows(.missingValue, line: 2, column: "x") { try inputs("x,y\n,2\n3,4\n", ["x", "y"]) }
    assertThrows(.missingValue, line: 2, column: "x") { try inputs("x,y\n\"\",2\n3,4\n", ["x", "y"]) }
    assertThrows(.missingWord("NA"), line: 3, column: "x") { try inputs("x,y\n1,2\n NA ,4\n", ["x", "y"]) }
    assertThrows(.missingValue, line: 3, column: "x") { try inputs("x\n1\n\n2\n", ["x"]) }
    assertThrows(.missingValue, line: 2, column: "kind") {
      try CSVTable(text: "x,kind\n1,\n").dataset(target: "kind")
    }
    assertThrows(.missingWord("?"), line: 2, column: "x") {
      try CSVTable(text: "x,y\n?,2\n", missing: ["?"]).inputs(["x"])
    }
    assertThrows(.missingWord("-999"), line: 3, column: "x") {
      try CSVTable(text: "x,y\n1,2\n-999,2\n", missing: ["-999"]).inputs(["x"])
    }
  }

  func testATextAmongNumbersIsReported() {
    for text in [
      "abc", "1,5", "1.2.3", "1 000", "inf", "1e999", "0..1", "٣", "0x1F", "0x1p4", "infinity", "1_000", ".", "+", "e5",
      "1e", "1e+", "--1", "1.5f", "1 2", "NAN",
    ] {
      assertThrows(.notANumber(text), line: 3, column: "y") {
        try inputs("x;y\n1;2\n3;\(text)\n", ["x", "y"])
      }
    }
  }

  func testRowsOfOtherLengthsAreReported() {
    assertThrows(.fieldCount(1, columns: 2), line: 3) { try CSVTable(text: "x,y\n1,2\n3\n5,6\n") }
    assertThrows(.fieldCount(3, columns: 2), line: 3) { try CSVTable(text: "x,y\n1,2\n3,4,5\n") }
    assertThrows(.fieldCount(3, columns: 2), line: 2) { try CSVTable(text: "x,y\n1,2,\n") }
    assertThrows(.fieldCount(3, columns: 2), line: 2) { try CSVTable(text: "x,y\n1,2,") }
    assertThrows(.fieldCount(1, columns: 2), line: 2) { try CSVTable(text: "x,y\n3") }
  }

  func testLinesAreThoseOfTheFileAfterLineBreaksInQuotes() {
    let head = "x,note\n1,\"two\nlines\"\n2,\"three\r\nlines\rhere\"\n\n"  // lines 1, 2–3, 4–6, 7
    assertThrows(.fieldCount(1, columns: 2), line: 8) { try CSVTable(text: head + "3\n") }
    assertThrows(.notANumber("z"), line: 8, column: "x") { try inputs(head + "z,\n", ["x"]) }
    assertThrows(.strayQuote, line: 8) { try CSVTable(text: head + "3,a\"b\n") }
    assertThrows(.openQuote, line: 8) { try CSVTable(text: head + "3,\"b\n") }
    assertThrows(.notANumber("z"), line: 4, column: "y") {
      try inputs("x,note,y\n1,\"two\n\nmore\",z\n", ["x", "y"])
    }
    assertThrows(.notANumber("z"), line: 5, column: "x") { try inputs("\n\"x\n\",y\n\n\"z\",1\n", ["x"]) }
  }

  func testQuotesThatDoNotPairAreReported() {
    assertThrows(.openQuote, line: 2) { try CSVTable(text: "x,y\n1,\"2\n3,4\n") }
    assertThrows(.openQuote, line: 2) { try CSVTable(text: "x,y\n1,\"") }
    assertThrows(.openQuote, line: 2) { try CSVTable(text: "x,y\n1,\"2\"\"\n") }
    assertThrows(.openQuote, line: 1) { try CSVTable(text: "\"x,y\n1,2\n") }
    assertThrows(.openQuote, line: 3) { try CSVTable(text: "x,y\n\"1\n\",\"2\n") }
    assertThrows(.strayQuote, line: 2) { try CSVTable(text: "x,y\n1,\"2\" mm\n") }
    assertThrows(.strayQuote, line: 2) { try CSVTable(text: "x,y\n1,5\" pipe\n") }
    assertThrows(.strayQuote, line: 1) { try CSVTable(text: "x\"a,y\n1,2\n") }
  }

  func testMissingColumnsAreReportedWithTheExistingOnes() {
    assertThrows(.unknownColumn(existing: ["x", "y"]), line: nil, column: "z") { try inputs("x,y\n1,2\n", ["z"]) }
    assertThrows(.unknownColumn(existing: ["x", "y"]), line: nil, column: "X") {
      try CSVTable(text: "x,y\n1,2\n").dataset(target: "X")
    }
  }

  func testDuplicateNamesAreReported() {
    assertThrows(.repeatedColumn, line: 1, column: "x") { try CSVTable(text: "x,y, x \n1,2,3\n") }
    assertThrows(.repeatedColumn, line: 2, column: "") { try CSVTable(text: "\nx,,\n1,2,3\n") }
  }

  func testBytesThatAreNotTextAreReportedWithTheirFile() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).csv")
    defer { try? FileManager.default.removeItem(at: url) }
    try Data("x,kind\n1,a\r\n2,Z".utf8 + [0xFC] + Data("rich\n".utf8)).write(to: url)
    assertThrows(.notUTF8, line: 3) { try CSVTable(contentsOf: url) }
    XCTAssertThrowsError(try CSVTable(contentsOf: url)) {
      XCTAssertEqual(
        $0.localizedDescription,
        "\(url.lastPathComponent), line 3: the text is not valid UTF-8; save it in UTF-8")
    }
    try Data("x,kind\n1,a\n,b\n".utf8).write(to: url)
    XCTAssertThrowsError(try CSVTable(contentsOf: url).inputs(["x"])) {
      XCTAssertEqual(
        "\($0)",
        "\(url.lastPathComponent), line 3, column “x”: the value is missing; fill it in, delete the row, or leave the "
          + "column out")
    }
  }

  func testZeroBytesAreReportedWithLineAndColumn() {
    assertThrows(.zeroByte, line: 2, column: "a") { try CSVTable(text: "a,b\n1\0xyz,2\n3\05,4\n") }
    assertThrows(.zeroByte, line: 3, column: "b") { try CSVTable(text: "a,b\n1,2\n3,\"x\0\"\n") }
    assertThrows(.zeroByte, line: 3, column: "b") { try CSVTable(text: "a,b\n1,2\n3,\"x\"\0\n") }
    assertThrows(.zeroByte, line: 1) { try CSVTable(text: "a\0,\0b\0\n1,2\n") }
    XCTAssertThrowsError(try CSVTable(bytes: [0xFF, 0xFE, 0x61, 0, 0x0A, 0])) {
      XCTAssertEqual(($0 as? CSVError)?.problem, .notUTF8)
    }
  }

  func testMessagesShowControlCharactersAndStayOnALine() {
    XCTAssertThrowsError(try inputs("a,b\n\"1\n2\",3\n", ["a"])) {
      XCTAssertTrue("\($0)".contains(#"“1\n2” is not a finite number"#), "\($0)")
    }
  }

  func testEveryTextGivesATableOrAnError() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var state = seed
    let pieces = "\" | \"\" | , | ; | \t | \n | \r | \r\n |   | x | 1 | \u{FEFF} | \u{301} | \u{200D} | \0"
      .components(separatedBy: " | ")
    for _ in 0..<3000 {
      var text = ""
      for _ in 0..<12 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        text += pieces[Int(state >> 33) % pieces.count]
      }
      guard let table = try? CSVTable(text: text) else { continue }
      XCTAssertGreaterThan(table.count, 0, "seed \(seed), \(text.debugDescription)")
      XCTAssertEqual(Set(table.columns).count, table.columns.count, "seed \(seed), \(text.debugDescription)")
    }
  }
}
