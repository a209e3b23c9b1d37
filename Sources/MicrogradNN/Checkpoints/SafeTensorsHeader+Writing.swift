import Micrograd

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension SafeTensorsHeader {
  /// Returns the length of the header, the header, and spaces so that the data begin at a multiple of 8.
  internal var encoded: [UInt8] {
    var fields: [String] = []
    if !metadata.isEmpty {
      let texts = sortedMetadata.map { "\(Self.json($0.key)):\(Self.json($0.value))" }
      fields.append("\(Self.json(SafeTensors.metadataName)):{\(texts.joined(separator: ","))}")
    }
    for entry in entries {
      let shape = entry.shape.map(String.init).joined(separator: ",")
      fields.append(
        "\(Self.json(entry.name)):{\"dtype\":\"\(entry.type.rawValue)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(entry.bytes.lowerBound),\(entry.bytes.upperBound)]}")
    }
    var text = Array("{\(fields.joined(separator: ","))}".utf8)
    text += Array(repeating: UInt8(ascii: " "), count: (8 - text.count % 8) % 8)
    return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text
  }

  private static func json(_ text: String) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    guard let bytes = try? encoder.encode(text) else { trap("JSON cannot hold \(text.debugDescription)") }
    return String(decoding: bytes, as: UTF8.self)
  }
}
