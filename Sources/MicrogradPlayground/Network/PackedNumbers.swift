import Foundation

/// Numbers of a message as base64 of their bytes, least significant byte first: every digit, and short.
struct PackedNumbers: Codable {
  let numbers: [Double]

  init(_ numbers: [Double]) { self.numbers = numbers }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let data = Data(base64Encoded: try container.decode(String.self)), data.count.isMultiple(of: 8) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "not base64 of numbers of 8 bytes")
    }
    numbers = data.withUnsafeBytes { bytes in
      (0..<data.count / 8).map {
        Double(bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self)))
      }
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    let words = numbers.map(\.bitPattern.littleEndian)
    try container.encode(words.withUnsafeBytes { Data($0) }.base64EncodedString())
  }
}

/// Bytes of a message as base64.
struct PackedBytes: Encodable {
  let bytes: [UInt8]

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(Data(bytes).base64EncodedString())
  }
}
