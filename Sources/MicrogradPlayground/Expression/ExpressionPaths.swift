import Micrograd

/// The paths by which a node reaches the result. The product of the local derivatives along a path is what it contributes to
/// the node's gradient; the gradient is their sum.
struct ExpressionPaths: Encodable {
  struct Path: Encodable {
    /// `a → e → d → L`
    let names: String
    /// `−3 · 1 · −2 = 6`, from the node to the result.
    let product: String
  }

  /// The box of the node, and those that it reaches.
  let box: Int
  let boxes: [Int]
  /// The edges on the paths.
  let edges: [Int]
  let paths: [Path]
  /// How many paths there are, as text: the number may be very large.
  let count: String
  /// The sum of the products, if all paths are listed and there are several.
  let sum: String?

  /// The most paths that are listed, and the most nodes of one.
  fileprivate static let mostPaths = 6, mostNames = 12
}

extension OpenedExpression {
  /// Finds the paths from the node of a box.
  func paths(from box: Int, _ evaluated: EvaluatedExpression) throws -> ExpressionPaths {
    guard picture.boxNodes.indices.contains(box), let start = picture.boxNodes[box] else {
      throw PlaygroundError("there is no node in box \(box): reload the page")
    }
    let search = PathSearch(evaluated, from: start)
    let reached = search.reached
    let boxes = picture.boxNodes.indices.filter { picture.boxNodes[$0].map { reached[$0] } ?? false }
    let edges = picture.edges.indices.filter { k in
      guard let from = picture.boxNodes[picture.edges[k].from] else { return false }
      return reached[from]
    }
    let found = search.first(ExpressionPaths.mostPaths), isWhole = Double(found.count) == search.count
    return ExpressionPaths(
      box: box, boxes: boxes, edges: edges, paths: found.map(\.path), count: numberText(search.count),
      sum: isWhole && found.count > 1 ? search.sum(found.map(\.product)) : nil)
  }
}

/// Searches paths in a graph from a node upwards.
private struct PathSearch {
  private struct Step {
    let user: Int
    let slope: Double
  }

  private let graph: Graph
  private let start: Int
  /// By node: the operations that use it.
  private let users: [[Step]]
  /// True for the node itself and what depends on it.
  let reached: [Bool]
  /// The number of paths to the result. Every node of the graph reaches it.
  let count: Double

  init(_ evaluated: EvaluatedExpression, from start: Int) {
    graph = evaluated.graph
    self.start = start
    var users: [[Step]] = Array(repeating: [], count: graph.nodes.count)
    var reached = [Bool](repeating: false, count: graph.nodes.count)
    reached[start] = true
    for (k, node) in graph.nodes.enumerated() {
      for (operand, slope) in zip(node.operands, evaluated.slopes[k]) {
        users[operand].append(Step(user: k, slope: slope))
        if reached[operand] { reached[k] = true }
      }
    }
    var counts = [Double](repeating: 0, count: graph.nodes.count)
    counts[graph.nodes.count - 1] = 1
    for k in graph.nodes.indices.dropLast().reversed() { counts[k] = users[k].reduce(0) { $0 + counts[$1.user] } }
    (self.users, self.reached, count) = (users, reached, counts[start])
  }

  /// The first few paths, found by a walk that needs no recursion.
  func first(_ most: Int) -> [(path: ExpressionPaths.Path, product: Double)] {
    var found: [(path: ExpressionPaths.Path, product: Double)] = []
    var taken: [Step] = [], choices = [0]
    while let choice = choices.last, found.count < most {
      let node = taken.last?.user ?? start
      if users[node].isEmpty { found.append(described(taken)) }
      if choice < users[node].count {
        choices[choices.count - 1] += 1
        taken.append(users[node][choice])
        choices.append(0)
      } else {
        choices.removeLast()
        _ = taken.popLast()
      }
    }
    return found
  }

  private func described(_ steps: [Step]) -> (path: ExpressionPaths.Path, product: Double) {
    let product = steps.reduce(1) { $0 * $1.slope }
    let names = ([start] + steps.map(\.user)).map { graph.name(of: $0) }
    let factors = steps.map { numberText($0.slope).replacingMinus }
    let text = steps.isEmpty ? "1" : shortened(factors, " · ") + (steps.count > 1 ? " = \(text(product))" : "")
    return (ExpressionPaths.Path(names: shortened(names, " → "), product: text), product)
  }

  private func shortened(_ parts: [String], _ separator: String) -> String {
    let most = ExpressionPaths.mostNames
    guard parts.count > most else { return parts.joined(separator: separator) }
    let shown = parts.prefix(most / 2) + ["… \(parts.count - most) more …"] + parts.suffix(most / 2)
    return shown.joined(separator: separator)
  }

  private func text(_ number: Double) -> String { numberText(number).replacingMinus }

  /// `6 + 9 = 15`
  func sum(_ products: [Double]) -> String {
    products.map(text).joined(separator: " + ") + " = " + text(products.reduce(0, +))
  }
}
