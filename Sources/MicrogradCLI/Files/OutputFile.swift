import Foundation
import Micrograd
import MicrogradNN

/// An output file, checked for write access before the work starts; `-` is standard output.
struct OutputFile {
  let path: String
  private var isStandardOutput: Bool { path == "-" }
  var url: URL { URL(fileURLWithPath: path) }

  /// Creates the folder if it is missing. An existing file does not change until it is replaced.
  ///
  /// - Throws: `ExitMessage` if the file could not be written.
  init(_ path: String, flag: String) throws {
    self.path = path
    if isStandardOutput { return }
    func refusal(_ reason: String) -> ExitMessage {
      ExitMessage("cannot write \(path) (\(reason)): give another file with \(flag).")
    }
    let files = FileManager.default
    let folder = url.deletingLastPathComponent()
    do {
      try files.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw refusal(systemReason(error))
    }
    SystemFile.removeLeftovers(in: folder.path)
    do {
      try SystemFile.tryWriting(in: folder.path)
    } catch {
      guard case .cannotWrite(let reason) = error else { throw error }
      throw refusal(reason)
    }
    guard let attributes = try? files.attributesOfItem(atPath: url.resolvingSymlinksInPath().path) else { return }
    guard attributes[.type] as? FileAttributeType == .typeRegular else { throw refusal("it is not a regular file") }
    guard files.isWritableFile(atPath: path) else { throw refusal("the existing file is read-only") }
  }

  /// Writes the file atomically.
  func write(_ text: String) throws { try write([UInt8](text.utf8)) }

  /// Writes the file atomically.
  func write(_ tensors: SafeTensors) throws {
    if isStandardOutput { return try Console.write(tensors.encoded()) }
    try tensors.write(to: url)
  }

  private func write(_ bytes: [UInt8]) throws {
    if isStandardOutput { return try Console.write(bytes) }
    do {
      try Data(bytes).write(to: url, options: .atomic)
    } catch {
      throw ExitMessage("cannot write \(path) (\(systemReason(error))).")
    }
  }

  /// Returns true if two paths lead to the same file.
  static func areSame(_ a: String, _ b: String) -> Bool {
    func place(_ path: String) -> String {
      URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
    }
    return place(a) == place(b)
  }
}
