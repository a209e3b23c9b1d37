import CMicrograd

/// An operation as people write it: `r1 + r2`, `exp(r1)`, `10 / r1`.
internal func application(_ op: mg_lane_op, _ x: String, _ y: String?) -> String {
  if op.op == .function { return "\(String(cString: mg_function_symbol(op.function)))(\(x))" }
  let symbol = String(cString: mg_op_symbol(op.op))
  let isWord = symbol.first?.isLetter ?? false
  if let y { return isWord ? "\(symbol)(\(x), \(y))" : "\(x) \(symbol) \(y)" }
  let c = ProgramNames.text(op.c), t = ProgramNames.text(op.t)
  if op.op == .huber { return "\(symbol)(\(x), target \(t), from \(c))" }
  if op.op == .binary_cross_entropy { return "\(symbol)(\(x), target \(t))" }
  if mg_op_has_constant(op.op) {
    if symbol.hasPrefix("c") {
      let mark = symbol.dropFirst()
      return mark.first?.isLetter ?? false ? "\(mark)(\(c), \(x))" : "\(c) \(mark) \(x)"
    }
    return !isWord || symbol.hasPrefix("at ") ? "\(x) \(symbol) \(c)" : "\(symbol)(\(x), \(c))"
  }
  if op.op == .negate { return "-\(x)" }
  return isWord ? "\(symbol)(\(x))" : "\(x) \(symbol)"
}

extension Relation {
  /// As in Swift: `<=`.
  internal var symbol: String {
    switch self {
    case .less: "<"
    case .atMost: "<="
    case .equal: "=="
    case .unequal: "!="
    case .atLeast: ">="
    case .greater: ">"
    }
  }
}
