import Micrograd

extension OpenedExpression {
  /// All nodes with their numbers, as a table of comma-separated values.
  func csv(at values: [String: Double]) -> String {
    let graph = EvaluatedExpression(formula, at: point(values)).graph
    var text = "name,operation,value,grad\n"
    for (k, node) in graph.nodes.enumerated() {
      text += "\(Self.field(graph.fullName(of: k))),\(Self.field(node.operation ?? "")),\(node.data),\(node.grad)\n"
    }
    return text
  }

  /// A Swift program that prints the numbers of the inputs, of the names that are assigned, and of the result.
  func swift(at values: [String: Double]) -> String { formula.swiftProgram(at: point(values)) }

  /// A field, in quotation marks if it needs them.
  private static func field(_ text: String) -> String {
    guard text.contains(where: { "\",\n\r".contains($0) || $0.isNewline }) else { return text }
    return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }
}

extension Graph {
  /// The name of a node, which is not cut.
  fileprivate func fullName(of position: Int) -> String { nodes[position].label ?? name(of: position) }
}
