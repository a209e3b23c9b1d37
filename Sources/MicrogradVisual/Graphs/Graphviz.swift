import Foundation

/// Graphviz's program `dot`, which lays out graphs, if it is installed.
///
/// ```swift
/// let svg = try Graphviz().renderSVG(dot: "digraph { a -> b }")
/// ```
public struct Graphviz: Sendable {
  private let executable: String?

  /// Searches for `dot` in the folders of the environment variable `PATH`.
  public init() {
    self.init(searchPath: ProcessInfo.processInfo.environment["PATH"] ?? "")
  }

  /// Searches for `dot` in given folders, separated by colons as in `PATH`.
  public init(searchPath: String) {
    executable = searchPath.split(separator: ":").map { "\($0)/dot" }.first {
      var isDirectory: ObjCBool = false
      return FileManager.default.fileExists(atPath: $0, isDirectory: &isDirectory) && !isDirectory.boolValue
        && FileManager.default.isExecutableFile(atPath: $0)
    }
  }

  /// True if `dot` was found.
  public var isInstalled: Bool { executable != nil }

  /// Lays out and draws a graph in the DOT language. Waits until it is done.
  ///
  /// - Parameter dot: The graph as DOT, of any size.
  /// - Returns: The SVG document.
  /// - Throws: ``GraphvizError``.
  public func renderSVG(dot: String) throws(GraphvizError) -> String {
    guard let executable else { throw .notInstalled }
    do {
      return try Self.run(executable, input: dot)
    } catch let error as GraphvizError {
      throw error
    } catch {
      throw .notStarted(message: error.localizedDescription)
    }
  }

  /// Input, output and messages are files, not pipes. A pipe that fills up without a reader would block both processes, and
  /// writing to a pipe whose reader has exited raises SIGPIPE, which would end this process.
  private static func run(_ executable: String, input: String) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "micrograd-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    defer { try? FileManager.default.removeItem(at: folder) }
    let (inputFile, outputFile, messageFile) = (
      folder.appendingPathComponent("graph.dot"), folder.appendingPathComponent("graph.svg"),
      folder.appendingPathComponent("messages.txt")
    )
    try Data(input.utf8).write(to: inputFile)
    try Data().write(to: outputFile)
    try Data().write(to: messageFile)

    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = ["-Tsvg"]
    let handles = [
      try FileHandle(forReadingFrom: inputFile), try FileHandle(forWritingTo: outputFile),
      try FileHandle(forWritingTo: messageFile),
    ]
    defer { for handle in handles { try? handle.close() } }
    process.standardInput = handles[0]
    process.standardOutput = handles[1]
    process.standardError = handles[2]
    try process.run()
    process.waitUntilExit()

    let svg = String(decoding: try Data(contentsOf: outputFile), as: UTF8.self)
    guard process.terminationReason == .exit, process.terminationStatus == 0, !svg.isEmpty else {
      let message = String(decoding: try Data(contentsOf: messageFile), as: UTF8.self)
      throw GraphvizError.failed(
        status: process.terminationStatus, message: message.trimmingCharacters(in: .whitespacesAndNewlines))
    }
    return svg
  }
}

/// An error of Graphviz.
public enum GraphvizError: Error, Equatable, CustomStringConvertible, LocalizedError {
  /// The program `dot` is not on the search path.
  case notInstalled
  /// `dot` could not be started, or its files could not be written.
  case notStarted(message: String)
  /// `dot` ended with this exit status or signal number, or wrote no picture. The message is that of `dot`.
  case failed(status: Int32, message: String)

  /// A message that says what happened and what to do.
  public var description: String {
    switch self {
    case .notInstalled:
      "Graphviz, which draws graphs, is not installed. "
        + "Install Graphviz: apt-get install graphviz (Debian, Ubuntu) or brew install graphviz (macOS)."
    case .notStarted(let message):
      "Graphviz could not be started: \(message)"
    case .failed(let status, let message):
      "Graphviz failed with status \(status): \(message.isEmpty ? "it gave no reason" : message)"
    }
  }

  /// The same as ``description``.
  public var errorDescription: String? { description }
}
