/// What the header of a safetensors file says: names, types, shapes and places of tensors, and texts about them.
internal struct SafeTensorsHeader {
  internal struct Entry {
    let name: String
    let type: ElementType
    let shape: [Int]
    /// Where its bytes are in the data, which begin where the header ends.
    let bytes: Range<Int>

    /// How many elements it has.
    var count: Int { bytes.count * 8 / type.bitCount }
  }

  internal var metadata: [String: String]

  /// Sorted by name.
  internal var entries: [Entry]

  /// Where in the file it ends and the data begin; 0 in a header that is still to be written.
  internal var dataStart = 0

  /// The checksum of a file with this header and these data.
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
  /// The order of names in a file. (Swift's own goes by Unicode's canonical form.)
  internal func precedesInBytes(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}
