import Foundation

/// The code in documents.
public enum Documented {
  /// Returns the text of a file of the package.
  public static func text(_ path: String) throws -> String {
    try String(contentsOf: packageFolder.appendingPathComponent(path), encoding: .utf8)
  }

  /// Returns the lines without indentation, alignment and empty lines.
  public static func lines(_ text: some StringProtocol) -> [String] {
    text.split(separator: "\n").map { line in
      line.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
    }.filter { !$0.isEmpty }
  }

  /// Returns the examples of an article.
  public static func examples(ofArticle path: String) throws -> [String] {
    try text(path).components(separatedBy: "```swift\n").dropFirst().flatMap { part in
      part.components(separatedBy: "\n```")[0].components(separatedBy: "\n\n")
    }
  }

  /// Returns what examples say that their lines with `print(` print: `print(x)  // 1.0`.
  public static func printed(by examples: [String]) -> [String] {
    examples.flatMap { $0.split(separator: "\n") }.filter { $0.contains("print(") }.compactMap {
      $0.components(separatedBy: ")  // ").dropFirst().last
    }
  }

  /// Returns the examples in the comments of a source file: the code between fences, split at empty lines.
  public static func examples(ofSource file: URL) throws -> [String] {
    var examples: [String] = [], lines: [Substring]?
    for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
      let comment = line.drop { $0 == " " }
      if comment == "/// ```swift" {
        lines = []
      } else if comment == "///" || comment == "/// ```" {
        if let example = lines, !example.isEmpty { examples.append(example.joined(separator: "\n")) }
        lines = comment == "///" && lines != nil ? [] : nil
      } else {
        lines?.append(comment.dropFirst("/// ".count))
      }
    }
    return examples
  }
}

extension [String] {
  /// Returns true if the lines of `part` occur consecutively.
  public func contains(_ part: [String]) -> Bool {
    count >= part.count && (0...(count - part.count)).contains { Array(self[$0..<($0 + part.count)]) == part }
  }
}
