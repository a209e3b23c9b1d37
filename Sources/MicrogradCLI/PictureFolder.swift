import Foundation
import Micrograd
import MicrogradVisual

/// Where the pictures go. It is made before training starts, so that a bad path costs no time.
struct PictureFolder {
  private let url: URL
  private let path: String

  init(path: String) throws {
    self.path = path
    url = URL(fileURLWithPath: path, isDirectory: true)
    do {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    } catch {
      throw ExitMessage(
        "cannot make the folder \(path) (\(error.localizedDescription)): give another with --output.")
    }
  }

  /// Writes a picture and tells where it is.
  func write(_ text: String, as name: String, _ what: String) throws -> [String] {
    do {
      try Data(text.utf8).write(to: url.appendingPathComponent(name), options: .atomic)
    } catch {
      throw ExitMessage(
        "cannot write \(path)/\(name) (\(error.localizedDescription)): give another folder with --output.")
    }
    return ["\(what): \(path)/\(name)"]
  }

  /// Writes a graph as DOT always, as SVG where Graphviz is installed.
  func writeGraph(_ graph: Graph, as name: String, _ what: String) throws -> [String] {
    let picture = GraphPicture(graph)
    var messages = try write(picture.dot(), as: "\(name).dot", what)
    do {
      messages += try write(picture.svg(), as: "\(name).svg", what)
    } catch let error as GraphvizError {
      messages.append("\(what): no \(name).svg, because \(error)")
    }
    return messages
  }
}
