import Foundation

/// An error in an IDX file, or in its use as a data set.
public enum IDXError: Error, Equatable, Sendable {
  /// The file is compressed with gzip.
  case compressed
  /// The first two bytes are not zero, as in an IDX file.
  case otherFormat([UInt8])
  /// The third byte is not a known element type.
  case unknownElement(UInt8)
  /// The array has no dimensions: the fourth byte is 0.
  case noDimensions
  /// The dimensions are too large: their product overflows.
  case tooLarge([UInt32])
  /// The file is shorter than its header says, or shorter than a header.
  case truncated(length: Int, expected: Int)
  /// The file is longer than its header says, by this number of bytes; for a compressed file, by at least this number.
  case trailingBytes(Int)
  /// The labels are not a list of bytes.
  case labelsAreNotBytes(IDXFile.Element, dimensions: [Int])
}

extension IDXError: LocalizedError, CustomStringConvertible {
  /// A message that says what is wrong and what to do.
  public var description: String {
    switch self {
    case .compressed:
      "the file is compressed with gzip; unpack it, or read it with IDXFile(unpacking:) of MicrogradTables"
    case .otherFormat(let bytes):
      "the file is not in IDX format: it starts with bytes \(bytes), not with two zeros; is it the right file?"
    case .unknownElement(let code):
      "the header has an unknown element type, \(code); download the file again"
    case .noDimensions:
      "the header says that the array has no dimensions; download the file again"
    case .tooLarge(let dimensions):
      "the header says that the array has dimensions \(dimensions), which are too large; download the file again"
    case .truncated(let length, let expected):
      "the file has \(length) bytes, but its header says \(expected); the file is truncated: download it again"
    case .trailingBytes(let count):
      "the file has \(count) bytes more than its header says; download the file again"
    case .labelsAreNotBytes(let element, let dimensions):
      """
      labels must be a list of unsigned bytes, but are of type \(element) with dimensions \(dimensions); have images \
      and labels changed places?
      """
    }
  }

  /// The same as `description`.
  public var errorDescription: String? { description }
}
