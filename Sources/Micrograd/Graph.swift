/// The graph of a Value: the nodes that it was computed from, in the order of recording, as plain numbers.
///
/// A graph is a snapshot: it copies data and gradients, so it outlives the scope that recorded the nodes and can be sent to
/// another thread.
public struct Graph: Sendable {
  /// One scalar of the graph.
  public struct Node: Sendable {
    /// The operation of the node as text, such as `+`, `* 3.0` or `ReLU`; `nil` for a leaf or a parameter.
    public let operation: String?
    /// A label, such as `w0`; `nil` without one.
    public let label: String?
    /// The value computed in the forward pass.
    public let data: Double
    /// The derivative of the root of the last reverse sweep with respect to this node.
    public let grad: Double
    /// Positions in ``Graph/nodes`` of the operands, in the operation's order; `x * x` names x twice.
    public let operands: [Int]

    /// Creates a node.
    public init(operation: String?, label: String? = nil, data: Double, grad: Double, operands: [Int]) {
      self.operation = operation
      self.label = label
      self.data = data
      self.grad = grad
      self.operands = operands
    }
  }

  /// The nodes, operands before their users. The root is the last.
  public let nodes: [Node]

  /// Creates a graph from nodes in order.
  public init(nodes: [Node]) {
    self.nodes = nodes
  }
}

extension Graph {
  /// Creates the graph of everything from which `root` was computed.
  ///
  /// - Parameters:
  ///   - root: Any Value. The graph of a constant is one number.
  ///   - labels: Labels for some of the Values, as in `["a": a, "b": b]`.
  /// - Complexity: O(n log n) for n nodes; no recursion.
  public init(of root: Value, labels: KeyValuePairs<String, Value> = [:]) {
    guard let last = root.index else {
      self.init(nodes: [Node(operation: nil, label: labels.first?.key, data: root.unwatchedData, grad: 0, operands: [])]
      )
      return
    }
    var found: [Int: Value] = [last: root]
    var pending = [root]
    while let value = pending.popLast() {
      for operand in value.operands {
        guard let index = operand.index, found.updateValue(operand, forKey: index) == nil else { continue }
        pending.append(operand)
      }
    }
    // Operands have lower indices than what is computed from them.
    let indices = found.keys.sorted()
    let positions = Dictionary(uniqueKeysWithValues: indices.enumerated().map { ($1, $0) })
    let names = Dictionary(
      labels.compactMap { name, value in value.index.map { ($0, name) } }, uniquingKeysWith: { first, _ in first })
    self.init(
      nodes: indices.compactMap { index in
        found[index].map { value in
          Node(
            operation: value.operation?.description, label: names[index], data: value.unwatchedData,
            grad: value.unwatchedGradient,
            operands: value.operands.compactMap { $0.index.flatMap { positions[$0] } })
        }
      })
  }
}
