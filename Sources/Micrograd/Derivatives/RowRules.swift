import CMicrograd

// Derivatives of ops along the rows of a matrix, one element by another.

/// What the elements of one row share: recorded once a row and sweep.
internal final class RowCache {
  /// Of a norm: (x - center) · scale for each element, and the scale.
  internal typealias Normed = (elements: [Value], scale: Value)
  /// By the first element of the resulting row: two norms of one row are not the same.
  private var norms: [mg_node: Normed] = [:]
  private var shares: [mg_node: [Value]] = [:]

  /// The normed row of an element in a column.
  internal func norm(_ node: RuledNode, _ column: Int, of columns: Int) -> Normed {
    let first = node.node - Int32(column)
    if let known = norms[first] { return known }
    let x = (0..<columns).map(node.operand)
    let centered: [Value]
    if node.op == .layer_norm {
      let mean = sum(x) / Double(columns)
      centered = x.map { $0 - mean }
    } else {
      centered = x
    }
    let epsilon = mg_node_epsilon(node.tape, node.node), unit = RowCache.unit(of: centered)
    let parts = unit == 1 ? centered : centered.map { $0 / unit }
    let scale = 1 / sqrt(dot(parts, parts) / Double(columns) + epsilon / unit / unit) / unit
    let normed = (elements: centered.map { $0 * scale }, scale: scale)
    norms[first] = normed
    return normed
  }

  /// The size of numbers whose squares are out of range; 1 of all others, and while a function is compiled.
  private static func unit(of numbers: [Value]) -> Double {
    guard numbers.allSatisfy({ !$0.isWatched }) else { return 1 }
    let size = numbers.reduce(0) { max($0, abs($1.unwatchedData)) }
    return size == 0 || !size.isFinite || (1e-140...1e140).contains(size) ? 1 : size
  }

  /// softmax(x) of the first operands of a node, or of an element of a row.
  internal func shares(of node: RuledNode, _ count: Int) -> [Value] {
    let first = node.op == .log_softmax ? node.node - Int32(node.column) : node.node
    if let known = shares[first] { return known }
    let softmax = Matrix(rows: 1, columns: count, values: (0..<count).map(node.operand)).softmax().values
    shares[first] = softmax
    return softmax
  }
}

extension RuledNode {
  internal var column: Int { Int(mg_node_column(tape, node)) }
  internal var columns: Int { Int(mg_node_columns(tape, node)) }

  /// The derivative of a cross-entropy by a logit: its share, and for the class itself the share less 1.
  internal func ofCrossEntropy(_ k: Int, _ rows: RowCache) -> Partial {
    let p = rows.shares(of: self, operandCount)
    return .value(k == Int(mg_node_class(tape, node)) ? -missing(p, k) : p[k])
  }

  /// The derivative of an element of a normed row by the k-th operand.
  internal func ofNorm(_ k: Int, _ rows: RowCache) -> Partial {
    let column = column, columns = columns
    let (h, scale) = rows.norm(self, column, of: columns)
    if k == columns { return .value(h[column]) }
    if k > columns { return .one }
    let gain = operand(columns), share = h[column] * h[k] / Double(columns)
    let own = (k == column ? 1.0 : 0) - (op == .layer_norm ? 1 / Double(columns) : 0)
    return .value(gain * scale * (own - share))
  }
}
