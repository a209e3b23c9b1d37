import Micrograd
import MicrogradFormulas
import MicrogradVisual

/// A formula that is open: its graph without numbers, which `set` fills.
struct OpenedExpression {
  /// The longest formula, in UTF-8 bytes.
  static let longestText = 100_000
  /// The largest graph.
  static let mostNodes = 20_000
  /// The most operands of an operation: each has an edge.
  static let mostOperands = 1000

  let formula: Formula
  let picture: ExpressionPicture
  /// The positions in the graph of the inputs; nil for one on which the result does not depend.
  let inputNodes: [Int?]

  init(_ text: String, at values: [String: Double]) throws {
    let length = text.utf8.count
    guard length <= Self.longestText else {
      throw PlaygroundError(
        "the formula has \(length) characters, and the longest here is \(Self.longestText): shorten it, or use "
          + "“micrograd grad”", field: "formula")
    }
    let formula: Formula
    do {
      formula = try Formula(text)
    } catch {
      throw PlaygroundError(error, in: text, field: "formula")
    }
    self.formula = formula
    let point = Self.point(formula, values)
    let (graph, nodes) = try Tape.scope {
      let recorded = RecordedExpression(formula, at: point)
      let graph = Graph(of: recorded.result, labels: recorded.labels)
      guard graph.nodes.count <= Self.mostNodes else {
        throw PlaygroundError(
          "the graph has \(graph.nodes.count) nodes, and the largest here has \(Self.mostNodes): shorten the formula",
          field: "formula")
      }
      if let node = graph.nodes.first(where: { $0.operands.count > Self.mostOperands }) {
        throw PlaygroundError(
          "“\(node.operation ?? "")” has \(node.operands.count) operands, and the most here are \(Self.mostOperands): "
            + "divide it into several", field: "formula")
      }
      return (graph, recorded.inputPositions())
    }
    inputNodes = nodes
    picture = ExpressionPicture(of: graph, inputs: Set(nodes.compactMap { $0 }))
  }

  /// The numbers of the inputs, in the order of the formula's names.
  func point(_ values: [String: Double]) -> [Double] { Self.point(formula, values) }

  private static func point(_ formula: Formula, _ values: [String: Double]) -> [Double] {
    formula.names.map { values[$0] ?? 1 }
  }
}

/// A formula on a tape, with names for its nodes.
struct RecordedExpression {
  let inputs: [Value]
  let result: Value
  let labels: [(key: String, value: Value)]

  /// Records a formula.
  ///
  /// Of a name that is assigned several times, the last node has the name, and the others a number behind it: `s.1`.
  /// A number that is a node of its own, as one side of `max(x, 2)`, is named by itself.
  init(_ formula: Formula, at point: [Double]) {
    inputs = point.map { Value($0) }
    let statements = formula.statements(inputs)
    result = statements[statements.count - 1].value
    var labels = zip(formula.names, inputs).map { (key: $0, value: $1) }
    var left = Dictionary(grouping: statements.compactMap(\.name), by: { $0 }).mapValues(\.count)
    var seen: [String: Int] = [:]
    for statement in statements {
      guard let name = statement.name else { continue }
      seen[name, default: 0] += 1
      left[name, default: 1] -= 1
      let label = left[name] == 0 ? name : "\(name).\(seen[name] ?? 1)"
      if !statement.value.isConstant { labels.append((label, statement.value)) }
    }
    if result.isConstant {
      labels = [(statements[statements.count - 1].name ?? "result", result)]
    } else if statements[statements.count - 1].name == nil {
      let isTaken = formula.names.contains("result") || seen["result"] != nil
      labels.append((isTaken ? "result'" : "result", result))
    }
    self.labels = labels + Self.numbers(under: result, except: inputs)
  }

  /// The leaves that are no inputs, with their numbers as names.
  private static func numbers(under root: Value, except inputs: [Value]) -> [(key: String, value: Value)] {
    var seen = Set(inputs.compactMap(\.index)), pending = [root], numbers: [(key: String, value: Value)] = []
    while let value = pending.popLast() {
      guard let index = value.index, seen.insert(index).inserted else { continue }
      let operands = value.operands
      if operands.isEmpty { numbers.append((numberText(value.data), value)) }
      pending += operands
    }
    return numbers
  }

  /// The positions of the inputs in the graph of the result.
  func inputPositions() -> [Int?] {
    var indices: Set<Int> = [], pending = [result]
    while let value = pending.popLast() {
      guard let index = value.index, indices.insert(index).inserted else { continue }
      pending += value.operands
    }
    let positions = Dictionary(uniqueKeysWithValues: indices.sorted().enumerated().map { ($1, $0) })
    return inputs.map { $0.index.flatMap { positions[$0] } }
  }
}
