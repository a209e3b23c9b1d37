import Micrograd

/// Decompresses gzip data (RFC 1952) with the system's zlib, and verifies checksums.
public enum Gzip {
  /// The default limit of the decompressed size: 2³⁰ bytes, one gibibyte.
  ///
  /// A kilobyte of compressed data can become a megabyte, so data from outside are decompressed up to a limit.
  ///
  /// ```swift
  /// Gzip.defaultLimit  // 1073741824
  /// ```
  public static let defaultLimit = 1 << 30

  /// Returns true if the bytes start with gzip's signature.
  ///
  /// ```swift
  /// Gzip.isPacked([0x1F, 0x8B, 0x08])  // true
  /// ```
  public static func isPacked(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1F, 0x8B]) }

  /// Returns the decompressed data; of several members one after the other, the data of all.
  ///
  /// Memory grows with the decompressed data, not with the length that the file claims, and is never much more than
  /// `limit`.
  ///
  /// ```swift
  /// let text = try Gzip.unpack([UInt8](Data(contentsOf: url)), limit: 1_000_000)
  /// ```
  ///
  /// - Parameters:
  ///   - bytes: All bytes of the compressed file.
  ///   - limit: The largest size of the result in bytes, at least 0. Beyond it, throws `GzipError.tooLarge`.
  public static func unpack(_ bytes: [UInt8], limit: Int = defaultLimit) throws(GzipError) -> [UInt8] {
    require(limit >= 0, "The limit is \(limit): give the number of bytes that may be unpacked, 0 or more.")
    let stream = try GzipStream(bytes)
    var unpacked: [UInt8] = []
    try stream.read(into: &unpacked, upTo: limit == .max ? limit : limit + 1)
    guard unpacked.count <= limit else { throw .tooLarge(limit: limit) }
    return unpacked
  }
}
