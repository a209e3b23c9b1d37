import Micrograd

/// A picture of a compiled program: the data flow from inputs and parameters through its instructions to results and
/// gradients, from left to right.
///
/// ```swift
/// let f = try compile(at: [1, 2]) { x in x[0] * x[1] + exp(-x[0]) }
/// let picture = ProgramPicture(f.graph(of: .gradientByInputs))
/// picture.dot()        // digraph program { … }
/// picture.svg()        // <svg …> … </svg>
/// ```
///
/// Inputs are blue, parameters green, values computed once a call yellow, instructions white, results orange. The number at
/// an edge is the number of rows or numbers, if more than one.
public struct ProgramPicture: Sendable {
  /// The data flow.
  public let graph: ProgramGraph

  /// Creates a picture of a program's data flow.
  public init(_ graph: ProgramGraph) {
    self.graph = graph
  }

  /// Returns the picture in DOT, the language of Graphviz.
  public func dot() -> String {
    var lines = [
      """
      digraph program {
        graph [rankdir=TB, bgcolor="transparent", pad=0.1, nodesep=0.3, ranksep=0.4]
        node [fontname="Helvetica,Arial,sans-serif", fontsize=12, fontcolor="\(Theme.ink)", penwidth=1.2, shape=box, \
      height=0.36, margin="0.12,0.06"]
        edge [fontname="Helvetica,Arial,sans-serif", fontsize=10, fontcolor="\(Theme.muted)", color="#8793a1", \
      arrowsize=0.6, penwidth=1.1]
        subgraph cluster_card {
          graph [style="rounded,filled", fillcolor="\(Theme.card)", color="\(Theme.cardBorder)", margin=18]
      """
    ]
    for (place, node) in graph.nodes.enumerated() {
      let (fill, border) = Self.colors(of: node.kind)
      lines.append(
        """
            n\(place) [label="\(GraphPicture.escaped(node.text))", style="rounded,filled", fillcolor="\(fill)", \
        color="\(border)"]
        """)
    }
    for edge in graph.edges {
      let label = edge.count > 1 ? " [label=\" \(edge.count)\"]" : ""
      lines.append("    n\(edge.from) -> n\(edge.to)\(label)")
    }
    return (lines + ["  }", "}", ""]).joined(separator: "\n")
  }

  /// Returns the colours of the fill and of the border.
  static func colors(of kind: ProgramGraph.Kind) -> (String, String) {
    switch kind {
    case .input: ("#e6f0fb", "#7ea9d8")
    case .parameters: ("#e8f4ea", "#7fb58a")
    case .hoisted: ("#fbf5dc", "#cdb45b")
    case .constant: ("#f4f5f7", "#aab4c0")
    case .instruction: ("#ffffff", "#aab4c0")
    case .result: ("#fdeedd", "#e29a52")
    }
  }
}
