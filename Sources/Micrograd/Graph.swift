/// The nodes under one root, in the order in which they were recorded, as plain numbers.
///
/// A graph is a picture of a moment: it copies data and gradients, so it outlives the scope that recorded
/// the nodes and can be sent to another thread.
public struct Graph: Sendable {
  /// One scalar of the graph.
  public struct Node: Sendable {
    /// What computed the node, ready to print: `+`, `* 3.0`, `ReLU`; `nil` for a leaf or a parameter.
    public let operation: String?
    /// A name for people, such as `w0`; `nil` when nobody gave one.
    public let label: String?
    /// The value computed in the forward pass.
    public let data: Double
    /// The derivative of the root of the last reverse sweep with respect to this node.
    public let grad: Double
    /// Positions in ``Graph/nodes`` of the operands, in the operation's order; `x * x` names x twice.
    public let operands: [Int]

    /// Makes a node by hand.
    public init(operation: String?, label: String? = nil, data: Double, grad: Double, operands: [Int]) {
      self.operation = operation
      self.label = label
      self.data = data
      self.grad = grad
      self.operands = operands
    }
  }

  /// Operands before the nodes that use them; the root is the last.
  public let nodes: [Node]

  /// Makes a graph of nodes that are already in order.
  public init(nodes: [Node]) {
    self.nodes = nodes
  }
}
