/// The data flow of a compiled program: its instructions, what they read, and where what they compute goes.
///
/// A picture of it is drawn by `ProgramPicture` of MicrogradVisual.
public struct ProgramGraph: Sendable, Hashable {
  /// What a node is.
  public enum Kind: Sendable, Hashable {
    /// Numbers of the sample.
    case input
    /// Parameters.
    case parameters
    /// Numbers that are computed once a call from parameters.
    case hoisted
    /// A constant that is there as a row.
    case constant
    /// An instruction.
    case instruction
    /// What the program computes: results, gradients, whether a sample takes another path.
    case result
  }

  /// A node.
  public struct Node: Sendable, Hashable {
    /// What it is.
    public let kind: Kind
    /// What to write into it, perhaps in several lines.
    public let text: String

    /// Makes a node.
    public init(_ kind: Kind, _ text: String) {
      self.kind = kind
      self.text = text
    }
  }

  /// What flows from one node to another.
  public struct Edge: Sendable, Hashable {
    /// The node that gives, as its place in ``ProgramGraph/nodes``.
    public let from: Int
    /// The node that takes.
    public let to: Int
    /// How many rows or numbers.
    public let count: Int

    /// Makes an edge.
    public init(from: Int, to: Int, count: Int) {
      (self.from, self.to, self.count) = (from, to, count)
    }
  }

  /// All nodes, each after those from which something flows into it.
  public let nodes: [Node]
  /// What flows, at most one edge from one node to another.
  public let edges: [Edge]

  /// Makes a graph of nodes and edges.
  public init(nodes: [Node], edges: [Edge]) {
    (self.nodes, self.edges) = (nodes, edges)
  }
}
