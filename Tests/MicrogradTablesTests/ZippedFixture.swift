import TestSupport

/// The compressed files that make_idx.py wrote.
struct ZippedFixture: Decodable {
  static let all: [ZippedFixture] = content.zipped
  /// A table of columns x and y with one row, 1.5 and −2.
  static let table: [UInt8] = bytes(content.table)

  let name: String
  private let packed, plain: String

  var packedBytes: [UInt8] { Self.bytes(packed) }
  var plainBytes: [UInt8] { Self.bytes(plain) }

  private struct Content: Decodable {
    let zipped: [ZippedFixture]
    let table: String
  }

  private static let content: Content = try! readFixture("idx.json")

  private static func bytes(_ hex: String) -> [UInt8] {
    let digits = hex.utf8.map { UInt8(String(UnicodeScalar($0)), radix: 16)! }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }
}
