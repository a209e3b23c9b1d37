import Foundation

/// An error in gzip data.
public enum GzipError: Error, Equatable, Sendable {
  /// The bytes do not start with gzip's signature.
  case otherFormat
  /// The data are truncated.
  case truncated
  /// The data are damaged: a checksum or a length is wrong, or a code does not exist. The text is zlib's message.
  case corrupt(String)
  /// Other bytes, of this number, follow the compressed data.
  case trailingBytes(Int)
  /// The decompressed data are larger than the limit, in bytes.
  case tooLarge(limit: Int)
  /// There is not enough memory.
  case outOfMemory
}

extension GzipError: LocalizedError, CustomStringConvertible {
  /// A message that says what is wrong and what to do.
  public var description: String {
    switch self {
    case .otherFormat:
      "the data is not compressed with gzip; read it as it is"
    case .truncated:
      "the compressed data is truncated; download the file again"
    case .corrupt(let reason):
      "the compressed data is damaged (\(reason)); download the file again"
    case .trailingBytes(let count):
      "the compressed data is followed by \(count) other bytes; download the file again"
    case .tooLarge(let limit):
      "the data would unpack to more than the limit of \(limit) bytes; if it may be so large, raise the limit"
    case .outOfMemory:
      "there is not enough memory to unpack the data; close other programs"
    }
  }

  /// The same as `description`.
  public var errorDescription: String? { description }
}
