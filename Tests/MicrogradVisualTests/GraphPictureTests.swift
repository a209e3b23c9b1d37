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

  private func rendered(_ graph: Graph) throws -> SVGDocument { try SVGDocument(GraphPicture(graph).svg()) }

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

  func testThePictureShowsDataGradientAndOperation() throws {
    XCTAssertEqual(
      try rendered(product).texts.sorted(),
      (["*", "a", "b", "c", "2.0000", "3.0000", "6.0000", "1.0000", "2.0000", "3.0000"]
        + Array(repeating: "data", count: 3) + Array(repeating: "grad", count: 3)).sorted())
  }

  func testEveryOperandHasAnEdgeThatEndsInAnArrow() throws {
    let svg = try rendered(product)
    XCTAssertEqual(svg.elements(named: "path", inClass: "edge").count, 2)
    XCTAssertEqual(svg.elements(named: "path", inClass: "arrow").count, 3, "one leads from the operation to the result")
    let square = Graph(nodes: [
      .init(operation: nil, data: 3, grad: 6, operands: []), .init(operation: "*", data: 9, grad: 1, operands: [0, 0]),
    ])
    let lines = try rendered(square).elements(named: "path", inClass: "edge").compactMap { $0.attributes["d"] }
    XCTAssertEqual(Set(lines).count, 2, "the two edges of x * x are one above the other")
  }

  func testHostileLabelsAreShownAsTheyAre() throws {
    let hostile = [
      "{a|b}<c>", "\"quoted\"", "back\\slash \\N \\", "a &lt; b & c", "two  spaces", "é ∂ 数", "| | |", "\\\"}",
      "<b>x</b>",
      "]]>", "<!--", "👩‍👩‍👧",
    ]
    for label in hostile {
      let graph = Graph(nodes: [
        .init(operation: nil, label: label, data: .nan, grad: .infinity, operands: []),
        .init(operation: label, data: -.infinity, grad: 0, operands: [0]),
      ])
      let texts = try rendered(graph).texts
      XCTAssertEqual(texts.count { $0 == label }, 2, "\(label): \(texts)")
      for number in ["nan", "inf", "-inf"] { XCTAssertTrue(texts.contains(number), "\(texts)") }
    }
  }

  func testLineBreaksControlCharactersAndLongLabelsStayInTheirBox() throws {
    let long = String(repeating: "W", count: 500)
    let graph = Graph(nodes: [
      .init(operation: nil, label: "one\ntwo\r\nthree\u{0}\u{7}", data: 0, grad: 0, operands: []),
      .init(operation: long, label: long, data: 0, grad: 0, operands: [0]),
    ])
    let texts = try rendered(graph).texts
    XCTAssertTrue(texts.contains("one two three  "), "\(texts)")
    XCTAssertTrue(texts.allSatisfy { $0.count < 40 }, "\(texts)")
    XCTAssertLessThan(GraphLayout(of: graph).width, 1000)
  }

  func testAnEmptyGraphSaysSo() throws {
    XCTAssertEqual(try rendered(Graph(nodes: [])).texts, ["The graph is empty."])
  }

  func testAFoldedGraphSaysWhatIsLeftOut() throws {
    let nodes = (0..<1000).map {
      Graph.Node(operation: $0 == 0 ? nil : "exp", data: 1, grad: 0, operands: $0 == 0 ? [] : [$0 - 1])
    }
    let texts = try rendered(Graph(nodes: nodes)).texts
    XCTAssertTrue(texts.contains("… 1 more"))
    XCTAssertTrue(
      texts.contains { $0.hasPrefix("The 300 of 1000 nodes that are nearest to the root.") }, "\(texts.last ?? "")")
  }

  func testOperandsThatCannotBeAreSaidToBeLeftOut() throws {
    let cycle = Graph(nodes: [
      .init(operation: "+", data: 1, grad: 0, operands: [1, 0]),
      .init(operation: "-", data: 1, grad: 0, operands: [0, -3]),
    ])
    XCTAssertTrue(
      try rendered(cycle).texts.contains("Left out: 3 operands that are not nodes before the nodes that use them."))
  }

  func testTheSameGraphHasTheSameBytesAndItsNumbersMoveNothing() {
    XCTAssertEqual(GraphPicture(product).svg(), GraphPicture(product).svg())
    let other = Graph(
      nodes: product.nodes.map {
        .init(operation: $0.operation, label: $0.label, data: -1.5e-300, grad: .nan, operands: $0.operands)
      })
    XCTAssertEqual(GraphLayout(of: product).boxes, GraphLayout(of: other).boxes)
  }
}
