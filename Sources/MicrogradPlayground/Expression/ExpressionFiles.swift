import Micrograd
import MicrogradTables

extension OpenedExpression {
  /// All nodes with their numbers, as a table of comma-separated values.
  func csv(at values: [String: Double]) -> String {
    let graph = EvaluatedExpression(formula, at: point(values)).graph
    let rows = graph.nodes.enumerated().map { k, node in
      CSVText.line([graph.fullName(of: k), node.operation ?? "", "\(node.data)", "\(node.grad)"])
    }
    return CSVText.line(["name", "operation", "value", "grad"]) + rows.joined()
  }

  /// A Swift program that prints the numbers of the inputs, of the names that are assigned, and of the result.
  func swift(at values: [String: Double]) -> String { formula.swiftProgram(at: point(values)) }
}

extension Graph {
  /// The name of a node, which is not cut.
  fileprivate func fullName(of position: Int) -> String { nodes[position].label ?? name(of: position) }
}
