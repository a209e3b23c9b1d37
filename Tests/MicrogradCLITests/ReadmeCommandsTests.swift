import Foundation
import TestSupport
import XCTest

/// The commands of README.md print what it shows.
final class ReadmeCommandsTests: CommandTestCase {
  func testTrainingOnATablePrintsWhatTheREADMEShows() throws {
    let readme = try String(contentsOf: packageFolder.appendingPathComponent("README.md"), encoding: .utf8)
    let section = try XCTUnwrap(readme.components(separatedBy: "## Training on a table\n").last)
    let blocks = section.components(separatedBy: "```")
    let script = blocks[1].dropFirst("sh\n".count).replacing(".build/release/micrograd", with: "\"$micrograd\"")
    let result = try Executable.run(script: "set -e; cd '\(path(""))'; \(script)")
    XCTAssertEqual(result.status, 0, result.errors)

    var rest = result.output.split(separator: "\n")[...]
    for shown in blocks[3].split(separator: "\n") where shown != "…" {
      let place = rest.firstIndex { isShown(words($0), by: words(shown)) }
      XCTAssertNotNil(place, "not printed: \(shown)\nin \(result.output)")
      rest = rest.dropFirst(place.map { $0 - rest.startIndex + 1 } ?? 0)
    }
  }

  /// Words and numbers; the time that is left and the speed, which no two runs share, are left out.
  private func words(_ line: Substring) -> [Substring] {
    let words = line.split { " ,;()".contains($0) }
    return words.firstIndex { $0.hasSuffix("samples/s") }.map { Array(words[..<($0 - 1)]) } ?? words
  }

  /// Long numbers may differ in their last digits on another processor.
  private func isShown(_ words: [Substring], by shown: [Substring]) -> Bool {
    words.count == shown.count
      && zip(words, shown).allSatisfy { word, shown in
        guard shown.count > 12, let number = Double(word), let expected = Double(shown) else { return word == shown }
        return abs(number - expected) < 1e-9
      }
  }
}
