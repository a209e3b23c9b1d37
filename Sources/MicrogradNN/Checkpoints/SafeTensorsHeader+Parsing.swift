#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension SafeTensorsHeader {
  /// Parses a file, and checks that the header matches the file: the bytes of every tensor are inside the data, and every
  /// byte of the data belongs to exactly one tensor.
  internal init(of file: UnsafeRawBufferPointer) throws(CheckpointError) {
    guard file.count >= 8 else { throw CheckpointError(.tooShort(byteCount: file.count)) }
    let length = UInt64(littleEndian: file.loadUnaligned(as: UInt64.self))
    guard length <= SafeTensors.longestHeader, length <= file.count - 8 else {
      throw CheckpointError(.headerLength(length, fileByteCount: file.count))
    }
    let end = 8 + Int(length)
    let text = UnsafeRawBufferPointer(rebasing: file[8..<end])
    try Self.checkBytes(of: text)
    let content = try Self.decode(text)
    try HeaderScanner(text, at: 8).check()
    metadata = content.metadata
    entries = []
    for (name, tensor) in content.tensors.sorted(by: { $0.key.precedesInBytes($1.key) }) {
      entries.append(try Self.entry(name, tensor))
    }
    try checkPlaces(in: file.count - end)
    dataStart = end
  }

  // MARK: - Bytes

  /// JSONDecoder guesses the encoding from the positions of zeros, so zeros are rejected first: JSON has no control
  /// characters.
  private static func checkBytes(of text: UnsafeRawBufferPointer) throws(CheckpointError) {
    guard text.first == UInt8(ascii: "{") else {
      throw CheckpointError(.headerNotJSON(reason: "byte 8 is not {, with which it begins"))
    }
    if let place = text.firstIndex(where: { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }) {
      throw CheckpointError(.headerNotJSON(reason: "byte \(8 + place) is a control character"))
    }
    var parser = Unicode.UTF8.ForwardParser()
    var bytes = text.makeIterator()
    var offset = 8
    while true {
      switch parser.parseScalar(from: &bytes) {
      case .valid(let scalar): offset += scalar.count
      case .error: throw CheckpointError(.headerNotUTF8(offset: offset))
      case .emptyInput: return
      }
    }
  }

  // MARK: - JSON

  private struct Tensor: Decodable {
    let dtype: String
    let shape: [Int]
    let data_offsets: [Int]
  }

  private struct Content: Decodable {
    var metadata: [String: String] = [:]
    var tensors: [String: Tensor] = [:]

    private struct Name: CodingKey {
      let stringValue: String
      var intValue: Int? { nil }
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Name.self)
      for key in container.allKeys {
        if key.stringValue == SafeTensors.metadataName {
          metadata = try container.decodeIfPresent([String: String].self, forKey: key) ?? [:]
        } else {
          tensors[key.stringValue] = try container.decode(Tensor.self, forKey: key)
        }
      }
    }
  }

  private static func decode(_ text: UnsafeRawBufferPointer) throws(CheckpointError) -> Content {
    do {
      return try JSONDecoder().decode(Content.self, from: Data(text))
    } catch {
      throw CheckpointError(.headerNotJSON(reason: reason(error)))
    }
  }

  private static func reason(_ error: any Error) -> String {
    func reason(_ context: DecodingError.Context, _ last: (any CodingKey)? = nil) -> String {
      let path = (context.codingPath + (last.map { [$0] } ?? [])).map(\.stringValue)
      return path.isEmpty ? context.debugDescription : "\(path): \(context.debugDescription)"
    }
    return switch error as? DecodingError {
    case .keyNotFound(let key, let context): reason(context, key)
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context): reason(context)
    default: "\(error)"
    }
  }

  // MARK: - Tensors

  private static func entry(_ name: String, _ tensor: Tensor) throws(CheckpointError) -> Entry {
    guard let type = ElementType(rawValue: tensor.dtype) else {
      throw CheckpointError(.unknownElementType(tensor.dtype, tensor: name))
    }
    func wrong(_ reason: String) -> CheckpointError { CheckpointError(.tensorSize(tensor: name, reason: reason)) }
    guard tensor.shape.allSatisfy({ $0 >= 0 }) else { throw wrong("has the shape \(tensor.shape)") }
    let offsets = tensor.data_offsets
    guard offsets.count == 2, offsets[0] >= 0, offsets[0] <= offsets[1] else {
      throw wrong("has the offsets \(offsets), which are not a beginning and an end")
    }
    var bits = type.bitCount
    for extent in tensor.shape {
      let (product, overflow) = bits.multipliedReportingOverflow(by: extent)
      if overflow { throw wrong("of shape \(tensor.shape) is larger than any memory") }
      bits = product
    }
    guard bits % 8 == 0, bits / 8 == offsets[1] - offsets[0] else {
      throw wrong("of shape \(tensor.shape) and type \(type.rawValue) is given \(offsets[1] - offsets[0]) bytes")
    }
    return Entry(name: name, type: type, shape: tensor.shape, bytes: offsets[0]..<offsets[1])
  }

  /// Throws if there are gaps, overlaps or bytes left over. Empty tensors may be between others.
  private func checkPlaces(in byteCount: Int) throws(CheckpointError) {
    let end = entries.map(\.bytes.upperBound).max() ?? 0
    guard end == byteCount else { throw CheckpointError(.dataByteCount(expected: end, found: byteCount)) }
    let places = entries.enumerated().sorted {
      ($0.element.bytes.lowerBound, $0.element.bytes.upperBound, $0.offset)
        < ($1.element.bytes.lowerBound, $1.element.bytes.upperBound, $1.offset)
    }
    var next = 0
    for (_, entry) in places {
      guard entry.bytes.lowerBound == next else {
        throw CheckpointError(.tensorPlace(tensor: entry.name, expected: next, found: entry.bytes.lowerBound))
      }
      next = entry.bytes.upperBound
    }
  }
}
