import Micrograd

extension ProgramPicture {
  private static var textSize: Double { 12 }
  private static var lineHeight: Double { 16 }

  /// Returns the picture as an SVG document with a light background.
  public func svg() -> String {
    let lines = graph.nodes.map { node in
      node.text.split(separator: "\n", omittingEmptySubsequences: false).map {
        Theme.fitted(String($0), size: Self.textSize, room: 420)
      }
    }
    let sizes = lines.map { lines in
      LayeredLayout.Size(
        width: (lines.map { Theme.width(of: $0, size: Self.textSize) }.max() ?? 0).rounded(.up) + 24,
        height: Double(lines.count) * Self.lineHeight + 14)
    }
    let layout = LayeredLayout(sizes: sizes, edges: graph.edges.map { LayeredLayout.Edge(from: $0.from, to: $0.to) })
    let margin = GraphLayout.margin
    return SVGWriter.card(
      width: (layout.size.width + 2 * margin).rounded(.up), height: (layout.size.height + 2 * margin).rounded(.up),
      title: "Data flow of a compiled program", showsTitle: false
    ) { svg in
      for (edge, route) in zip(graph.edges, layout.routes) { draw(edge, route.moved(by: margin), to: &svg) }
      for (node, frame) in layout.frames.enumerated() { draw(node, lines[node], frame.moved(by: margin), to: &svg) }
    }
  }

  private func draw(_ edge: ProgramGraph.Edge, _ route: GraphLayout.Route, to svg: inout SVGWriter) {
    svg.element("path", ["class": "edge", "d": route.data, "fill": "none", "stroke": Theme.edge, "stroke-width": 1.1])
    svg.arrow(at: route.end, color: Theme.edge)
    guard edge.count > 1 else { return }
    svg.text(String(edge.count), x: route.end.x - 9, y: route.end.y - 4, size: 10, anchor: "end")
  }

  private func draw(
    _ node: Int, _ lines: [String], _ frame: GraphLayout.Rectangle, to svg: inout SVGWriter
  ) {
    let (fill, border) = Self.colors(of: graph.nodes[node].kind)
    svg.element("g", ["class": "node"]) { svg in
      svg.rectangle(frame, radius: 6, fill: fill, stroke: border, width: 1.2)
      for (k, line) in lines.enumerated() {
        svg.text(
          line, x: frame.x + frame.width / 2, y: frame.y + 7 + Double(k) * Self.lineHeight + 12, size: Self.textSize,
          color: Theme.ink, anchor: "middle")
      }
    }
  }
}
