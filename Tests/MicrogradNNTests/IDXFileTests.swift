import Foundation
import MicrogradNN
import TestSupport
import XCTest

final class IDXFileTests: XCTestCase {
  private struct Record: Decodable {
    let dimensions: [Int]
    let numbers: [Double]
    let hex: String

    var bytes: [UInt8] {
      stride(from: 0, to: hex.count, by: 2).map { place in
        UInt8(hex.dropFirst(place).prefix(2), radix: 16)!
      }
    }
  }

  private struct Content: Decodable {
    let files: [Record]
  }

  private static let records = (try! readFixture("idx.json") as Content).files

  private func assertThrows(_ expected: IDXError, line: UInt = #line, _ bytes: [UInt8]) {
    XCTAssertThrowsError(try IDXFile(bytes), line: line) { XCTAssertEqual($0 as? IDXError, expected, line: line) }
  }

  func testNumbersOfEveryKindEqualNumPy() throws {
    for record in Self.records {
      let file = try IDXFile(record.bytes)
      XCTAssertEqual(file.dimensions, record.dimensions)
      XCTAssertEqual(file.count, record.numbers.count)
      XCTAssertEqual(file.numbers, record.numbers, "\(file.element)")
    }
    XCTAssertEqual(Set(try Self.records.map { try IDXFile($0.bytes).element }), Set(IDXFile.Element.allCases))
  }

  func testAFileIsReadFromItsURL() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).idx")
    defer { try? FileManager.default.removeItem(at: url) }
    try Data(Self.records[0].bytes).write(to: url)
    XCTAssertEqual(try IDXFile(contentsOf: url), try IDXFile(Self.records[0].bytes))
  }

  func testEveryTruncationIsReported() {
    for record in Self.records {
      for length in record.bytes.indices {
        XCTAssertThrowsError(try IDXFile(Array(record.bytes[..<length])), "\(length) of \(record.bytes.count)") {
          guard case .truncated(length, let expected)? = $0 as? IDXError else { return XCTFail("\($0)") }
          XCTAssertLessThanOrEqual(expected, record.bytes.count)
        }
      }
    }
  }

  func testEveryFlippedByteGivesAnErrorOrDataOfItsOwnShape() {
    for record in Self.records {
      for place in record.bytes.indices {
        for mask in [0x01, 0x80, 0xFF] as [UInt8] {
          var bytes = record.bytes
          bytes[place] ^= mask
          guard let file = try? IDXFile(bytes) else { continue }
          XCTAssertEqual(file.numbers.count, file.dimensions.reduce(1, *))
        }
      }
    }
  }

  func testTrailingBytesAreReported() {
    assertThrows(.trailingBytes(2), Self.records[0].bytes + [0, 0])
  }

  func testOtherFilesAreNamed() {
    assertThrows(.otherFormat([0x89, 0x50, 0x4E, 0x47]), [0x89, 0x50, 0x4E, 0x47, 0x0D])
    assertThrows(.compressed, [0x1F, 0x8B, 0x08, 0x00])
    assertThrows(.unknownElement(0x0A), [0, 0, 0x0A, 1, 0, 0, 0, 0])
    assertThrows(.noDimensions, [0, 0, 0x08, 0, 1])
  }

  func testDimensionsBeyondAllMemoryAreRefusedUnread() {
    let most: [UInt8] = [255, 255, 255, 255]
    assertThrows(.tooLarge([.max, .max, .max]), [0, 0, 0x0E, 3] + most + most + most)
    let expected = 12 + (1 << 32 - 1) * (1 << 16)
    assertThrows(.truncated(length: 12, expected: expected), [0, 0, 0x08, 2] + most + [0, 1, 0, 0])
    XCTAssertEqual(try IDXFile([0, 0, 0x0E, 3] + most + most + [0, 0, 0, 0]).numbers, [])
  }

  func testPixelsBecomeInputsOfZeroToOne() throws {
    let images = try IDXFile([0, 0, 0x08, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 255, 51, 0])
    let labels = try IDXFile([0, 0, 0x08, 1, 0, 0, 0, 2, 1, 0])
    let digits = try Dataset(images: images, labels: labels)
    XCTAssertEqual(digits.inputs, [0, 1, 0.2, 0])
    XCTAssertEqual(digits.inputCount, 2)
    XCTAssertEqual(digits.targets, .classes([1, 0], names: ["0", "1"]))
    XCTAssertEqual(
      try Dataset(images: images, labels: labels, names: ["off", "on"]).targets,
      .classes([1, 0], names: ["off", "on"]))
  }

  func testImagesWithoutFittingLabelsAreRefused() throws {
    let images = try IDXFile([0, 0, 0x08, 2, 0, 0, 0, 2, 0, 0, 0, 1, 0, 255])
    let none = try IDXFile([0, 0, 0x08, 2, 0, 0, 0, 0, 0, 0, 0, 1])
    let empty = try IDXFile([0, 0, 0x08, 2, 0, 0, 0, 2, 0, 0, 0, 0])
    let two = try IDXFile([0, 0, 0x08, 1, 0, 0, 0, 2, 1, 0])
    let three = try IDXFile([0, 0, 0x08, 1, 0, 0, 0, 3, 1, 0, 0])
    func assertThrows<Failure: Error & Equatable>(
      _ expected: Failure, line: UInt = #line, _ images: IDXFile, _ labels: IDXFile, names: [String]? = nil
    ) {
      XCTAssertThrowsError(try Dataset(images: images, labels: labels, names: names), line: line) {
        XCTAssertEqual($0 as? Failure, expected, line: line)
      }
    }
    assertThrows(DatasetError.rowCounts(inputs: 2, targets: 3), images, three)
    assertThrows(DatasetError.classOutOfRange(row: 0, label: 1, classes: 1), images, two, names: ["off"])
    assertThrows(DatasetError.empty, none, two)
    assertThrows(DatasetError.noInputs, empty, two)
    assertThrows(IDXError.labelsAreNotBytes(.unsignedByte, dimensions: [2, 1]), two, images)
  }
}
