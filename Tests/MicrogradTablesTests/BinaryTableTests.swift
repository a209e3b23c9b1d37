import Foundation
import MicrogradNN
import TestSupport
import XCTest

@testable import MicrogradTables

final class BinaryTableTests: XCTestCase {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("micrograd-\(UUID().uuidString)")
  override func setUpWithError() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }
  override func tearDown() { try? FileManager.default.removeItem(at: folder) }

  private func url(_ name: String) -> URL { folder.appendingPathComponent(name) }
  private func write(_ text: String, to name: String = "data.csv") throws -> URL {
    try Data(text.utf8).write(to: url(name))
    return url(name)
  }

  private func bytes(_ name: String) throws -> [UInt8] { try [UInt8](Data(contentsOf: url(name))) }

  private static let cells =
    "age,deck,new,born,price\n3,B,yes,2024-01-01,10\n,A,no,,20\n5,,yes,2024-01-03,30\n7,B,no,,\n"

  // MARK: - Conversion

  func testATableHasTheCellsOfTheCSVFile() throws {
    var options = TableEncoder.Options()
    options.readsDates = true
    let report = try TableConverter(write(Self.cells)).convert(to: url("t.mgt"), target: "price", options: options)
    XCTAssertEqual(report.rows, 3)
    XCTAssertEqual(report.rowsWithoutTarget, 1)
    XCTAssertTrue(report.leftOut.isEmpty)
    let table = try BinaryTable(contentsOf: url("t.mgt"))
    XCTAssertEqual(
      table.columns,
      [
        .init(name: "price", kind: .number), .init(name: "age", kind: .number),
        .init(name: "deck", kind: .text, texts: ["A", "B"]), .init(name: "new", kind: .text, texts: ["no", "yes"]),
        .init(name: "born", kind: .date),
      ])
    var rows: [[Double]] = []
    try table.forEachRow([2, 0, 1]) { rows.append(Array($1)) }
    let expected: [[Double]] = [[30, 5, .nan, 1, 19725], [10, 3, 1, 1, 19723], [20, .nan, 0, 0, .nan]]
    XCTAssertEqual(rows.map { $0.map { $0.isNaN ? -1 : $0 } }, expected.map { $0.map { $0.isNaN ? -1 : $0 } })
  }

  func testPiecesOfAnySizeGiveTheSameTable() throws {
    let text =
      "\u{FEFF}sep=;\r\n\r\nname;\"a;\nb\";y\r\n\"x \"\"1\"\"\r\n\";1,5;1\r\n\r\ny;2,25;0\r\nz;3;1\r\n\r\n\"x \"\"1\"\"\r\n\";4;0\r\n"
    let source = try write(text)
    var files: [[UInt8]] = []
    for size in [1, 7, 20, 1000] {
      let stream = try CSVStream(source, .init(decimal: .automatic), pieceSize: size)
      XCTAssertTrue(stream.hasDecimalComma)
      _ = try TableConverter(stream).convert(to: url("t.mgt"), target: "y")
      files.append(try bytes("t.mgt"))
    }
    XCTAssertEqual(Set(files).count, 1)
    let table = try BinaryTable(contentsOf: url("t.mgt"))
    XCTAssertEqual(table.columns.map(\.name), ["y", "name", "a;\nb"])
    XCTAssertEqual(table.columns[1].texts, ["x \"1\"", "y", "z"])
    XCTAssertEqual(table.count, 4)
  }

  func testErrorsOfALaterPieceHaveTheLineOfTheFile() throws {
    var text = "a,b\n"
    for row in 0..<50 { text += "\(row),\(row)\n" }
    for (bad, line) in [("1,2,3\n", 52), ("\"x\n", 52), ("7,oops\n", 52)] {
      let source = try write(text + bad + "3,4\n")
      let stream = { try CSVStream(source, .init(), pieceSize: 16) }
      XCTAssertThrowsError(try TableConverter(stream()).convert(to: url("t.mgt"), target: "a")) {
        XCTAssertEqual(($0 as? CSVError)?.line, line, "\($0)")
      }
      XCTAssertFalse(FileManager.default.fileExists(atPath: url("t.mgt").path))
    }
  }

  func testATableThatIsReplacedStaysWholeIfTheConversionFails() throws {
    _ = try TableConverter(write("a,b\n1,2\n")).convert(to: url("t.mgt"), target: "b")
    let before = try bytes("t.mgt")
    XCTAssertThrowsError(try TableConverter(write("a,b\n1,2\n3\n")).convert(to: url("t.mgt"), target: "b"))
    XCTAssertEqual(try bytes("t.mgt"), before)
    XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted(), ["data.csv", "t.mgt"])
  }

  func testAFullDiskIsAClearErrorAndLeavesNothing() throws {
    try XCTSkipUnless(FileManager.default.fileExists(atPath: "/dev/full"), "there is no /dev/full")
    let source = try write("a,b\n1,2\n")
    XCTAssertThrowsError(try TableConverter(source).convert(to: URL(fileURLWithPath: "/dev/full"), target: "b")) {
      XCTAssertTrue("\($0)".contains("cannot be written"), "\($0)")
    }
  }

  // MARK: - Survey and inputs

  private func randomTable(_ count: Int, seed: Int) -> String {
    var random = PythonRandom(seed: seed)
    var text = "number,few,flag,id,code,y\n"
    for row in 0..<count {
      let number = random.random() < 0.1 ? "" : "\(random.gauss(mean: -3, standardDeviation: 100))"
      let few = random.random() < 0.1 ? "NA" : "\(random.randint(0, 4))"
      let flag = ["yes", "no", "Yes", ""][random.randint(0, 3)]
      let code = row % 7 == 0 ? "\(row % 5)" : "c\(random.randint(1, 30))"
      text += "\(number),\(few),\(flag),\(row + 1),\(code),\(random.gauss())\n"
    }
    return text
  }

  func testTheSurveyAndTheInputsAreThoseOfTheCSVTable() throws {
    let text = randomTable(500, seed: 3)
    let csv = try CSVTable(text: text)
    _ = try TableConverter(CSVStream(write(text), .init(), pieceSize: 300)).convert(to: url("t.mgt"), target: "y")
    let table = try BinaryTable(contentsOf: url("t.mgt"))
    let names = table.columns.map(\.name).filter { $0 != "y" }
    XCTAssertEqual(names, ["number", "few", "flag", "code"])
    let selections: [BinaryTable.Selection] = [
      .all, .rows([4, 400, 77, 78, 3, 2, 99, 11, 10, 9, 8]), .rows(Array(stride(from: 1, to: 500, by: 2))),
      .blocks([3, 0, 6, 7], size: 64),
    ]
    for selection in selections {
      var rows: [Int] = []
      try table.forEachRow(of: selection) { row, _ in rows.append(row) }
      var options = TableEncoder.Options()
      options.wantedColumns = Set(names)
      let (found, expected) = (
        try table.survey(columns: names, of: selection),
        try TableEncoder.survey(csv, columns: names, rows: rows, options: options)
      )
      XCTAssertEqual(found, expected)
      let encoder = TableEncoder(found)
      let source = try BinaryTableRows(table, encoder, selection)
      XCTAssertEqual(source.count, rows.count)
      let data = try source.rows(at: Array(rows.indices))
      XCTAssertEqual(data.inputs, try encoder.encode(csv, rows: rows).inputs)
      XCTAssertEqual(data.targets, try csv.targets("y", rows: rows))
      XCTAssertEqual(data.inputNames, encoder.inputNames)
    }
  }

  func testTheMedianIsThatOfSortedNumbers() throws {
    var random = PythonRandom(seed: 9)
    for count in [1, 2, 3, 4, 10, 11, 500] {
      for scale in [1.0, 1e-300, 1e300] {
        var numbers = (0..<count).map { _ in random.gauss() * scale }
        for index in numbers.indices where index % 3 == 0 { numbers[index] = [0, -0.0, 1, -5][random.randint(0, 3)] }
        var search = MedianSearch()
        for _ in 0..<MedianSearch.passes {
          for number in numbers { search.add(number) }
          search.endPass()
        }
        XCTAssertEqual(search.median, ColumnSurvey.median(numbers), "\(numbers)")
      }
    }
  }

  func testClassesAreThoseOfTheCSVTable() throws {
    let text = "x,kind\n1,b\n2,a\n3,c\n4,a\n"
    _ = try TableConverter(write(text)).convert(to: url("t.mgt"), target: "kind")
    let table = try BinaryTable(contentsOf: url("t.mgt"))
    let rows = try BinaryTableRows(table, TableEncoder(table.survey(columns: ["x"])))
    XCTAssertEqual(rows.classNames, ["a", "b", "c"])
    XCTAssertEqual(try rows.rows(at: [0, 1, 2, 3]), try CSVTable(text: text).dataset(target: "kind"))
    XCTAssertEqual(try rows.selecting(.rows([2])).rows(at: [0]).targets, .classes([2], names: ["a", "b", "c"]))
  }

  func testNumbersThatAreClassesKeepTheirSpelling() throws {
    _ = try TableConverter(write("x,k\n1,01\n2,2\n")).convert(to: url("t.mgt"), target: "k", kind: .classes)
    XCTAssertEqual(try BinaryTable(contentsOf: url("t.mgt")).columns[0].texts, ["01", "2"])
  }

  /// The layout, from a file that Python wrote.
  func testAFileOfAnotherWriterIsRead() throws {
    let table = try BinaryTable(contentsOf: testsFolder.appendingPathComponent("Fuzz/Seeds/table/mixed"))
    XCTAssertEqual(table.columns.map(\.name), ["price", "colour", "new", "day"])
    XCTAssertEqual(table.columns[1], .init(name: "colour", kind: .text, texts: ["blue", "red"]))
    XCTAssertEqual([table.target, "\(table.count)", "\(table.consideredCount)"], ["price", "3", "3"])
    let encoder = TableEncoder(try table.survey(columns: ["colour", "new", "day"]))
    XCTAssertEqual(
      encoder.inputNames, ["colour = blue", "colour = red", "colour is missing", "new", "day", "day is missing"])
    let rows = try BinaryTableRows(table, encoder)
    XCTAssertEqual(
      try rows.rows(at: [0, 1, 2]).inputs,
      [0, 1, 0, 0, 19723, 0] + [0, 0, 1, 1, 19724.25, 1] + [1, 0, 0, 0, 19725.5, 0])
    XCTAssertEqual(try rows.rows(at: [2, 0]).targets, .numbers([0.25, 10.5], columns: 1))
  }

  // MARK: - Damage

  private func writeNumbers(_ rows: Int) throws -> [UInt8] {
    let columns: [BinaryTable.Column] = [.init(name: "x", kind: .number), .init(name: "y", kind: .number)]
    let writer = try BinaryTableWriter(to: url("t.mgt"), columns: columns, target: "y", count: rows)
    for row in 0..<rows { try writer.append([Double(row), Double(-row)]) }
    try writer.finish()
    return try bytes("t.mgt")
  }

  private func problem(_ bytes: [UInt8]) throws -> BinaryTableError.Problem? {
    try Data(bytes).write(to: url("damaged.mgt"))
    do {
      let table = try BinaryTable(contentsOf: url("damaged.mgt"))
      try table.forEachRow(0..<table.count) { _, _ in }
      return nil
    } catch {
      return (error as? BinaryTableError)?.problem
    }
  }

  func testEveryDamagedByteIsFound() throws {
    let whole = try writeNumbers(3)
    XCTAssertNil(try problem(whole))
    // The bytes between the header and the first row are not read.
    let header = whole[16..<24].reversed().reduce(0) { $0 << 8 | Int($1) }
    for index in Array(0..<header) + Array(4096..<whole.count) {
      var damaged = whole
      damaged[index] ^= 0x10
      XCTAssertNotNil(try problem(damaged), "byte \(index)")
    }
  }

  func testEveryTruncationIsFound() throws {
    let whole = try writeNumbers(3)
    for count in Array(stride(from: 0, to: 4096, by: 13)) + Array(4096..<whole.count) {
      XCTAssertNotNil(try problem(Array(whole[..<count])), "\(count) bytes")
    }
    XCTAssertNotNil(try problem(whole + [0]))
  }

  func testADamagedBlockIsNamedWhenItIsRead() throws {
    let count = 10_000
    var damaged = try writeNumbers(count)
    damaged[4096 + 16 * 5000] ^= 1
    try Data(damaged).write(to: url("damaged.mgt"))
    let table = try BinaryTable(contentsOf: url("damaged.mgt"))
    try table.forEachRow(0..<4096) { _, _ in }
    XCTAssertThrowsError(try table.forEachRow([5001]) { _, _ in }) {
      XCTAssertEqual(($0 as? BinaryTableError)?.problem, .damagedRows(4096..<8192))
    }
    try table.forEachRow(8192..<count) { row, numbers in XCTAssertEqual(numbers[0], Double(row)) }
  }

  /// Writes a table of the given numbers after its header, with valid checksums.
  private func crafted(_ change: (inout [UInt8]) -> Void) throws -> [UInt8] {
    var bytes = try writeNumbers(3)
    change(&bytes)
    let size = bytes[16..<24].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard size >= 48, size <= bytes.count else { return bytes }
    var checksum = Checksum()
    bytes[16..<size].withUnsafeBytes { checksum.addContent($0) }
    withUnsafeBytes(of: checksum.value.littleEndian) { bytes.replaceSubrange(12..<16, with: $0) }
    return bytes
  }

  func testAbsurdCountsAreRefused() throws {
    for offset in [16, 24, 32, 40] {
      for count in [0, 1 << 20, 1 << 40, Int.max, -1] as [Int] {
        let bytes = try crafted { bytes in
          withUnsafeBytes(of: count.littleEndian) { bytes.replaceSubrange(offset..<offset + 8, with: $0) }
        }
        // A block may be larger than the table.
        if offset == 40, count == 1 << 20 { continue }
        XCTAssertNotNil(try problem(bytes), "offset \(offset), \(count)")
      }
    }
  }

  func testOtherFilesAreRefused() throws {
    XCTAssertEqual(try problem(Array("a,b\n1,2\n".utf8)), .otherFormat)
    XCTAssertEqual(try problem([]), .otherFormat)
    var newer = try writeNumbers(2)
    newer[8] = 9
    XCTAssertEqual(try problem(newer), .unknownVersion(9))
    XCTAssertThrowsError(try BinaryTable(contentsOf: url("nothing.mgt")))
    XCTAssertThrowsError(try BinaryTable(contentsOf: folder))
    XCTAssertFalse(BinaryTable.isBinaryTable(url("nothing.mgt")))
  }

  func testAWriterRefusesFewerRowsThanAnnounced() throws {
    let writer = try BinaryTableWriter(
      to: url("t.mgt"), columns: [.init(name: "x", kind: .number)], target: "x", count: 2)
    try writer.append([1])
    XCTAssertThrowsError(try writer.finish())
    XCTAssertFalse(FileManager.default.fileExists(atPath: url("t.mgt").path))
  }

  func testRowsAreTheSameAfterPagesWereGivenBack() throws {
    // 160 MB: pages are given back.
    let count = 10_000_000
    _ = try writeNumbers(count)
    let table = try BinaryTable(contentsOf: url("t.mgt"))
    for _ in 0..<2 {
      var sum = 0.0
      try table.forEachRow(0..<count) { sum += $1[0] + $1[1] }
      XCTAssertEqual(sum, 0)
    }
    var row = [0.0]
    try table.forEachRow([0]) { row = Array($1) }
    XCTAssertEqual(row, [0, 0])
  }
}
