import Micrograd
import MicrogradVisual

/// The boxes and edges of a graph, without numbers, and where they are drawn.
struct ExpressionPicture: Encodable {
  struct Box: Encodable {
    /// The name, cut to the room that it has, and as it is.
    let text, name: String
    let operationText, operation: String?
    /// `input`, `number`, `inner`, `result`, or `more` for operands that are left out.
    let kind: String
  }

  struct Edge: Encodable {
    /// Positions of boxes.
    let from, to: Int
    /// Which operand it is; nil for operands that are left out.
    let operand: Int?
  }

  let boxes: [Box]
  let edges: [Edge]
  /// From left to right, and from above to below: the page takes what fits its room.
  let across, down: ExpressionDrawing
  /// How many nodes the graph has, and how many of them are shown.
  let nodes, shown: Int
  /// The name of the result.
  let result: String

  /// The node of each box; nil for operands that are left out.
  let boxNodes: [Int?]
  /// The box of each node that is shown.
  let nodeBoxes: [Int: Int]

  private enum CodingKeys: CodingKey { case boxes, edges, across, down, nodes, shown, result }

  /// Lays out a graph.
  ///
  /// - Parameter inputs: The positions of the formula's inputs.
  init(of graph: Graph, inputs: Set<Int>) {
    let layout = GraphLayout(of: graph), root = graph.nodes.count - 1
    boxes = layout.boxes.map { box in
      let texts = layout.texts(of: box, in: graph)
      return Box(
        text: texts.name, name: box.node.map { graph.name(of: $0) } ?? texts.name, operationText: texts.operation,
        operation: box.node.flatMap { graph.nodes[$0].operation },
        kind: box.node.map { Self.kind(of: $0, in: graph, inputs) } ?? "more")
    }
    edges = layout.edges.map {
      Edge(from: $0.from, to: $0.to, operand: layout.boxes[$0.from].node == nil ? nil : $0.operand)
    }
    across = ExpressionDrawing(layout, .across)
    down = ExpressionDrawing(GraphLayout(of: graph, direction: .down), .down)
    (nodes, shown) = (graph.nodes.count, graph.nodes.count - layout.nodesLeftOut)
    result = graph.name(of: root)
    boxNodes = layout.boxes.map(\.node)
    nodeBoxes = Dictionary(
      uniqueKeysWithValues: layout.boxes.enumerated().compactMap { k, box in box.node.map { ($0, k) } })
  }

  private static func kind(of node: Int, in graph: Graph, _ inputs: Set<Int>) -> String {
    if inputs.contains(node) { return "input" }
    if node == graph.nodes.count - 1 { return "result" }
    return graph.nodes[node].operation == nil ? "number" : "inner"
  }
}

/// Where the boxes and edges of a picture are drawn.
struct ExpressionDrawing: Encodable {
  struct Box: Encodable {
    let x, y, width, height: Double
    /// The operation's place; nil without one.
    let operation: Place?
  }

  struct Place: Encodable {
    let x, y, width, height: Double
  }

  struct Edge: Encodable {
    /// The line, as the attribute `d` of a path.
    let line: String
    /// Where it ends.
    let x, y: Double
    /// Where a number beside it stands: it begins there, or ends there.
    let labelX, labelY: Double
    let labelEnds: Bool
  }

  let boxes: [Box]
  let edges: [Edge]
  let width, height: Double

  init(_ layout: GraphLayout, _ direction: GraphLayout.Direction) {
    boxes = layout.boxes.map { box in
      let frame = box.frame
      return Box(
        x: frame.x, y: frame.y, width: frame.width, height: frame.height,
        operation: box.operation.map { Place(x: $0.x, y: $0.y, width: $0.width, height: $0.height) })
    }
    edges = layout.edges.map { edge in
      let frame = layout.boxes[edge.from].frame
      let isDown = direction == .down
      return isDown ? Self.edgeDown(edge, frame) : Self.edgeAcross(edge, frame)
    }
    (width, height) = (layout.width, layout.height)
  }

  // A number stands beside its edge: where it does not lead, or, of two edges from one operand, outside of both.

  private static func edgeAcross(_ edge: GraphLayout.Edge, _ frame: GraphLayout.Rectangle) -> Edge {
    let route = edge.route, start = route.lastBend, aside = route.start.y - (frame.y + frame.height / 2)
    let isBelow = aside == 0 ? route.end.y < start.y : aside > 0
    return Edge(
      line: route.shortData, x: route.end.x, y: route.end.y, labelX: start.x + 5, labelY: start.y + (isBelow ? 14 : -5),
      labelEnds: false)
  }

  private static func edgeDown(_ edge: GraphLayout.Edge, _ frame: GraphLayout.Rectangle) -> Edge {
    let route = edge.route, start = route.lastBend, aside = route.start.x - (frame.x + frame.width / 2)
    let isLeft = aside == 0 ? route.end.x > start.x : aside < 0
    return Edge(
      line: route.shortData, x: route.end.x, y: route.end.y, labelX: start.x + (isLeft ? -6 : 6), labelY: start.y + 16,
      labelEnds: isLeft)
  }
}
