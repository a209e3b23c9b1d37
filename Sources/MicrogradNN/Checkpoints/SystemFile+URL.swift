import Micrograd

#if canImport(FoundationEssentials)
  import struct FoundationEssentials.URL
#else
  import struct Foundation.URL
#endif

/// Files by their URLs, with the errors of checkpoints.
extension SystemFile {
  /// Returns all bytes of a regular file.
  internal static func read(_ url: URL) throws(CheckpointError) -> [UInt8] {
    guard url.isFileURL else { throw CheckpointError(.cannotRead(reason: "it is not the path of a file")) }
    do {
      return try read(url.path)
    } catch {
      throw CheckpointError(error)
    }
  }

  /// Replaces a file, or creates it, in one atomic step.
  internal static func replace(_ url: URL, with bytes: [UInt8]) throws(CheckpointError) {
    guard url.isFileURL else { throw CheckpointError(.cannotWrite(reason: "it is not the path of a file")) }
    do {
      try replace(url.path, with: bytes)
    } catch {
      throw CheckpointError(error)
    }
  }

  /// Deletes temporary files beside a file, which killed processes left behind.
  internal static func removeLeftovers(beside url: URL) {
    if url.isFileURL { removeLeftovers(beside: url.path) }
  }
}

extension CheckpointError {
  fileprivate init(_ error: SystemFileError) {
    let problem: Problem =
      switch error {
      case .cannotRead(let reason): .cannotRead(reason: reason)
      case .cannotWrite(let reason): .cannotWrite(reason: reason)
      case .outOfMemory(let count): .outOfMemory(byteCount: count)
      }
    self.init(problem)
  }
}
