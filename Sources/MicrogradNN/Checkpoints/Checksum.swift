/// The checksum in the metadata of files written by this library: zlib's CRC-32 over everything that a file says. It
/// detects every error within 32 consecutive bits.
///
/// It covers, in this order: every metadata entry except the checksum itself, sorted by key, as key and value; then every
/// tensor, sorted by name, as name, type, number of dimensions, sizes, and the bytes of its data. Each text and each
/// tensor's data follow their length. Lengths and sizes are 8 bytes, little-endian. The spelling of the header and the
/// position of a tensor in the file do not matter.
package struct Checksum {
  internal static let key = "micrograd.checksum"
  internal static let isMissing = "the metadata have no \(key)"

  private var remainder: UInt32 = ~0

  package init() {}

  /// The checksum as a number: zlib's `crc32` if only ``addContent(_:)`` was called.
  package var value: UInt32 { ~remainder }

  /// The checksum as text, such as `crc32 cbf43926`.
  package var text: String {
    let digits = String(~remainder, radix: 16)
    return "crc32 " + String(repeating: "0", count: 8 - digits.count) + digits
  }

  internal mutating func add(_ text: String) {
    var text = text
    text.withUTF8 { add(UnsafeRawBufferPointer($0)) }
  }

  package mutating func add(_ number: Int) {
    withUnsafeBytes(of: UInt64(number).littleEndian) { addContent($0) }
  }

  internal mutating func add(_ bytes: UnsafeRawBufferPointer) {
    add(bytes.count)
    addContent(bytes)
  }

  /// Adds bytes without their number.
  ///
  /// Processes eight bytes at a time: Kounavis and Berry, "A Systematic Approach to Building High Performance
  /// Software-based CRC Generators", ISCC 2005.
  package mutating func addContent(_ bytes: UnsafeRawBufferPointer) {
    Self.tables.withUnsafeBufferPointer { tables in
      var crc = remainder
      var k = 0
      while k + 8 <= bytes.count {
        let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: k, as: UInt64.self)) ^ UInt64(crc)
        crc = 0
        for byte in 0..<8 { crc ^= tables[(7 - byte) << 8 | Int(truncatingIfNeeded: word >> UInt64(8 * byte) & 0xFF)] }
        k += 8
      }
      while k < bytes.count {
        crc = crc >> 8 ^ tables[Int(UInt8(truncatingIfNeeded: crc) ^ bytes[k])]
        k += 1
      }
      remainder = crc
    }
  }

  /// Table t has the remainder of each byte followed by t zero bytes. The polynomial is 0x04C11DB7, with its bits reversed.
  private static let tables: [UInt32] = {
    var tables = [UInt32](repeating: 0, count: 8 << 8)
    for byte in 0..<256 {
      var crc = UInt32(byte)
      for _ in 0..<8 { crc = crc >> 1 ^ (crc & 1 == 0 ? 0 : 0xEDB8_8320) }
      tables[byte] = crc
    }
    for k in 256..<tables.count { tables[k] = tables[k - 256] >> 8 ^ tables[Int(tables[k - 256] & 0xFF)] }
    return tables
  }()
}
