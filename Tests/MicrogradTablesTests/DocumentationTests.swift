import Foundation
import MicrogradNN
import MicrogradTables
import TestSupport
import XCTest

final class DocumentationTests: XCTestCase {
  func testTheExampleOfTheArticle() throws {
    var printed = ""
    func print(_ count: Int, _ targets: Dataset.Targets) { printed = "\(count) \(targets)" }

    let table = try CSVTable(text: "width;length;kind\n0.2;1.4;setosa\n1.3;4.0;versicolor\n")
    let irises = try table.dataset(target: "kind", inputs: ["width", "length"])
    print(irises.count, irises.targets)  // 2 classes([0, 1], names: ["setosa", "versicolor"])

    XCTAssertEqual(printed, #"2 classes([0, 1], names: ["setosa", "versicolor"])"#)
  }

  func testTheExampleIsThatOfTheArticle() throws {
    func lines(_ path: String) throws -> [String] {
      try String(contentsOf: packageFolder.appendingPathComponent(path), encoding: .utf8)
        .split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    let article = try lines("Sources/MicrogradTables/MicrogradTables.docc/MicrogradTables.md")
    let start = try XCTUnwrap(article.firstIndex(of: "```swift"))
    let example = article[(start + 1)...].prefix { $0 != "```" }
    XCTAssertEqual(example.count, 3)
    let tested = Set(try lines("Tests/MicrogradTablesTests/DocumentationTests.swift"))
    for line in example { XCTAssertTrue(tested.contains(line), line) }
  }
}
