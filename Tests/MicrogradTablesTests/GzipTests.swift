import Foundation
import MicrogradTables
import TestSupport
import XCTest

final class GzipTests: XCTestCase {
  private func assertThrows(_ expected: GzipError, limit: Int = 1 << 20, line: UInt = #line, _ bytes: [UInt8]) {
    XCTAssertThrowsError(try Gzip.unpack(bytes, limit: limit), line: line) {
      XCTAssertEqual($0 as? GzipError, expected, line: line)
    }
  }

  func testFilesCompressedByPythonAreDecompressed() throws {
    for file in ZippedFixture.all {
      XCTAssertTrue(Gzip.isPacked(file.packedBytes))
      XCTAssertEqual(try Gzip.unpack(file.packedBytes), file.plainBytes, file.name)
    }
  }

  /// The system's gunzip is the independent reader.
  func testPackedDataAreReadByGunzip() throws {
    let texts = ["", "a", String(repeating: "two moons ", count: 100_000)]
    for text in texts {
      let packed = try XCTUnwrap(Gzip.pack(Array(text.utf8)))
      XCTAssertEqual(try Gzip.unpack(packed), Array(text.utf8))
      let file = FileManager.default.temporaryDirectory.appendingPathComponent("packed-\(UUID().uuidString).gz")
      try Data(packed).write(to: file)
      defer { try? FileManager.default.removeItem(at: file) }
      let read = try FinishedProcess(running: URL(fileURLWithPath: "/usr/bin/env"), ["gzip", "-dc", file.path])
      XCTAssertEqual(read.status, 0, read.errors)
      XCTAssertTrue(read.output == text)
    }
  }

  func testEveryTruncationIsReported() {
    // Of several members, the first ones are whole without the last.
    for file in ZippedFixture.all where !file.name.contains("member") {
      let bytes = file.packedBytes
      for length in bytes.indices {
        XCTAssertThrowsError(try Gzip.unpack(Array(bytes[..<length])), "\(file.name), \(length)") {
          XCTAssertEqual($0 as? GzipError, length < 2 ? .otherFormat : .truncated, "\(file.name), \(length)")
        }
      }
    }
  }

  func testEveryFlippedByteIsReportedOrHarmless() {
    for file in ZippedFixture.all {
      let bytes = file.packedBytes
      for place in bytes.indices {
        for mask in [0x01, 0x10, 0xFF] as [UInt8] {
          var damaged = bytes
          damaged[place] ^= mask
          // Only what is not data may pass: time, system, name and the like in the head of a member.
          if let unpacked = try? Gzip.unpack(damaged) { XCTAssertEqual(unpacked, file.plainBytes, "\(place)") }
        }
      }
    }
  }

  func testAWrongChecksumIsReported() {
    var bytes = ZippedFixture.all[0].packedBytes
    bytes[bytes.count - 5] ^= 1
    assertThrows(.corrupt("incorrect data check"), bytes)
  }

  func testTrailingBytesAreReported() {
    let bytes = ZippedFixture.all[0].packedBytes
    assertThrows(.trailingBytes(3), bytes + [0, 0, 0])
    assertThrows(.truncated, bytes + [0x1F])
    assertThrows(.truncated, bytes + [0x1F, 0x8B])
  }

  func testOtherFormatsAreNamed() {
    assertThrows(.otherFormat, [])
    assertThrows(.otherFormat, [0x50, 0x4B, 0x03, 0x04])
  }

  func testNotMoreThanTheLimitIsUnpacked() throws {
    let zeros = ZippedFixture.all[5]
    let count = zeros.plainBytes.count
    XCTAssertGreaterThan(count, 50 * zeros.packedBytes.count)
    XCTAssertEqual(try Gzip.unpack(zeros.packedBytes, limit: count).count, count)
    XCTAssertEqual(try Gzip.unpack(zeros.packedBytes, limit: .max).count, count)
    assertThrows(.tooLarge(limit: count - 1), limit: count - 1, zeros.packedBytes)
    assertThrows(.tooLarge(limit: 0), limit: 0, zeros.packedBytes)
  }
}
