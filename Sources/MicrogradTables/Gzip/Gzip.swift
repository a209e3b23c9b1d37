import Micrograd

/// What gzip compressed (RFC 1952), unpacked by the system's zlib, checksums verified.
public enum Gzip {
  /// The most bytes that are unpacked unless another limit is given: 2³⁰, one gibibyte.
  ///
  /// A kilobyte of compressed data can hold a megabyte, so what comes from elsewhere is unpacked up to a limit only.
  ///
  /// ```swift
  /// Gzip.defaultLimit  // 1073741824
  /// ```
  public static let defaultLimit = 1 << 30

  /// Whether the bytes start as those that gzip compressed.
  ///
  /// ```swift
  /// Gzip.isPacked([0x1F, 0x8B, 0x08])  // true
  /// ```
  public static func isPacked(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1F, 0x8B]) }

  /// Returns what the bytes hold; of several compressed files one after the other, what they all hold.
  ///
  /// Memory is taken as the data unfolds, whatever lengths it names, and never much more than `limit`.
  ///
  /// ```swift
  /// let text = try Gzip.unpack([UInt8](Data(contentsOf: url)), limit: 1_000_000)
  /// ```
  ///
  /// - Parameters:
  ///   - bytes: All bytes of the compressed file.
  ///   - limit: The most bytes that the result may have, at least 0; `GzipError.tooLarge` is thrown beyond.
  public static func unpack(_ bytes: [UInt8], limit: Int = defaultLimit) throws(GzipError) -> [UInt8] {
    require(limit >= 0, "The limit is \(limit): give the number of bytes that may be unpacked, 0 or more.")
    let stream = try GzipStream(bytes)
    var unpacked: [UInt8] = []
    try stream.read(into: &unpacked, upTo: limit == .max ? limit : limit + 1)
    guard unpacked.count <= limit else { throw .tooLarge(limit: limit) }
    return unpacked
  }
}
