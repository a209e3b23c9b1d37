import Foundation
import Micrograd
import MicrogradNN

extension IDXFile {
  /// Reads an IDX file from its bytes, which may be compressed with gzip.
  ///
  /// No more is decompressed than the header says, so a small file cannot fill the memory.
  ///
  /// Throws `GzipError` if the compressed data are damaged or the array is larger than the limit, and `IDXError` if the
  /// content is not a valid IDX file.
  ///
  /// ```swift
  /// let labels = try IDXFile(unpacking: bytes)
  /// labels.dimensions  // [60000]
  /// ```
  ///
  /// - Parameters:
  ///   - bytes: All bytes of the file.
  ///   - limit: The largest size of the decompressed file in bytes, at least 0.
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
    // One byte more, to reach the checksum at the end, or to see that the end is missing.
    try stream.read(into: &unpacked, upTo: length + 1)
    try self.init(unpacked)
  }

  /// Reads an IDX file, which may be compressed with gzip, such as the files of MNIST.
  ///
  /// Throws as `init(unpacking:limit:)` does, and Foundation's error if the file cannot be read.
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
