import CMicrograd

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
    self.init(of: root, labels: Array(labels))
  }

  /// Creates the graph of everything from which `root` was computed, with labels that are not known beforehand.
  public init(of root: Value, labels: [(key: String, value: Value)]) {
    guard let tape = root.pointer else {
      self.init(nodes: [Node(operation: nil, label: labels.first?.key, data: root.unwatchedData, grad: 0, operands: [])]
      )
      return
    }
    let indices = Self.nodes(under: root.node(on: tape), on: tape)
    let positions = Dictionary(uniqueKeysWithValues: indices.enumerated().map { ($1, $0) })
    let names = Dictionary(
      labels.compactMap { name, value in value.pointer == tape ? (value.node(on: tape), name) : nil },
      uniquingKeysWith: { first, _ in first })
    self.init(
      nodes: indices.map { index in
        let node = RecordedNode(tape: tape, node: index)
        return Node(
          operation: node.isLeaf ? nil : node.operation.description, label: names[index], data: node.data,
          grad: tape.pointee.grads[Int(index)],
          operands: (0..<node.operandCount).compactMap { positions[node.operandNode($0)] })
      })
  }

  /// The name of a node in texts and pictures: its label, or, without one, its position: `#3`.
  ///
  /// Line breaks and control characters become spaces, and long labels end after 32 characters.
  public func name(of position: Int) -> String {
    guard let label = nodes[position].label, !label.isEmpty else { return "#\(position)" }
    let line = String(label.map { $0.isNewline || $0.unicodeScalars.contains { $0.value < 32 } ? " " : $0 })
    return line.count <= 32 ? line : line.prefix(31) + "…"
  }

  /// The nodes from which one was computed, and itself, in ascending order: operands before their users.
  internal static func nodes(under root: mg_node, on tape: UnsafeMutablePointer<mg_tape>) -> [mg_node] {
    var found: Set<mg_node> = [root]
    var pending = [root]
    while let node = pending.popLast() {
      for k in 0..<mg_node_operand_count(tape, node) {
        let operand = mg_node_operand(tape, node, k)
        if found.insert(operand).inserted { pending.append(operand) }
      }
    }
    return found.sorted()
  }
}
