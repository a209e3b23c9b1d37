import Micrograd

#if canImport(FoundationEssentials)
  import struct FoundationEssentials.URL
#else
  import struct Foundation.URL
#endif

extension SafeTensors {
  /// Writes a file atomically: if the process or the machine stops, the file is either the old one or this one.
  ///
  /// The bytes are written to a temporary file in the same folder, `.micrograd-….tmp`, and flushed to the disk; then it is
  /// renamed. A process that is killed in between leaves the temporary file. The next ``Trainer`` that saves checkpoints in
  /// the folder deletes it. The permissions of a replaced file are kept. For a symbolic link, the file that it leads to is
  /// replaced.
  ///
  /// - Parameters:
  ///   - url: The file. Its folder must exist.
  ///   - precision: The precision of the numbers in the file; the default keeps them exactly.
  /// - Throws: `CheckpointError`, with the file's path, if the file cannot be written, or if a number is too large for the
  ///   precision.
  public func write(to url: URL, as precision: Precision = .float64) throws(CheckpointError) {
    do {
      try SystemFile.replace(url, with: encoded(as: precision))
    } catch {
      throw error.of(url.path)
    }
  }

  /// Returns the bytes of a file.
  ///
  /// Tensors are sorted by name, and the data begin at a multiple of 8, as in files of the Python package.
  ///
  /// - Throws: `CheckpointError` if a finite number would be infinite in the requested precision, or if the metadata have a
  ///   key that is reserved by the format.
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

  /// Returns the header, without the added metadata, and the data.
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
