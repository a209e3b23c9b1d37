import CMicrograd

/// The format of a file of a compiled function. Numbers are little-endian.
///
/// | what | type |
/// |---|---|
/// | ``magic`` | 8 bytes |
/// | ``version`` | UInt32 |
/// | length of the file | UInt64 |
/// | bytes of a number in calls for many samples: 8, or 4 for ``CompiledFunction/Precision/float`` | UInt8 |
/// | inputs: their number; for each 1 if it is used, or 0 | UInt64; UInt8 |
/// | number of results | UInt64 |
/// | parameters: their number; the number of each | UInt64; Double |
/// | number of paths | UInt32 |
/// | of each path: number of comparisons; for each 1 if it holds, or 0, and its text after its length in bytes | UInt32; UInt8, UInt32, UTF-8 |
/// | of each path: its length in bytes, and its values (`mg_path_format.h`) | UInt64; bytes |
/// | CRC-32 of all bytes before | UInt32 |
internal enum FunctionFile {
  /// As that of PNG, it shows transfers as text: a byte that is not ASCII, line ends of both kinds, and an end of file.
  static let magic: [UInt8] = [0x8B] + Array("mgf".utf8) + [0x0D, 0x0A, 0x1A, 0x0A]
  static let version = 1
  /// The bytes before the content, and after it.
  static let headerCount = 20, checksumCount = 4

  static func checksum(of bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.withUnsafeBufferPointer { mg_checksum($0.baseAddress, Int64($0.count)) }
  }

  /// Bytes that are written.
  struct Writer {
    private(set) var bytes: [UInt8] = []

    mutating func write(_ more: some Sequence<UInt8>) { bytes += more }

    mutating func write<Number: FixedWidthInteger>(_ number: Number) {
      withUnsafeBytes(of: number.littleEndian) { bytes += $0 }
    }
  }

  /// Bytes that are read. Each number is checked against what is left.
  struct Reader {
    private let bytes: [UInt8]
    private(set) var offset: Int
    private let end: Int

    init(_ bytes: [UInt8], from offset: Int, to end: Int) { (self.bytes, self.offset, self.end) = (bytes, offset, end) }

    var left: Int { end - offset }

    func damaged(_ reason: String) -> FunctionFileError { FunctionFileError(.damaged(reason: reason, offset: offset)) }

    mutating func read(_ count: Int) throws(FunctionFileError) -> ArraySlice<UInt8> {
      if count > left { throw damaged("\(count) bytes are expected, and \(left) are left") }
      defer { offset += count }
      return bytes[offset..<offset + count]
    }

    mutating func number<Number: FixedWidthInteger & UnsignedInteger>(
      _ type: Number.Type
    ) throws(FunctionFileError) -> Number {
      var number: Number = 0
      for (k, byte) in try read(MemoryLayout<Number>.size).enumerated() {
        number |= Number(truncatingIfNeeded: byte) << (8 * k)
      }
      return number
    }

    /// How many elements follow, of at least so many bytes each.
    mutating func count<Number: FixedWidthInteger & UnsignedInteger>(
      _ type: Number.Type, of what: String, bytesOfEach size: Int
    ) throws(FunctionFileError) -> Int {
      let count = try number(type)
      if count > Number(clamping: left / size) { throw damaged("\(count) \(what) do not fit into the rest") }
      return Int(count)
    }

    mutating func isTrue() throws(FunctionFileError) -> Bool {
      let byte = try number(UInt8.self)
      if byte > 1 { throw damaged("\(byte) is neither 0 nor 1") }
      return byte == 1
    }

    mutating func text() throws(FunctionFileError) -> String {
      let bytes = try read(try count(UInt32.self, of: "bytes of a text", bytesOfEach: 1))
      guard let text = String(validating: bytes, as: UTF8.self) else { throw damaged("a text is not UTF-8") }
      return text
    }
  }
}
