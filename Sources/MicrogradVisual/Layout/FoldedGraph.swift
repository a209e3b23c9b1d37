import Micrograd

/// The part of a graph that a picture shows: all of it, or the nodes nearest to the root.
struct FoldedGraph {
  struct Node {
    /// The position in the graph; `nil` for what stands for operands that are left out.
    var position: Int?
    var leftOut = 0
  }

  struct Edge {
    var from: Int
    var to: Int
    var operand: Int
  }

  /// Operands before their users.
  private(set) var nodes: [Node] = []
  private(set) var edges: [Edge] = []
  /// Operands that are not nodes before their user: they would make a cycle, or are not there.
  private(set) var invalidOperands = 0

  init(_ graph: Graph, limit: Int) {
    let isShown = graph.nearest(limit)
    var places: [Int: Int] = [:]
    for (position, node) in graph.nodes.enumerated() where isShown[position] {
      let valid = node.operands.filter { (0..<position).contains($0) }
      invalidOperands += node.operands.count - valid.count
      let leftOut = Set(valid.filter { !isShown[$0] }).count
      if leftOut > 0 { nodes.append(Node(leftOut: leftOut)) }
      places[position] = nodes.count
      nodes.append(Node(position: position))
      for (k, operand) in node.operands.enumerated() where (0..<position).contains(operand) {
        if let from = places[operand] { edges.append(Edge(from: from, to: nodes.count - 1, operand: k)) }
      }
      if leftOut > 0 { edges.append(Edge(from: nodes.count - 2, to: nodes.count - 1, operand: 0)) }
    }
  }
}
