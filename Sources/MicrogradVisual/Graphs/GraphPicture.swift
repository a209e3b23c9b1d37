import Micrograd

/// A picture of an expression graph: a box with data and gradient for every value, its operation to the left, from
/// the leaves on the left to the root on the right.
///
/// ```swift
/// let graph = Graph(nodes: [
///   .init(operation: nil, label: "a", data: 2, grad: 3, operands: []),
///   .init(operation: nil, label: "b", data: 3, grad: 2, operands: []),
///   .init(operation: "*", label: "c", data: 6, grad: 1, operands: [0, 1]),
/// ])
/// GraphPicture(graph).dot()        // digraph micrograd { … "{ c | data 6.0000 | grad 1.0000 }" … }
/// GraphPicture(graph).svg()        // <svg …> … </svg>
/// ```
///
/// Leaves are blue with a bar at their left, the root is orange with a thick border, and values in between are white. A node
/// without a label has the name of its position, as in `print(graph)`. Of graphs with more than 300 nodes, those nearest to
/// the root are shown.
public struct GraphPicture: Sendable {
  /// The graph.
  public let graph: Graph

  /// Creates a picture of a graph.
  public init(_ graph: Graph) {
    self.graph = graph
  }

  /// Returns the picture in DOT, the language of Graphviz.
  public func dot() -> String {
    var lines = [
      """
      digraph micrograd {
        graph [rankdir=LR, bgcolor="transparent", pad=0.1, nodesep=0.22, ranksep=0.32]
        node [fontname="Helvetica,Arial,sans-serif", fontsize=12, fontcolor="\(Theme.ink)", penwidth=1.2]
        edge [color="#8793a1", arrowsize=0.6, penwidth=1.1]
        subgraph cluster_card {
          graph [style="rounded,filled", fillcolor="\(Theme.card)", color="\(Theme.cardBorder)", margin=18]
      """
    ]
    for (index, node) in graph.nodes.enumerated() {
      lines.append("    n\(index) [\(Self.box(for: node, isRoot: index == graph.nodes.count - 1))]")
      guard let operation = node.operation else { continue }
      lines.append(
        """
            n\(index)op [label="\(Self.escaped(operation))", shape=ellipse, style=filled, fillcolor="#eef1f5", \
        color="#8793a1", width=0.5, height=0.36, margin="0.07,0.03"]
        """)
    }
    for (index, node) in graph.nodes.enumerated() where node.operation != nil {
      lines.append("    n\(index)op -> n\(index)")
      for operand in node.operands { lines.append("    n\(operand) -> n\(index)op") }
    }
    return (lines + ["  }", "}", ""]).joined(separator: "\n")
  }

  /// Returns the picture as an SVG document with a light background.
  ///
  /// It is valid whatever the graph is: labels are shown as they are, numbers that are not finite stand out, and an empty
  /// graph says that it is empty.
  ///
  /// - Parameter limit: The largest number of nodes to show.
  public func svg(limit: Int = GraphLayout.defaultLimit) -> String {
    let layout = GraphLayout(of: graph, limit: limit)
    return GraphDrawing(graph: graph, layout: layout, gradients: graph.nodes.map(\.grad)).svg()
  }

  private static func box(for node: Graph.Node, isRoot: Bool) -> String {
    var fields = ["data \(number(node.data))", "grad \(number(node.grad))"]
    if let label = node.label, !label.isEmpty { fields.insert(escaped(label, inRecord: true), at: 0) }
    let (fill, border) =
      node.operation == nil
      ? ("#e6f0fb", "#7ea9d8") : isRoot ? ("#fdeedd", "#e29a52") : ("#ffffff", "#aab4c0")
    return """
      label="{ \(fields.joined(separator: " | ")) }", shape=record, style="rounded,filled", \
      fillcolor="\(fill)", color="\(border)", height=0.4
      """
  }

  /// Formats a number with four decimals, as micrograd does, or with an exponent if it is too small or too large for that.
  private static func number(_ value: Double) -> String {
    let size = value.magnitude
    if !value.isFinite || size == 0 || (size >= 0.0001 && size < 1e6) {
      return NumberText.fixed(value, decimals: 4)
    }
    return NumberText.scientific(value)
  }
}
