/// The header of a safetensors file: names, types, shapes and positions of tensors, and metadata.
internal struct SafeTensorsHeader {
  internal struct Entry {
    let name: String
    let type: ElementType
    let shape: [Int]
    /// The range of its bytes in the data, which begin after the header.
    let bytes: Range<Int>

    /// The number of elements.
    var count: Int { bytes.count * 8 / type.bitCount }
  }

  internal var metadata: [String: String]

  /// The tensors, sorted by name.
  internal var entries: [Entry]

  /// The offset at which the data begin; 0 in a header that is not written yet.
  internal var dataStart = 0

  /// Returns the checksum of a file with this header and these data.
  internal func checksum(of data: UnsafeRawBufferPointer) -> String {
    var checksum = Checksum()
    for (key, text) in sortedMetadata where key != Checksum.key {
      checksum.add(key)
      checksum.add(text)
    }
    for entry in entries {
      checksum.add(entry.name)
      checksum.add(entry.type.rawValue)
      checksum.add(entry.shape.count)
      for extent in entry.shape { checksum.add(extent) }
      checksum.add(UnsafeRawBufferPointer(rebasing: data[entry.bytes]))
    }
    return checksum.text
  }

  internal var sortedMetadata: [(key: String, value: String)] { metadata.sorted { $0.key.precedesInBytes($1.key) } }
}

extension String {
  /// Orders names by their bytes, as in a file. (Swift orders by Unicode's canonical form.)
  internal func precedesInBytes(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}
