import Micrograd
import MicrogradVisual
import XCTest

final class ProgramPictureTests: XCTestCase {
  private let graph = ProgramGraph(
    nodes: [
      .init(.input, "x[0]"), .init(.parameters, "p0…p3"), .init(.hoisted, "h1"), .init(.constant, "1"),
      .init(.instruction, "4×1 matrix\nReLU"), .init(.result, "result"),
    ],
    edges: [.init(from: 0, to: 4, count: 1), .init(from: 1, to: 4, count: 4), .init(from: 4, to: 5, count: 1)])

  func testEveryEdgeIsDrawnWithItsCount() {
    let dot = ProgramPicture(graph).dot()
    for line in ["n0 -> n4\n", "n1 -> n4 [label=\" 4\"]\n", "n4 -> n5\n"] { XCTAssertTrue(dot.contains(line), line) }
    XCTAssertEqual(dot.components(separatedBy: "->").count - 1, 3)
  }

  func testEachKindHasItsColor() {
    let pieces = ProgramPicture(graph).dot().components(separatedBy: "style=\"rounded,filled\", fillcolor=").dropFirst()
    let fills = pieces.map { $0.prefix(9) }.dropFirst()  // the first is the card's
    XCTAssertEqual(fills.count, 6)
    XCTAssertEqual(Set(fills).count, 6)
  }

  func testLinesOfATextAreLinesOfItsNode() {
    XCTAssertTrue(ProgramPicture(graph).dot().contains("label=\"4×1 matrix\\nReLU\""))
  }

  func testTheSVGShowsEveryLineAndEveryCount() throws {
    let svg = try SVGDocument(ProgramPicture(graph).svg())
    XCTAssertEqual(svg.texts, ["4", "x[0]", "p0…p3", "h1", "1", "4×1 matrix", "ReLU", "result"])
    XCTAssertEqual(svg.elements(named: "path", inClass: "edge").count, 3)
    XCTAssertNoThrow(try SVGDocument(ProgramPicture(ProgramGraph(nodes: [], edges: [])).svg()))
  }

  func testTheSVGShowsACompiledFunction() throws {
    let f = try compile(at: [1, 2]) { x in x[0] * x[1] + exp(-x[0]) }
    let svg = try SVGDocument(ProgramPicture(f.graph(of: .gradientByInputs)).svg())
    XCTAssertTrue(svg.texts.contains("x[0].grad x[1].grad"))
  }
}
