extension BackwardSteps.Step: CustomStringConvertible {
  /// The step as text: the operation and its gradient, then a line for each operand, aligned.
  public var description: String { text(columns: StepColumns([self])) }

  /// The step as text, in columns that it shares with others.
  internal func text(columns: StepColumns) -> String {
    let lines = operands.map { operand in
      let name = "\(operand.name).grad:".padded(to: columns.name), sum = operand.sum.padded(to: columns.sum)
      return "  \(name) \(sum)   \(operand.rule)"
    }
    return ([heading] + lines).joined(separator: "\n")
  }

  /// The result, its operation and its gradient: `d = a * b: d.grad is 5`. A custom operation's other outputs follow.
  internal var heading: String {
    let others = gradients.count > 1 ? " (and \(gradients.count - 1) other outputs)" : ""
    return "\(name) = \(expression): \(name).grad is \(numberText(gradient).replacingMinus)\(others)"
  }
}

/// The widths of the columns of steps, in characters.
internal struct StepColumns {
  internal private(set) var name = 0
  internal private(set) var sum = 0

  internal init(_ steps: [BackwardSteps.Step]) {
    for operand in steps.lazy.flatMap(\.operands) {
      name = max(name, operand.name.count + 6)
      sum = max(sum, operand.sum.count)
    }
  }
}

extension BackwardSteps: CustomStringConvertible {
  /// The number of steps that ``description`` shows.
  internal static var shownSteps: Int { 300 }

  /// All steps as text, numbered from 1. After 300 steps, it says how many more there are.
  public var description: String {
    if isEmpty { return "no steps: \(whyEmpty)" }
    let shown = Array(prefix(Self.shownSteps)), columns = StepColumns(shown)
    var lines = shown.enumerated().map { "\($0 + 1). \($1.text(columns: columns))" }
    if count > Self.shownSteps { lines.append("… \(count - Self.shownSteps) more steps") }
    return lines.joined(separator: "\n")
  }

  private var whyEmpty: String {
    let root = graph.nodes.count - 1
    return graph.nodes[root].operands.isEmpty
      ? "\(graph.name(of: root)) was not computed from anything" : "\(graph.name(of: root)) has the gradient 0"
  }
}

/// A number with six digits at most: `3`, `0.7071`, `1.5e-9`.
package func numberText(_ x: Double) -> String {
  guard x.isFinite, x != 0 else { return x == 0 ? "0" : "\(x)" }
  var exponent = 0
  var mantissa = x.magnitude
  if mantissa >= 1e6 || mantissa < 1e-4 {
    while mantissa >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    while mantissa < 1 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
  }
  var scale = 1e5
  for power in [10.0, 1e2, 1e3, 1e4, 1e5] where mantissa >= power { scale /= 10 }
  if mantissa < 1 { for power in [0.1, 0.01, 0.001] where mantissa < power { scale *= 10 } }
  if mantissa < 1 { scale *= 10 }
  var digits = (mantissa * scale).rounded() / scale
  if exponent != 0, digits >= 10 { (digits, exponent) = (digits / 10, exponent + 1) }
  let text = "\(digits)"
  let plain = text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  return (x < 0 ? "-" : "") + plain + (exponent == 0 ? "" : "e\(exponent)")
}

extension String {
  /// The text with spaces after it, so that it has `width` characters.
  internal func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }

  /// The text with a minus sign as it is printed, which is as wide as a digit.
  package var replacingMinus: String { String(map { $0 == "-" ? "−" : $0 }) }
}
