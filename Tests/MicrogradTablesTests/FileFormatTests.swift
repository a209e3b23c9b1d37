import Foundation
import MicrogradTables
import XCTest

/// Files that are not text are named, with what to do.
final class FileFormatTests: XCTestCase {
  /// The first bytes of files, as their formats define them, and a word of the message.
  private static let starts: [(format: FileFormat, bytes: [UInt8], word: String)] = [
    (.zip, Array("PK\u{3}\u{4}\u{14}\0\u{8}\0".utf8), ".xlsx"),
    (.xls, [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0], ".xls"),
    (.parquet, Array("PAR1".utf8) + [0x15, 0x04, 0x15, 0xF0], "Parquet"),
    (.arrow, Array("ARROW1\0\0".utf8) + [0xFF, 0xFF, 0xFF, 0xFF], "Arrow"),
    (.arrow, Array("FEA1".utf8) + [0, 0, 0, 0], "Arrow"),
    (.hdf5, [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A, 0], "HDF5"),
    (.sqlite, Array("SQLite format 3\0".utf8), "SQLite"),
    (.numpy, [0x93] + Array("NUMPY\u{1}\0v\0{'descr': '<f8'".utf8), "NumPy"),
    (.compressed, Array("BZh91AY&SY".utf8) + [0xAE, 0x1B], "gzip"),
    (.compressed, [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0, 0, 4], "gzip"),
    (.compressed, [0x28, 0xB5, 0x2F, 0xFD, 4, 0], "gzip"),
    (.safetensors, [0xE8, 3, 0, 0, 0, 0, 0, 0] + Array(#"{"0.bias":{"#.utf8), "safetensors"),
  ]

  func testEachFormatIsNamedWithoutALine() throws {
    for (format, bytes, word) in Self.starts {
      XCTAssertThrowsError(try CSVTable(bytes: bytes)) { error in
        XCTAssertEqual((error as? CSVError)?.problem, .otherFormat(format))
        XCTAssertNil((error as? CSVError)?.line)
        XCTAssertTrue("\(error)".contains(word), "\(error)")
      }
    }
    XCTAssertEqual(Set(Self.starts.map { "\($0.format)" } + ["binaryTable"]), Set(FileFormat.allCases.map { "\($0)" }))
  }

  func testABinaryTableIsNamed() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (table, binary) = (folder.appendingPathComponent("a.csv"), folder.appendingPathComponent("a.mgt"))
    try Data("x,y\n1,2\n3,4\n".utf8).write(to: table)
    _ = try TableConverter(table).convert(to: binary, target: "y")
    XCTAssertThrowsError(try CSVTable(contentsOf: binary)) {
      XCTAssertEqual(
        "\($0)",
        "a.mgt: the file is a binary table, which only “micrograd train” reads; give the CSV file from which it was made"
      )
    }
  }

  func testTextsThatBeginLikeAFormatAreRead() throws {
    for name in ["PAR1", "BZh", "ARROW1", "FEA1", "SQLite format 3"] {
      let table = try CSVTable(text: "\(name),y\n1,2\n")
      XCTAssertEqual(table.columns, [name, "y"])
      XCTAssertEqual(try table.inputs([name]), [1])
    }
    // Latin-1 text of no known format.
    XCTAssertThrowsError(try CSVTable(bytes: [0xFC, 0x2C, 0x62, 0x0A])) {
      XCTAssertEqual(($0 as? CSVError)?.problem, .notUTF8)
    }
  }
}
