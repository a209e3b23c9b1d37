import Foundation
import TestSupport
import XCTest

/// The commands of README.md print what it shows.
final class ReadmeCommandsTests: CommandTestCase {
  func testFormulasAndFitsPrintWhatTheREADMEShows() throws {
    let blocks = try blocks(of: "A table and a formula are enough")
    try assertPrints(blocks[1], blocks[3])
    try assertPrints(blocks[5], blocks[7])
  }

  func testTrainingOnATablePrintsWhatTheREADMEShows() throws {
    let blocks = try blocks(of: "Training on a table")
    try assertPrints(blocks[1], blocks[3])
  }

  /// The text of a section, split at its fences.
  private func blocks(of section: String) throws -> [String] {
    let readme = try String(contentsOf: packageFolder.appendingPathComponent("README.md"), encoding: .utf8)
    return try XCTUnwrap(readme.components(separatedBy: "## \(section)\n").last).components(separatedBy: "```")
  }

  /// Runs the commands of a block, and compares what they print, to either stream, with the block of output.
  private func assertPrints(_ commands: String, _ output: String) throws {
    let script = commands.dropFirst("sh\n".count).replacing(".build/release/micrograd", with: "\"$micrograd\"")
    let result = try Executable.run(script: "set -e; cd '\(path(""))'; exec 2>&1; \(script)")
    XCTAssertEqual(result.status, 0, result.output)

    var rest = result.output.split(separator: "\n")[...]
    for shown in output.split(separator: "\n") where shown != "…" {
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
