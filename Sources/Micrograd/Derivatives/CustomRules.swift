import CMicrograd

// Operations of the user's own in sweeps that are recorded: their rules pass all outputs at once.

extension RuledNode {
  /// The operation of this node, or of the block that ends with it.
  internal var custom: CustomOperation? {
    mg_node_custom(tape, node).map {
      Unmanaged<CustomOperation>.fromOpaque($0.pointee.context).takeUnretainedValue()
    }
  }

  /// The node at which a sweep downwards has to begin to meet this one: itself, or the end of an operation's outputs or of a
  /// row.
  internal var entry: mg_node {
    if isShare { return node + Int32(columns - 1 - column) }
    return custom.map { node + Int32($0.outputCount) - Int32(mg_node_column(tape, node)) } ?? node
  }

  /// At the node that ends an operation's outputs: what their adjoints contribute to the inputs.
  internal func customPullback(_ adjoint: (mg_node) -> Value?) -> [(input: mg_node, contribution: Value)] {
    guard let custom else { return [] }
    let outputs = (node - Int32(custom.outputCount)..<node).map { RuledNode(tape: tape, node: $0) }
    let adjoints = outputs.map { adjoint($0.node) }
    if adjoints.allSatisfy({ $0 == nil }) { return [] }
    let inputs = (0..<custom.inputCount).map(outputs[0].operand)
    let contributions = custom.recordedPullback(inputs, adjoints.map { $0 ?? .zero }, outputs: outputs.map(\.v))
    return (0..<custom.inputCount).map { (outputs[0].operandNode($0), contributions[$0]) }
  }

  /// The tangent of an output: the gradient of this one output times the inputs' tangents.
  internal func customTangent(_ tangent: (mg_node) -> Value?) -> Value? {
    guard let custom else { return nil }
    let column = Int(mg_node_column(tape, node)), first = node - Int32(column)
    let inputs = (0..<custom.inputCount).map(operand)
    let gradient = custom.recordedPullback(
      inputs, (0..<custom.outputCount).map { .constant($0 == column ? 1 : 0) },
      outputs: (0..<Int32(custom.outputCount)).map { Value(live: first + $0, on: tape) })
    var total: Value?
    for (k, slope) in gradient.enumerated() {
      guard let tangent = tangent(operandNode(k)), let term = Partial.value(slope).times(Carried(value: tangent))
      else { continue }
      total = total.map { $0 + term.value } ?? term.value
    }
    return total
  }
}
