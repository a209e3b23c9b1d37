import Foundation

/// Why bytes cannot be unpacked.
public enum GzipError: Error, Equatable, Sendable {
  /// The bytes do not start as gzip's do.
  case otherFormat
  /// The bytes end before what they hold does.
  case truncated
  /// The bytes are damaged, as zlib says: a checksum or a length is wrong, or a code that does not exist.
  case corrupt(String)
  /// Whole compressed data is followed by other bytes, so many.
  case trailingBytes(Int)
  /// What the bytes hold is larger than the limit, in bytes.
  case tooLarge(limit: Int)
  /// There is no memory to unpack in.
  case outOfMemory
}

extension GzipError: LocalizedError, CustomStringConvertible {
  /// What is wrong, and what to do about it.
  public var description: String {
    switch self {
    case .otherFormat:
      "the data is not compressed with gzip; read it as it is"
    case .truncated:
      "the compressed data ends too early; get the file anew, it is not whole"
    case .corrupt(let reason):
      "the compressed data is damaged (\(reason)); get the file anew"
    case .trailingBytes(let count):
      "the compressed data is followed by \(count) other bytes; get the file anew"
    case .tooLarge(let limit):
      "the data would unpack to more than the limit of \(limit) bytes; if it may be so large, raise the limit"
    case .outOfMemory:
      "there is not enough memory to unpack the data; close other programs"
    }
  }

  /// The same as `description`.
  public var errorDescription: String? { description }
}
