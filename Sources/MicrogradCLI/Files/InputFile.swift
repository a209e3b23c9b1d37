import Foundation

/// A file that a command reads; `-` is standard input.
struct InputFile {
  private let path: String

  init(_ path: String) { self.path = path }

  static func isStandardInput(_ path: String) -> Bool { path == "-" }

  /// The name without folders.
  var name: String {
    Self.isStandardInput(path) ? "standard input" : URL(fileURLWithPath: path).lastPathComponent
  }

  /// The path as it was given.
  var shown: String { Self.isStandardInput(path) ? "standard input" : path }

  /// Returns all bytes. Throws Foundation's error if they cannot be read.
  func data() throws -> Data {
    guard Self.isStandardInput(path) else { return try Data(contentsOf: URL(fileURLWithPath: path)) }
    return try FileHandle.standardInput.readToEnd() ?? Data()
  }
}
