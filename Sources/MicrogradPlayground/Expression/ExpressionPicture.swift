import Micrograd
import MicrogradVisual

/// Where boxes and edges are drawn, and what stands in them besides numbers.
struct ExpressionPicture: Encodable {
  struct Box: Encodable {
    /// The name, cut to the room that it has, and as it is.
    let text, name: String
    let operationText, operation: String?
    /// `input`, `number`, `operation`, `result`, or `more` for operands that are left out.
    let kind: String
    let x, y, width, height: Double
    let operationX, operationY, operationWidth, operationHeight: Double
  }

  struct Edge: Encodable {
    /// Positions of boxes.
    let from, to: Int
    /// Which operand it is.
    let operand: Int
    /// The line, as the attribute `d` of a path.
    let line: String
    let endX, endY: Double
    /// Where a number beside the edge begins.
    let labelX, labelY: Double
  }

  let boxes: [Box]
  let edges: [Edge]
  let width, height: Double
  /// How many nodes the graph has, and how many of them are shown.
  let nodes, shown: Int
  /// The name of the result.
  let result: String

  /// The node of each box; nil for operands that are left out.
  let boxNodes: [Int?]
  /// The box of each node that is shown.
  let nodeBoxes: [Int: Int]

  private enum CodingKeys: CodingKey { case boxes, edges, width, height, nodes, shown, result }

  /// Lays out a graph.
  ///
  /// - Parameter inputs: The positions of the formula's inputs.
  init(of graph: Graph, inputs: Set<Int>) {
    let layout = GraphLayout(of: graph)
    let root = graph.nodes.count - 1
    boxes = layout.boxes.map { Self.box($0, layout, graph, inputs, root) }
    edges = layout.edges.map { edge in
      let start = edge.route.lastBend
      // Beside the edge: where it does not lead, or, of two edges from one operand, outside of both.
      let frame = layout.boxes[edge.from].frame, aside = edge.route.start.y - (frame.y + frame.height / 2)
      let isBelow = aside == 0 ? edge.route.end.y < start.y : aside > 0
      return Edge(
        from: edge.from, to: edge.to, operand: layout.boxes[edge.from].node == nil ? -1 : edge.operand,
        line: edge.route.data, endX: edge.route.end.x, endY: edge.route.end.y, labelX: start.x + 5,
        labelY: start.y + (isBelow ? 14 : -5))
    }
    (width, height) = (layout.width, layout.height)
    (nodes, shown) = (graph.nodes.count, graph.nodes.count - layout.nodesLeftOut)
    result = graph.name(of: root)
    boxNodes = layout.boxes.map(\.node)
    nodeBoxes = Dictionary(
      uniqueKeysWithValues: layout.boxes.enumerated().compactMap { k, box in box.node.map { ($0, k) } })
  }

  private static func box(
    _ box: GraphLayout.Box, _ layout: GraphLayout, _ graph: Graph, _ inputs: Set<Int>, _ root: Int
  ) -> Box {
    let texts = layout.texts(of: box, in: graph), frame = box.frame
    let kind: String
    if let node = box.node {
      let isInput = inputs.contains(node), isLeaf = graph.nodes[node].operation == nil
      kind = isInput ? "input" : node == root ? "result" : isLeaf ? "number" : "operation"
    } else {
      kind = "more"
    }
    return Box(
      text: texts.name, name: box.node.map { graph.name(of: $0) } ?? texts.name, operationText: texts.operation,
      operation: box.node.flatMap { graph.nodes[$0].operation }, kind: kind, x: frame.x, y: frame.y,
      width: frame.width, height: frame.height, operationX: box.operation?.x ?? 0, operationY: box.operation?.y ?? 0,
      operationWidth: box.operation?.width ?? 0, operationHeight: box.operation?.height ?? 0)
  }
}
