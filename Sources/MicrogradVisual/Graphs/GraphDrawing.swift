import Micrograd

/// Draws a laid-out graph, with its own gradients or others, and perhaps one step of a sweep.
struct GraphDrawing {
  let graph: Graph
  let layout: GraphLayout
  /// By position in the graph.
  let gradients: [Double]
  var step: BackwardSteps.Step?
  /// Lines of text below the graph.
  var caption: [String] = []

  private static let lineHeight = 19.0

  func svg() -> String {
    let notes = notes
    let lines = caption.count + notes.count
    let textWidth = (caption.map { Double($0.count) * 7.3 } + notes.map { Theme.width(of: $0, size: 12) }).max() ?? 0
    let room = layout.boxes.isEmpty ? 0 : layout.height
    let width = max(layout.width, textWidth + 2 * GraphLayout.margin).rounded(.up)
    let height = (room + (lines > 0 ? Double(lines) * Self.lineHeight + (room > 0 ? 8 : 32) : 0)).rounded(.up)
    return SVGWriter.card(width: width, height: height, title: title, showsTitle: false) { svg in
      for edge in layout.edges { draw(edge, to: &svg) }
      for box in layout.boxes { draw(box, to: &svg) }
      if step != nil { for edge in layout.edges { drawLabel(of: edge, to: &svg) } }
      var y = room + (room > 0 ? 4 : 28)
      for line in caption {
        svg.caption(line, x: GraphLayout.margin, y: y)
        y += Self.lineHeight
      }
      for note in notes {
        svg.text(note, x: GraphLayout.margin, y: y)
        y += Self.lineHeight
      }
    }
  }

  private var title: String {
    guard let root = graph.nodes.last else { return "An empty graph" }
    let name = graph.name(of: graph.nodes.count - 1)
    return "Expression graph of \(name) = \(NumberText.node(root.data)): \(graph.nodes.count) nodes"
  }

  /// What the picture does not show.
  private var notes: [String] {
    if graph.nodes.isEmpty { return ["The graph is empty."] }
    var notes: [String] = []
    if layout.nodesLeftOut > 0 {
      let shown = graph.nodes.count - layout.nodesLeftOut
      notes.append(
        "The \(shown) of \(graph.nodes.count) nodes that are nearest to the root. "
          + "“… 3 more” stands for three operands that are left out.")
    }
    if layout.invalidOperands > 0 {
      notes.append("Left out: \(layout.invalidOperands) operands that are not nodes before the nodes that use them.")
    }
    return notes
  }

  // MARK: - Edges

  private func isLit(_ edge: GraphLayout.Edge) -> Bool {
    guard let step, let node = layout.boxes[edge.to].node else { return false }
    return step.nodes.contains(node) && layout.boxes[edge.from].node != nil
  }

  private func draw(_ edge: GraphLayout.Edge, to svg: inout SVGWriter) {
    let color = isLit(edge) ? Theme.attention : Theme.edge
    let isLeftOut = layout.boxes[edge.from].node == nil
    svg.element(
      "path",
      [
        "class": "edge", "d": edge.route.data, "fill": "none", "stroke": color, "stroke-width": isLit(edge) ? 2 : 1.1,
        "stroke-dasharray": isLeftOut ? "3 3" : "none",
      ])
    svg.arrow(at: edge.route.end, color: color)
  }

  /// The local derivative, beside the edge where it leaves the column of its operand.
  private func drawLabel(of edge: GraphLayout.Edge, to svg: inout SVGWriter) {
    guard isLit(edge), let step, let operand = step.operands.first(where: { $0.index == edge.operand }) else { return }
    let text =
      operand.localDerivative.map { "× \(NumberText.short($0))" } ?? "+ \(NumberText.short(operand.contribution))"
    let start = edge.route.lastBend
    // Beside the edge: where it does not lead, or, of two edges from one operand, outside of both.
    let frame = layout.boxes[edge.from].frame, aside = edge.route.start.y - (frame.y + frame.height / 2)
    let isBelow = aside == 0 ? edge.route.end.y < start.y : aside > 0
    svg.label(text, x: start.x + 5, y: start.y + (isBelow ? 14 : -5))
  }

  // MARK: - Boxes

  private func draw(_ box: GraphLayout.Box, to svg: inout SVGWriter) {
    guard let node = box.node else { return drawLeftOut(box, to: &svg) }
    let style = style(of: node), frame = box.frame
    let shape = NodeShape(FoldedGraph.Node(position: node), in: graph)
    svg.element("g", ["class": "node"]) { svg in
      svg.element("title", [:], content: details(of: node))
      if let operation = box.operation {
        drawOperation(operation, shape.operationText ?? "", style, before: frame, to: &svg)
      }
      svg.rectangle(frame, radius: style.radius, fill: style.fill, stroke: style.border, width: style.borderWidth)
      if style.hasBar {
        let bar = GraphLayout.Rectangle(x: frame.x, y: frame.y, width: 4, height: frame.height)
        svg.rectangle(bar, radius: 0, fill: style.border, stroke: style.border, width: style.borderWidth)
      }
      let middle = frame.y + frame.height / 2
      svg.text(
        shape.name, x: frame.x + NodeShape.padding, y: middle + 4, size: NodeShape.textSize,
        color: graph.nodes[node].label == nil ? Theme.muted : Theme.ink,
        weight: graph.nodes[node].label == nil ? "400" : "600")
      let divide = frame.x + frame.width - NodeShape.captionWidth - NodeShape.numberWidth - 2 * NodeShape.padding
      svg.line(
        from: PixelPoint(x: divide, y: frame.y + 7), to: PixelPoint(x: divide, y: frame.y + frame.height - 7),
        color: style.border, width: 0.8)
      let changed = step?.operands.contains { $0.node == node && $0.contribution != 0 } ?? false
      drawNumber("data", graph.nodes[node].data, in: frame, from: divide, y: middle - 5, stands: false, to: &svg)
      drawNumber("grad", gradients[node], in: frame, from: divide, y: middle + 12, stands: changed, to: &svg)
    }
  }

  private func drawNumber(
    _ caption: String, _ value: Double, in frame: GraphLayout.Rectangle, from divide: Double, y: Double, stands: Bool,
    to svg: inout SVGWriter
  ) {
    svg.text(caption, x: divide + NodeShape.padding, y: y, size: 10.5)
    let standsOut = stands || !value.isFinite
    svg.number(
      NumberText.node(value), x: frame.x + frame.width - NodeShape.padding, y: y, size: NodeShape.numberSize,
      color: standsOut ? Theme.attention : Theme.ink, weight: standsOut ? "700" : "400")
  }

  private func drawOperation(
    _ place: GraphLayout.Rectangle, _ text: String, _ style: NodeStyle, before frame: GraphLayout.Rectangle,
    to svg: inout SVGWriter
  ) {
    let middle = place.y + place.height / 2, end = GraphLayout.Point(x: frame.x, y: middle)
    let color = style.isLit ? Theme.attention : Theme.edge
    svg.line(
      from: PixelPoint(x: place.x + place.width, y: middle), to: PixelPoint(x: frame.x - 4, y: middle), color: color,
      width: 1.1)
    svg.arrow(at: end, color: color)
    svg.rectangle(place, radius: 7, fill: "#eef1f5", stroke: color, width: style.isLit ? 2 : 1.1)
    svg.text(
      text, x: place.x + place.width / 2, y: middle + 4, size: NodeShape.textSize, color: Theme.ink, anchor: "middle")
  }

  private func drawLeftOut(_ box: GraphLayout.Box, to svg: inout SVGWriter) {
    svg.rectangle(box.frame, radius: 7, fill: Theme.card, stroke: Theme.edge, width: 1, dashes: "3 3")
    svg.text(
      "… \(box.leftOut) more", x: box.frame.x + box.frame.width / 2, y: box.frame.y + box.frame.height / 2 + 4,
      size: NodeShape.textSize, anchor: "middle")
  }

  /// All digits, for the pointer.
  private func details(of node: Int) -> String {
    let label = graph.nodes[node].label.flatMap { $0.isEmpty ? nil : $0 } ?? "#\(node)"
    let operation = graph.nodes[node].operation.map { ", computed by \($0)" } ?? ""
    return "\(label)\(operation): data \(graph.nodes[node].data), grad \(gradients[node])"
  }

  private func style(of node: Int) -> NodeStyle {
    var style =
      graph.nodes[node].operation == nil
      ? NodeStyle(fill: "#e6f0fb", border: "#6f9ccf", radius: 2, hasBar: true)
      : node == graph.nodes.count - 1
        ? NodeStyle(fill: "#fdeedd", border: "#d9863a", radius: 7, borderWidth: 2.2)
        : NodeStyle(fill: "#ffffff", border: "#aab4c0", radius: 7)
    if step?.nodes.contains(node) ?? false {
      (style.border, style.borderWidth, style.isLit) = (Theme.attention, 3, true)
    }
    return style
  }
}

private struct NodeStyle {
  var fill: String
  var border: String
  var radius: Double
  var borderWidth = 1.2
  var hasBar = false
  var isLit = false
}
