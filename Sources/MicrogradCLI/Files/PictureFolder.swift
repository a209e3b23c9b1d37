import Foundation
import Micrograd
import MicrogradVisual

/// The folder for pictures. It is created before training starts, so that a bad path fails at once.
struct PictureFolder {
  private let path: String
  private let flag: String

  /// - Parameters:
  ///   - path: The folder.
  ///   - flag: The flag for the folder, for messages.
  ///   - names: The names of the files.
  init(path: String, flag: String, names: [String] = []) throws {
    self.path = path
    self.flag = flag
    do {
      try FileManager.default.createDirectory(
        at: URL(fileURLWithPath: path, isDirectory: true), withIntermediateDirectories: true)
    } catch {
      throw ExitMessage(
        "cannot create the folder \(path) (\(systemReason(error))): give another with \(flag).")
    }
    for name in names { _ = try OutputFile("\(path)/\(name)", flag: flag) }
  }

  /// Writes a picture. Returns the message for the user.
  func write(_ text: String, as name: String, _ what: String) throws -> [String] {
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)"), options: .atomic)
    } catch {
      throw ExitMessage(
        "cannot write \(path)/\(name) (\(systemReason(error))): give another folder with \(flag).")
    }
    return ["\(what): \(path)/\(name)"]
  }

  /// Writes a graph as SVG, and as DOT for Graphviz.
  func writeGraph(_ graph: Graph, as name: String, _ what: String) throws -> [String] {
    let picture = GraphPicture(graph)
    return try write(picture.svg(), as: "\(name).svg", what) + write(picture.dot(), as: "\(name).dot", what)
  }
}
