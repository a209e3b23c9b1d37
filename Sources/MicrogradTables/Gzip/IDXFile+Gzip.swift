import Foundation
import Micrograd
import MicrogradNN

extension IDXFile {
  /// Reads the bytes of a whole file, compressed with gzip or not.
  ///
  /// Not more is unpacked than the header says, so a small file cannot fill the memory.
  ///
  /// Throws `GzipError` where the compressed data is damaged or the array larger than the limit, and `IDXError`
  /// where what it holds is no whole file.
  ///
  /// ```swift
  /// let labels = try IDXFile(unpacking: bytes)
  /// labels.dimensions  // [60000]
  /// ```
  ///
  /// - Parameters:
  ///   - bytes: All bytes of the file.
  ///   - limit: The most bytes that the unpacked file may have, at least 0.
  public init(unpacking bytes: [UInt8], limit: Int = Gzip.defaultLimit) throws {
    require(limit >= 0, "The limit is \(limit): give the number of bytes that may be unpacked, 0 or more.")
    guard Gzip.isPacked(bytes) else {
      try self.init(bytes)
      return
    }
    let stream = try GzipStream(bytes)
    var unpacked: [UInt8] = []
    try stream.read(into: &unpacked, upTo: IDXHeader.greatestLength)
    let length = try IDXHeader(unpacked).fileLength
    guard length <= limit else { throw GzipError.tooLarge(limit: limit) }
    // One byte more, to come to the checksum at the end, or to see that the end is not there.
    try stream.read(into: &unpacked, upTo: length + 1)
    try self.init(unpacked)
  }

  /// Reads a file, compressed with gzip or not: MNIST's as they are distributed.
  ///
  /// Throws as `init(unpacking:limit:)` does, and Foundation's error where the file cannot be read.
  ///
  /// ```swift
  /// let images = try IDXFile(unpackingContentsOf: folder.appendingPathComponent("train-images-idx3-ubyte.gz"))
  /// let labels = try IDXFile(unpackingContentsOf: folder.appendingPathComponent("train-labels-idx1-ubyte.gz"))
  /// let digits = try Dataset(images: images, labels: labels)
  /// ```
  public init(unpackingContentsOf url: URL, limit: Int = Gzip.defaultLimit) throws {
    try self.init(unpacking: [UInt8](Data(contentsOf: url)), limit: limit)
  }
}
