import CMicrograd

/// An operation as people write it: `r1 + r2`, `exp(r1)`, `10 / r1`.
internal func application(_ op: mg_lane_op, _ x: String, _ y: String?) -> String {
  if op.op == .function { return "\(String(cString: mg_function_symbol(op.function)))(\(x))" }
  let constant = mg_op_has_constant(op.op) ? ProgramNames.text(op.c) : nil
  return mg_op_notation(op.op).text(
    String(cString: mg_op_symbol(op.op)), x, y ?? constant, target: ProgramNames.text(op.t))
}

extension Notation {
  /// True if the operands are in parentheses after the symbol.
  internal var isCall: Bool {
    switch self {
    case .call, .callConstantFirst, .callTarget, .callTargetConstant: true
    case .infix, .prefix, .postfix, .constantFirst: false
    }
  }

  /// An operation of this notation on x and, if it has one, another operand or a constant.
  internal func text(_ symbol: String, _ x: String, _ other: String?, target: String = "") -> String {
    let second = other ?? ""
    switch self {
    case .call: return other == nil ? "\(symbol)(\(x))" : "\(symbol)(\(x), \(second))"
    case .infix: return "\(x) \(symbol) \(second)"
    case .prefix: return "\(symbol)\(x)"
    case .postfix: return "\(x) \(symbol)"
    case .constantFirst: return "\(second) \(symbol) \(x)"
    case .callConstantFirst: return "\(symbol)(\(second), \(x))"
    case .callTarget: return "\(symbol)(\(x), target \(target))"
    case .callTargetConstant: return "\(symbol)(\(x), target \(target), from \(second))"
    }
  }
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
