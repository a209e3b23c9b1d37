import CMicrograd

/// What a forward pass does, step by step, in its order: from the leaves up, one operation at a time.
///
/// ```swift
/// let a = Value(2), b = Value(-3)
/// let steps = ForwardSteps(of: a * b, labels: [("a", a), ("b", b)])
/// steps[0].expression  // "a * b"
/// steps[0].arithmetic  // "2 * (−3) = −6"
/// steps[0].localDerivatives  // [-3.0, 2.0]
/// ```
///
/// The steps are a snapshot, as ``BackwardSteps`` are.
package struct ForwardSteps: Sendable {
  /// The graph of the root: the positions of nodes in it name them in all steps.
  package let graph: Graph
  private let recorded: [(step: RecordedStep, slopes: [Double])]

  /// Makes the steps by which a Value was computed.
  ///
  /// - Parameters:
  ///   - root: Any Value. A constant was computed by no step.
  ///   - labels: Names for some of the Values.
  /// - Precondition: The scope of the Value is open.
  package init(of root: Value, labels: [(key: String, value: Value)]) {
    graph = Graph(of: root, labels: labels)
    guard let tape = root.pointer else {
      recorded = []
      return
    }
    requireOpen(tape)
    let nodes = Graph.nodes(under: root.node(on: tape), on: tape)
    recorded = nodes.enumerated().compactMap { position, node in
      let recorded = RecordedNode(tape: tape, node: node)
      guard !recorded.isLeaf else { return nil }
      return (RecordedStep(recorded, at: [position], gradients: [1]), recorded.slopes(gradient: 1).slopes)
    }
  }
}

extension ForwardSteps: RandomAccessCollection {
  /// The position of the first step.
  package var startIndex: Int { 0 }
  /// The number of steps.
  package var endIndex: Int { recorded.count }

  /// The step at a position.
  package subscript(position: Int) -> Step {
    require(indices.contains(position), "step \(position) does not exist: there are \(count)")
    return Step(of: graph, recorded[position].step, recorded[position].slopes)
  }

  /// One step: an operation computes its result. Its texts are made when they are asked for.
  package struct Step: Sendable {
    /// The derivatives of the result with respect to the operands, in their order.
    package let localDerivatives: [Double]
    private let step: RecordedStep
    private let graph: Graph

    internal init(of graph: Graph, _ step: RecordedStep, _ slopes: [Double]) {
      (self.graph, self.step, localDerivatives) = (graph, step, slopes)
    }

    /// The position in ``ForwardSteps/graph`` of the node that is computed.
    package var node: Int { step.nodes[0] }
    /// The operation with its operands: `a * b`.
    package var expression: String { RuleText(step, of: graph).expression }
    /// The operation in numbers: `2 * (−3) = −6`.
    package var arithmetic: String {
      "\(RuleText(step, of: graph).arithmetic) = \(numberText(graph.nodes[node].data).replacingMinus)"
    }
  }
}
