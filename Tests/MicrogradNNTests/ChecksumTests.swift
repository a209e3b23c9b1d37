import XCTest

@testable import MicrogradNN

final class ChecksumTests: XCTestCase {
  func testIsTheCRC32OfZlib() {
    // python3 -c 'import zlib; print(hex(zlib.crc32(b"\x09\0\0\0\0\0\0\0" b"123456789")))'
    var checksum = Checksum()
    checksum.add("123456789")
    XCTAssertEqual(checksum.text, "crc32 85a458e8")
  }

  func testKeepsLeadingZeros() {
    // The first text of digits whose checksum is below 2²⁸.
    var checksum = Checksum()
    checksum.add("10")
    XCTAssertEqual(checksum.text, "crc32 07fb8f55")
  }
}
