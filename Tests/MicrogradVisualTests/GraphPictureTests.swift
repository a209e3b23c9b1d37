import Foundation
import Micrograd
import MicrogradVisual
import XCTest

final class GraphPictureTests: XCTestCase {
  private let product = Graph(nodes: [
    .init(operation: nil, label: "a", data: 2, grad: 3, operands: []),
    .init(operation: nil, label: "b", data: 3, grad: 2, operands: []),
    .init(operation: "*", label: "c", data: 6, grad: 1, operands: [0, 1]),
  ])

  private func rendered(_ graph: Graph) throws -> SVGDocument {
    try XCTSkipUnless(Graphviz().isInstalled, "Graphviz is not installed; no `dot` on the PATH")
    return try SVGDocument(GraphPicture(graph).svg())
  }

  func testExampleOfTheDocumentation() {
    XCTAssertTrue(GraphPicture(product).dot().contains("\"{ c | data 6.0000 | grad 1.0000 }\""))
  }

  func testEveryOperandLeadsToItsOperationAndThatToItsResult() {
    let dot = GraphPicture(product).dot()
    for edge in ["n0 -> n2op", "n1 -> n2op", "n2op -> n2"] { XCTAssertTrue(dot.contains(edge), edge) }
    XCTAssertEqual(dot.components(separatedBy: "->").count - 1, 3)
    XCTAssertTrue(dot.contains("rankdir=LR"))
  }

  func testAnOperandUsedTwiceHasTwoEdges() {
    let square = Graph(nodes: [
      .init(operation: nil, data: 3, grad: 6, operands: []),
      .init(operation: "*", data: 9, grad: 1, operands: [0, 0]),
    ])
    XCTAssertEqual(GraphPicture(square).dot().components(separatedBy: "n0 -> n1op").count - 1, 2)
  }

  func testANodeWithoutLabelHasTwoFields() {
    let graph = Graph(nodes: [.init(operation: nil, data: -0.5, grad: 0, operands: [])])
    XCTAssertTrue(GraphPicture(graph).dot().contains("\"{ data -0.5000 | grad 0.0000 }\""))
  }

  func testLeavesInteriorNodesAndRootDiffer() {
    let chain = Graph(nodes: [
      .init(operation: nil, data: 1, grad: 1, operands: []),
      .init(operation: "a", data: 1, grad: 1, operands: [0]),
      .init(operation: "b", data: 1, grad: 1, operands: [1]),
    ])
    let fills = GraphPicture(chain).dot().split(separator: "\n").filter { $0.contains("record") }.compactMap {
      $0.components(separatedBy: "fillcolor=").last?.prefix(9)
    }
    XCTAssertEqual(Set(fills).count, 3)
  }

  func testNumbersThatFourDecimalsCannotShowHaveAnExponent() {
    let dot = GraphPicture(
      Graph(nodes: [.init(operation: nil, data: 1.23456e-9, grad: -2e20, operands: [])])
    ).dot()
    XCTAssertTrue(dot.contains("data 1.2346e-09 | grad -2.0000e+20"))
  }

  func testGraphvizShowsDataGradientAndOperation() throws {
    let texts = try rendered(product).texts.map { $0.trimmingCharacters(in: .whitespaces) }
    XCTAssertEqual(
      texts.sorted(),
      [
        "*", "a", "b", "c", "data 2.0000", "data 3.0000", "data 6.0000", "grad 1.0000", "grad 2.0000",
        "grad 3.0000",
      ])
  }

  func testGraphvizShowsHostileLabelsAsTheyAre() throws {
    let hostile = [
      "{a|b}<c>", "\"quoted\"", "back\\slash \\N \\", "a &lt; b & c", "two  spaces", "é ∂ 数", "| | |",
      "\\\"}", "<b>x</b>",
    ]
    for label in hostile {
      let graph = Graph(nodes: [
        .init(operation: nil, label: label, data: .nan, grad: .infinity, operands: []),
        .init(operation: label, data: 0, grad: 0, operands: [0]),
      ])
      let texts = try rendered(graph).texts.map { $0.replacingOccurrences(of: "\u{A0}", with: " ") }
      XCTAssertEqual(texts.count { $0 == label }, 2, "\(label): \(texts)")
    }
  }

  func testGraphvizAcceptsLineBreaksAndControlCharacters() throws {
    let graph = Graph(nodes: [
      .init(operation: nil, label: "one\ntwo\r\nthree\u{0}\u{7}", data: 0, grad: 0, operands: [])
    ])
    let texts = try rendered(graph).texts.map { $0.trimmingCharacters(in: .whitespaces) }
    XCTAssertTrue(texts.contains("one") && texts.contains("two"), "\(texts)")
  }

  func testAnEmptyGraphIsAnEmptyPicture() throws {
    let picture = try rendered(Graph(nodes: []))
    XCTAssertEqual(picture.texts, [])
  }
}
