import Foundation

/// An error in an IDX file, or in its use as a data set.
public enum IDXError: Error, Equatable, Sendable {
  /// The bytes are compressed with gzip.
  case compressed
  /// The first bytes are not those of an IDX file, two zeros.
  case otherFormat([UInt8])
  /// The third byte names no kind of number.
  case unknownElement(UInt8)
  /// The fourth byte says that the array has no dimensions.
  case noDimensions
  /// The dimensions give more bytes than can be counted.
  case tooLarge([UInt32])
  /// There are fewer bytes than the header says, or than a header has.
  case truncated(length: Int, expected: Int)
  /// There are more bytes than the header says, by so many; of compressed files, by so many at least.
  case trailingBytes(Int)
  /// Labels are no list of bytes.
  case labelsAreNotBytes(IDXFile.Element, dimensions: [Int])
}

extension IDXError: LocalizedError, CustomStringConvertible {
  /// What is wrong, and what to do about it.
  public var description: String {
    switch self {
    case .compressed:
      "the file is compressed with gzip; unpack it, or read it with IDXFile(unpacking:) of MicrogradTables"
    case .otherFormat(let bytes):
      "the file is not in IDX format: it starts with bytes \(bytes), not with two zeros; is it the right file?"
    case .unknownElement(let code):
      "the header names a kind of number that does not exist, \(code); get the file anew"
    case .noDimensions:
      "the header says that the array has no dimensions; get the file anew"
    case .tooLarge(let dimensions):
      "the header says that the array has dimensions \(dimensions), more than can be counted; get the file anew"
    case .truncated(let length, let expected):
      "the file has \(length) bytes where its header asks for \(expected); get the file anew, it is not whole"
    case .trailingBytes(let count):
      "the file has \(count) bytes more than its header says; get the file anew"
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
