import Foundation

/// What the scripts of Tests/Fixtures wrote.
enum Fixture {
  static func read<Content: Decodable>(_ name: String) throws -> Content {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let file = tests.appendingPathComponent("Fixtures").appendingPathComponent(name)
    return try JSONDecoder().decode(Content.self, from: Data(contentsOf: file))
  }
}
