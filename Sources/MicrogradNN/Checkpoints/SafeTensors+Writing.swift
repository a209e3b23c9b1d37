#if canImport(FoundationEssentials)
  import struct FoundationEssentials.URL
#else
  import struct Foundation.URL
#endif

extension SafeTensors {
  /// Writes a file, whole or not at all: whenever the process or the machine is stopped, there is the file that was
  /// there before or this one.
  ///
  /// The bytes go to a temporary file in the same folder, `.micrograd-….tmp`, and to the disk, before it takes the name. A
  /// process that is killed meanwhile leaves its temporary file behind, which nobody reads and the next ``Trainer`` that
  /// saves checkpoints in the folder deletes. The permissions of a file that
  /// is replaced are kept; of a symbolic link, the file that it leads to is replaced.
  ///
  /// - Parameters:
  ///   - url: The file; its folder is there.
  ///   - precision: How numbers are written; as they are unless told.
  /// - Throws: `CheckpointError` with the file's path: where the system does not let it be written, or a number is too
  ///   large for the precision.
  public func write(to url: URL, as precision: Precision = .float64) throws(CheckpointError) {
    do {
      try SystemFile.replace(url, with: encoded(as: precision))
    } catch {
      throw error.of(url.path)
    }
  }

  /// The bytes of a file.
  ///
  /// Tensors are in the order of their names and the data begin at a multiple of 8, as in files of the Python package.
  ///
  /// - Throws: `CheckpointError` where a finite number would be infinite in the precision asked for, or the metadata
  ///   have a key that is the format's own.
  public func encoded(as precision: Precision = .float64) throws(CheckpointError) -> [UInt8] {
    for key in [Self.formatKey, Checksum.key] where metadata[key] != nil { throw CheckpointError(.reservedName(key)) }
    var (header, data) = try parts(as: precision)
    header.metadata[Self.formatKey] = Self.formatVersion
    header.metadata[Checksum.key] = data.withUnsafeBytes { header.checksum(of: $0) }
    let start = header.encoded
    if start.count - 8 > Self.longestHeader {
      throw CheckpointError(.headerLength(UInt64(start.count - 8), fileByteCount: start.count + data.count))
    }
    return start + data
  }

  /// The header without what is added to the metadata, and the data.
  internal func parts(as precision: Precision) throws(CheckpointError) -> (SafeTensorsHeader, data: [UInt8]) {
    let type: ElementType = precision == .float64 ? .f64 : .f32
    let size = type.bitCount / 8
    var header = SafeTensorsHeader(metadata: metadata, entries: [])
    var end = 0
    for tensor in tensors {
      if precision == .float32 { try tensor.checkFitsFloat() }
      let start = end
      end += tensor.data.count * size
      header.entries.append(.init(name: tensor.name, type: type, shape: tensor.shape, bytes: start..<end))
    }
    let data = [UInt8](unsafeUninitializedCapacity: end) { bytes, count in
      let bytes = UnsafeMutableRawBufferPointer(bytes)
      for (entry, tensor) in zip(header.entries, tensors) {
        let place = UnsafeMutableRawBufferPointer(rebasing: bytes[entry.bytes])
        precision == .float64
          ? tensor.store(in: place) { $0.bitPattern } : tensor.store(in: place) { Float($0).bitPattern }
      }
      count = end
    }
    return (header, data)
  }
}

extension SafeTensors.Tensor {
  fileprivate func checkFitsFloat() throws(CheckpointError) {
    if let index = data.firstIndex(where: { $0.isFinite && Float($0).isInfinite }) {
      throw CheckpointError(.overflow(tensor: name, index: index, value: data[index]))
    }
  }

  @inline(__always)
  fileprivate func store<Word: FixedWidthInteger>(
    in place: UnsafeMutableRawBufferPointer, _ word: (Double) -> Word
  ) {
    for k in 0..<data.count {
      place.storeBytes(
        of: word(data[k]).littleEndian, toByteOffset: k * MemoryLayout<Word>.size, as: Word.self)
    }
  }
}
