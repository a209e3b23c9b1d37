/// The element types of the safetensors format, by their names there.
internal enum ElementType: String, CaseIterable {
  case bool = "BOOL"
  case f4 = "F4"
  case f6e2m3 = "F6_E2M3"
  case f6e3m2 = "F6_E3M2"
  case u8 = "U8"
  case i8 = "I8"
  case f8e5m2 = "F8_E5M2"
  case f8e4m3 = "F8_E4M3"
  case f8e8m0 = "F8_E8M0"
  case f8e4m3fnuz = "F8_E4M3FNUZ"
  case f8e5m2fnuz = "F8_E5M2FNUZ"
  case i16 = "I16"
  case u16 = "U16"
  case f16 = "F16"
  case bf16 = "BF16"
  case i32 = "I32"
  case u32 = "U32"
  case f32 = "F32"
  case c64 = "C64"
  case f64 = "F64"
  case i64 = "I64"
  case u64 = "U64"

  /// The size of an element in bits.
  internal var bitCount: Int {
    switch self {
    case .f4: 4
    case .f6e2m3, .f6e3m2: 6
    case .bool, .u8, .i8, .f8e5m2, .f8e4m3, .f8e8m0, .f8e4m3fnuz, .f8e5m2fnuz: 8
    case .i16, .u16, .f16, .bf16: 16
    case .i32, .u32, .f32: 32
    case .c64, .f64, .i64, .u64: 64
    }
  }

  /// True if this library reads tensors of the type.
  internal var isRead: Bool {
    switch self {
    case .f64, .f32, .f16, .bf16: true
    default: false
    }
  }

  /// Returns the exact numbers in the bytes; an empty array for a type that is not read.
  internal func numbers(in bytes: UnsafeRawBufferPointer) -> [Double] {
    switch self {
    case .f64: words(in: bytes) { (word: UInt64) in Double(bitPattern: word) }
    case .f32: words(in: bytes) { (word: UInt32) in Double(Float(bitPattern: word)) }
    case .bf16: words(in: bytes) { (word: UInt16) in Double(Float(bitPattern: UInt32(word) << 16)) }
    case .f16: words(in: bytes, Self.number(fromHalf:))
    default: []
    }
  }

  /// Decodes an IEEE 754 binary16 number: sign, 5 bits of exponent, 10 of fraction. (The type `Float16` is not available on
  /// every platform.)
  internal static func number(fromHalf word: UInt16) -> Double {
    let sign = UInt64(word >> 15) << 63
    let exponent = UInt64(word >> 10 & 0x1F)
    let fraction = UInt64(word & 0x3FF)
    let magnitude =
      switch exponent {
      case 0: Double(fraction) * 0x1p-24
      case 31: Double(bitPattern: 0x7FF << 52 | fraction << 42)
      default: Double(bitPattern: (exponent + 1023 - 15) << 52 | fraction << 42)
      }
    return Double(bitPattern: magnitude.bitPattern | sign)
  }

  @inline(__always)
  private func words<Word: FixedWidthInteger>(
    in bytes: UnsafeRawBufferPointer, _ number: (Word) -> Double
  ) -> [Double] {
    let size = MemoryLayout<Word>.size
    return [Double](unsafeUninitializedCapacity: bytes.count / size) { numbers, count in
      count = bytes.count / size
      for k in 0..<count {
        let word = bytes.loadUnaligned(fromByteOffset: k * size, as: Word.self)
        numbers.initializeElement(at: k, to: number(Word(littleEndian: word)))
      }
    }
  }
}
