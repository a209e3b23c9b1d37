extension Graph: CustomStringConvertible {
  /// The same as ``text``.
  public var description: String { text }

  /// The graph as a tree for the terminal: the root at the top, operands below the node that uses them.
  ///
  /// ```text
  /// L  *        data -8.0  grad  1.0
  /// ├─ d  +     data  4.0  grad -2.0
  /// │  ├─ e  *  data -6.0  grad -2.0
  /// │  │  ├─ a  data  2.0  grad  6.0
  /// │  │  └─ b  data -3.0  grad -4.0
  /// │  └─ c     data 10.0  grad -2.0
  /// └─ f        data -2.0  grad  4.0
  /// ```
  ///
  /// A line has the name of a node, its operation, its data and its gradient; nodes without a label have the name of their
  /// position, as `#3`. A node that is used more than once is drawn once, and as `↑ x` where it is used again. Of graphs with
  /// more than 300 nodes, those nearest to the root are drawn, and of deep ones 60 levels; `… 3 more` stands for operands
  /// that are left out.
  public var text: String {
    var tree = TreeText(self)
    return tree.text()
  }

  /// Chooses nodes for a picture: those that a walk from the root meets first, level by level; then those that it does not
  /// meet.
  ///
  /// - Returns: True for each node that is chosen, by position. Operands that are not nodes before their user are passed over.
  package func nearest(_ limit: Int) -> [Bool] {
    guard nodes.count > limit else { return Array(repeating: true, count: nodes.count) }
    var isMet = [Bool](repeating: false, count: nodes.count)
    var met: [Int] = []
    for root in nodes.indices.reversed() where met.count < limit && !isMet[root] {
      var next = met.count
      isMet[root] = true
      met.append(root)
      while next < met.count {
        let position = met[next]
        for operand in nodes[position].operands where (0..<position).contains(operand) && !isMet[operand] {
          guard met.count < limit else { return isMet }
          isMet[operand] = true
          met.append(operand)
        }
        next += 1
      }
    }
    return isMet
  }
}

/// Lines of a tree, made without recursion: graphs may be deep.
private struct TreeText {
  private static let shownNodes = 300
  private static let shownLevels = 60

  private struct Line {
    var tree: String
    var node: Int?
  }

  /// What is to be drawn: a node, or a text in its place.
  private enum Item {
    case node(Int)
    case text(String)
  }

  private struct Pending {
    var item: Item
    /// What stands before the node, and before what is below it.
    var indent: String
    var branch: String
    var level: Int
  }

  private let graph: Graph
  private let isShown: [Bool]
  private var isDrawn: [Bool]
  private var lines: [Line] = []

  init(_ graph: Graph) {
    self.graph = graph
    isShown = graph.nearest(Self.shownNodes)
    isDrawn = Array(repeating: false, count: graph.nodes.count)
  }

  mutating func text() -> String {
    guard !graph.nodes.isEmpty else { return "(an empty graph)" }
    var isRoot = isShown
    for (position, node) in graph.nodes.enumerated() {
      for operand in node.operands where (0..<position).contains(operand) { isRoot[operand] = false }
    }
    for root in graph.nodes.indices.reversed() where isRoot[root] { draw(root) }
    return joined()
  }

  private mutating func draw(_ root: Int) {
    var pending = [Pending(item: .node(root), indent: "", branch: "", level: 0)]
    while let next = pending.popLast() {
      guard case .node(let node) = next.item else {
        if case .text(let text) = next.item { lines.append(Line(tree: next.indent + next.branch + text)) }
        continue
      }
      let name = graph.name(of: node)
      guard !isDrawn[node] else {
        lines.append(Line(tree: next.indent + next.branch + "↑ " + name))
        continue
      }
      isDrawn[node] = true
      let operation = graph.nodes[node].operation.map { "  \($0)" } ?? ""
      lines.append(Line(tree: next.indent + next.branch + name + operation, node: node))
      let below = next.indent + (next.branch.isEmpty ? "" : next.branch.hasPrefix("└") ? "   " : "│  ")
      let items = operands(of: node, level: next.level + 1)
      for (k, item) in items.enumerated().reversed() {
        let branch = k == items.count - 1 ? "└─ " : "├─ "
        pending.append(Pending(item: item, indent: below, branch: branch, level: next.level + 1))
      }
    }
  }

  private func operands(of node: Int, level: Int) -> [Item] {
    let operands = graph.nodes[node].operands, valid = operands.filter { (0..<node).contains($0) }
    let drawn = level < Self.shownLevels ? valid.filter { isShown[$0] } : []
    var items = drawn.map { Item.node($0) }
    if drawn.count < valid.count { items.append(.text("… \(valid.count - drawn.count) more")) }
    if valid.count < operands.count {
      items.append(.text("(left out: \(operands.count - valid.count) not before it)"))
    }
    return items
  }

  /// The lines with their numbers in columns.
  private func joined() -> String {
    let data = graph.nodes.map { brief($0.data) }, gradients = graph.nodes.map { brief($0.grad) }
    let drawn = lines.compactMap(\.node)
    let treeWidth = lines.reduce(0) { max($0, $1.node == nil ? 0 : $1.tree.count) }
    let dataWidth = drawn.reduce(0) { max($0, data[$1].count) }
    let gradWidth = drawn.reduce(0) { max($0, gradients[$1].count) }
    var texts = lines.map { line in
      guard let node = line.node else { return line.tree }
      let numbers = "data \(data[node].padded(before: dataWidth))  grad \(gradients[node].padded(before: gradWidth))"
      return "\(line.tree.padded(to: treeWidth))  \(numbers)"
    }
    let count = isDrawn.count { $0 }
    if count < graph.nodes.count { texts.append("\(count) of \(graph.nodes.count) nodes, those nearest to the root") }
    return texts.joined(separator: "\n")
  }
}

extension String {
  /// The text with spaces before it, so that it has `width` characters.
  fileprivate func padded(before width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}
