import Foundation
import Micrograd
import TestSupport
import XCTest

/// The article Operations.md says what the library computes.
final class OperationsArticleTests: XCTestCase {

  private func text(_ path: String) throws -> String {
    try String(contentsOf: packageFolder.appendingPathComponent(path), encoding: .utf8)
  }

  /// The rows below the head of the table that stands between two comments, their cells.
  private func table(_ name: String) throws -> [[String]] {
    let lines = try text("Sources/Micrograd/Micrograd.docc/Operations.md").components(separatedBy: "\n")
    let start = try XCTUnwrap(lines.firstIndex { $0.hasPrefix("<!-- \(name): ") })
    let end = try XCTUnwrap(lines.firstIndex(of: "<!-- end of \(name) -->"))
    return lines[start..<end].filter { $0.hasPrefix("| ") }.dropFirst(2).map { line in
      line.dropFirst(2).dropLast(2).components(separatedBy: " | ")
    }
  }

  func testTheTablesAreTheFixtures() throws {
    XCTAssertEqual(try table("the table"), Fixture.rows.map(\.cells))
    XCTAssertEqual(try table("the table of matrices"), Fixture.matrixRows.map(\.cells))
  }

  func testOperationsAreWrittenAsTheTableSays() throws {
    let ways = try text("Tests/MicrogradTests/OperationWays.swift")
    for row in Fixture.rows {
      for expression in row.written { XCTAssertTrue(ways.contains(" in \(expression) }"), expression) }
    }
    XCTAssertEqual(Set(Fixture.rows.filter { !$0.written.isEmpty }.map(\.op)), OperationWays.names)
  }

  func testEveryEdgeOfTheTableIsWhatIsComputed() throws {
    var count = 0
    for (row, cells) in zip(Fixture.rows, try table("the table")) {
      let texts = cells[4].components(separatedBy: "; ").filter { $0.hasPrefix("x = ") }
      let edges = try texts.map { try Edge($0, row.op) }
      XCTAssertEqual(edges.count, row.edges.count, row.op)
      for (edge, exact) in zip(edges, row.edges) {
        for (way, operation) in OperationWays.of(exact).enumerated() {
          check(exact, way, operation)
          assertShown(edge, operation)
        }
      }
      count += edges.count
    }
    XCTAssertEqual(count, Fixture.edgeCount)
  }

  func testNaNGivesNaNUnlessTheTableSaysSomethingElse() {
    let exceptions = Fixture.rows.filter { row in row.edges.contains { $0.x.isNaN || $0.y?.isNaN == true } }.map(\.op)
    let others = Fixture.operations.filter { ($0.x.isNaN || $0.y?.isNaN == true) && !exceptions.contains($0.op) }
    XCTAssertGreaterThan(others.count, 100)
    for each in others { XCTAssertTrue(each.value.isNaN, "\(each)") }
  }

  private func assertShown(_ edge: Edge, _ operation: OperationOfTwo) {
    Tape.scope {
      let x = Value(edge.x), y = Value(edge.y ?? .nan)
      let result = operation(x, y)
      result.backward()
      XCTAssertTrue(shows(edge.value, result.data), "\(edge.text), not \(result.data)")
      XCTAssertTrue(shows(edge.derivatives[0], x.grad), "\(edge.text), not \(x.grad)")
      if edge.y != nil { XCTAssertTrue(shows(edge.derivatives[1], y.grad), "\(edge.text), not \(y.grad)") }
    }
  }

  /// Whether a number of six digits is another one rounded.
  private func shows(_ shown: Double, _ number: Double) -> Bool {
    shown == number || shown.isNaN && number.isNaN || abs(shown - number) <= 5.1e-6 * abs(number)
  }
}

/// An edge as the article has it: `x = 0, y = 1: 2, derivatives 3, 4`.
private struct Edge {
  let text: String
  let x: Double
  let y: Double?
  let value: Double
  let derivatives: [Double]

  init(_ text: String, _ op: String) throws {
    self.text = "\(op), \(text)"
    let halves = text.components(separatedBy: ": ")
    let results = halves[1].replacingOccurrences(of: "derivatives", with: "derivative")
      .components(separatedBy: ", derivative ")
    let operands = try halves[0].components(separatedBy: ", ").map { try number($0.components(separatedBy: " = ")[1]) }
    (x, y) = (operands[0], operands.count > 1 ? operands[1] : nil)
    value = try number(results[0])
    derivatives = try results[1].components(separatedBy: ", ").map(number)
  }
}

private func number(_ text: String) throws -> Double {
  switch text {
  case "∞": .infinity
  case "-∞": -.infinity
  case "NaN": .nan
  default: try XCTUnwrap(Double(text), text)
  }
}
