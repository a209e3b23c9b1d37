import CMicrograd

// Derivatives of ops along the rows of a matrix, one element by another.

/// What the elements of one row share: recorded once a row and sweep.
internal final class RowCache {
  /// Of a norm: (x - center) · scale for each element, and the scale.
  internal typealias Normed = (elements: [Value], scale: Value)
  /// By the first element of the resulting row: two norms of one row are not the same.
  private var norms: [mg_node: Normed] = [:]

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
    let scale = 1 / sqrt(dot(centered, centered) / Double(columns) + mg_node_epsilon(node.tape, node.node))
    let normed = (elements: centered.map { $0 * scale }, scale: scale)
    norms[first] = normed
    return normed
  }
}

extension RuledNode {
  /// The derivative of an element of a row by the k-th operand.
  internal func alongRow(_ k: Int, _ rows: RowCache) -> Partial {
    let column = Int(mg_node_column(tape, node)), columns = Int(mg_node_columns(tape, node))
    let isOwn = k == column
    // The element of the resulting row that has the operand's column.
    var sibling: Value { Value(live: node + Int32(k - column), on: tape) }
    switch op {
    case .softmax: return .value(isOwn ? v * (1 - v) : -(v * sibling))
    case .log_softmax: return .value(isOwn ? 1 - exp(v) : -exp(sibling))
    case .cross_entropy:
      // softmax(x), as exp(x - log Σ exp) and v = log Σ exp - x of the class; the difference from 1 does not cancel much
      // where it is the class's own.
      let expected = Int(mg_node_class(tape, node))
      return k == expected ? .value(expMinusOne(-v)) : .value(exp(operand(k) - operand(expected) - v))
    default:
      let (h, scale) = rows.norm(self, column, of: columns)
      if k == columns { return .value(h[column]) }
      if k > columns { return .one }
      let gain = operand(columns), share = h[column] * h[k] / Double(columns)
      let own = (isOwn ? 1.0 : 0) - (op == .layer_norm ? 1 / Double(columns) : 0)
      return .value(gain * scale * (own - share))
    }
  }
}
