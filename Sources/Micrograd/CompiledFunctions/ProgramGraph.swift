/// The data flow of a compiled program: its instructions, what they read, and where what they compute goes.
///
/// `ProgramPicture` of MicrogradVisual draws it.
public struct ProgramGraph: Sendable, Hashable {
  /// The kind of a node.
  public enum Kind: Sendable, Hashable {
    /// Numbers of the sample.
    case input
    /// Parameters.
    case parameters
    /// Values computed once a call from parameters.
    case hoisted
    /// A constant in a row.
    case constant
    /// An instruction.
    case instruction
    /// A result of the program: results, gradients, or the samples that take another path.
    case result
  }

  /// A node.
  public struct Node: Sendable, Hashable {
    /// The kind of the node.
    public let kind: Kind
    /// The text of the node; may have several lines.
    public let text: String

    /// Creates a node.
    public init(_ kind: Kind, _ text: String) {
      self.kind = kind
      self.text = text
    }
  }

  /// An edge from one node to another.
  public struct Edge: Sendable, Hashable {
    /// The index of the source in ``ProgramGraph/nodes``.
    public let from: Int
    /// The index of the target.
    public let to: Int
    /// The number of rows or numbers that flow.
    public let count: Int

    /// Creates an edge.
    public init(from: Int, to: Int, count: Int) {
      (self.from, self.to, self.count) = (from, to, count)
    }
  }

  /// All nodes, each after the sources of its edges.
  public let nodes: [Node]
  /// The edges, at most one from one node to another.
  public let edges: [Edge]

  /// Creates a graph.
  public init(nodes: [Node], edges: [Edge]) {
    (self.nodes, self.edges) = (nodes, edges)
  }
}
