import Micrograd

// What results of minimisations print: short tables instead of every property.

extension MinimizationResult: CustomStringConvertible {
  /// A table of the parameters with their slopes, the value, and the reason for stopping. Of many parameters, the first ones.
  public var description: String {
    var lines = ResultTable.lines(
      ["parameter", "value", "slope"],
      position.indices.map { ["x[\($0)]", ResultTable.text(position[$0]), ResultTable.text(gradient[$0])] })
    lines += ["", "value: \(ResultTable.text(value))", ResultTable.end(iterations, reason)]
    return lines.joined(separator: "\n")
  }
}

extension ConstrainedMinimizationResult: CustomStringConvertible {
  /// Two tables: the parameters, with the multipliers of their bounds, and the functions of the constraints, with their
  /// multipliers; then the value, the largest violation, and the reason for stopping. Of many rows, the first ones.
  public var description: String {
    var lines = ResultTable.lines(
      ["parameter", "value", "bound's multiplier"],
      position.indices.map { ["x[\($0)]", ResultTable.text(position[$0]), ResultTable.text(boundMultipliers[$0])] })
    if !constraints.isEmpty {
      lines += [""] + ResultTable.lines(["constraint", "value", "multiplier", ""], constraintRows)
    }
    let violation = constraints.map(\.violation).max() ?? 0
    lines += ["", "value: \(ResultTable.text(value)), largest violation: \(ResultTable.text(violation))"]
    lines.append(ResultTable.end(iterations, reason))
    return lines.joined(separator: "\n")
  }

  private var constraintRows: [[String]] {
    constraints.enumerated().flatMap { index, state in
      state.values.indices.map { k in
        let name = state.values.count == 1 ? "\(index)" : "\(index)[\(k)]"
        let remark = state.isActive[k] ? "active" : ""
        return [name, ResultTable.text(state.values[k]), ResultTable.text(state.multipliers[k]), remark]
      }
    }
  }
}

private enum ResultTable {
  private static let mostRows = 20

  static func lines(_ header: [String], _ rows: [[String]]) -> [String] {
    let shown = rows.prefix(mostRows)
    let rest = rows.count - shown.count
    // The last column of the columns' text is flush left: that of remarks.
    let padded = ([header] + shown).map { header.last == "" ? $0 : $0 + [""] }
    return alignedTable(padded) + (rest == 0 ? [] : ["… and \(rest) more"])
  }

  /// Six significant digits.
  static func text(_ number: Double) -> String { RoundedNumber(value: number, digits: 6).text(number) }

  static func end(_ iterations: Int, _ reason: StoppingReason) -> String {
    "\(iterations) iteration\(iterations == 1 ? "" : "s"): \(reason)"
  }
}

/// Returns rows as lines: the first and the last column to the left, numbers between them to the right.
internal func alignedTable(_ rows: [[String]]) -> [String] {
  let last = (rows.first?.count ?? 0) - 1
  return alignedLines(rows) { $0 == 0 || $0 == last }
}
