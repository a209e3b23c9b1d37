import Micrograd
import MicrogradVisual
import TestSupport
import XCTest

/// What holds of every layout, on graphs that nobody would think of.
final class GraphLayoutTests: XCTestCase {
  private func assertLawful(_ graph: Graph, limit: Int = 300, _ context: String, line: UInt = #line) {
    let layout = GraphLayout(of: graph, limit: limit)
    assertBoxesAreApart(layout, context, line: line)
    for edge in layout.edges {
      let (from, to) = (layout.boxes[edge.from].frame, layout.boxes[edge.to].bounds)
      let place = layout.boxes[edge.to].operation ?? layout.boxes[edge.to].frame
      let (start, end) = (edge.route.start, edge.route.end)
      XCTAssertEqual(start.x, from.x + from.width, accuracy: 1e-9, context, line: line)
      XCTAssertTrue(start.y > from.y && start.y < from.y + from.height, context, line: line)
      XCTAssertEqual(end.x, to.x, accuracy: 1e-9, context, line: line)
      XCTAssertTrue(end.y > place.y && end.y < place.y + place.height, context, line: line)
      assertPassesNoOtherBox(edge, in: layout, context, line: line)
    }
    let isInside = layout.boxes.allSatisfy {
      $0.bounds.x >= 0 && $0.bounds.y >= 0 && $0.bounds.x + $0.bounds.width <= layout.width
        && $0.bounds.y + $0.bounds.height <= layout.height
    }
    XCTAssertTrue(isInside, context, line: line)
    let shown = layout.boxes.compactMap(\.node)
    XCTAssertEqual(shown.count, Set(shown).count, context, line: line)
    XCTAssertEqual(shown.count + layout.nodesLeftOut, graph.nodes.count, context, line: line)
  }

  private func assertBoxesAreApart(_ layout: GraphLayout, _ context: String, line: UInt) {
    let sorted = layout.boxes.map(\.bounds).sorted { $0.x < $1.x }
    for (k, a) in sorted.enumerated() {
      for b in sorted[(k + 1)...] {
        if b.x >= a.x + a.width { break }
        if b.y < a.y + a.height && a.y < b.y + b.height { return XCTFail("\(a), \(b). \(context)", line: line) }
      }
    }
  }

  /// A curve with horizontal ends stays between its ends; a straight piece is one of these, too.
  private func assertPassesNoOtherBox(
    _ edge: GraphLayout.Edge, in layout: GraphLayout, _ context: String, line: UInt
  ) {
    var start = edge.route.start
    for curve in edge.route.curves {
      let (x, y) = (start.x...curve.end.x, min(start.y, curve.end.y)...max(start.y, curve.end.y))
      let isStraight = start.y == curve.end.y
      for (k, box) in layout.boxes.enumerated() where k != edge.from && k != edge.to {
        let place = box.bounds
        guard place.x < x.upperBound, place.x + place.width > x.lowerBound else { continue }
        let meets = place.y < y.upperBound && place.y + place.height > y.lowerBound
        let lies = isStraight && place.y < start.y && place.y + place.height > start.y
        if isStraight ? lies : meets {
          return XCTFail("the edge \(edge.from) to \(edge.to) meets \(k). \(context)", line: line)
        }
      }
      start = curve.end
    }
  }

  /// Graphs of all shapes: trees, chains, nets with long edges, operands used often or twice.
  private func randomGraph(seed: UInt64, count: Int) -> Graph {
    var random = SplitMix64(seed: seed)
    let reach = [2, 4, 12, 1000].randomElement(using: &random)!
    let mostOperands = [1, 2, 2, 3, 9].randomElement(using: &random)!
    let leaves = [0.1, 0.4, 0.6].randomElement(using: &random)!
    return Graph(
      nodes: (0..<count).map { position in
        let isLeaf = position == 0 || Double.random(in: 0..<1, using: &random) < leaves
        let operands = (0..<(isLeaf ? 0 : Int.random(in: 1...mostOperands, using: &random))).map { _ in
          Int.random(in: max(0, position - reach)..<position, using: &random)
        }
        let label =
          Bool.random(using: &random) ? String(repeating: "w", count: Int.random(in: 0...12, using: &random)) : nil
        return Graph.Node(
          operation: isLeaf ? nil : ["+", "* 3.0", "log sum exp"].randomElement(using: &random)!, label: label, data: 0,
          grad: 0,
          operands: operands)
      })
  }

  func testAThousandRandomGraphsAreLawful() {
    for seed in 1...1000 {
      assertLawful(randomGraph(seed: UInt64(seed), count: 1 + seed % 16), "seed \(seed)")
    }
  }

  func testLargeRandomGraphsAreLawfulFoldedOrNot() {
    for seed in 2001...2003 {
      assertLawful(randomGraph(seed: UInt64(seed), count: 300), "seed \(seed)")
      assertLawful(randomGraph(seed: UInt64(seed), count: 900), limit: 150, "folded, seed \(seed)")
    }
  }

  func testPicturesOfRandomGraphsAreValidAndAlwaysTheSame() throws {
    for seed in 3001...3020 {
      let graph = randomGraph(seed: UInt64(seed), count: seed % 40)
      let svg = GraphPicture(graph).svg()
      let document = try SVGDocument(svg)
      XCTAssertEqual(document.elements(named: "g", inClass: "node").count, graph.nodes.count)
      XCTAssertEqual(svg, GraphPicture(graph).svg())
    }
  }

  func testExampleOfTheDocumentation() {
    Tape.scope {
      let a = Value(2), b = Value(-3)
      let layout = GraphLayout(of: Graph(of: a * b, labels: ["a": a, "b": b]))
      XCTAssertEqual([layout.boxes.count, layout.edges.count], [3, 2])
    }
  }

  func testATreeHasNoCrossings() {
    // Each node but the last is used once.
    var nodes: [Graph.Node] = [], free: [Int] = []
    var random = SplitMix64(seed: 7)
    for position in 0..<200 {
      let isLeaf = free.count < 2 || (Bool.random(using: &random) && position < 120)
      let operands = isLeaf ? [] : [free.removeLast(), free.removeLast()]
      nodes.append(.init(operation: isLeaf ? nil : "+", data: 0, grad: 0, operands: operands))
      free.append(position)
    }
    XCTAssertEqual(GraphLayout(of: Graph(nodes: nodes)).crossings, 0)
  }

  func testAChainIsAStraightLine() {
    let nodes = (0..<50).map {
      Graph.Node(operation: $0 == 0 ? nil : "exp", data: 0, grad: 0, operands: $0 == 0 ? [] : [$0 - 1])
    }
    let layout = GraphLayout(of: Graph(nodes: nodes))
    XCTAssertEqual(Set(layout.boxes.map(\.frame.y)).count, 1)
    XCTAssertTrue(layout.edges.allSatisfy { $0.route.start.y == $0.route.end.y })
  }

  func testAnEdgeThatPassesColumnsIsStraightThere() {
    // x is used at the start of a chain of another leaf and at its end.
    var nodes: [Graph.Node] = [
      .init(operation: nil, data: 0, grad: 0, operands: []), .init(operation: nil, data: 0, grad: 0, operands: []),
      .init(operation: "*", data: 0, grad: 0, operands: [0, 1]),
    ]
    for k in 2..<12 { nodes.append(.init(operation: "exp", data: 0, grad: 0, operands: [k])) }
    nodes.append(.init(operation: "+", data: 0, grad: 0, operands: [0, 12]))
    let layout = GraphLayout(of: Graph(nodes: nodes))
    let long = layout.edges.first { $0.from == 0 && $0.to == 13 }!
    XCTAssertLessThanOrEqual(long.route.curves.count { $0.end.y != $0.control1.y }, 2, "it bends more than twice")
  }
}
