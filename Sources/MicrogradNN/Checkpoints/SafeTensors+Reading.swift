import Micrograd

#if canImport(FoundationEssentials)
  import struct FoundationEssentials.URL
#else
  import struct Foundation.URL
#endif

extension SafeTensors {
  /// Reads a file.
  ///
  /// F64, F32, F16 and BF16 become `Double`, each number exactly. Tensors of other types are listed in ``unread``. The file
  /// is checked completely: whatever contradicts the format, or the checksum if there is one, is an error that says what is
  /// wrong and where.
  ///
  /// - Throws: `CheckpointError`, with the file's path.
  public init(contentsOf url: URL) throws(CheckpointError) {
    do {
      try self.init(bytes: SystemFile.read(url))
    } catch {
      throw error.of(url.path)
    }
  }

  /// Reads a file from its bytes.
  ///
  /// - Throws: `CheckpointError`.
  public init(bytes: [UInt8]) throws(CheckpointError) {
    self = try Self.read(bytes).file
  }

  /// Returns the content of the file, and whether a checksum has verified it.
  internal static func read(_ bytes: [UInt8]) throws(CheckpointError) -> (file: SafeTensors, isVerified: Bool) {
    try bytes.withUnsafeBufferPointer { bytes throws(CheckpointError) in
      let file = UnsafeRawBufferPointer(bytes)
      let header = try SafeTensorsHeader(of: file)
      let data = UnsafeRawBufferPointer(rebasing: file[header.dataStart...])
      let isVerified = try verify(header, data)
      return (try SafeTensors(header, data), isVerified)
    }
  }

  private init(_ header: SafeTensorsHeader, _ data: UnsafeRawBufferPointer) throws(CheckpointError) {
    let readable = header.entries.filter(\.type.isRead)
    let byteCount = readable.reduce(0) { $0 + $1.count * MemoryLayout<Double>.size }
    guard SystemFile.hasMemory(byteCount) else { throw CheckpointError(.outOfMemory(byteCount: byteCount)) }
    var metadata = header.metadata
    metadata[Self.formatKey] = nil
    metadata[Checksum.key] = nil
    self.init(
      readable.map { entry in
        Tensor(
          entry.name, shape: entry.shape, entry.type.numbers(in: UnsafeRawBufferPointer(rebasing: data[entry.bytes])))
      },
      unread: header.entries.filter { !$0.type.isRead }.map {
        UnreadTensor(name: $0.name, elementType: $0.type.rawValue, shape: $0.shape)
      },
      metadata: metadata)
  }

  /// Returns true if there is a checksum; throws if it is wrong. A file of this library must have one, so a lost checksum
  /// is detected too.
  private static func verify(
    _ header: SafeTensorsHeader, _ data: UnsafeRawBufferPointer
  ) throws(CheckpointError) -> Bool {
    let format = header.metadata[formatKey]
    guard let expected = header.metadata[Checksum.key] else {
      if format == nil { return false }
      throw CheckpointError(.checksum(reason: Checksum.isMissing))
    }
    let found = header.checksum(of: data)
    guard found == expected else {
      throw CheckpointError(.checksum(reason: "the checksum is \(found), not \(expected.debugDescription)"))
    }
    guard format == nil || format == formatVersion else {
      throw CheckpointError(.state(formatKey, reason: "is not \(formatVersion): the file is of a later version"))
    }
    return true
  }
}
