import Foundation
import Micrograd

/// An array of numbers in IDX format, as used by MNIST: a header with the element type and the dimensions, then the
/// numbers, row-major and big-endian.
///
/// A file that is shorter or longer than its header says is an error. No memory is allocated before the size is checked.
/// For gzip-compressed files, see `IDXFile.init(unpacking:)` in the module MicrogradTables.
///
/// ```swift
/// let file = try IDXFile([0, 0, 0x08, 2,  0, 0, 0, 1,  0, 0, 0, 3,  7, 8, 255])
/// file.dimensions  // [1, 3]
/// file.numbers     // [7.0, 8.0, 255.0]
/// ```
///
/// The format is described in Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database of handwritten digits".
public struct IDXFile: Sendable, Equatable {
  /// The element type. The raw value is the third byte of a file.
  public enum Element: UInt8, Sendable, CaseIterable {
    /// One byte, 0 to 255.
    case unsignedByte = 0x08
    /// One byte, −128 to 127.
    case signedByte = 0x09
    /// A signed integer of two bytes.
    case short = 0x0B
    /// A signed integer of four bytes.
    case int = 0x0C
    /// A floating-point number of four bytes.
    case float = 0x0D
    /// A floating-point number of eight bytes.
    case double = 0x0E

    /// The size of a number in bytes.
    public var size: Int {
      switch self {
      case .unsignedByte, .signedByte: 1
      case .short: 2
      case .int, .float: 4
      case .double: 8
      }
    }
  }

  /// The element type.
  public let element: Element

  /// The dimensions, slowest first: `[60000, 28, 28]` for MNIST's images. There is at least one; each is 0 or more.
  public let dimensions: [Int]

  /// The bytes of the numbers, as in the file.
  private let content: ArraySlice<UInt8>

  /// Reads an IDX file from its bytes.
  ///
  /// ```swift
  /// try IDXFile([0, 0, 0x08, 1,  0, 0, 0, 2,  5, 0]).numbers  // [5.0, 0.0]
  /// ```
  public init(_ bytes: [UInt8]) throws(IDXError) {
    let header = try IDXHeader(bytes)
    let expected = header.fileLength
    guard bytes.count >= expected else { throw .truncated(length: bytes.count, expected: expected) }
    guard bytes.count == expected else { throw .trailingBytes(bytes.count - expected) }
    element = header.element
    dimensions = header.dimensions
    content = bytes[header.length...]
  }

  /// Reads a file.
  ///
  /// Throws `IDXError` if it is not a valid IDX file, and Foundation's error if it cannot be read.
  ///
  /// ```swift
  /// let images = try IDXFile(contentsOf: folder.appendingPathComponent("train-images-idx3-ubyte"))
  /// images.dimensions  // [60000, 28, 28]
  /// ```
  public init(contentsOf url: URL) throws {
    try self.init([UInt8](Data(contentsOf: url)))
  }

  /// The number of elements: the product of `dimensions`.
  ///
  /// ```swift
  /// try IDXFile([0, 0, 0x08, 2,  0, 0, 0, 1,  0, 0, 0, 3,  7, 8, 255]).count  // 3
  /// ```
  public var count: Int { content.count / element.size }

  /// The numbers, row-major. Every integer and every `Float` is exact as a `Double`.
  ///
  /// ```swift
  /// try IDXFile([0, 0, 0x0B, 1,  0, 0, 0, 2,  0x01, 0x00,  0xFF, 0xFE]).numbers  // [256.0, -2.0]
  /// ```
  public var numbers: [Double] { numbers(dividedBy: 1) }

  func numbers(dividedBy divisor: Double) -> [Double] {
    switch element {
    case .unsignedByte: content.map { Double($0) / divisor }
    case .signedByte: content.map { Double(Int8(bitPattern: $0)) / divisor }
    case .short: words { Double(Int16(truncatingIfNeeded: $0)) / divisor }
    case .int: words { Double(Int32(truncatingIfNeeded: $0)) / divisor }
    case .float: words { Double(Float(bitPattern: UInt32(truncatingIfNeeded: $0))) / divisor }
    case .double: words { Double(bitPattern: $0) / divisor }
    }
  }

  private func words(_ number: (UInt64) -> Double) -> [Double] {
    stride(from: content.startIndex, to: content.endIndex, by: element.size).map { first in
      number(content[first..<first + element.size].reduce(0) { $0 << 8 | UInt64($1) })
    }
  }
}
