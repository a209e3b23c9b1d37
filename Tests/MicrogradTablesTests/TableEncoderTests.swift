import Foundation
import XCTest

@testable import MicrogradTables

final class TableEncoderTests: XCTestCase {
  private func encoder(
    _ text: String, _ columns: [String]? = nil, _ change: (inout TableEncoder.Options) -> Void = { _ in }
  ) throws -> TableEncoder {
    var options = TableEncoder.Options()
    change(&options)
    let table = try CSVTable(text: text)
    return try TableEncoder(fitting: table, columns: columns ?? table.columns, options: options)
  }

  private func report(_ text: String, rows: [Int]? = nil) throws -> ColumnReport {
    // Beside a column that can be an input.
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { $0 + ",1\n" }
    let table = try CSVTable(text: lines.joined(), header: .present)
    return try TableEncoder.survey(table, columns: table.columns, rows: rows)[0]
  }

  func testNumbersStayAndGapsGetTheMedianAndAnIndicator() throws {
    let table = try CSVTable(text: "a,b\n1,5\n,6\n4,7\nNA,8\n100,9\n")
    let encoder = try TableEncoder(fitting: table, columns: ["b", "a"])
    XCTAssertEqual(encoder.inputNames, ["b", "a", "a is missing"])
    XCTAssertEqual(
      try encoder.encode(table).inputs, [5, 1, 0, 6, 4, 1, 7, 4, 0, 8, 4, 1, 9, 100, 0])
    XCTAssertEqual(try self.encoder("a\n1\n2\n4\n\n7\n").columns[0].fill, 3)
  }

  func testTextsBecomeOneInputForEachCategoryInOrder() throws {
    let table = try CSVTable(text: "c\nred\nblue\n\nred\n")
    let encoder = try TableEncoder(fitting: table, columns: ["c"])
    XCTAssertEqual(encoder.inputNames, ["c = blue", "c = red", "c is missing"])
    XCTAssertEqual(try encoder.encode(table).inputs, [0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0])
    XCTAssertEqual(
      try self.encoder("z\n10\n9\n10\n") { $0.textColumns = ["z"] }.columns[0].categories, ["9", "10"])
  }

  func testBooleansAreZeroAndOne() throws {
    for (no, yes) in [("no", "Yes"), ("FALSE", "TRUE"), ("n", "y"), ("f", "t"), ("off", "on")] {
      let table = try CSVTable(text: "b\n\(no)\n\(yes)\n\(yes)\n\n\(yes.lowercased())\n")
      let encoder = try TableEncoder(fitting: table, columns: ["b"])
      XCTAssertEqual(encoder.columns, [ColumnEncoder(name: "b", kind: .boolean, fill: 1, hasIndicator: true)])
      XCTAssertEqual(try encoder.encode(table).inputs, [0, 0, 1, 0, 1, 0, 1, 1, 1, 0])
    }
    XCTAssertEqual(try encoder("b\nyes\nno\nmaybe\n").columns[0].kind, .category)
    XCTAssertThrowsError(try encoder("b\nyes\nno\n").encode(CSVTable(text: "b\nno\nmaybe\n"))) {
      XCTAssertEqual(($0 as? CSVError)?.problem, .notABoolean("maybe"))
      XCTAssertEqual(($0 as? CSVError)?.line, 3)
    }
  }

  func testDatesBecomeDaysWhenAskedFor() throws {
    let text = "d,x\n1970-01-02,1\n2000-03-01T12:00,2\n01.03.2024,3\n1969/12/31 06:00:00,4\n2000-03-01T12:00+02:00,5\n"
    XCTAssertEqual(try encoder(text).columns.map(\.name), ["x"])
    let encoder = try encoder(text, ["d"]) { $0.readsDates = true }
    XCTAssertEqual(encoder.columns[0].kind, .date)
    let days = try encoder.encode(CSVTable(text: text)).inputs
    // Python: (datetime.date(2000, 3, 1) - datetime.date(1970, 1, 1)).days is 11017; for 2024-03-01 it is 19783.
    for (found, expected) in zip(days, [1, 11017.5, 19783, -0.75, 11017.5 - 2.0 / 24]) {
      XCTAssertEqual(found, expected, accuracy: 1e-9)
    }
    XCTAssertThrowsError(try encoder.encode(CSVTable(text: "d\n2024-02-30\n"))) {
      XCTAssertEqual(($0 as? CSVError)?.problem, .notADate("2024-02-30"))
    }
  }

  func testImpossibleDatesAreText() throws {
    for text in ["2024-13-01", "2023-02-29", "1900-02-29", "2024-1-1-1", "24-01-01", "2024-01-01T25:00", "2024-01-01T"]
    {
      XCTAssertEqual(try encoder("d\n\(text)\n\(text)\n") { $0.readsDates = true }.columns[0].kind, .category, text)
    }
  }

  func testColumnsThatSayNothingAreLeftOut() throws {
    let names = "name\n" + (0..<30).map { "n\($0)" }.joined(separator: "\n")
    XCTAssertEqual(try report(names).outcome, .leftOut(.identifier(different: 30)))
    XCTAssertEqual(try report("gap\n\nNA\n").outcome, .leftOut(.empty))
    XCTAssertEqual(try report("when\n2024-01-01\n2024-01-02").outcome, .leftOut(.dates))
    for (name, isLeftOut) in [("id", true), ("PassengerId", true), ("user_id", true), ("time", false), ("grid", false)]
    {
      let rows = "\(name)\n" + (1...20).map(String.init).joined(separator: "\n")
      XCTAssertEqual(try report(rows).outcome == .leftOut(.rowNumbers), isLeftOut, name)
    }
    let codes = "ticket\n" + (0..<60).map { $0 % 2 == 0 ? "\($0)" : "PC \($0)" }.joined(separator: "\n")
    XCTAssertEqual(try report(codes).outcome, .leftOut(.identifier(different: 60)))
    XCTAssertThrowsError(try encoder("name\n" + (0..<30).map { "n\($0)\n" }.joined())) {
      XCTAssertEqual(($0 as? CSVError)?.problem, .noUsefulInputs(["name"]))
    }
    XCTAssertEqual(
      try encoder("name\n" + (0..<30).map { "n\($0)\n" }.joined()) { $0.wantedColumns = ["name"] }.inputCount, 30)
  }

  func testATypingErrorAmongNumbersIsAnErrorWithItsPlace() {
    for (text, line) in [
      ("a\n1\n2\n3\noops\n", 5), ("a\n1\noops\n", 3), ("a;b\n1.5;x\n2,5;x\n", 3), ("a\n1\n2e999\n", 3),
    ] {
      XCTAssertThrowsError(try encoder(text), text) {
        guard case .mixedColumn = ($0 as? CSVError)?.problem else { return XCTFail("\($0)") }
        XCTAssertEqual(($0 as? CSVError)?.line, line)
      }
    }
    XCTAssertThrowsError(try encoder("a\n12%\n15%\n")) {
      XCTAssertEqual(($0 as? CSVError)?.problem, .notANumber("12%"))
    }
  }

  func testOnlyTheGivenRowsAreFitted() throws {
    let table = try CSVTable(text: "a,c\n1,x\n3,y\n,z\n500,x\n")
    let encoder = try TableEncoder(fitting: table, columns: ["a", "c"], rows: [0, 1])
    XCTAssertEqual(
      encoder.columns,
      [
        ColumnEncoder(name: "a", kind: .number, fill: 2),
        ColumnEncoder(name: "c", kind: .category, categories: ["x", "y"]),
      ])
    let encoded = try encoder.encode(table, rows: [2, 3])
    XCTAssertEqual(encoded.inputs, [2, 0, 0, 500, 1, 0])
    XCTAssertEqual(
      encoded.surprises,
      [
        TableEncoder.Surprise(column: "a", line: 4, category: nil, count: 1),
        TableEncoder.Surprise(column: "c", line: 4, category: "z", count: 1),
      ])
  }

  func testAPreparationIsEncodedAndImpossibleOnesAreRefused() throws {
    let encoder = try encoder("a,b,c\n1,yes,x\n,no,y\n")
    let bytes = try JSONEncoder().encode(encoder)
    XCTAssertEqual(try JSONDecoder().decode(TableEncoder.self, from: bytes), encoder)
    for column in [
      #"{"name":"a","kind":"category","fill":0,"hasIndicator":false}"#,
      #"{"name":"a","kind":"number","categories":["x"],"fill":0,"hasIndicator":false}"#,
      #"{"name":"a","kind":"category","categories":["x","x"],"fill":0,"hasIndicator":false}"#,
      #"{"name":"a","kind":"bomb","fill":0,"hasIndicator":false}"#,
      #"{"name":"a","kind":"number","hasIndicator":false}"#,
    ] {
      XCTAssertThrowsError(try JSONDecoder().decode(ColumnEncoder.self, from: Data(column.utf8)), column)
    }
  }

  func testDecimalCommasAreFoundWhereTheyAreSure() throws {
    for (text, isComma) in [
      ("a;b\n1,5;2\n", true), ("a;b\n1,500;2\n", false), ("a;b\n1,500;0,5\n", true), ("a;b\n1,5;2.5\n", false),
      ("a;b\nx,y;2\n", false), ("a\tb\n-12,25\tx\n", true), ("a,b\n1,5\n", false),
    ] {
      XCTAssertEqual(try CSVTable(text: text, decimal: .automatic).hasDecimalComma, isComma, text)
      XCTAssertFalse(try CSVTable(text: text).hasDecimalComma)
    }
    XCTAssertEqual(try CSVTable(text: "a;b\n1,500;-2,5e1\n", decimal: .comma).inputs(["a", "b"]), [1.5, -25])
  }

  func testDocumentationExamples() throws {
    let table = try CSVTable(text: "age,sex,fare\n22,male,7.25\n,female,71.28\n26,female,7.92\n")
    let encoder = try TableEncoder(fitting: table, columns: table.columns)
    XCTAssertEqual(encoder.inputNames, ["age", "age is missing", "sex = female", "sex = male", "fare"])
    XCTAssertEqual(
      try encoder.encode(table).inputs,
      [22.0, 0.0, 0.0, 1.0, 7.25, 24.0, 1.0, 1.0, 0.0, 71.28, 26.0, 0.0, 1.0, 0.0, 7.92])
    let deck = ColumnEncoder(name: "deck", kind: .category, categories: ["A", "B"], hasIndicator: true)
    XCTAssertEqual(deck.inputNames, ["deck = A", "deck = B", "deck is missing"])
    let age = ColumnEncoder(name: "age", kind: .number, fill: 28, hasIndicator: true)
    XCTAssertEqual(age.inputNames, ["age", "age is missing"])
    XCTAssertEqual(TableEncoder([age]).areMeasured, [true, false])
    let sizes = TableEncoder([ColumnEncoder(name: "size", kind: .category, categories: ["L", "S"])])
    XCTAssertEqual(try sizes.encode(CSVTable(text: "id,size\n1,S\n2,XL\n")).inputs, [0, 1, 0, 0])
    let some = try CSVTable(text: "a,b\n1,\n2,\n")
    let reports = try TableEncoder.survey(some, columns: ["a", "b"])
    XCTAssertEqual(reports[1].outcome, .leftOut(.empty))
    XCTAssertEqual(TableEncoder(reports).inputNames, ["a"])
    let gaps = try CSVTable(text: "a,k\n1,x\n2,NA\n3,y\n")
    XCTAssertEqual(try gaps.rowsWithValue(in: "k"), [0, 2])
    XCTAssertEqual(try gaps.targets("k", rows: [0, 2]), .classes([0, 1], names: ["x", "y"]))
    XCTAssertEqual(try CSVTable(text: "a,b\n1,2\n\n3,4\n").line(row: 1, column: "a"), 4)
  }
}
