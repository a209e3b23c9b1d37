import Foundation
import TestSupport
import XCTest

/// Runs the programs in Sources/Examples and compares what they print with their comments: the lines of the output are the
/// texts after `// prints: `, in order.
final class ExamplesTests: XCTestCase {
  func testEveryExamplePrintsWhatItsCommentsSay() throws {
    let folder = packageFolder.appendingPathComponent("Sources/Examples")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { !$0.hasPrefix(".") }
    XCTAssertFalse(names.isEmpty)
    for name in names.sorted() {
      let source = try String(contentsOf: folder.appendingPathComponent("\(name)/main.swift"), encoding: .utf8)
      let promised = source.split(separator: "\n").compactMap { line in
        line.range(of: "// prints: ").map { String(line[$0.upperBound...]) }
      }
      XCTAssertFalse(promised.isEmpty, "\(name) has no comment that begins with prints:")
      let printed = try output(of: name).split(separator: "\n").map(String.init)
      XCTAssertEqual(printed, promised, name)
    }
  }

  private func output(of name: String) throws -> String {
    let finished = try FinishedProcess(
      running: builtProducts(of: ExamplesTests.self).appendingPathComponent(name))
    XCTAssertEqual(finished.status, 0, name)
    return finished.output
  }
}
