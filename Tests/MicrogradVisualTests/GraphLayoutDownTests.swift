import Micrograd
import MicrogradVisual
import TestSupport
import XCTest

/// A layout from above to below is as lawful as one from left to right.
final class GraphLayoutDownTests: XCTestCase {
  private func assertLawful(_ graph: Graph, _ context: String) {
    let layout = GraphLayout(of: graph, direction: .down)
    let across = GraphLayout(of: graph)
    XCTAssertEqual(layout.boxes.map(\.node), across.boxes.map(\.node), context)
    XCTAssertEqual(layout.edges.map(\.from), across.edges.map(\.from), context)
    XCTAssertEqual(layout.edges.map(\.operand), across.edges.map(\.operand), context)
    for edge in layout.edges {
      let from = layout.boxes[edge.from].frame, to = layout.boxes[edge.to]
      let place = to.operation ?? to.frame, (start, end) = (edge.route.start, edge.route.end)
      XCTAssertEqual(start.y, from.y + from.height, accuracy: 1e-9, context)
      XCTAssertTrue(start.x > from.x && start.x < from.x + from.width, context)
      XCTAssertEqual(end.y, place.y, accuracy: 1e-9, context)
      XCTAssertTrue(end.x > place.x && end.x < place.x + place.width, context)
    }
    for box in layout.boxes {
      guard let operation = box.operation else { continue }
      XCTAssertLessThan(operation.y + operation.height, box.frame.y, context)
      XCTAssertEqual(operation.x + operation.width / 2, box.frame.x + box.frame.width / 2, accuracy: 1e-9, context)
    }
    let bounds = layout.boxes.map(\.bounds)
    for (k, a) in bounds.enumerated() {
      XCTAssertTrue(a.x >= 0 && a.y >= 0 && a.x + a.width <= layout.width && a.y + a.height <= layout.height, context)
      for b in bounds[(k + 1)...] {
        let isApart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y
        XCTAssertTrue(isApart, context)
      }
    }
  }

  func testRandomGraphs() {
    var random = SplitMix64(seed: 7)
    for round in 0..<60 {
      var nodes: [Graph.Node] = []
      for k in 0..<Int.random(in: 1...40, using: &random) {
        let count = k == 0 ? 0 : Int.random(in: 0...2, using: &random)
        let operands = (0..<count).map { _ in Int.random(in: 0..<k, using: &random) }
        let operation = count == 0 ? nil : ["+", "ReLU", "select with a long name"][k % 3]
        nodes.append(Graph.Node(operation: operation, label: nil, data: 1, grad: 0, operands: operands))
      }
      assertLawful(Graph(nodes: nodes), "seed 7, round \(round)")
    }
  }

  func testStraightPiecesOfALineAreJoined() {
    Tape.scope {
      let x = Value(1)
      var sum = x
      for _ in 0..<5 { sum = sum * sum }
      let layout = GraphLayout(of: Graph(of: sum + x), direction: .down)
      for edge in layout.edges {
        let pieces = edge.route.shortData.filter { "LC".contains($0) }
        XCTAssertFalse(pieces.contains("LL"), edge.route.shortData)
      }
    }
  }
}
