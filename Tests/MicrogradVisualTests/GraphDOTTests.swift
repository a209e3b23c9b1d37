import Foundation
import Micrograd
import MicrogradVisual
import XCTest

/// What Graphviz makes of the files that are written for it, where it is installed.
final class GraphDOTTests: XCTestCase {
  /// The texts of the picture that `dot` draws.
  private func texts(_ dot: String) throws -> [String] {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("dot-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let input = folder.appendingPathComponent("graph.dot"), output = folder.appendingPathComponent("graph.svg")
    try Data(dot.utf8).write(to: input)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["dot", "-Tsvg", "-o", output.path, input.path]
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    try XCTSkipIf(process.terminationStatus == 127, "Graphviz is not installed; no `dot` on the PATH")
    XCTAssertEqual(process.terminationStatus, 0, dot)
    return try SVGDocument(String(contentsOf: output, encoding: .utf8)).texts
      .map { $0.replacingOccurrences(of: "\u{A0}", with: " ").trimmingCharacters(in: .whitespaces) }
  }

  func testGraphvizShowsDataGradientAndOperation() throws {
    let product = Graph(nodes: [
      .init(operation: nil, label: "a", data: 2, grad: 3, operands: []),
      .init(operation: "* 3.0", label: "c", data: 6, grad: 1, operands: [0]),
    ])
    XCTAssertEqual(
      try texts(GraphPicture(product).dot()).sorted(),
      ["* 3.0", "a", "c", "data 2.0000", "data 6.0000", "grad 1.0000", "grad 3.0000"])
  }

  func testGraphvizShowsHostileLabelsAsTheyAre() throws {
    let hostile = [
      "{a|b}<c>", "\"quoted\"", "back\\slash \\N \\", "a &lt; b & c", "two  spaces", "é ∂ 数", "| | |", "\\\"}",
      "<b>x</b>",
    ]
    for label in hostile {
      let graph = Graph(nodes: [
        .init(operation: nil, label: label, data: .nan, grad: .infinity, operands: []),
        .init(operation: label, data: 0, grad: 0, operands: [0]),
      ])
      let texts = try texts(GraphPicture(graph).dot())
      XCTAssertEqual(texts.count { $0 == label }, 2, "\(label): \(texts)")
    }
  }

  func testGraphvizAcceptsLineBreaksAndControlCharacters() throws {
    let graph = Graph(nodes: [
      .init(operation: nil, label: "one\ntwo\r\nthree\u{0}\u{7}", data: 0, grad: 0, operands: [])
    ])
    let texts = try texts(GraphPicture(graph).dot())
    XCTAssertTrue(texts.contains("one") && texts.contains("two"), "\(texts)")
  }

  func testGraphvizDrawsAnEmptyGraphAndACompiledFunction() throws {
    XCTAssertEqual(try texts(GraphPicture(Graph(nodes: [])).dot()), [])
    let f = try compile(at: [1, 2]) { x in x[0] * x[1] + exp(-x[0]) }
    XCTAssertTrue(try texts(ProgramPicture(f.graph(of: .gradientByInputs)).dot()).contains("x[0].grad x[1].grad"))
  }
}
