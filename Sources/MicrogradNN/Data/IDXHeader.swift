/// The header of an IDX file: two zeros, the element type, the number of dimensions, and the size of each in four bytes.
package struct IDXHeader: Equatable {
  /// The size of the longest header, with 255 dimensions.
  package static let greatestLength = 4 + 4 * 255

  package let element: IDXFile.Element
  package let dimensions: [Int]
  /// The size of header and numbers in bytes.
  package let fileLength: Int

  /// The size of the header in bytes.
  package var length: Int { 4 + 4 * dimensions.count }

  /// Reads the header from the first bytes of a file, which may be fewer or more than the header.
  package init(_ bytes: [UInt8]) throws(IDXError) {
    if bytes.starts(with: [0x1F, 0x8B]) { throw .compressed }
    guard bytes.prefix(2).allSatisfy({ $0 == 0 }) else { throw .otherFormat(Array(bytes.prefix(4))) }
    guard bytes.count >= 4 else { throw .truncated(length: bytes.count, expected: 4) }
    guard let element = IDXFile.Element(rawValue: bytes[2]) else { throw .unknownElement(bytes[2]) }
    guard bytes[3] > 0 else { throw .noDimensions }
    let length = 4 + 4 * Int(bytes[3])
    guard bytes.count >= length else { throw .truncated(length: bytes.count, expected: length) }

    let dimensions = stride(from: 4, to: length, by: 4).map { first in
      bytes[first..<first + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    }
    guard let content = Self.product(dimensions, element.size),
      case (let fileLength, false) = length.addingReportingOverflow(content)
    else { throw .tooLarge(dimensions) }
    self.element = element
    self.dimensions = dimensions.map(Int.init)
    self.fileLength = fileLength
  }

  /// Returns nil if the product overflows an `Int`.
  private static func product(_ dimensions: [UInt32], _ size: Int) -> Int? {
    if dimensions.contains(0) { return 0 }
    return dimensions.reduce(size) { product, dimension in
      guard let product, let dimension = Int(exactly: dimension),
        case (let next, false) = product.multipliedReportingOverflow(by: dimension)
      else { return nil }
      return next
    }
  }
}
