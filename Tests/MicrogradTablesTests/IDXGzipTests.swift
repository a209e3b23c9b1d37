import Foundation
import MicrogradNN
import MicrogradTables
import XCTest

final class IDXGzipTests: XCTestCase {
  func testPackedAndPlainFilesAreTheSame() throws {
    for file in ZippedFixture.all {
      let plain = try IDXFile(file.plainBytes)
      XCTAssertEqual(try IDXFile(unpacking: file.packedBytes), plain, file.name)
      XCTAssertEqual(try IDXFile(unpacking: file.plainBytes), plain, file.name)
    }
  }

  func testAPackedFileIsReadFromItsURL() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).gz")
    defer { try? FileManager.default.removeItem(at: url) }
    try Data(ZippedFixture.all[0].packedBytes).write(to: url)
    XCTAssertEqual(try IDXFile(unpackingContentsOf: url).dimensions, [4, 3, 2])
    XCTAssertThrowsError(try IDXFile(contentsOf: url)) { XCTAssertEqual($0 as? IDXError, .compressed) }
  }

  func testEveryTruncationIsReported() {
    for file in ZippedFixture.all {
      let bytes = file.packedBytes
      for length in bytes.indices {
        XCTAssertThrowsError(try IDXFile(unpacking: Array(bytes[..<length])), "\(file.name), \(length)") {
          XCTAssertTrue($0 is GzipError || $0 is IDXError, "\($0)")
        }
      }
    }
  }

  func testEveryFlippedByteGivesAnErrorOrTheSameArray() throws {
    for file in ZippedFixture.all {
      let whole = try IDXFile(file.plainBytes)
      for place in file.packedBytes.indices {
        var damaged = file.packedBytes
        damaged[place] ^= 0xFF
        if let read = try? IDXFile(unpacking: damaged) { XCTAssertEqual(read, whole, "\(file.name), \(place)") }
      }
    }
  }

  func testAnArrayBeyondTheLimitIsRefused() {
    XCTAssertThrowsError(try IDXFile(unpacking: ZippedFixture.all[5].packedBytes, limit: 3000)) {
      XCTAssertEqual($0 as? GzipError, .tooLarge(limit: 3000))
    }
  }

  func testMoreThanTheHeaderSaysIsNotUnpacked() {
    // The header at the start is that of the first file alone.
    XCTAssertThrowsError(try IDXFile(unpacking: ZippedFixture.all[3].packedBytes + ZippedFixture.all[5].packedBytes)) {
      guard case .trailingBytes(let count)? = $0 as? IDXError else { return XCTFail("\($0)") }
      XCTAssertGreaterThan(count, 0)
    }
  }
}
